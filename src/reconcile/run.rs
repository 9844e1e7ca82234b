//! From the sides to what explains their difference.

use super::billed_usage::{BilledUsage, obstacle};
use super::copies;
use super::days;
use super::entry::{Entry, Found, Key, Line};
use super::error::ReconcileError;
use super::ledger::{CLOUDTRAIL, Ledger};
use super::missing::{self, Missing};
use super::priced::{Priced, Prices, SomeMonths, priced};
use super::rates;
use super::result::{Charge, MonthRow, Reconciliation, ServiceApart, Sums, TargetKind};
use crate::costing::CostError;
use crate::domain::{Bill, BilledLine, BilledMonth, ChargeCategory, Model, Money, Month, UsageSource};
use crate::pricing::{FreeTiers, RateCard};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The usage that was measured.
#[derive(Clone, Copy)]
pub struct MeasuredSide<'a> {
    /// The measured scenario's name.
    pub name: &'a str,
    /// Its usage; its own prices and terms are not asked for.
    pub usage: &'a (dyn UsageSource + Sync),
    /// Services that it has terms of, other than the scenario's: they are named, not applied.
    pub terms: &'a [String],
}

/// What is to be reconciled.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The scenario: its name, terms, currency and payers.
    pub model: &'a Model,
    /// The scenario's usage.
    pub usage: &'a (dyn UsageSource + Sync),
    /// The prices.
    pub card: &'a RateCard,
    /// What is free each month.
    pub free_tiers: &'a FreeTiers,
    /// What was measured.
    pub measured: Option<MeasuredSide<'a>>,
    /// What was billed.
    pub bill: Option<&'a Bill>,
    /// Only this month.
    pub month: Option<Month>,
    /// The share of billed usage, between 0 and 1, that may stay unexplained.
    pub tolerance: Decimal,
}

/// Holds a scenario's estimate against a bill, or against measured volumes where there is no bill.
///
/// Services of which the other side has nothing that belongs to the logs are set apart, except `CloudTrail` itself.
///
/// # Errors
/// [`ReconcileError`] when there is nothing to compare, no common month, another currency, or a price is ambiguous.
pub fn reconcile(question: &Question<'_>) -> Result<Reconciliation, ReconcileError> {
    let months = Months::of(question)?;
    let prices = Prices {
        card: question.card,
        free_tiers: question.free_tiers,
        terms: &question.model.terms,
        currency: &question.model.currency,
    };
    let of_months =
        |usage, days: BTreeMap<Month, u32>| priced(&SomeMonths::new(usage, &months.common, days), prices);
    let estimated = of_months(question.usage, BTreeMap::new())?;
    let measured = match question.measured {
        None => BTreeMap::new(),
        Some(side) => of_months(side.usage, BTreeMap::new())?,
    };
    let mut ledger = Ledger::empty(question, &months.common);
    let found = match question.bill {
        Some(bill) => ledger.take_bill(bill, &months.common).ok_or(CostError::Overflow)?,
        None => measured.iter().map(|(key, own)| (key.clone(), as_found(own))).collect(),
    };
    let compared: BTreeSet<String> =
        found.keys().map(|key| key.service.clone()).chain([CLOUDTRAIL.to_owned()]).collect();
    let apart = apart(question.bill, &estimated, &compared, &months.common).ok_or(CostError::Overflow)?;
    let repriced = match question.bill {
        None => measured.clone(),
        Some(_) => ledger.reprice(&found, question, &months.common, prices)?,
    };
    ledger.fill((estimated, measured, found, repriced), &compared).ok_or(CostError::Overflow)?;

    let days = days::cut_months(&mut ledger).ok_or(CostError::Overflow)?;
    let expected = if days.is_empty() { BTreeMap::new() } else { of_months(question.usage, days.clone())? };
    ledger.explain_all(&days, expected).ok_or(CostError::Overflow)?;
    ledger.finish(question, months, apart).ok_or_else(|| CostError::Overflow.into())
}

fn as_found(own: &Priced) -> Found {
    Found {
        unit: own.unit.clone(),
        quantity: own.quantity,
        usage: own.cost,
        unknown: own.is_unknown(),
        ..Found::default()
    }
}

/// Which months are compared and which are not.
struct Months {
    common: Vec<Month>,
    only_estimated: Vec<Month>,
    only_found: Vec<Month>,
}

