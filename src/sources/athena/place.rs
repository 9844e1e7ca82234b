//! Where the logs lie that Athena reads, and which of them.

use crate::domain::{AccountId, Date, RegionCode};
use std::collections::BTreeSet;
use thiserror::Error;

/// A trail's logs in a bucket, and the days that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AthenaLogs {
    /// `database.table`, both quoted where they are used.
    database: String,
    table: String,
    /// `s3://bucket/prefix/`, before `AWSLogs`.
    location: String,
    organization: Option<String>,
    accounts: BTreeSet<AccountId>,
    regions: BTreeSet<RegionCode>,
    first: Date,
    last: Date,
}

/// What cannot be written into SQL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlaceError {
    /// No bucket, or one with other characters than S3 allows.
    #[error("`{0}` is no place in S3; accepted is s3://BUCKET or s3://BUCKET/PREFIX")]
    Location(String),
    /// A name that Athena would not take without quotes.
    #[error(
        "`{0}` is no name for a database or table; accepted are lower-case letters, digits and underscores"
    )]
    Name(String),
    /// An organization's id.
    #[error("`{0}` is no organization's id; accepted is o- and ten to 32 letters and digits")]
    Organization(String),
    /// A Region's code.
    #[error("`{0}` is no Region's code")]
    Region(String),
    /// No account or Region.
    #[error("no {0} is named, and partition projection needs to know each one")]
    Nothing(&'static str),
    /// The last day comes before the first.
    #[error("the last day, {last}, is before the first, {first}")]
    Days {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
}

impl AthenaLogs {
    /// Returns the logs of these accounts and Regions, of the first to the last day of delivery, both included.
    ///
    /// # Errors
    ///
    /// Tells which name cannot be written into SQL, or what is missing.
    pub fn new(
        location: &str,
        organization: Option<&str>,
        (accounts, regions): (impl IntoIterator<Item = AccountId>, impl IntoIterator<Item = RegionCode>),
        (first, last): (Date, Date),
        (database, table): (&str, &str),
    ) -> Result<Self, PlaceError> {
        let accounts: BTreeSet<AccountId> = accounts.into_iter().collect();
        let regions: BTreeSet<RegionCode> = regions.into_iter().collect();
        for (empty, what) in [(accounts.is_empty(), "account"), (regions.is_empty(), "Region")] {
            if empty {
                return Err(PlaceError::Nothing(what));
            }
        }
        if let Some(wrong) = regions.iter().find(|own| !is_plain(own.as_str(), "-")) {
            return Err(PlaceError::Region(wrong.to_string()));
        }
        if let Some(wrong) = [database, table].iter().find(|own| !is_plain(own, "_")) {
            return Err(PlaceError::Name((**wrong).to_owned()));
        }
        if let Some(id) = organization
            && !(id
                .strip_prefix("o-")
                .is_some_and(|rest| (10..=32).contains(&rest.len()) && is_plain(rest, "")))
        {
            return Err(PlaceError::Organization(id.to_owned()));
        }
        if last < first {
            return Err(PlaceError::Days { first, last });
        }
        Ok(Self {
            database: database.to_owned(),
            table: table.to_owned(),
            location: bucket_and_prefix(location).ok_or_else(|| PlaceError::Location(location.to_owned()))?,
            organization: organization.map(str::to_owned),
            accounts,
            regions,
            first,
            last,
        })
    }

    /// The table's name as queries write it.
    pub(super) fn quoted_table(&self) -> String {
        format!("\"{}\".\"{}\"", self.database, self.table)
    }

    /// The table's name as `CREATE TABLE` writes it.
    pub(super) fn table_in_ddl(&self) -> String {
        format!("`{}`.`{}`", self.database, self.table)
    }

    /// `s3://bucket/prefix/`
    pub(super) fn location(&self) -> &str {
        &self.location
    }

    /// The database that the table is in.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The table's name.
    pub fn table_name(&self) -> &str {
        &self.table
    }

    /// The organization's id, for the logs of an organization trail.
    pub(super) fn organization(&self) -> Option<&str> {
        self.organization.as_deref()
    }

    /// The folder that holds the accounts' folders, with a slash at its end.
    pub(super) fn folder(&self) -> String {
        let organization = self.organization.as_ref().map(|id| format!("{id}/")).unwrap_or_default();
        format!("{}AWSLogs/{organization}", self.location)
    }

    pub(super) fn accounts(&self) -> String {
        let all: Vec<&str> = self.accounts.iter().map(AccountId::as_str).collect();
        all.join(",")
    }

    pub(super) fn regions(&self) -> String {
        let all: Vec<&str> = self.regions.iter().map(RegionCode::as_str).collect();
        all.join(",")
    }

    /// The first and last day as folders are named: `2026/10/31`.
    pub(super) fn days(&self) -> [String; 2] {
        [self.first, self.last].map(|day| day.to_string().replace('-', "/"))
    }
}

/// Lower-case letters, digits, and what else is allowed; never empty.
fn is_plain(text: &str, also: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|own| own.is_ascii_lowercase() || own.is_ascii_digit() || also.contains(own))
}

