//! What a Cost Explorer download tells of which time, so that two of them can be compared.

use crate::domain::RegionCode;
use std::collections::{BTreeMap, BTreeSet};

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CellKind {
    Cost,
    Quantity,
}

impl CellKind {
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Cost => "costs",
            Self::Quantity => "quantities",
        }
    }
}

/// A usage type in a Region; empty where a column is of a service as a whole.
type Column = (String, Option<RegionCode>);

/// The times of the cells that hold something: `2026-10` of a download by month, `2026-10-07` of one by day, and the hour
/// behind it of one by hour. Of two times that overlap one begins with the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims(BTreeMap<(CellKind, String), BTreeMap<Column, BTreeSet<String>>>);

impl Claims {
    pub(super) fn add(&mut self, kind: CellKind, service: &str, column: Column, time: &str) {
        let columns = self.0.entry((kind, service.to_owned())).or_default();
        columns.entry(column).or_default().insert(time.to_owned());
    }

    /// Returns the first kind of figures that both hold, with the months of which they do.
    pub(super) fn common(&self, other: &Self) -> Option<(CellKind, BTreeSet<String>)> {
        let mut found: BTreeMap<CellKind, BTreeSet<String>> = BTreeMap::new();
        for (key, columns) in &self.0 {
            let Some(others) = other.0.get(key) else { continue };
            for (column, times) in columns {
                // A service as a whole holds each of its usage types.
                let same = |own: &Column| own == column || own.0.is_empty() || column.0.is_empty();
                for (_, others) in others.iter().filter(|(own, _)| same(own)) {
                    let months = times.iter().filter(|time| overlaps(time, others));
                    found.entry(key.0).or_default().extend(months.map(|time| time[..7].to_owned()));
                }
            }
        }
        found.into_iter().find(|(_, months)| !months.is_empty())
    }
}

fn overlaps(time: &str, others: &BTreeSet<String>) -> bool {
    let within = others.range(time.to_owned()..).next().is_some_and(|own| own.starts_with(time));
    within || [7, 10].iter().filter_map(|end| time.get(..*end)).any(|start| others.contains(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(cells: &[(CellKind, &str, &str)]) -> Claims {
        let mut claims = Claims::default();
        for (kind, usage_type, time) in cells {
            claims.add(*kind, "AWSCloudTrail", ((*usage_type).to_owned(), None), time);
        }
        claims
    }

    #[test]
    fn the_same_figure_of_the_same_time_is_told_twice() {
        use CellKind::{Cost, Quantity};
        let months = [(Cost, "Paid", "2026-09"), (Cost, "Paid", "2026-10")];
        for (other, expected) in [
            (vec![(Cost, "Paid", "2026-10"), (Cost, "Paid", "2026-11")], Some("2026-10")),
            (vec![(Cost, "Paid", "2026-09-30")], Some("2026-09")),
            (vec![(Cost, "Paid", "2026-09-30T23:00:00Z")], Some("2026-09")),
            // A service as a whole.
            (vec![(Cost, "", "2026-09")], Some("2026-09")),
            (vec![(Cost, "Paid", "2026-11")], None),
            (vec![(Cost, "Data", "2026-10")], None),
            (vec![(Quantity, "Paid", "2026-10")], None),
        ] {
            let (own, other) = (claims(&months), claims(&other));
            for common in [own.common(&other), other.common(&own)] {
                let month = common.map(|(_, months)| months.into_iter().collect::<Vec<_>>().join(" "));
                assert_eq!(month.as_deref(), expected, "{other:?}");
            }
        }
        let days = claims(&[(Quantity, "Paid", "2026-10-01"), (Quantity, "Paid", "2026-10-02")]);
        assert!(days.common(&claims(&[(Quantity, "Paid", "2026-10-03")])).is_none());
        assert_eq!(days.common(&days.clone()).unwrap().0, Quantity);
    }
}
