//! What a unit cost on the bill, and what was agreed about it.

use super::bill::{BilledLine, ChargeCategory};
use super::fixed::parse_decimal;
use super::money::{Money, UnitPrice};
use super::period::Month;
use super::provenance::Place;
use super::quantity::Quantity;
use super::region::RegionCode;
use super::terms::{Term, TermPrice};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The usage of one usage type in one Region, with its cost before credits and tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledPrice {
    /// The service's code.
    pub service: String,
    /// The usage type without Region prefix.
    pub usage_type: String,
    /// The Region, where the bill names one.
    pub region: Option<RegionCode>,
    /// The unit; empty where the bill gives no quantity.
    pub unit: String,
    /// The quantity.
    pub quantity: Quantity,
    /// The cost of the usage rows, and of the discounts booked for the same usage type and Region.
    pub cost: Money,
    /// The same at list price, where the export has it for every row.
    pub list_cost: Option<Money>,
    /// Rows summed that have a cost; where there is none, the cost is not known.
    pub rows: u64,
}

impl BilledPrice {
    /// Returns cost ÷ quantity, half-even at 10⁻²⁴; nothing without a quantity or without a known cost.
    pub fn unit_price(&self) -> Option<Money> {
        (self.rows > 0).then(|| self.cost.per(self.quantity, 1))?
    }

    /// Returns list cost ÷ quantity, half-even at 10⁻²⁴.
    pub fn list_unit_price(&self) -> Option<Money> {
        self.list_cost?.per(self.quantity, 1)
    }
}

/// Sums usage by service, usage type, Region and unit; of one month, or of all.
///
/// Nothing on overflow, which sums that a [`Bill`](super::Bill) holds do not reach.
pub fn billed_prices(lines: &[BilledLine], month: Option<Month>) -> Option<Vec<BilledPrice>> {
    let mut prices: BTreeMap<(&str, &str, &Option<RegionCode>, &str), BilledPrice> = BTreeMap::new();
    let mut discounts: BTreeMap<(&str, &str, &Option<RegionCode>), Money> = BTreeMap::new();
    for line in lines.iter().filter(|line| month.is_none_or(|month| line.month == month)) {
        let place = (line.service.as_str(), line.usage_type.as_str(), &line.region);
        if line.category == ChargeCategory::Discount {
            let own = discounts.entry(place).or_default();
            *own = own.checked_add(line.billed_cost)?;
        }
        if line.category != ChargeCategory::Usage {
            continue;
        }
        let own = prices.entry((place.0, place.1, place.2, &line.unit)).or_insert_with(|| BilledPrice {
            service: line.service.clone(),
            usage_type: line.usage_type.clone(),
            region: line.region.clone(),
            unit: line.unit.clone(),
            quantity: Quantity::ZERO,
            cost: Money::ZERO,
            list_cost: Some(Money::ZERO),
            rows: 0,
        });
        own.quantity = own.quantity.plus(line.quantity).ok()?;
        own.cost = own.cost.checked_add(line.billed_cost)?;
        own.list_cost = match (own.list_cost, line.list_cost) {
            (Some(sum), Some(cost)) => Some(sum.checked_add(cost)?),
            _ => None,
        };
        own.rows += line.rows;
    }
    for ((service, usage_type, region, _), price) in &mut prices {
        // Of several units of one usage type the first takes the discount.
        if let Some(discount) = discounts.remove(&(*service, *usage_type, *region)) {
            price.cost = price.cost.checked_add(discount)?;
        }
    }
    Some(prices.into_values().collect())
}

/// Costs are written with ten digits after the point at least, so that a row is off by no more than this.
const ROW_ERROR: Decimal = Decimal::from_parts(1, 0, 0, false, 10);
/// Digits after the point of a discount: hundredths of a percent.
const DISCOUNT_DIGITS: u32 = 4;

/// The bounds that rounded costs leave for a figure.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: Decimal,
    high: Decimal,
}

