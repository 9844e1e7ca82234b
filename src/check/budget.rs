//! Costs against budgets.

use crate::domain::{AccountId, Budget, BudgetLimit, BudgetScope, Component, Money, Month};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

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
    parts: BTreeMap<(String, Option<Component>), Part>,
}

impl CheckedMonth {
    /// Begins a month.
    pub fn new(month: Month) -> Self {
        Self { month, parts: BTreeMap::new() }
    }

    /// Adds a cost; nothing is unknown.
    pub fn add(&mut self, account: &str, component: Option<Component>, cost: Option<Money>) {
        let own = self.parts.entry((account.to_owned(), component)).or_default();
        match cost.and_then(|cost| own.cost.checked_add(cost)) {
            Some(sum) => own.cost = sum,
            None => own.is_incomplete = true,
        }
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

    /// Returns the years that are checked, as their months with a label.
    fn years(&self) -> Vec<(String, &[CheckedMonth])> {
        if self.calendar_years {
            let Some(last) = self.months.last() else { return Vec::new() };
            let year = last.month.to_string()[..4].to_owned();
            let first = self.months.iter().position(|own| own.month.to_string().starts_with(&year));
            return vec![(format!("{year} up to {}", last.month), &self.months[first.unwrap_or(0)..])];
        }
        let span = |own: &[CheckedMonth]| match (own.first(), own.last()) {
            (Some(first), Some(last)) => format!("{} to {}", first.month, last.month),
            _ => String::new(),
        };
        self.months.chunks(12).map(|own| (span(own), own)).collect()
    }
}

/// Checks each limit of each budget; where several months are checked, the worst is told.
pub fn against_budgets(budgets: &[Budget], costs: &CheckedCosts) -> Vec<Verdict> {
    let each = |budget: &Budget| {
        budget.limits.iter().filter_map(|limit| worst(budget, *limit, costs)).collect::<Vec<_>>()
    };
    budgets.iter().flat_map(each).collect()
}

fn worst(budget: &Budget, limit: BudgetLimit, costs: &CheckedCosts) -> Option<Verdict> {
    let whole = BudgetScope::default();
    let is_found = budget.scope == whole
        || costs
            .months
            .iter()
            .flat_map(|own| own.parts.keys())
            .any(|own| costs.holds(&budget.scope, &own.0, own.1));
    let checked = || costs.months.iter().enumerate().skip(costs.from);
    let sum = |own: &CheckedMonth, scope: &BudgetScope| costs.sum([own], scope);
    // When, the cost, and what it may be.
    let all: Vec<(String, Part, Part)> = match limit {
        BudgetLimit::Monthly(most) => {
            let most = Part { cost: most, is_incomplete: false };
            checked().map(|(_, own)| (own.month.to_string(), sum(own, &budget.scope), most)).collect()
        }
        BudgetLimit::Yearly(most) => {
            let most = Part { cost: most, is_incomplete: false };
            let year = |(label, own)| (label, costs.sum(own, &budget.scope), most);
            costs.years().into_iter().map(year).collect()
        }
        BudgetLimit::Growth(share) => checked()
            .filter(|own| own.0 > 0)
            .map(|(at, own)| {
                let before = &costs.months[at - 1];
                let most = times(sum(before, &budget.scope), share + Decimal::ONE);
                (format!("{} after {}", own.month, before.month), sum(own, &budget.scope), most)
            })
            .collect(),
        BudgetLimit::Share(share) => checked()
            .map(|(_, own)| (own.month.to_string(), sum(own, &budget.scope), times(sum(own, &whole), share)))
            .collect(),
    };
    let rule = match limit {
        BudgetLimit::Monthly(_) => "budget-monthly",
        BudgetLimit::Yearly(_) => "budget-yearly",
        BudgetLimit::Growth(_) => "budget-growth",
        BudgetLimit::Share(_) => "budget-share",
    };
    let verdicts = all.into_iter().map(|(when, actual, most)| {
        let over = actual.cost.checked_sub(most.cost).unwrap_or(Money::ZERO);
        let near = budget.warn.and_then(|warn| most.cost.times(warn)).is_some_and(|warn| actual.cost >= warn);
        // A limit that is made of an unknown cost is at least so much.
        let level = match (over.is_negative() || over.is_zero(), near) {
            (false, _) if most.is_incomplete => VerdictLevel::Unknown,
            (false, _) => VerdictLevel::Exceeded,
            (true, true) => VerdictLevel::Warning,
            (true, false) if actual.is_incomplete => VerdictLevel::Unknown,
            (true, false) => VerdictLevel::Within,
        };
        let verdict = Verdict {
            level,
            rule: rule.to_owned(),
            what: budget.name.clone(),
            when,
            actual: Some(actual.cost),
            limit: Some(most.cost),
            why: String::new(),
            saves: None,
        };
        (level, over, verdict)
    });
    let verdicts = verdicts.map(|(level, over, own)| {
        // A budget of nothing would never be exceeded: an account or a tag may be misspelt.
        let level = if level == VerdictLevel::Within && !is_found { VerdictLevel::Warning } else { level };
        let why = if is_found { own.why } else { "no cost is of this account, component or tag".to_owned() };
        (level, over, Verdict { level, why, ..own })
    });
    verdicts.reduce(|one, two| if (two.0, two.1) > (one.0, one.1) { two } else { one }).map(|own| own.2)
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
