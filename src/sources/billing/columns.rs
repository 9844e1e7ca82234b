//! Which columns of an export hold what is needed.

use super::fault::Fault;
use super::format::{Format, other_cloud};
use crate::domain::{list_names, nearest};

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident;)+) => {
        /// What is needed of a row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// Every field.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }
    };
}

fields! {
    /// The first day of the billing period.
    Period;
    /// The invoice's id.
    Invoice;
    /// The account that is invoiced.
    Payer;
    /// The account that used it.
    Account;
    /// Usage, Tax, Credit …
    Kind;
    /// FOCUS: whether it corrects an earlier period.
    Class;
    /// When the usage began.
    Start;
    /// When the usage ended.
    End;
    /// The service's code.
    Product;
    /// FOCUS: the service's name.
    ServiceName;
    /// FOCUS: who sells it.
    Provider;
    /// The usage type.
    UsageType;
    /// The quantity.
    Quantity;
    /// The unit.
    Unit;
    /// FOCUS: the quantity as priced, where none is consumed.
    PricedQuantity;
    /// FOCUS: its unit.
    PricedUnit;
    /// The currency.
    Currency;
    /// What it adds to the invoice.
    Billed;
    /// The cost after discounts and credits.
    Effective;
    /// FOCUS: the cost at the agreed price.
    Contracted;
    /// The cost at list price.
    List;
    /// The Region.
    Region;
    /// The Region where the first column is empty.
    OtherRegion;
    /// CUR 2.0: the map of the product's attributes.
    ProductMap;
    /// The resource.
    Resource;
    /// The text of the line.
    Description;
    /// The price's id.
    Sku;
    /// In files of our own: estimate, measurement or bill.
    CostKind;
}

/// The number of fields.
pub(super) const FIELDS: usize = Field::ALL.len();

/// The fields that decide whether a row is taken, and which day and month it is of.
pub(super) const FIRST_LOOK: [Field; 7] = [
    Field::Period,
    Field::Kind,
    Field::Start,
    Field::End,
    Field::Product,
    Field::ServiceName,
    Field::Provider,
];

/// What `billed.csv` calls the kind of a charge: FOCUS, whose names it bears else, has no discounts of their own.
const OWN_KIND: [&str; 1] = ["x_ChargeKind"];

/// The columns that may hold a field, the best first. Source: AWS Data Exports user guide, table dictionaries of CUR 2.0
/// and FOCUS 1.0 and 1.2 with AWS columns; FOCUS specification 1.0 to 1.2.
fn names(field: Field, format: Format) -> &'static [&'static str] {
    if format.is_focus() {
        return match field {
            Field::Period => &["BillingPeriodStart"],
            Field::Invoice => &["InvoiceId"],
            Field::Payer => &["BillingAccountId"],
            Field::Account => &["SubAccountId"],
            Field::Kind => &["ChargeCategory"],
            Field::Class => &["ChargeClass"],
            Field::Start => &["ChargePeriodStart"],
            Field::End => &["ChargePeriodEnd"],
            Field::Product => &["x_ServiceCode"],
            Field::ServiceName => &["ServiceName"],
            Field::Provider => &["ProviderName", "ServiceProviderName"],
            Field::UsageType => &["x_UsageType", "SkuMeter"],
            Field::Quantity => &["ConsumedQuantity"],
            Field::Unit => &["ConsumedUnit"],
            Field::PricedQuantity => &["PricingQuantity"],
            Field::PricedUnit => &["PricingUnit"],
            Field::Currency => &["BillingCurrency"],
            Field::Billed => &["BilledCost"],
            Field::Effective => &["EffectiveCost"],
            Field::Contracted => &["ContractedCost"],
            Field::List => &["ListCost"],
            Field::Region => &["RegionId", "Region"],
            Field::OtherRegion | Field::ProductMap => &[],
            Field::Resource => &["ResourceId"],
            Field::Description => &["ChargeDescription"],
            Field::Sku => &["SkuPriceId"],
            Field::CostKind => &["x_CostKind"],
        };
    }
    match field {
        Field::Period => &["bill_billing_period_start_date"],
        Field::Invoice => &["bill_invoice_id"],
        Field::Payer => &["bill_payer_account_id"],
        Field::Account => &["line_item_usage_account_id"],
        Field::Kind => &["line_item_line_item_type"],
        Field::Start => &["line_item_usage_start_date"],
        Field::End => &["line_item_usage_end_date"],
        Field::Product => &["line_item_product_code"],
        Field::UsageType => &["line_item_usage_type"],
        Field::Quantity => &["line_item_usage_amount"],
        Field::Unit => &["pricing_unit"],
        Field::Currency => &["line_item_currency_code"],
        Field::Billed => &["line_item_unblended_cost"],
        Field::Effective => &["line_item_net_unblended_cost"],
        Field::List => &["pricing_public_on_demand_cost"],
        Field::Region => &["product_region_code"],
        Field::OtherRegion => &["product_region"],
        Field::ProductMap => &["product"],
        Field::Resource => &["line_item_resource_id"],
        Field::Sku => &["pricing_rate_code"],
        Field::Class
        | Field::ServiceName
        | Field::Provider
        | Field::PricedQuantity
        | Field::PricedUnit
        | Field::Contracted
        | Field::Description
        | Field::CostKind => &[],
    }
}

