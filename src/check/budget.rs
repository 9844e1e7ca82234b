//! Costs against budgets.

use crate::domain::{AccountId, Budget, BudgetLimit, BudgetScope, Component, Money, Month, Quantity};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt;

/// How something was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerdictLevel {
    /// Within what is allowed.
    Within,
    /// Part of it is not known, and what is known is within.
    Unknown,
    /// Near what is allowed, or told only.
    Warning,
    /// More than is allowed, or forbidden.
    Exceeded,
}

impl VerdictLevel {
    /// Returns the word used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Exceeded => "exceeded",
        }
    }
}

/// What was found of one limit or one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How it was found to be.
    pub level: VerdictLevel,
    /// The id of what was asked: `budget-monthly`, `budget-growth`, a rule's id, `require-kms` …
    pub rule: String,
    /// The budget's name, or what was found.
    pub what: String,
    /// The month or months, in words; empty for policies.
    pub when: String,
    /// The cost, as far as it is known.
    pub actual: Option<Money>,
    /// What it may be.
    pub limit: Option<Money>,
    /// Why, in a sentence without full stop; empty for budgets.
    pub why: String,
    /// What mending it saves in the average month, where that is known.
    pub saves: Option<Money>,
}

/// What an account paid for a component in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Part {
    cost: Money,
    is_incomplete: bool,
}

/// The costs of a month by account and component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedMonth {
    /// The month.
    pub month: Month,
    /// The days that are billed and the days that the month has, where not all of them are.
    pub days: Option<(u32, u32)>,
    parts: BTreeMap<(String, Option<Component>), Part>,
}

impl CheckedMonth {
    /// Begins a month.
    pub fn new(month: Month) -> Self {
        Self { month, days: None, parts: BTreeMap::new() }
    }

    /// Adds a cost; nothing is unknown.
    pub fn add(&mut self, account: &str, component: Option<Component>, cost: Option<Money>) {
        let own = self.parts.entry((account.to_owned(), component)).or_default();
        match cost.and_then(|cost| own.cost.checked_add(cost)) {
            Some(sum) => own.cost = sum,
            None => own.is_incomplete = true,
        }
    }

    /// Returns what the whole month will have cost, half-even at 10⁻²⁴.
    fn whole(&self, cost: Money) -> Option<Money> {
        let Some((covered, of)) = self.days else { return Some(cost) };
        cost.times_ratio(Quantity::from_count(of.into()), Quantity::from_count(covered.into()))
    }

    /// Returns what the calendar year will have cost: so far, the rest of this month, and the months left at its cost.
    fn rest_of_year(&self, so_far: Money, cost: Money) -> Option<Money> {
        let month = self.whole(cost)?;
        let left = Decimal::from(12 - self.month.calendar_month());
        so_far.checked_sub(cost)?.checked_add(month)?.checked_add(month.times(left)?)
    }
}

/// The costs that are checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckedCosts {
    /// Every month there is, in order.
    pub months: Vec<CheckedMonth>,
    /// The position of the first month that is checked itself; those before are compared with.
    pub from: usize,
    /// Whether years are those of the calendar, up to the month; else twelve months from the first on each.
    pub calendar_years: bool,
    /// Allocation tags of accounts.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
}

impl CheckedCosts {
    fn holds(&self, scope: &BudgetScope, account: &str, component: Option<Component>) -> bool {
        scope.component.is_none_or(|own| component == Some(own))
            && scope.account.as_ref().is_none_or(|own: &AccountId| own.as_str() == account)
            && scope.tag.as_ref().is_none_or(|(key, value)| {
                self.tags.get(account).and_then(|own| own.get(key)).is_some_and(|own| own == value)
            })
    }

