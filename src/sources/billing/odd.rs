//! What was odd about rows, and how it was taken.

use std::collections::BTreeMap;

/// Something odd that does not stop the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Odd {
    AccountZeros,
    AccountNumber,
    AccountExponent,
    NoPrefix,
    UnknownPrefix,
    Disagree,
    UnknownRegion,
    OtherPeriod,
    UnknownKind,
    Negation,
    TypeFromSku,
    TypeFromText,
    NoType,
    NoCost,
    OtherCloud,
    DoubledColumn,
    ContractedZero,
    SkippedFiles,
    NoCloudTrail,
    CostExplorerQuantity,
    CostExplorerCost,
    CostExplorerAccount,
    CostExplorerMonths,
}

/// Counts of oddities with the first example of each, in the order of letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Odds(BTreeMap<Odd, (u64, String)>);

impl Odds {
    pub(super) fn add(&mut self, odd: Odd, count: u64, example: &str) {
        let (own, first) = self.0.entry(odd).or_insert_with(|| (0, example.to_owned()));
        *own += count;
        if example < first.as_str() {
            example.clone_into(first);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (odd, (count, example)) in &other.0 {
            self.add(*odd, *count, example);
        }
    }

    /// Writes a sentence for each.
    pub(super) fn notes(&self) -> Vec<String> {
        self.0.iter().map(|(odd, (count, example))| note(*odd, *count, example)).collect()
    }
}

fn note(odd: Odd, count: u64, example: &str) -> String {
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    let has = if count == 1 { "has" } else { "have" };
    let was = if count == 1 { "was" } else { "were" };
    match odd {
        Odd::AccountZeros => format!(
            "the account of {rows} had lost its leading zeros ({example} and the like): they were put back"
        ),
        Odd::AccountNumber => {
            format!("the account of {rows} was written as a decimal number ({example} and the like)")
        }
        Odd::AccountExponent => format!(
            "the account of {rows} was written with an exponent ({example} and the like): digits that are not written were taken for zeros, check them"
        ),
        Odd::NoPrefix => format!(
            "{rows} {has} neither a Region nor a prefix ({example} and the like): taken as us-east-1, whose older rows are so"
        ),
        Odd::UnknownPrefix => format!(
            "the prefix of {rows} is no known Region's ({example} and the like), and no column tells the Region: it is unknown"
        ),
        Odd::Disagree => format!(
            "the Region and the usage type's prefix of {rows} disagree ({example} and the like): the Region was taken"
        ),
        Odd::UnknownRegion => {
            format!("{rows} {has} a Region that no table knows ({example} and the like): taken as it is")
        }
        Odd::OtherPeriod => format!(
            "{rows} of usage in another month than the bill's ({example} and the like): counted in the bill's month"
        ),
        Odd::UnknownKind => {
            format!(
                "{rows} {has} a kind of charge that is not known (`{example}` and the like): shown as other, not as usage"
            )
        }
        Odd::Negation => format!("{rows} of a Savings Plan's negation {was} taken as discount"),
        Odd::TypeFromSku => format!(
            "{rows} {has} no usage type: it was found by the price's id in the price tables ({example} and the like)"
        ),
        Odd::TypeFromText => format!(
            "{rows} {has} no usage type: it was read from the text of the charge (\"{example}\" and the like), check it"
        ),
        Odd::NoType => format!(
            "{rows} {has} no usage type, and neither the price's id nor the text tells it (\"{example}\" and the like): their cost is counted, their quantity is not"
        ),
        Odd::NoCost => format!("{rows} of usage {has} no cost: counted as zero"),
        Odd::OtherCloud => format!("{rows} of other clouds {was} passed over ({example} and the like)"),
        Odd::DoubledColumn => {
            format!("column {example} stands in the header more than once: the first was read")
        }
        Odd::ContractedZero => format!(
            "ContractedCost is 0 on {rows} that cost something, as in AWS's early FOCUS exports: it was passed over"
        ),
        Odd::SkippedFiles => {
            let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
            format!(
                "{files} in the folders {was} passed over, by name no csv, gz or Parquet ({example} and the like)"
            )
        }
        Odd::NoCloudTrail => "no row is CloudTrail's".to_owned(),
        Odd::CostExplorerQuantity => format!(
            "Cost Explorer's download by cost has no quantities ({example} and the like): volumes are unknown; the download by usage of the same months, given too, has them"
        ),
        Odd::CostExplorerCost => format!(
            "Cost Explorer's download by usage has no costs ({example} and the like): they are unknown, not zero; the download by cost of the same months, given too, has them"
        ),
        Odd::CostExplorerAccount => {
            "Cost Explorer's download does not tell accounts: the figures are of all of them together"
                .to_owned()
        }
        Odd::CostExplorerMonths => {
            "Cost Explorer's download by month does not tell which days it covers: months are taken as whole"
                .to_owned()
        }
    }
}