/// Tells whether nothing can be read without the field.
fn is_required(field: Field, format: Format) -> bool {
    match field {
        Field::Account | Field::Kind | Field::Start | Field::Quantity | Field::Currency | Field::Billed => {
            true
        }
        Field::Product | Field::UsageType => !format.is_focus(),
        Field::ServiceName => format.is_focus(),
        _ => false,
    }
}

/// Writes `lineItem/UsageAccountId` as `line_item_usage_account_id`, as CUR 2.0 and the Parquet of the legacy report do.
fn snake(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 8);
    let mut before = '_';
    for own in name.chars() {
        if own == '/' || own == ':' {
            written.push('_');
        } else if own.is_ascii_uppercase() {
            if before.is_ascii_lowercase() || before.is_ascii_digit() {
                written.push('_');
            }
            written.push(own.to_ascii_lowercase());
        } else {
            written.push(own);
        }
        before = own;
    }
    written
}

/// Where in a row each field stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The format.
    pub(super) format: Format,
    /// The number of columns.
    pub(super) width: usize,
    /// The columns that are read, from left to right, with their fields.
    pub(super) columns: Vec<(usize, Field)>,
    /// How many of them are walked before it is decided whether the row is taken.
    pub(super) first_look: usize,
    /// The names of the columns that are read, by field.
    names: Vec<Option<String>>,
    /// Columns that are read and stand there twice.
    pub(super) doubled: Vec<String>,
}

impl Layout {
    /// Finds the columns of a header.
    pub(super) fn new(header: &[String]) -> Result<Self, Fault> {
        if let Some(cloud) = other_cloud(header) {
            return Err(Fault::new(format!("this is an export of {cloud}, which has no CloudTrail"))
                .hint("name an export of AWS: CUR, CUR 2.0, FOCUS, or Cost Explorer's download"));
        }
        let Some(format) = Format::of(header) else {
            return Err(unknown_header(header));
        };
        let plain: Vec<String> = match format {
            Format::CurLegacy | Format::Cur2 => header.iter().map(|name| snake(name)).collect(),
            _ => header.to_vec(),
        };
        let mut own = Self {
            format,
            width: header.len(),
            columns: Vec::new(),
            first_look: 0,
            names: vec![None; FIELDS],
            doubled: Vec::new(),
        };
        let mut missing = Vec::new();
        for &field in Field::ALL {
            let mut candidates = names(field, format);
            if field == Field::Kind && format.is_focus() && plain.iter().any(|own| own == OWN_KIND[0]) {
                candidates = &OWN_KIND;
            }
            let found = candidates.iter().find_map(|name| plain.iter().position(|own| own == name));
            match found {
                Some(at) => {
                    own.columns.push((at, field));
                    own.names[field as usize] = Some(header[at].clone());
                    if plain.iter().filter(|name| **name == plain[at]).count() > 1 {
                        own.doubled.push(header[at].clone());
                    }
                }
                None if is_required(field, format) => missing.push(wanted_name(candidates, format)),
                None => {}
            }
        }
        if !missing.is_empty() {
            return Err(missing_columns(&missing, header, format));
        }
        own.columns.sort_unstable_by_key(|(at, _)| *at);
        let last = own.columns.iter().rposition(|(_, field)| FIRST_LOOK.contains(field));
        own.first_look = last.map_or(0, |at| at + 1);
        Ok(own)
    }