    fn sum<'a>(&self, months: impl IntoIterator<Item = &'a CheckedMonth>, scope: &BudgetScope) -> Part {
        let mut sum = Part::default();
        for ((account, component), part) in months.into_iter().flat_map(|own| &own.parts) {
            if !self.holds(scope, account, *component) {
                continue;
            }
            sum.is_incomplete |= part.is_incomplete;
            match sum.cost.checked_add(part.cost) {
                Some(own) => sum.cost = own,
                None => sum.is_incomplete = true,
            }
        }
        sum
    }

    /// Returns the years that are checked, with their months.
    fn years(&self) -> Vec<(BudgetSpan, &[CheckedMonth])> {
        if self.calendar_years {
            let Some(last) = self.months.last() else { return Vec::new() };
            let year = year_of(last.month);
            let first = self.months.iter().position(|own| year_of(own.month) == year);
            return vec![(BudgetSpan::YearUpTo(last.month), &self.months[first.unwrap_or(0)..])];
        }
        let span = |own: &[CheckedMonth]| Some(BudgetSpan::Year(own.first()?.month, own.last()?.month));
        self.months.chunks(12).filter_map(|own| Some((span(own)?, own))).collect()
    }
}

/// Checks each limit of each budget; where several months are checked, the worst is told.
pub fn against_budgets(budgets: &[Budget], costs: &CheckedCosts) -> Vec<Verdict> {
    let each = |budget: &Budget| {
        budget.limits.iter().filter_map(|limit| worst(budget, *limit, costs)).collect::<Vec<_>>()
    };
    budgets.iter().flat_map(each).collect()
}

/// Which months a limit is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BudgetSpan {
    /// A month.
    Month(Month),
    /// A month beside the one before it.
    Growth(Month, Month),
    /// A calendar year up to a month.
    YearUpTo(Month),
    /// A year of a scenario, by its first and last month.
    Year(Month, Month),
}

impl fmt::Display for BudgetSpan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(own) => write!(formatter, "{own}"),
            Self::Growth(own, before) => write!(formatter, "{own} after {before}"),
            Self::YearUpTo(last) => write!(formatter, "{} up to {last}", year_of(*last)),
            Self::Year(first, last) => write!(formatter, "{first} to {last}"),
        }
    }
}

fn year_of(month: Month) -> String {
    month.to_string()[..4].to_owned()
}

/// A limit against what was paid in a month or a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetRow {
    /// The budget's name, as it was given: not harmless.
    pub name: String,
    /// Whether the budget is about all costs.
    pub is_of_all: bool,
    /// The id of the limit: `budget-monthly`, `budget-yearly`, `budget-growth` or `budget-share`.
    pub rule: &'static str,
    /// When.
    pub span: BudgetSpan,
    /// How it was found to be.
    pub level: VerdictLevel,
    /// What is known of the cost.
    pub actual: Money,
    /// Whether all of it is known.
    pub is_actual_known: bool,
    /// What it may be, as far as that is known.
    pub limit: Money,
    /// The same where all of it is known: what an unknown cost may grow by is not.
    pub known_limit: Option<Money>,
    /// What the whole month or year will have cost: a month of which only some days are billed in proportion to its days, the rest of a
    /// year at the cost of the last month. Nothing for limits of growth and share, and where part of it is not known.
    pub projected: Option<Money>,
    /// Whether any cost is of the account, component or tag at all.
    pub is_found: bool,
}

/// Holds each limit of each budget against every month or year that is checked, in the order of the file.
pub fn budget_rows(budgets: &[Budget], costs: &CheckedCosts) -> Vec<BudgetRow> {
    let limits = budgets.iter().flat_map(|own| own.limits.iter().map(move |limit| (own, *limit)));
    limits.flat_map(|(budget, limit)| rows(budget, limit, costs)).collect()
}

