//! Usage types with and without Region prefix, and the Region of a row.

use crate::domain::{RegionCode, RegionTable, UsageTypeCatalog};

/// Where a row is of, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// The usage type without prefix.
    pub(super) usage_type: String,
    /// The Region.
    pub(super) region: Option<RegionCode>,
    /// What was odd.
    pub(super) odd: Option<OddPlace>,
}

/// What is odd about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OddPlace {
    /// Neither a prefix nor a Region: us-east-1, as older rows of that Region are.
    NoPrefix,
    /// The prefix is no known Region's, and no column tells the Region.
    UnknownPrefix,
    /// The prefix names another Region than the row's column, which is taken.
    Disagree,
    /// The row's Region is in no table.
    Unknown,
}

/// Splits the usage type and tells the Region: the row's own column, else the prefix, else us-east-1.
///
/// `region` is empty where the export has no such column or the row no value. Source of the rule for rows without
/// prefix: S3 user guide, "Understanding your AWS billing and usage reports for Amazon S3".
pub(super) fn place(
    service: &str,
    written: &str,
    region: &str,
    regions: &RegionTable,
    catalog: &UsageTypeCatalog,
) -> Placed {
    let (prefix, rest) = split(written, regions);
    let is_global = ["", "global", "any", "aws-global"].contains(&region);
    if prefix.is_none()
        && let Some(usage_type) = of_unknown_region(service, rest, catalog)
    {
        let region = (!is_global).then(|| RegionCode::new(region));
        let odd = match &region {
            None => Some(OddPlace::UnknownPrefix),
            Some(code) => regions.get(code.as_str()).is_none().then_some(OddPlace::Unknown),
        };
        return Placed { usage_type: usage_type.to_owned(), region, odd };
    }
    let usage_type = second_prefix(service, rest, regions, catalog);
    if is_global {
        let lacks_prefix = prefix.is_none() && region.is_empty() && !written.is_empty();
        let region = match prefix {
            Some(code) => Some(code),
            None if lacks_prefix && !written.starts_with("Global-") => Some(RegionCode::new("us-east-1")),
            None => None,
        };
        let odd = (lacks_prefix && region.is_some()).then_some(OddPlace::NoPrefix);
        return Placed { usage_type, region, odd };
    }
    let odd = if regions.get(region).is_none() {
        Some(OddPlace::Unknown)
    } else {
        prefix.filter(|code| code.as_str() != region).map(|_| OddPlace::Disagree)
    };
    Placed { usage_type, region: Some(RegionCode::new(region)), odd }
}

/// Splits off `EU-`, `APS3-`, or a Region's code as KMS writes it (`us-east-1-KMS-Requests`).
fn split<'a>(written: &'a str, regions: &RegionTable) -> (Option<RegionCode>, &'a str) {
    if let (Some(code), rest) = regions.split_usage_type(written) {
        return (Some(code.clone()), rest);
    }
    for region in regions.iter() {
        let rest = written.strip_prefix(region.code.as_str()).and_then(|rest| rest.strip_prefix('-'));
        if let Some(rest) = rest {
            return (Some(region.code.clone()), rest);
        }
    }
    (None, written)
}

/// Splits off what looks like the prefix of a Region that no table knows yet: behind it is a usage type that they know, and
/// with it none. Returns that usage type.
fn of_unknown_region<'a>(service: &str, written: &'a str, catalog: &UsageTypeCatalog) -> Option<&'a str> {
    let (prefix, rest) = written.split_once('-')?;
    let letters = prefix.trim_end_matches(|own: char| own.is_ascii_digit());
    let looks_so = (2..=4).contains(&letters.len())
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && prefix.len() - letters.len() <= 2;
    let is_known = |usage_type: &str| {
        catalog.get(service, usage_type).is_some()
            || (service.is_empty() && !catalog.services_of(usage_type).is_empty())
    };
    (looks_so && !is_known(written) && is_known(rest)).then_some(rest)
}