    /// Tells whether this program wrote it: its usage types are without prefix.
    pub(super) fn is_our_own(&self) -> bool {
        self.name(Field::Kind) == OWN_KIND[0]
    }

    /// Tells whether the export has the field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.names[field as usize].is_some()
    }

    /// Returns the column's name as it stands in the header.
    pub(super) fn name(&self, field: Field) -> &str {
        self.names[field as usize].as_deref().unwrap_or("")
    }
}

/// Returns the name to miss: of legacy CUR as that report writes it.
fn wanted_name(candidates: &[&str], format: Format) -> String {
    let name = candidates.first().copied().unwrap_or_default();
    let Some(rest) = name.strip_prefix("line_item_").filter(|_| format == Format::CurLegacy) else {
        return name.to_owned();
    };
    let words = rest.split('_').map(|word| {
        let (first, rest) = word.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    format!("lineItem/{}", words.collect::<String>())
}

fn missing_columns(missing: &[String], header: &[String], format: Format) -> Fault {
    let plural = if missing.len() == 1 { "column" } else { "columns" };
    let all = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let fault = Fault::new(format!("this {} lacks the {plural} {all}", format.name()));
    let near = missing.iter().find_map(|name| {
        nearest(name, header.iter().map(String::as_str))
            .map(|own| format!("`{own}` is there, `{name}` is meant?"))
    });
    let fault = match near {
        Some(near) => fault.note(near),
        None => fault,
    };
    fault.hint("export it again with every column; no column can be replaced by another")
}

fn unknown_header(header: &[String]) -> Fault {
    if header.len() == 1 {
        for (mark, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
            if header[0].matches(mark).count() >= 2 {
                return Fault::new(format!("its columns are separated by {name}"))
                    .note("exports of AWS separate them by commas")
                    .hint("use the file as AWS wrote it, not one saved by a spreadsheet");
            }
        }
    }
    let shown: Vec<String> = header.iter().map(|name| format!("`{name}`")).collect();
    Fault::new("its header is that of no export of the bill")
        .note(format!("it begins with {}", list_names(&shown)))
        .hint("accepted are legacy CUR, CUR 2.0, FOCUS 1.0 to 1.2, and Cost Explorer's download by usage type or service")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn names_of_the_legacy_report_become_those_of_the_new_one() {
        for (legacy, new) in [
            ("lineItem/UsageAccountId", "line_item_usage_account_id"),
            ("product/regionCode", "product_region_code"),
            ("pricing/publicOnDemandCost", "pricing_public_on_demand_cost"),
            ("bill/BillingPeriodStartDate", "bill_billing_period_start_date"),
            ("line_item_usage_type", "line_item_usage_type"),
        ] {
            assert_eq!(snake(legacy), new);
        }
    }

    #[test]
    fn every_missing_column_is_named_with_the_nearest_there_is() {
        let fault = Layout::new(&header(
            "lineItem/UsageAccountID,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UsageTyp,lineItem/UsageAmount,lineItem/CurrencyCode",
        ))
        .unwrap_err();
        assert_eq!(
            fault.message,
            "this legacy CUR lacks the columns `lineItem/UsageType`, `lineItem/UnblendedCost`"
        );
        assert_eq!(
            fault.note.as_deref(),
            Some("`lineItem/UsageTyp` is there, `lineItem/UsageType` is meant?")
        );
    }

    #[test]
    fn columns_may_stand_in_any_order_and_twice() {
        let layout = Layout::new(&header(
            "line_item_unblended_cost,line_item_usage_account_id,line_item_line_item_type,line_item_usage_start_date,line_item_product_code,line_item_usage_type,line_item_usage_amount,line_item_currency_code,line_item_usage_type",
        ))
        .unwrap();
        assert_eq!(layout.columns[0], (0, Field::Billed));
        assert_eq!(layout.doubled, ["line_item_usage_type"]);
        assert_eq!(layout.first_look, 5);
        assert!(!layout.has(Field::Region));
    }
}