impl Months {
    fn of(question: &Question<'_>) -> Result<Self, ReconcileError> {
        let estimated: BTreeSet<Month> = question.usage.months().iter().copied().collect();
        let (other, found): (_, BTreeSet<Month>) = match (question.bill, question.measured) {
            (Some(bill), _) => {
                if bill.currency != question.model.currency {
                    return Err(ReconcileError::Currency {
                        bill: bill.currency.clone(),
                        scenario: question.model.currency.clone(),
                    });
                }
                ("the bill", bill.months.iter().map(|own| own.month).collect())
            }
            (None, Some(side)) => ("the measured scenario", side.usage.months().iter().copied().collect()),
            (None, None) => return Err(ReconcileError::NothingToCompare),
        };
        let range = |months: &BTreeSet<Month>| Some((*months.first()?, *months.last()?));
        if let Some(month) = question.month {
            if !estimated.contains(&month) || !found.contains(&month) {
                let (estimate, found) = (range(&estimated), range(&found));
                return Err(ReconcileError::MonthNotThere { month, estimate, other, found });
            }
            return Ok(Self { common: vec![month], only_estimated: Vec::new(), only_found: Vec::new() });
        }
        let common: Vec<Month> = estimated.intersection(&found).copied().collect();
        if common.is_empty() {
            let (estimate, found) = (range(&estimated), range(&found));
            return Err(ReconcileError::NoCommonMonth { estimate, other, found });
        }
        Ok(Self {
            common,
            only_estimated: estimated.difference(&found).copied().collect(),
            only_found: found.difference(&estimated).copied().collect(),
        })
    }
}

/// Sums services that are not compared.
fn apart(
    bill: Option<&Bill>,
    estimated: &BTreeMap<Key, Priced>,
    compared: &BTreeSet<String>,
    months: &[Month],
) -> Option<Vec<ServiceApart>> {
    let mut services: BTreeMap<&str, ServiceApart> = BTreeMap::new();
    let new = |service: &str| ServiceApart {
        service: service.to_owned(),
        estimated: None,
        incomplete: false,
        billed: None,
        tax: Money::ZERO,
    };
    for (key, own) in estimated.iter().filter(|(key, _)| !compared.contains(&key.service)) {
        if own.quantity.is_zero() && !own.is_unknown() {
            continue;
        }
        let apart = services.entry(&key.service).or_insert_with(|| new(&key.service));
        apart.estimated = Some(apart.estimated.unwrap_or_default().checked_add(own.cost)?);
        apart.incomplete |= own.is_unknown();
    }
    let shared = bill.map_or(&[][..], |bill| &bill.shared);
    for line in shared.iter().filter(|line| months.contains(&line.month)) {
        let apart = services.entry(&line.service).or_insert_with(|| new(&line.service));
        if line.category == ChargeCategory::Tax {
            apart.tax = apart.tax.checked_add(line.billed_cost)?;
        } else {
            apart.billed = Some(apart.billed.unwrap_or_default().checked_add(line.billed_cost)?);
        }
    }
    Some(services.into_values().collect())
}

/// What each side has by key: estimated, measured, found, and found at the scenario's prices.
type Sides = (BTreeMap<Key, Priced>, BTreeMap<Key, Priced>, BTreeMap<Key, Found>, BTreeMap<Key, Priced>);

impl Ledger {
    fn empty(question: &Question<'_>, months: &[Month]) -> Self {
        let covered: BTreeMap<Month, BilledMonth> = question
            .bill
            .map_or(&[][..], |bill| &bill.months)
            .iter()
            .filter(|own| months.contains(&own.month))
            .map(|own| (own.month, own.clone()))
            .collect();
        Self {
            entries: BTreeMap::new(),
            charges: Vec::new(),
            covered,
            half_digit: half_digit(question.bill),
            has_bill: question.bill.is_some(),
            evidence: BTreeMap::new(),
            notes: Vec::new(),
        }
    }

