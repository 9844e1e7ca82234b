//! What was billed: the rows of an invoice's export, summed by the keys that an estimate has too.

use super::account::AccountId;
use super::money::{Currency, Money};
use super::period::{Date, Month};
use super::quantity::Quantity;
use super::region::RegionCode;

/// What kind of charge a row is. FOCUS's charge categories, with the discounts that AWS books as rows of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeCategory {
    /// Something was used; the only category with a quantity that means anything.
    Usage,
    /// A discount booked as a row of its own (`EdpDiscount`, `PrivateRateDiscount`, `BundledDiscount` …).
    Discount,
    /// A credit.
    Credit,
    /// Money back.
    Refund,
    /// Tax.
    Tax,
    /// A fee, a purchase, an adjustment, or anything else.
    Other,
}

impl ChargeCategory {
    /// Returns the word shown to people and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Discount => "discount",
            Self::Credit => "credit",
            Self::Refund => "refund",
            Self::Tax => "tax",
            Self::Other => "other",
        }
    }

    /// Returns the category of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Usage, Self::Discount, Self::Credit, Self::Refund, Self::Tax, Self::Other];
        all.into_iter().find(|own| own.name() == name)
    }
}

/// What stands on the bill under one key: the sum of its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledLine {
    /// The billing period.
    pub month: Month,
    /// The account that used it; `None` where the bill names none (a tax row of the payer).
    pub account: Option<AccountId>,
    /// The Region; `None` where the bill names none (tax, credits).
    pub region: Option<RegionCode>,
    /// The service's code as the price tables know it, such as `AWSCloudTrail`.
    pub service: String,
    /// The usage type without Region prefix; empty where the bill names none (tax).
    pub usage_type: String,
    /// The resource, where the export has it: a bucket, a log group; CloudTrail's own rows have none.
    pub resource: Option<String>,
    /// What kind of charge.
    pub category: ChargeCategory,
    /// The unit as billed, such as `Events`; empty where the bill has none.
    pub unit: String,
    /// The quantity in `unit`; zero where it means nothing (tax, credits, discounts).
    pub quantity: Quantity,
    /// The cost at list price, where the export has it.
    pub list_cost: Option<Money>,
    /// The cost at the agreed price, before credits and tax, where the export has it.
    pub contracted_cost: Option<Money>,
    /// What the row adds to the invoice (FOCUS `BilledCost`, CUR `UnblendedCost`).
    pub billed_cost: Money,
    /// The cost after every discount and credit that the export spreads over its rows (FOCUS `EffectiveCost`, CUR
    /// `NetUnblendedCost`), where it has it.
    pub effective_cost: Option<Money>,
    /// Rows summed that have a cost; where there is none, the cost is not known.
    pub rows: u64,
    /// What the rows have in common beside their key.
    pub ids: BilledIds,
}

/// Names that stand on every row of a line; where rows differ, or one has none, there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BilledIds {
    /// The account that is invoiced (FOCUS `BillingAccountId`, CUR `bill/PayerAccountId`).
    pub payer: Option<AccountId>,
    /// The invoice (FOCUS `InvoiceId`, CUR `bill/InvoiceId`).
    pub invoice: Option<String>,
    /// The provider's id of the price (FOCUS `SkuPriceId`, CUR `pricing/RateCode`).
    pub sku_price: Option<String>,
}

/// What an account was billed on a day for one usage type: usage with its discounts, from rows of a day or less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledDay {
    /// The day.
    pub day: Date,
    /// The account; `None` where the bill names none.
    pub account: Option<AccountId>,
    /// The service's code.
    pub service: String,
    /// The usage type without Region prefix.
    pub usage_type: String,
    /// What the rows add to the invoice.
    pub billed_cost: Money,
}

/// How much of a month an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledMonth {
    /// The month.
    pub month: Month,
    /// The first day with usage of any service.
    pub first_day: Date,
    /// The last day with usage of any service.
    pub last_day: Date,
    /// Whether the invoice is closed (it has an id); `None` where the export does not say.
    pub closed: Option<bool>,
}

impl BilledMonth {
    /// Returns the days from the first with usage to the last.
    pub fn days_covered(&self) -> u32 {
        u32::try_from(self.last_day.days_since(self.first_day) + 1).unwrap_or(0)
    }

    /// Tells whether days of the month are missing at its beginning or end.
    pub fn is_partial(&self) -> bool {
        self.days_covered() < self.month.days()
    }
}

/// One or more exports of one currency, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// The files, as the user named them.
    pub sources: Vec<String>,
    /// What the files are, in words: `FOCUS 1.0, CSV`.
    pub formats: Vec<String>,
    /// The currency of every cost.
    pub currency: Currency,
    /// What is charged for CloudTrail, and for the resources that the user named as those of its logs; sorted by key.
    pub lines: Vec<BilledLine>,
    /// What is charged for the other services that logs touch, whole: nothing on the bill says which part the logs are.
    pub shared: Vec<BilledLine>,
    /// What days cost of `lines`, sorted, where rows are of a day or less.
    pub days: Vec<BilledDay>,
    /// The months, in order.
    pub months: Vec<BilledMonth>,
    /// Rows read.
    pub rows: u64,
    /// The most digits after the point that a single row's cost of usage has, among those of `lines`.
    pub cost_digits: u32,
    /// What was odd and how it was taken, each as one sentence without a full stop.
    pub notes: Vec<String>,
}

impl Bill {
    /// Notes those of the names given with `--resource` that no line's resource has.
    pub fn note_names_without_lines(&mut self, names: &[String], is_named: impl Fn(&str, &[String]) -> bool) {
        for name in names {
            let only = [name.clone()];
            let is_there =
                self.lines.iter().filter_map(|line| line.resource.as_deref()).any(|own| is_named(own, &only));
            if !is_there {
                self.notes.push(format!("no billed resource has the name `{name}`, given with --resource"));
            }
        }
    }
}