fn rows(budget: &Budget, limit: BudgetLimit, costs: &CheckedCosts) -> Vec<BudgetRow> {
    let whole = BudgetScope::default();
    let is_found = budget.scope == whole
        || costs
            .months
            .iter()
            .flat_map(|own| own.parts.keys())
            .any(|own| costs.holds(&budget.scope, &own.0, own.1));
    let rule = match limit {
        BudgetLimit::Monthly(_) => "budget-monthly",
        BudgetLimit::Yearly(_) => "budget-yearly",
        BudgetLimit::Growth(_) => "budget-growth",
        BudgetLimit::Share(_) => "budget-share",
    };
    let row = |(span, actual, most, projected): (BudgetSpan, Part, Part, Option<Money>)| {
        let over = actual.cost.checked_sub(most.cost).unwrap_or(Money::ZERO);
        let near = budget.warn.and_then(|warn| most.cost.times(warn)).is_some_and(|warn| actual.cost >= warn);
        // A limit that is made of an unknown cost is at least so much.
        let level = match (over.is_negative() || over.is_zero(), near) {
            (false, _) if most.is_incomplete => VerdictLevel::Unknown,
            (false, _) => VerdictLevel::Exceeded,
            (true, true) => VerdictLevel::Warning,
            (true, false) if actual.is_incomplete => VerdictLevel::Unknown,
            // A budget of nothing would never be exceeded: an account or a tag may be misspelt.
            (true, false) if !is_found => VerdictLevel::Warning,
            (true, false) => VerdictLevel::Within,
        };
        BudgetRow {
            name: budget.name.clone(),
            is_of_all: budget.scope == whole,
            rule,
            span,
            level,
            actual: actual.cost,
            is_actual_known: !actual.is_incomplete,
            limit: most.cost,
            known_limit: Some(most.cost).filter(|_| !most.is_incomplete),
            projected: projected.filter(|_| !actual.is_incomplete),
            is_found,
        }
    };
    held(budget, limit, costs).into_iter().map(row).collect()
}

/// Returns when, the cost, what it may be, and what it will have been.
fn held(
    budget: &Budget,
    limit: BudgetLimit,
    costs: &CheckedCosts,
) -> Vec<(BudgetSpan, Part, Part, Option<Money>)> {
    let checked = || costs.months.iter().enumerate().skip(costs.from);
    let sum = |own: &CheckedMonth, scope: &BudgetScope| costs.sum([own], scope);
    let whole = BudgetScope::default();
    let known = |most| Part { cost: most, is_incomplete: false };
    match limit {
        BudgetLimit::Monthly(most) => checked()
            .map(|(_, own)| {
                let actual = sum(own, &budget.scope);
                (BudgetSpan::Month(own.month), actual, known(most), own.whole(actual.cost))
            })
            .collect(),
        BudgetLimit::Yearly(most) => costs
            .years()
            .into_iter()
            .map(|(span, own)| {
                let actual = costs.sum(own, &budget.scope);
                let last = own.last().map(|own| (own, sum(own, &budget.scope)));
                let projected = last.and_then(|(own, last)| match span {
                    BudgetSpan::YearUpTo(_) => own.rest_of_year(actual.cost, last.cost),
                    _ => Some(actual.cost),
                });
                (span, actual, known(most), projected)
            })
            .collect(),
        BudgetLimit::Growth(share) => checked()
            .filter(|own| own.0 > 0)
            .map(|(at, own)| {
                let before = &costs.months[at - 1];
                let mut most = times(sum(before, &budget.scope), share + Decimal::ONE);
                // A month that does not come right before tells no growth.
                most.is_incomplete |= before.month.plus(1) != Some(own.month);
                (BudgetSpan::Growth(own.month, before.month), sum(own, &budget.scope), most, None)
            })
            .collect(),
        BudgetLimit::Share(share) => checked()
            .map(|(_, own)| {
                let most = times(sum(own, &whole), share);
                (BudgetSpan::Month(own.month), sum(own, &budget.scope), most, None)
            })
            .collect(),
    }
}

fn worst(budget: &Budget, limit: BudgetLimit, costs: &CheckedCosts) -> Option<Verdict> {
    let over = |own: &BudgetRow| own.actual.checked_sub(own.limit).unwrap_or(Money::ZERO);
    let all = rows(budget, limit, costs).into_iter();
    let own =
        all.reduce(|one, two| if (two.level, over(&two)) > (one.level, over(&one)) { two } else { one })?;
    Some(Verdict {
        level: own.level,
        rule: own.rule.to_owned(),
        what: own.name,
        when: own.span.to_string(),
        actual: Some(own.actual),
        limit: Some(own.limit),
        why: if own.is_found {
            String::new()
        } else {
            "no cost is of this account, component or tag".to_owned()
        },
        saves: None,
    })
}

