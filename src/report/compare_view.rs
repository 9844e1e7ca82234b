//! Estimates side by side.

use super::clean::visible;
use super::number::{amount_text, currency_text, money_text, percent_text, signed_text};
use super::view::ReportView;
use crate::costing::Figures;
use crate::domain::{Component, Currency, Date, GapKind, Money, list_names};
use rust_decimal::Decimal;

/// Two amounts and what lies between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The base's amount.
    pub base: Money,
    /// The variant's amount.
    pub variant: Money,
    /// Whether the base's amount lacks something unknown.
    pub base_incomplete: bool,
    /// Whether the variant's amount lacks something unknown.
    pub variant_incomplete: bool,
}

impl Difference {
    /// Tells whether either amount lacks something, so that nobody knows what lies between them.
    pub fn is_unknown(&self) -> bool {
        self.base_incomplete || self.variant_incomplete
    }

    /// Returns variant − base, exact; nothing when either is incomplete.
    pub fn amount(&self) -> Option<Money> {
        if self.is_unknown() { None } else { self.variant.checked_sub(self.base) }
    }

    /// Returns the change in percent of the base, to a tenth; nothing when the base costs nothing or is incomplete.
    pub fn percent(&self) -> Option<Decimal> {
        self.amount()?.share_of(self.base)
    }

    /// Writes the base's amount.
    pub fn base_text(&self) -> String {
        amount_text(self.base, self.base_incomplete)
    }

    /// Writes the variant's amount.
    pub fn variant_text(&self) -> String {
        amount_text(self.variant, self.variant_incomplete)
    }

    /// Writes the difference with its sign.
    pub fn signed(&self) -> String {
        self.amount().map_or_else(|| "unknown".to_owned(), |amount| signed_text(money_text(amount), amount))
    }

    /// Writes the change in percent with its sign; `new` and `–` where there is no base or no knowing.
    pub fn percent_text(&self) -> String {
        let Some(amount) = self.amount() else {
            return "–".to_owned();
        };
        match self.percent() {
            None if amount.is_zero() => "–".to_owned(),
            None => "new".to_owned(),
            Some(percent) => {
                let text = percent_text(percent, amount.is_zero());
                if percent > Decimal::ZERO { format!("+{text}") } else { text }
            }
        }
    }
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The component's id; empty for the total.
    pub id: String,
    /// The words shown.
    pub label: String,
    /// The first month.
    pub first_month: Difference,
    /// The first year.
    pub first_year: Difference,
    /// The horizon.
    pub total: Difference,
}

impl Compared {
    /// Returns the first month, the first year and the horizon.
    pub fn periods(&self) -> [&Difference; 3] {
        [&self.first_month, &self.first_year, &self.total]
    }

    /// Tells whether either side lacks something.
    pub fn is_incomplete(&self) -> bool {
        self.total.is_unknown()
    }
}

/// One variant against the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The variant's name.
    pub name: String,
    /// The words for the horizon.
    pub horizon: String,
    /// By component, in report order.
    pub rows: Vec<Compared>,
    /// The whole.
    pub total: Compared,
    /// Whether the two cover different months, so that their totals do not compare.
    pub horizons_differ: bool,
    /// What makes the comparison less than it seems.
    pub notes: Vec<String>,
}

impl Comparison {
    /// Says in one sentence what the variant does to the cost.
    pub fn sentence(&self, currency: &Currency) -> String {
        let (month, total) = (self.total.first_month, self.total.total);
        let symbol = currency.symbol();
        if total.is_unknown() {
            let side = |text: String| match text.strip_prefix("≥ ") {
                Some(amount) => format!("at least {symbol}{amount}"),
                None if text == "unknown" => text,
                None => format!("{symbol}{text}"),
            };
            return format!(
                "the difference is not known: {} against {} in {}",
                side(total.variant_text()),
                side(total.base_text()),
                self.horizon
            );
        }
        let amount = |difference: Difference| {
            let amount = difference.amount().unwrap_or_default();
            let text = currency_text(amount, &symbol);
            if amount.is_zero() { format!("±{text}") } else { signed_text(text, amount) }
        };
        let change = |difference: Difference| match difference.percent() {
            Some(_) => format!(" ({})", difference.percent_text()),
            None => String::new(),
        };
        if self.horizons_differ {
            return format!(
                "{} in the first month{}; the totals are of different months and do not compare",
                amount(month),
                change(month)
            );
        }
        format!(
            "{} in the first month{}, {} in {}{}",
            amount(month),
            change(month),
            amount(total),
            self.horizon,
            change(total)
        )
    }
}

