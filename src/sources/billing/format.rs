//! Kinds of exports, told apart by their header.

/// A kind of export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    /// The legacy Cost and Usage Report, columns such as `lineItem/UsageType`.
    CurLegacy,
    /// CUR 2.0 of Data Exports, and the legacy report's Parquet: columns such as `line_item_usage_type`.
    Cur2,
    /// FOCUS 1.0.
    Focus10,
    /// FOCUS 1.1.
    Focus11,
    /// FOCUS 1.2.
    Focus12,
    /// What Cost Explorer's "Download as CSV" gives.
    CostExplorer,
}

impl Format {
    /// Returns the name shown to people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CurLegacy => "legacy CUR",
            Self::Cur2 => "CUR 2.0",
            Self::Focus10 => "FOCUS 1.0",
            Self::Focus11 => "FOCUS 1.1",
            Self::Focus12 => "FOCUS 1.2",
            Self::CostExplorer => "Cost Explorer download",
        }
    }

    /// Tells whether it is one of the FOCUS versions.
    pub(super) fn is_focus(self) -> bool {
        matches!(self, Self::Focus10 | Self::Focus11 | Self::Focus12)
    }

    /// Returns the format of this header, where it is an export of AWS.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let has = |name: &str| header.iter().any(|own| own == name);
        let starts = |prefix: &str| header.iter().any(|own| own.starts_with(prefix));
        if starts("lineItem/") && !has("cost/myCost") {
            return Some(Self::CurLegacy);
        }
        if starts("line_item_") {
            return Some(Self::Cur2);
        }
        let focus = [
            "BilledCost",
            "ChargeCategory",
            "ServiceName",
            "ChargePeriodStart",
            "BillingPeriodStart",
            "EffectiveCost",
        ];
        if focus.iter().filter(|name| has(name)).count() >= 3 {
            return Some(if ["InvoiceId", "PricingCurrency", "SubAccountType"].into_iter().any(has) {
                Self::Focus12
            } else if ["SkuMeter", "SkuPriceDetails", "ServiceSubcategory"].into_iter().any(has) {
                Self::Focus11
            } else {
                Self::Focus10
            });
        }
        let first = header.first().map(|own| own.to_ascii_lowercase()).unwrap_or_default();
        let grouped = ["usage type", "service"].contains(&first.as_str());
        (grouped && header.len() > 1 && header[1..].iter().all(|own| own.ends_with(')')))
            .then_some(Self::CostExplorer)
    }
}

/// Returns the cloud whose export has this header, where it is another one.
pub(super) fn other_cloud(header: &[String]) -> Option<&'static str> {
    let has = |name: &str| header.iter().any(|own| own.eq_ignore_ascii_case(name));
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if any(&["CostInBillingCurrency", "MeterCategory", "meterSubCategory", "PreTaxCost"])
        && any(&["SubscriptionId", "SubscriptionGuid", "ResourceGroup", "InvoiceSectionName", "MeterId"])
    {
        return Some("Azure");
    }
    let google =
        |own: &String| own.starts_with("service.") || own.starts_with("sku.") || own.starts_with("project.");
    if any(&["billing_account_id", "Billing account ID"])
        && (header.iter().any(google) || has("Project ID") || has("usage_start_time"))
    {
        return Some("Google Cloud");
    }
    (has("lineItem/referenceNo") || has("cost/myCost")).then_some("Oracle Cloud")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn headers_tell_formats_apart() {
        for (text, expected) in [
            ("identity/LineItemId,lineItem/UsageType", Some(Format::CurLegacy)),
            ("bill_invoice_id,line_item_usage_type", Some(Format::Cur2)),
            ("BilledCost,ChargeCategory,ServiceName", Some(Format::Focus10)),
            ("BilledCost,ChargeCategory,ServiceName,SkuMeter", Some(Format::Focus11)),
            ("BilledCost,ChargeCategory,ServiceName,SkuMeter,InvoiceId", Some(Format::Focus12)),
            ("Usage type,USE1-DataEventsRecorded($),Total costs($)", Some(Format::CostExplorer)),
            ("Service,AWS CloudTrail($),Total costs($)", Some(Format::CostExplorer)),
            ("Service,Owner", None),
            ("lineItem/referenceNo,cost/myCost", None),
        ] {
            assert_eq!(Format::of(&header(text)), expected, "{text}");
        }
        for (text, expected) in [
            ("InvoiceSectionName,SubscriptionId,MeterCategory,CostInBillingCurrency", Some("Azure")),
            ("billing_account_id,service.description,sku.description", Some("Google Cloud")),
            ("lineItem/referenceNo,cost/myCost", Some("Oracle Cloud")),
            ("name,phone", None),
        ] {
            assert_eq!(other_cloud(&header(text)), expected, "{text}");
        }
    }
}
