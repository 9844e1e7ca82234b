//! Logs that lie in buckets: what a reading asks of whoever can reach them.
//!
//! One request for a page of a listing, one for an object; nothing is changed there. Must not know: the AWS SDK.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Read;

/// What is read of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPlace {
    /// The bucket's name.
    pub bucket: String,
    /// An object's key, or what keys begin with up to a `/`; empty for the whole bucket. It does not end with `/`.
    pub prefix: String,
}

impl ObjectPlace {
    /// Reads `s3://bucket/prefix`; nothing for any other text.
    ///
    /// # Errors
    /// What is wrong with the bucket's name, in words.
    pub fn parse(text: &str) -> Option<Result<Self, String>> {
        let rest = text.strip_prefix("s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        // Amazon S3 user guide, bucket naming rules; older buckets of us-east-1 may have capitals, `_` and 255 characters.
        let fits = |own: char| own.is_ascii_alphanumeric() || "-._".contains(own);
        if bucket.is_empty() {
            return Some(Err("expected s3://BUCKET or s3://BUCKET/PREFIX".to_owned()));
        }
        if bucket.len() < 3 || bucket.len() > 255 || !bucket.chars().all(fits) {
            return Some(Err("a bucket's name has 3 to 255 letters, digits and `-`, `.`, `_`".to_owned()));
        }
        let prefix = prefix.trim_end_matches('/').to_owned();
        Some(Ok(Self { bucket: bucket.to_owned(), prefix }))
    }

    /// Returns the place of a key.
    pub(super) fn shown(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// Returns what keys under the place begin with.
    pub(super) fn folder(&self) -> String {
        if self.prefix.is_empty() { String::new() } else { format!("{}/", self.prefix) }
    }
}

impl fmt::Display for ObjectPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(formatter, "/{}", self.prefix) }
    }
}

/// One request of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageAsk {
    /// The bucket's name.
    pub bucket: String,
    /// What keys begin with.
    pub prefix: String,
    /// The key after which the listing begins, unless it goes on with `token`.
    pub after: Option<String>,
    /// What the page before said.
    pub token: Option<String>,
    /// Whether keys are listed up to the next `/` only.
    pub folders: bool,
    /// Keys on the page; 1,000 at most.
    pub most: u16,
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Objects, by key.
    pub objects: Vec<SeenObject>,
    /// What keys begin with up to the next `/`, if that was asked for.
    pub folders: Vec<String>,
    /// What the next page is asked for with; nothing after the last one.
    pub token: Option<String>,
}

/// An object as the listing has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenObject {
    /// The key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// What changes with the content.
    pub etag: Option<String>,
    /// The storage class, such as `STANDARD_IA`; empty where the listing does not say.
    pub class: String,
    /// Whether it has to be restored before it can be read.
    pub is_archived: bool,
}

/// An object to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectKey {
    /// The bucket's name.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// Bytes, as the listing had them.
    pub size: u64,
    /// What the object must still have.
    pub etag: Option<String>,
    /// The storage class, as the listing had it.
    pub class: String,
}

/// Why an object cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ObjectFault {
    /// It is gone.
    Gone,
    /// It may not be read.
    Denied,
    /// The key that encrypts it may not be used.
    KeyDenied,
    /// It was overwritten while it was read.
    Changed,
    /// It lies in an archive that the listing does not tell of.
    Archived,
    /// It did not come whole, however often it was asked for.
    NotFetched,
}

impl ObjectFault {
    /// Returns the reason's id and its words.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Gone => ("vanished", "the object was gone before it was read"),
            Self::Denied => ("access_denied", "AWS denied reading the object: allow s3:GetObject on it"),
            Self::KeyDenied => {
                ("key_denied", "the object's KMS key may not be used: allow kms:Decrypt on the key")
            }
            Self::Changed => ("changed", "the object was overwritten while it was read"),
            Self::Archived => ("archived", "in an archive tier: restore them first"),
            Self::NotFetched => {
                ("not_fetched", "the object did not come whole, however often it was asked for")
            }
        }
    }
}

impl fmt::Display for ObjectFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words().1)
    }
}

impl std::error::Error for ObjectFault {}

/// Why buckets cannot be read, or not any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectsError {
    /// What could not be done, and why.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl fmt::Display for ObjectsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ObjectsError {}

/// Reaches buckets.
pub trait Objects: Sync {
    /// Asks for a page of a listing; nothing once the reading was stopped.
    ///
    /// # Errors
    /// [`ObjectsError`] when AWS denies it, does not know the bucket, or does not answer.
    fn page(&self, ask: &PageAsk) -> Result<Option<Page>, ObjectsError>;

    /// Begins to fetch an object. Objects are fetched in the order in which this is called, some at once, each as far
    /// ahead of its reader as there is room. An error of the reader holds an [`ObjectFault`].
    fn fetch(&self, object: &ObjectKey) -> Box<dyn Read + Send>;

    /// Tells why nothing more can be fetched, if so.
    fn failure(&self) -> Option<ObjectsError>;

    /// Returns what was asked for so far.
    fn asked(&self) -> Vec<AskedOf>;
}

/// What was asked of a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskedOf {
    /// The bucket's name.
    pub bucket: String,
    /// Its Region; empty where AWS has not said.
    pub region: String,
    /// The storage class of what was fetched; empty for listings.
    pub class: String,
    /// Requests for pages of listings, repeated ones included.
    pub lists: u64,
    /// Requests for objects, repeated ones included.
    pub gets: u64,
    /// Bytes that came.
    pub bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        for (text, expected) in [
            ("s3://logs", Some(Ok(("logs", "", "s3://logs")))),
            ("s3://logs/", Some(Ok(("logs", "", "s3://logs")))),
            ("s3://logs/a/b//", Some(Ok(("logs", "a/b", "s3://logs/a/b")))),
            ("s3://Old_Logs.x/ä", Some(Ok(("Old_Logs.x", "ä", "s3://Old_Logs.x/ä")))),
            ("s3://", Some(Err("expected s3://BUCKET"))),
            ("s3://a b/c", Some(Err("a bucket's name has"))),
            ("s3://ab", Some(Err("a bucket's name has"))),
            ("s3:/logs", None),
            ("logs", None),
        ] {
            match (ObjectPlace::parse(text), expected) {
                (None, None) => {}
                (Some(Ok(own)), Some(Ok((bucket, prefix, shown)))) => {
                    assert_eq!((own.bucket.as_str(), own.prefix.as_str()), (bucket, prefix));
                    assert_eq!(own.to_string(), shown);
                }
                (Some(Err(own)), Some(Err(words))) => assert!(own.starts_with(words), "{own}"),
                (own, _) => panic!("{text}: {own:?}"),
            }
        }
    }
}