impl Bounds {
    /// Returns (cost ± rounding) ÷ divisor.
    fn of(cost: Money, rows: u64, divisor: Decimal) -> Option<Self> {
        let cost = decimal(cost)?;
        let error = Decimal::from(rows).checked_mul(ROW_ERROR)?;
        let low = cost.checked_sub(error)?.checked_div(divisor)?;
        let high = cost.checked_add(error)?.checked_div(divisor)?;
        Some(Self { low, high })
    }

    fn and(self, other: Self) -> Option<Self> {
        let both = Self { low: self.low.max(other.low), high: self.high.min(other.high) };
        (both.low <= both.high).then_some(both)
    }

    /// Returns the shortest decimal within the bounds, of at most `digits` digits after the point.
    fn shortest(self, digits: u32) -> Option<Decimal> {
        (0..=digits).find_map(|digits| {
            let rounded =
                self.low.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::ToPositiveInfinity);
            (rounded <= self.high).then(|| rounded.normalize())
        })
    }

    /// Returns the share that is taken off, if the bounds are those of a share that is paid.
    fn discount(self) -> Option<Decimal> {
        let off =
            Self { low: Decimal::ONE.checked_sub(self.high)?, high: Decimal::ONE.checked_sub(self.low)? };
        off.shortest(DISCOUNT_DIGITS).filter(|share| *share >= Decimal::ZERO && *share <= Decimal::ONE)
    }
}

fn decimal(money: Money) -> Option<Decimal> {
    parse_decimal(&money.to_string()).ok()
}

/// What was agreed about a usage type in a Region, as far as the bill shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Discount(Decimal),
    Rate(UnitPrice),
}

/// What was agreed, as far as the bill shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed<'p> {
    /// Discounts and rates.
    pub terms: Vec<Term>,
    /// Prices that differ from the list price, or have none, and fit no term.
    pub unexplained: Vec<&'p BilledPrice>,
}

/// A price with what its usage costs at list price.
#[derive(Debug, Clone, Copy)]
struct Compared<'p> {
    price: &'p BilledPrice,
    list: Option<Money>,
}

/// Finds what was agreed: where cost and list cost differ by the same share in every Region, a discount on the usage type,
/// and where that is so for every usage type of a service, on the service; else a rate of its own in each Region.
///
/// Where the bill has no list cost, `list_price` is asked for the one price of a unit; where there is none either, the cost is
/// a rate of its own. A share or a rate is only taken where it is a short decimal (hundredths of a percent, 10⁻¹² of a rate)
/// that explains the cost to within the rounding of its rows.
pub fn agreed_terms<'p>(
    prices: &'p [BilledPrice],
    list_price: &dyn Fn(&BilledPrice) -> Option<UnitPrice>,
) -> Agreed<'p> {
    let mut by_type: BTreeMap<(&str, &str), Vec<Compared<'p>>> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for price in prices.iter().filter(|own| own.rows > 0 && !own.usage_type.is_empty()) {
        let list = match price.list_cost {
            Some(list) => Some(list),
            None => list_price(price).and_then(|own| own.times(price.quantity)),
        };
        let list = list.filter(|list| *list > Money::ZERO);
        if price.list_cost.is_none() && price.cost.is_zero() {
            // Free, or covered by something that this export does not show.
            unexplained.extend(list.map(|_| price));
        } else if list.is_some() || !price.cost.is_zero() {
            by_type.entry((&price.service, &price.usage_type)).or_default().push(Compared { price, list });
        }
    }
    let mut of_service: BTreeMap<&str, Vec<Option<Decimal>>> = BTreeMap::new();
    let mut terms = Vec::new();
    for ((service, usage_type), prices) in &by_type {
        let common = common_discount(prices);
        of_service.entry(service).or_default().push(common);
        if let Some(share) = common {
            terms.extend(term(service, Some(usage_type), None, Found::Discount(share)));
            continue;
        }
        for own in prices {
            // Without a Region, a term would hold in all of them.
            match found(own).filter(|_| own.price.region.is_some()) {
                Some(found) => {
                    terms.extend(term(service, Some(usage_type), own.price.region.as_ref(), found));
                }
                None => unexplained.push(own.price),
            }
        }
    }
    for (service, shares) in of_service {
        if let Some(Some(share)) = shares.first()
            && shares.iter().all(|own| own == &Some(*share))
            && !share.is_zero()
        {
            terms.retain(|own| own.service != service);
            terms.extend(term(service, None, None, Found::Discount(*share)));
        }
    }
    terms.sort_by(|left, right| {
        let key = |own: &Term| (own.service.clone(), own.usage_type.clone(), own.region.clone());
        key(left).cmp(&key(right))
    });
    // Of nothing, nothing is priced.
    unexplained.retain(|own| own.quantity > Quantity::ZERO);
    Agreed { terms, unexplained }
}

