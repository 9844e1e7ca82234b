//! A table that is there already, and whether the queries can be put to it.

use super::place::AthenaLogs;
use super::table::location_template;
use crate::domain::{
    LOG_TABLE_COLUMNS as COLUMNS, LOG_TABLE_FOLDERS as FOLDERS, LOG_TABLE_PARTITIONS as PARTITIONS,
};
use std::collections::{BTreeMap, BTreeSet};

/// A table as the data catalogue has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundTable {
    /// Columns and their types, such as `eventtime` and `string`.
    pub columns: BTreeMap<String, String>,
    /// Columns of partitions, in their order.
    pub partitions: Vec<String>,
    /// `location`, `projection.enabled` and others.
    pub parameters: BTreeMap<String, String>,
}

impl FoundTable {
    /// Says why the queries would not count these logs if they were put to the table; nothing if they would.
    pub fn misfit(&self, logs: &AthenaLogs) -> Option<String> {
        if self.partitions != PARTITIONS {
            return Some(format!("it has other partitions than {}", PARTITIONS.join(", ")));
        }
        for (name, kind) in columns() {
            match self.columns.get(&name) {
                None => return Some(format!("it has no column `{name}`")),
                Some(own) if plain(own) != kind => {
                    return Some(format!("its column `{name}` is of another type"));
                }
                Some(_) => {}
            }
        }
        let [first, last] = logs.days();
        let of = |name: &str| self.parameters.get(name).map_or("", String::as_str);
        let folder = logs.folder();
        if of("location").trim_end_matches('/') != folder.trim_end_matches('/') {
            return Some(format!("it is over {}, not over {folder}", of("location")));
        }
        if of("storage.location.template").trim_end_matches('/') != location_template(&folder) {
            return Some("its storage.location.template is another".to_owned());
        }
        if !of("projection.enabled").eq_ignore_ascii_case("true") {
            return Some("it has no partition projection".to_owned());
        }
        for (name, wanted) in
            [("account", logs.accounts()), ("region", logs.regions()), ("folder", FOLDERS.to_owned())]
        {
            let values: BTreeSet<&str> =
                of(&format!("projection.{name}.values")).split(',').map(str::trim).collect();
            if let Some(missing) = wanted.split(',').find(|own| !values.contains(own)) {
                return Some(format!("its projection.{name}.values has no {missing}"));
            }
        }
        let (from, to) = of("projection.day.range").split_once(',').unwrap_or_default();
        if from.is_empty() || from > first.as_str() || (to != "NOW" && to < last.as_str()) {
            return Some(format!("its days are {from} to {to}, not {first} to {last}"));
        }
        None
    }
}

/// A type without what does not matter.
fn plain(kind: &str) -> String {
    kind.chars().filter(|own| !own.is_whitespace()).collect::<String>().to_ascii_lowercase()
}

/// The columns of the table's statement with their types.
fn columns() -> Vec<(String, String)> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for own in COLUMNS.chars() {
        match own {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(part) if own != ',' || depth > 0 => part.push(own),
            _ => parts.push(String::new()),
        }
    }
    parts
        .iter()
        .filter_map(|own| own.trim().split_once(' '))
        .map(|(name, kind)| (name.to_owned(), plain(kind)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountId, Date, RegionCode};

    fn logs(from: &str, regions: &[&str]) -> AthenaLogs {
        let day = |text: &str| text.parse::<Date>().unwrap();
        AthenaLogs::new(
            "s3://bucket",
            None,
            (
                ["111122223333".parse::<AccountId>().unwrap()],
                regions.iter().map(|own| RegionCode::new(own)).collect::<Vec<_>>(),
            ),
            (day(from), day("2026-10-31")),
            ("default", "logs"),
        )
        .unwrap()
    }

    /// The table as the statement makes it.
    fn table() -> FoundTable {
        let text = super::super::table::create(&logs("2026-10-01", &["eu-west-1", "us-east-1"]));
        let mut own = FoundTable {
            columns: columns().into_iter().collect(),
            partitions: PARTITIONS.map(str::to_owned).to_vec(),
            parameters: BTreeMap::from([("location".to_owned(), "s3://bucket/AWSLogs".to_owned())]),
        };
        for line in text.lines().filter(|own| own.starts_with("  '")) {
            let (key, value) = line.trim().trim_end_matches(',').split_once(" = ").unwrap();
            own.parameters.insert(key.trim_matches('\'').to_owned(), value.trim_matches('\'').to_owned());
        }
        own
    }

    #[test]
    fn a_table_fits_the_logs_that_it_was_made_for_and_parts_of_them() {
        assert_eq!(columns().len(), 26);
        assert_eq!(columns()[6], ("sourceipaddress".to_owned(), "string".to_owned()));
        assert_eq!(table().misfit(&logs("2026-10-01", &["eu-west-1", "us-east-1"])), None);
        assert_eq!(table().misfit(&logs("2026-10-07", &["us-east-1"])), None);
    }

    #[test]
    fn whatever_would_count_something_else_is_told() {
        let wanted = logs("2026-10-01", &["us-east-1"]);
        let says = |own: &FoundTable, wanted: &AthenaLogs| own.misfit(wanted).unwrap();
        assert!(says(&table(), &logs("2026-09-30", &["us-east-1"])).contains("2026/10/01 to NOW"));
        assert!(says(&table(), &logs("2026-10-01", &["us-west-2"])).contains("no us-west-2"));
        let with = |name: &str, value: &str| {
            let mut own = table();
            own.parameters.insert(name.to_owned(), value.to_owned());
            says(&own, &wanted)
        };
        assert!(with("location", "s3://other/AWSLogs/").contains("over s3://other/AWSLogs/"));
        assert!(with("storage.location.template", "s3://bucket/${day}").contains("template"));
        assert!(with("projection.enabled", "false").contains("projection"));
        assert!(with("projection.account.values", "444455556666").contains("111122223333"));
        assert!(with("projection.day.range", "2026/10/01,2026/10/30").contains("2026/10/30"));
        let mut other = table();
        other.partitions = vec!["timestamp".to_owned()];
        assert!(says(&other, &wanted).contains("partitions"));
        let mut other = table();
        other.columns.insert("readonly".to_owned(), "boolean".to_owned());
        assert!(says(&other, &wanted).contains("`readonly`"));
        other.columns.remove("readonly");
        assert!(says(&other, &wanted).contains("no column `readonly`"));
    }
}