    /// Sorts the bill's lines into usage by key and charges; a discount that belongs to billed usage goes to its key.
    fn take_bill(&mut self, bill: &Bill, months: &[Month]) -> Option<BTreeMap<Key, Found>> {
        let lines = || bill.lines.iter().filter(|line| months.contains(&line.month));
        let mut found: BTreeMap<Key, Found> = BTreeMap::new();
        for line in lines().filter(|line| line.category == ChargeCategory::Usage) {
            let key = key_of(line);
            let is_new = !found.contains_key(&key);
            let own = found.entry(key).or_default();
            if is_new {
                (own.list, own.contracted) = (Some(Money::ZERO), Some(Money::ZERO));
                own.unit.clone_from(&line.unit);
            }
            own.quantity = own.quantity.plus(line.quantity).ok()?;
            own.usage = own.usage.checked_add(line.billed_cost)?;
            own.list = sum(own.list, line.list_cost)?;
            own.contracted = sum(own.contracted, line.contracted_cost)?;
            own.rows = own.rows.saturating_add(line.rows);
        }
        for line in lines().filter(|line| line.category != ChargeCategory::Usage) {
            let key = key_of(line);
            match found.get_mut(&key).filter(|_| line.category == ChargeCategory::Discount) {
                Some(own) => {
                    own.discount_rows = own.discount_rows.checked_add(line.billed_cost)?;
                    own.rows = own.rows.saturating_add(line.rows);
                }
                None => self.charges.push(Charge {
                    month: key.month,
                    account: key.account,
                    region: key.region,
                    service: key.service,
                    usage_type: key.usage_type,
                    category: line.category,
                    amount: line.billed_cost,
                    rows: line.rows,
                }),
            }
        }
        self.charges.sort_by(|one, two| {
            let order = |own: &Charge| {
                let place = (own.month, own.account.clone(), own.region.clone());
                (place, own.service.clone(), own.usage_type.clone(), own.category, own.amount)
            };
            order(one).cmp(&order(two))
        });
        Some(found)
    }

    /// Prices the billed quantities like the scenario's; says of which it cannot be done.
    fn reprice(
        &mut self,
        found: &BTreeMap<Key, Found>,
        question: &Question<'_>,
        months: &[Month],
        prices: Prices<'_>,
    ) -> Result<BTreeMap<Key, Priced>, CostError> {
        let mut priceable: Vec<(&Key, &Found)> = Vec::new();
        let mut obstacles: BTreeSet<String> = BTreeSet::new();
        for (key, own) in found {
            match obstacle(key, &own.unit, own.quantity, question.model, question.card) {
                None => priceable.push((key, own)),
                Some(why) => {
                    let what =
                        if key.usage_type.is_empty() { "usage without a type" } else { &key.usage_type };
                    obstacles
                        .insert(format!("{} {what} is not split into volume and price: {why}", key.service));
                }
            }
        }
        self.notes.extend(obstacles);
        let quantities = priceable.iter().map(|(key, own)| (*key, own.unit.as_str(), own.quantity));
        priced(&BilledUsage::new(&quantities, months, question.model, question.card), prices)
    }

    /// Makes an entry of every key of a compared service.
    fn fill(
        &mut self,
        (estimated, measured, found, repriced): Sides,
        compared: &BTreeSet<String>,
    ) -> Option<()> {
        let keys: BTreeSet<&Key> = estimated.keys().chain(measured.keys()).chain(found.keys()).collect();
        for key in keys.into_iter().filter(|key| compared.contains(&key.service)) {
            let (estimated, found) = (estimated.get(key), found.get(key));
            let unit = estimated.map(|own| &own.unit).or(found.map(|own| &own.unit));
            let mut entry = Entry {
                key: key.clone(),
                unit: unit.cloned().unwrap_or_default(),
                estimated: estimated.cloned(),
                expected: estimated.cloned(),
                measured: measured.get(key).cloned(),
                found: found.cloned(),
                repriced: repriced.get(key).cloned(),
                volume_variance: None,
                price_variance: None,
                difference: Money::ZERO,
                volume: Money::ZERO,
                price: Money::ZERO,
                parts: Vec::new(),
            };
            entry.settle()?;
            self.entries.insert(key.clone(), entry);
        }
        Some(())
    }

    /// Looks for every cause, in order.
    fn explain_all(&mut self, days: &BTreeMap<Month, u32>, expected: BTreeMap<Key, Priced>) -> Option<()> {
        missing::explain(self, Missing::Places)?;
        days::explain_partial(self, days, expected)?;
        copies::explain(self)?;
        missing::explain(self, Missing::UsageTypes)?;
        if self.has_bill {
            copies::explain_measured(self, days)?;
        }
        days::explain_late(self)?;
        rates::explain(self)?;
        self.explain_charges();
        Some(())
    }