/// Transfer between Regions bears both prefixes: `USE1-EU-AWS-Out-Bytes`. The second goes where the rest is a known type.
fn second_prefix(service: &str, rest: &str, regions: &RegionTable, catalog: &UsageTypeCatalog) -> String {
    let (second, inner) = regions.split_usage_type(rest);
    let is_known = |usage_type: &str| !catalog.services_of(usage_type).is_empty();
    if second.is_some() && catalog.get(service, rest).is_none() && !is_known(rest) && is_known(inner) {
        return inner.to_owned();
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{CatalogEntry, Component, Region, Unit};

    fn tables() -> (RegionTable, UsageTypeCatalog) {
        let mut regions = RegionTable::default();
        for (code, prefixes) in
            [("us-east-1", "USE1"), ("eu-west-1", "EU,EUW1"), ("ap-south-1", "APS3"), ("us-west-2", "USW2")]
        {
            regions.insert(Region {
                code: RegionCode::new(code),
                prefixes: prefixes.split(',').map(str::to_owned).collect(),
                partition: "aws".to_owned(),
                name: code.to_owned(),
            });
        }
        let mut catalog = UsageTypeCatalog::default();
        for (service, usage_type) in
            [("AWSDataTransfer", "AWS-Out-Bytes"), ("AWSCloudTrail", "InsightsEvents")]
        {
            let entry = CatalogEntry { unit: Unit::new("x"), component: Component::Other };
            catalog.insert(service, usage_type, entry);
        }
        (regions, catalog)
    }

    #[test]
    fn the_column_wins_then_the_prefix_then_us_east_1() {
        let (regions, catalog) = tables();
        for (written, column, usage_type, region, odd) in [
            ("EU-FreeEventsRecorded", "", "FreeEventsRecorded", Some("eu-west-1"), None),
            ("EU-FreeEventsRecorded", "eu-west-1", "FreeEventsRecorded", Some("eu-west-1"), None),
            ("APS3-DataEventsRecorded", "", "DataEventsRecorded", Some("ap-south-1"), None),
            ("FreeEventsRecorded", "", "FreeEventsRecorded", Some("us-east-1"), Some(OddPlace::NoPrefix)),
            ("FreeEventsRecorded", "us-east-1", "FreeEventsRecorded", Some("us-east-1"), None),
            ("DataInsightsEvents", "", "DataInsightsEvents", Some("us-east-1"), Some(OddPlace::NoPrefix)),
            (
                "USW2-InsightsEvents",
                "eu-west-1",
                "InsightsEvents",
                Some("eu-west-1"),
                Some(OddPlace::Disagree),
            ),
            ("QQQ9-InsightsEvents", "xx-new-1", "InsightsEvents", Some("xx-new-1"), Some(OddPlace::Unknown)),
            ("QQQ9-InsightsEvents", "us-west-2", "InsightsEvents", Some("us-west-2"), None),
            ("QQQ9-InsightsEvents", "", "InsightsEvents", None, Some(OddPlace::UnknownPrefix)),
            ("XX-InsightsEvents", "global", "InsightsEvents", None, Some(OddPlace::UnknownPrefix)),
            ("us-west-2-KMS-Requests", "", "KMS-Requests", Some("us-west-2"), None),
            ("USE1-EU-AWS-Out-Bytes", "", "AWS-Out-Bytes", Some("us-east-1"), None),
            ("Global-DataTransfer-Out-Bytes", "global", "Global-DataTransfer-Out-Bytes", None, None),
            ("", "", "", None, None),
        ] {
            let placed = place("AWSCloudTrail", written, column, &regions, &catalog);
            let found =
                (placed.usage_type.as_str(), placed.region.as_ref().map(RegionCode::as_str), placed.odd);
            assert_eq!(found, (usage_type, region, odd), "{written} {column}");
        }
    }
}