/// `s3://bucket/prefix/` of a place written with or without a slash at its end, or nothing.
///
/// Of a prefix only characters are taken that need no care in S3, in SQL and in the template of the partitions.
fn bucket_and_prefix(place: &str) -> Option<String> {
    let rest = place.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_end_matches('/');
    let safe = |own: char| own.is_ascii_alphanumeric() || "!-_.*()/".contains(own);
    if !(3..=63).contains(&bucket.len()) || !is_plain(bucket, "-.") || !prefix.chars().all(safe) {
        return None;
    }
    Some(if prefix.is_empty() { format!("s3://{bucket}/") } else { format!("s3://{bucket}/{prefix}/") })
}

/// Returns a place for results with a slash at its end, or nothing where it is no place in S3.
pub fn results_place(place: &str) -> Option<String> {
    bucket_and_prefix(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs(location: &str, organization: Option<&str>, table: &str) -> Result<AthenaLogs, PlaceError> {
        let day = |text: &str| text.parse::<Date>().unwrap();
        AthenaLogs::new(
            location,
            organization,
            (["111122223333".parse::<AccountId>().unwrap()], [RegionCode::new("eu-west-1")]),
            (day("2026-10-01"), day("2026-10-31")),
            ("default", table),
        )
    }

    #[test]
    fn names_that_would_leave_their_quotes_are_refused() {
        for location in [
            "bucket",
            "s3://",
            "s3://b",
            "s3://bu'cket",
            "s3://bucket/it's",
            "s3://bucket/${x}",
            "s3://bucket/a\nb",
            "s3://Bucket",
        ] {
            assert_eq!(
                logs(location, None, "logs"),
                Err(PlaceError::Location(location.to_owned())),
                "{location}"
            );
        }
        for table in ["", "a\"b", "Logs", "a;drop", "a`b"] {
            assert_eq!(logs("s3://bucket", None, table), Err(PlaceError::Name(table.to_owned())), "{table}");
        }
        for id in ["o-", "o-short", "x-exampleorgid", "o-exampleorg'd"] {
            assert_eq!(
                logs("s3://bucket", Some(id), "logs"),
                Err(PlaceError::Organization(id.to_owned())),
                "{id}"
            );
        }
    }

    #[test]
    fn folders_end_with_one_slash() {
        for (location, organization, folder) in [
            ("s3://bucket", None, "s3://bucket/AWSLogs/"),
            ("s3://bucket/", None, "s3://bucket/AWSLogs/"),
            ("s3://bucket/of/all//", None, "s3://bucket/of/all/AWSLogs/"),
            ("s3://bucket", Some("o-exampleorgid"), "s3://bucket/AWSLogs/o-exampleorgid/"),
        ] {
            assert_eq!(logs(location, organization, "logs").unwrap().folder(), folder);
        }
    }
}