/// A base and its variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareView {
    /// The base's name.
    pub base_name: String,
    /// The currency.
    pub currency: Currency,
    /// The date whose prices these are.
    pub as_of: Date,
    /// The variants, in the order given.
    pub comparisons: Vec<Comparison>,
}

impl CompareView {
    /// Compares views that group by component. All are in the base's currency.
    pub fn new(base: &ReportView, variants: &[ReportView]) -> Self {
        Self {
            base_name: base.name.clone(),
            currency: base.currency.clone(),
            as_of: base.as_of,
            comparisons: variants.iter().map(|variant| compare(base, variant)).collect(),
        }
    }

    /// Tells whether everything charged could be priced on every side.
    pub fn is_complete(&self) -> bool {
        self.comparisons.iter().all(|comparison| !comparison.total.is_incomplete())
    }
}

fn compare(base: &ReportView, variant: &ReportView) -> Comparison {
    let none = Figures::default();
    let figures = |view: &ReportView, component: Component| {
        view.rows.iter().find(|row| row.id == component.id()).map(|row| row.figures.clone())
    };
    let rows = Component::ALL
        .iter()
        .filter_map(|&component| {
            let sides = (figures(base, component), figures(variant, component));
            if sides == (None, None) {
                return None;
            }
            let (base, variant) =
                (sides.0.unwrap_or_else(|| none.clone()), sides.1.unwrap_or_else(|| none.clone()));
            Some(line(component.id(), component.label(), &base, &variant))
        })
        .collect();
    let mut notes = Vec::new();
    if base.months != variant.months {
        notes.push(format!(
            "the horizons differ: {} months from {} against {} months from {}",
            base.months.len(),
            base.months.first().map(ToString::to_string).unwrap_or_default(),
            variant.months.len(),
            variant.months.first().map(ToString::to_string).unwrap_or_default(),
        ));
    }
    for view in [base, variant] {
        if !view.is_complete() {
            notes.push(format!("`{}` is incomplete: see `trailcost estimate`", view.name));
        }
        for line in view.logs.kept.iter().filter(|line| line.contains("NOT MET")) {
            notes.push(format!("`{}`: {line}", view.name));
        }
        if let Some(measured) = &view.measured {
            notes.push(format!("`{}`: volumes {}", view.name, measured.words()));
        }
        let not_seen = view.gaps.iter().filter(|gap| gap.kind == GapKind::NotSeen);
        let not_seen: Vec<&str> = not_seen.map(|gap| gap.what.as_str()).collect();
        if !not_seen.is_empty() {
            notes.push(format!("`{}`: not seen: {}", view.name, list_names(&not_seen)));
        }
        match view.likely_only {
            0 => {}
            1 => notes.push(format!("`{}`: one quantity is a range, its likely figure is used", view.name)),
            count => notes.push(format!(
                "`{}`: {count} quantities are ranges, their likely figures are used",
                view.name
            )),
        }
    }
    Comparison {
        name: visible(&variant.name),
        horizon: variant.horizon_words(),
        horizons_differ: base.months != variant.months,
        rows,
        total: line("", "Total", &base.total, &variant.total),
        notes,
    }
}

fn line(id: &str, label: &str, base: &Figures, variant: &Figures) -> Compared {
    let year = |figures: &Figures| figures.years.first().map_or(Money::ZERO, |year| year.contracted);
    let difference = |base_amount: Money, variant_amount: Money| Difference {
        base: base_amount,
        variant: variant_amount,
        base_incomplete: base.incomplete,
        variant_incomplete: variant.incomplete,
    };
    Compared {
        id: id.to_owned(),
        label: label.to_owned(),
        first_month: difference(base.first_month.contracted, variant.first_month.contracted),
        first_year: difference(year(base), year(variant)),
        total: difference(base.total.contracted, variant.total.contracted),
    }
}