fn times(own: Part, factor: Decimal) -> Part {
    match own.cost.times(factor) {
        Some(cost) => Part { cost, ..own },
        None => Part { is_incomplete: true, ..own },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn costs(of: &[&str]) -> CheckedCosts {
        let first: Month = "2026-01".parse().unwrap();
        let month = |(at, cost): (usize, &&str)| {
            let mut own = CheckedMonth::new(first.plus(u32::try_from(at).unwrap()).unwrap());
            own.add("111122223333", Some(Component::DataEventsS3), cost.parse().ok());
            own.add("444455556666", Some(Component::Kms), Some(money("10")));
            own
        };
        let tags = BTreeMap::from([(
            "111122223333".to_owned(),
            BTreeMap::from([("owner".to_owned(), "payments".to_owned())]),
        )]);
        CheckedCosts { months: of.iter().enumerate().map(month).collect(), tags, ..CheckedCosts::default() }
    }

    fn check(limit: BudgetLimit, scope: BudgetScope, costs: &CheckedCosts) -> (VerdictLevel, String, String) {
        let warn = Some(Decimal::new(8, 1));
        let own = Budget { name: "b".to_owned(), scope, limits: vec![limit], warn };
        let [own] = &against_budgets(&[own], costs)[..] else { panic!("one verdict") };
        (own.level, own.when.clone(), own.actual.unwrap().to_string())
    }

    #[test]
    fn the_worst_month_is_told() {
        let own = costs(&["100", "150", "120"]);
        let all = BudgetScope::default;
        let month = |most: &str| check(BudgetLimit::Monthly(money(most)), all(), &own);
        assert_eq!(month("159"), (VerdictLevel::Exceeded, "2026-02".into(), "160".into()));
        assert_eq!(month("160").0, VerdictLevel::Warning);
        // 80% of 200 are 160.
        assert_eq!(month("200").0, VerdictLevel::Warning);
        assert_eq!(month("201").0, VerdictLevel::Within);
        // 110 + 160 + 130.
        let year = check(BudgetLimit::Yearly(money("399")), all(), &own);
        assert_eq!(year, (VerdictLevel::Exceeded, "2026-01 to 2026-03".into(), "400".into()));
        // 160 is 45.5% more than 110.
        let growth = |share: i64| check(BudgetLimit::Growth(Decimal::new(share, 3)), all(), &own);
        assert_eq!(growth(454).0, VerdictLevel::Exceeded);
        assert_eq!(growth(454).1, "2026-02 after 2026-01");
        assert_eq!(growth(455).0, VerdictLevel::Warning);
        // 150 of 160 are 93.75%.
        let s3 = BudgetScope { component: Some(Component::DataEventsS3), ..all() };
        assert_eq!(check(BudgetLimit::Share(Decimal::new(937, 3)), s3, &own).0, VerdictLevel::Exceeded);
        let tag = BudgetScope { tag: Some(("owner".into(), "payments".into())), ..all() };
        assert_eq!(check(BudgetLimit::Monthly(money("149")), tag, &own).2, "150");
        let account = BudgetScope { account: "444455556666".parse().ok(), ..all() };
        assert_eq!(check(BudgetLimit::Monthly(money("149")), account, &own).0, VerdictLevel::Within);
    }

    #[test]
    fn what_is_not_known_is_not_within() {
        let own = costs(&["unknown", "1000"]);
        let all = BudgetScope::default;
        assert_eq!(check(BudgetLimit::Monthly(money("2000")), all(), &own).0, VerdictLevel::Unknown);
        assert_eq!(check(BudgetLimit::Monthly(money("1000")), all(), &own).0, VerdictLevel::Exceeded);
        // What it grew from is not known.
        assert_eq!(check(BudgetLimit::Growth(Decimal::ONE), all(), &own).0, VerdictLevel::Unknown);
        let calendar = CheckedCosts { calendar_years: true, from: 1, ..costs(&["1", "2"]) };
        let year = check(BudgetLimit::Yearly(money("22")), all(), &calendar);
        assert_eq!(year, (VerdictLevel::Exceeded, "2026 up to 2026-02".into(), "23".into()));
    }
}