fn common_discount(prices: &[Compared<'_>]) -> Option<Decimal> {
    let mut bounds: Option<Bounds> = None;
    for own in prices {
        let own = Bounds::of(own.price.cost, own.price.rows, decimal(own.list?)?)?;
        bounds = Some(match bounds {
            Some(bounds) => bounds.and(own)?,
            None => own,
        });
    }
    bounds?.discount()
}

fn found(own: &Compared<'_>) -> Option<Found> {
    let price = own.price;
    let share = own
        .list
        .and_then(decimal)
        .and_then(|list| Bounds::of(price.cost, price.rows, list))
        .and_then(Bounds::discount);
    if let Some(share) = share {
        return Some(Found::Discount(share));
    }
    let quantity =
        parse_decimal(&price.quantity.to_string()).ok().filter(|quantity| *quantity > Decimal::ZERO)?;
    let rate = Bounds::of(price.cost, price.rows, quantity)?.shortest(UnitPrice::MAX_SCALE)?;
    (rate >= Decimal::ZERO).then(|| Found::Rate(UnitPrice::new(rate)))
}

fn term(service: &str, usage_type: Option<&str>, region: Option<&RegionCode>, found: Found) -> Option<Term> {
    let price = match found {
        // No discount is nothing agreed.
        Found::Discount(share) if share.is_zero() => return None,
        Found::Discount(share) => TermPrice::Discount(share),
        Found::Rate(rate) => TermPrice::Rate(rate),
    };
    Some(Term {
        service: service.to_owned(),
        usage_type: usage_type.map(str::to_owned),
        region: region.cloned(),
        price,
        place: Place::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Table<'t> = &'t dyn Fn(&BilledPrice) -> Option<UnitPrice>;

    fn price(usage_type: &str, region: &str, quantity: u64, cost: &str, list: &str) -> BilledPrice {
        let money = |text: &str| Money::from_decimal(parse_decimal(text).unwrap()).unwrap();
        BilledPrice {
            service: "AWSCloudTrail".to_owned(),
            usage_type: usage_type.to_owned(),
            region: Some(RegionCode::new(region)),
            unit: "Events".to_owned(),
            quantity: Quantity::from_count(quantity),
            cost: money(cost),
            list_cost: Some(money(list)),
            rows: 1,
        }
    }

    fn words(terms: &[Term]) -> Vec<String> {
        terms
            .iter()
            .map(|own| {
                let what = own.usage_type.as_deref().unwrap_or("all");
                let place = own.region.as_ref().map_or("", RegionCode::as_str);
                match own.price {
                    TermPrice::Discount(share) => format!("{what} {place} discount {share}"),
                    TermPrice::Rate(rate) => format!("{what} {place} rate {rate}"),
                }
            })
            .collect()
    }

    #[test]
    fn a_constant_share_is_a_discount_and_anything_else_a_rate() {
        let paid = |cost| price("PaidEventsRecorded", "us-east-1", 20_000_000, cost, "400");
        let data = |region, cost, list| price("DataEventsRecorded", region, 1_000_000, cost, list);
        for (prices, expected) in [
            (vec![paid("400"), data("eu-west-1", "1", "1")], vec![]),
            (vec![paid("352"), data("eu-west-1", "0.88", "1")], vec!["all  discount 0.12"]),
            (vec![paid("352"), data("eu-west-1", "1", "1")], vec!["PaidEventsRecorded  discount 0.12"]),
            // 0.0001133333 of 0.000113 × 3: the cost is rounded to ten digits, the discount is not.
            (vec![data("eu-west-1", "0.0001099999", "0.000125"), paid("352")], vec!["all  discount 0.12"]),
            (
                vec![data("eu-west-1", "0.9", "1"), data("us-east-1", "0.8", "1")],
                vec![
                    "DataEventsRecorded eu-west-1 discount 0.1",
                    "DataEventsRecorded us-east-1 discount 0.2",
                ],
            ),
            (
                vec![price("PaidEventsRecorded", "us-east-1", 3_000_000, "50.0001", "60")],
                vec!["PaidEventsRecorded us-east-1 rate 0.0000166667"],
            ),
        ] {
            let agreed = agreed_terms(&prices, &|_| panic!("the bill has list costs"));
            assert_eq!(words(&agreed.terms), expected, "{prices:?}");
            assert_eq!(agreed.unexplained, Vec::<&BilledPrice>::new());
        }
    }

    #[test]
    fn without_list_costs_the_list_price_is_asked_for_and_else_the_cost_is_a_rate() {
        let without = |own: BilledPrice| BilledPrice { list_cost: None, ..own };
        let paid = |cost| without(price("PaidEventsRecorded", "us-east-1", 20_000_000, cost, "0"));
        let data = |cost| without(price("DataEventsRecorded", "us-east-1", 15_000_000, cost, "0"));
        let free = without(price("FreeEventsRecorded", "us-east-1", 15_000_000, "0", "0"));
        let unknown = BilledPrice { rows: 0, ..paid("0") };
        // $2.00 and $0.10 per 100,000; nothing for what is free.
        let table = |own: &BilledPrice| {
            let text = match own.usage_type.as_str() {
                "PaidEventsRecorded" => "0.00002",
                "DataEventsRecorded" => "0.000001",
                _ => "0",
            };
            Some(UnitPrice::new(parse_decimal(text).unwrap()))
        };
        let no_table = |_: &BilledPrice| None;
        let cases: [(Vec<BilledPrice>, Table<'_>, Vec<&str>, usize); 10] = [
            (vec![paid("400"), data("15"), free.clone()], &table, vec![], 0),
            (vec![paid("372"), data("13.95"), free.clone()], &table, vec!["all  discount 0.07"], 0),
            (vec![paid("372"), data("15")], &table, vec!["PaidEventsRecorded  discount 0.07"], 0),
            (vec![paid("372"), free], &no_table, vec!["PaidEventsRecorded us-east-1 rate 0.0000186"], 0),
            // Nothing was paid for what has a price: no discount of 100% is made of that.
            (vec![paid("0")], &table, vec![], 1),
            (vec![unknown], &table, vec![], 0),
            // Of 20,000,000 events no short rate costs a seventh of a dollar.
            (vec![paid("133.3333333333333333")], &table, vec![], 1),
            (vec![paid("-1")], &table, vec![], 1),
            (vec![BilledPrice { region: None, ..paid("371.5") }], &no_table, vec![], 1),
            (vec![BilledPrice { quantity: Quantity::ZERO, ..paid("371.5") }], &table, vec![], 0),
        ];
        for (prices, table, expected, unexplained) in cases {
            let agreed = agreed_terms(&prices, table);
            assert_eq!(words(&agreed.terms), expected, "{prices:?}");
            assert_eq!(agreed.unexplained.len(), unexplained, "{prices:?}");
        }
    }

    #[test]
    fn unit_prices_are_cost_over_quantity() {
        let own = price("DataEventsRecorded", "us-east-1", 113, "0.000113", "0.000113");
        assert_eq!(own.unit_price().unwrap().to_string(), "0.000001");
        assert_eq!(price("FreeEventsRecorded", "us-east-1", 0, "0", "0").unit_price(), None);
    }
}
