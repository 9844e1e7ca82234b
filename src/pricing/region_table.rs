//! `regions.csv`: codes, billing prefixes, partitions and names.

use crate::domain::{Diagnostic, Region, RegionCode, RegionTable, field_span};

/// Reads the Regions of a table into `regions`; a code that is there already is replaced.
///
/// Columns `code`, `prefixes` (separated by spaces, the usual one first), `partition`, `name`; others are ignored.
pub fn parse_regions(name: &str, text: &str, regions: &mut RegionTable) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let column = |wanted: &str| headers.iter().position(|header| header.trim() == wanted);
    let (Some(code), Some(prefixes), Some(partition), Some(long_name)) =
        (column("code"), column("prefixes"), column("partition"), column("name"))
    else {
        let finding = Diagnostic::error(name, "the Region table lacks a column");
        return vec![finding.hint("the columns are code,prefixes,partition,name")];
    };
    let prefixes_at = prefixes;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                findings.push(Diagnostic::error(name, format!("not a CSV file: {error}")));
                return findings;
            }
        };
        let field = |index: usize| record.get(index).unwrap_or_default().trim();
        if field(code).is_empty() || field(partition).is_empty() {
            let start = record.position().map_or(0, csv::Position::byte);
            let span = field_span(text, usize::try_from(start).unwrap_or_default(), code);
            findings.push(Diagnostic::error(name, "a Region needs a code and a partition").at(span));
            continue;
        }
        let prefixes: Vec<String> = field(prefixes).split_whitespace().map(str::to_owned).collect();
        for prefix in &prefixes {
            if let Some(other) = regions.of_prefix(prefix)
                && other.as_str() != field(code)
            {
                let message = format!("the prefix `{prefix}` of {} is already that of {other}", field(code));
                let start =
                    usize::try_from(record.position().map_or(0, csv::Position::byte)).unwrap_or_default();
                let finding = Diagnostic::error(name, message).at(field_span(text, start, prefixes_at));
                findings.push(finding.hint("a prefix stands for one Region"));
            }
        }
        regions.insert(Region {
            code: RegionCode::new(field(code)),
            prefixes,
            partition: field(partition).to_owned(),
            name: field(long_name).to_owned(),
        });
    }
    findings
}