    fn finish(
        self,
        question: &Question<'_>,
        months: Months,
        apart: Vec<ServiceApart>,
    ) -> Option<Reconciliation> {
        let causes = self.causes()?;
        let lacks_a_price =
            self.entries.values().any(|entry| entry.estimated.as_ref().is_some_and(|own| own.unpriced));
        let (charges, covered, notes) = (self.charges, self.covered, self.notes);
        let lines = self.entries.into_values().map(Entry::line).collect::<Option<Vec<Line>>>()?;
        let sums = |of: &dyn Fn(Month) -> bool| sums(&lines, &charges, question.tolerance, of);
        let rows = months
            .common
            .iter()
            .map(|&month| {
                let sums = sums(&|own| own == month)?;
                Some(MonthRow { month, sums, billed: covered.get(&month).cloned() })
            })
            .collect::<Option<Vec<MonthRow>>>()?;
        let terms_note = question.measured.filter(|side| !side.terms.is_empty()).map(|side| {
            format!(
                "the measured scenario's own terms ({}) are not applied: its quantities are taken at the scenario's prices",
                side.terms.join(", ")
            )
        });
        let bill_notes = question.bill.map(|bill| bill.notes.clone()).unwrap_or_default();
        Some(Reconciliation {
            name: question.model.name.clone(),
            measured_name: question.measured.map(|side| side.name.to_owned()),
            bill_files: question.bill.map(|bill| bill.sources.clone()).unwrap_or_default(),
            bill_formats: question.bill.map(|bill| bill.formats.clone()).unwrap_or_default(),
            target: if question.bill.is_some() { TargetKind::Billed } else { TargetKind::Measured },
            currency: question.model.currency.clone(),
            as_of: question.card.as_of(),
            tolerance: question.tolerance,
            total: sums(&|_| true)?,
            months: rows,
            only_estimated: months.only_estimated,
            only_found: months.only_found,
            causes,
            apart,
            lacks_a_price,
            notes: notes.into_iter().chain(terms_note).chain(bill_notes).collect(),
            lines,
            charges,
        })
    }
}

fn key_of(line: &BilledLine) -> Key {
    Key {
        month: line.month,
        account: line.account.clone(),
        region: line.region.clone(),
        service: line.service.clone(),
        usage_type: line.usage_type.clone(),
    }
}

/// Adds an amount that may be absent: the outer option is overflow, the inner one absence.
#[expect(clippy::option_option, reason = "absence and overflow are two things")]
fn sum(one: Option<Money>, two: Option<Money>) -> Option<Option<Money>> {
    match (one, two) {
        (Some(one), Some(two)) => one.checked_add(two).map(Some),
        _ => Some(None),
    }
}

/// Amounts of a bill have at least cents; digits beyond the twelfth come from quantities that are rounded themselves.
const DIGITS: std::ops::RangeInclusive<u32> = 2..=12;

/// Returns half of the last digit that the bill's rows of usage have.
fn half_digit(bill: Option<&Bill>) -> Money {
    let digits = bill.map_or(*DIGITS.end(), |bill| bill.cost_digits).clamp(*DIGITS.start(), *DIGITS.end());
    Money::from_decimal(Decimal::new(5, digits + 1)).unwrap_or_default()
}

/// Sums the lines and charges of some months.
fn sums(lines: &[Line], charges: &[Charge], tolerance: Decimal, of: &dyn Fn(Month) -> bool) -> Option<Sums> {
    let mut sums = Sums::default();
    for line in lines.iter().filter(|line| of(line.key.month)) {
        let add = |sum: &mut Money, amount: Money| {
            *sum = sum.checked_add(amount)?;
            Some(())
        };
        if let Some(estimated) = &line.estimated {
            add(&mut sums.estimated, estimated.cost)?;
            sums.incomplete |= estimated.unknown;
        }
        if let Some(found) = &line.found {
            add(&mut sums.found, found.cost)?;
            add(&mut sums.usage, found.cost)?;
            sums.incomplete |= found.unknown;
        }
        for part in &line.parts {
            add(&mut sums.explained, part.amount)?;
        }
        add(&mut sums.unexplained, line.unexplained)?;
        add(&mut sums.gross_unexplained, line.unexplained.abs())?;
    }
    for charge in charges.iter().filter(|charge| of(charge.month)) {
        sums.found = sums.found.checked_add(charge.amount)?;
        sums.explained = sums.explained.checked_add(charge.amount)?;
        if charge.category == ChargeCategory::Discount {
            sums.usage = sums.usage.checked_add(charge.amount)?;
        }
    }
    // Less than half a cent is nothing, whatever the tolerance.
    sums.exceeded =
        sums.gross_unexplained.cents() != 0 && sums.gross_unexplained.exceeds_share(tolerance, sums.usage);
    Some(sums)
}
