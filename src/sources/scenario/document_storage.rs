//! Buckets and readers as a scenario file writes them. The doc comments are what editors show.

use super::at::At;
use super::document::Quantity;
use super::quantity_text::QuantityInput;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// A bucket that holds logs.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct BucketInput {
    /// The bucket's name.
    pub(super) name: At<String>,
    /// The account that owns it and is charged for it; that of the trails that deliver to it if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the home Region of the trails that deliver to it if absent.
    pub(super) region: Option<At<String>>,
    /// The lifecycle, by rising age; everything stays in S3 Standard if absent.
    #[serde(default)]
    pub(super) lifecycle: Vec<LifecycleInput>,
    /// Whether objects under 128 KB may move; `all_storage_classes_128K` if absent.
    pub(super) transition_minimum: Option<TransitionMinimumInput>,
    /// Whether deleted objects stay as noncurrent versions: true (for ever), or `{ noncurrent_expire = "30d" }`.
    pub(super) versioning: Option<VersioningInput>,
    /// The age before which Object Lock lets nothing be deleted, such as "7y".
    pub(super) object_lock: Option<At<String>>,
    /// What it holds when the first month begins.
    #[serde(default)]
    pub(super) holds: Vec<HoldingInput>,
    /// What arrives a month beside the trails' files.
    pub(super) receives: Option<At<ArrivalInput>>,
    /// Measured sizes of log files, from small to large; every file has the mean size if absent.
    #[serde(default)]
    pub(super) sizes: Vec<At<SizeInput>>,
    /// Intelligent-Tiering's archive tiers; off if absent.
    pub(super) intelligent_tiering: Option<At<ArchiveTiersInput>>,
    /// Buckets that get a copy of everything that arrives.
    #[serde(default)]
    pub(super) replicate_to: Vec<At<ReplicaInput>>,
    /// Whether the bucket encrypts with SSE-KMS whatever arrives, not only the log files of a trail with `kms = true`;
    /// false if absent.
    pub(super) kms: Option<bool>,
    /// The key's versions that are billed, 1 to 3: the first two rotations each add one. 1 if absent.
    pub(super) kms_key_versions: Option<At<i64>>,
    /// The `[[kms_key]]` that encrypts it; a bucket with encrypted files is charged for a key of its own if absent.
    pub(super) kms_key: Option<At<String>>,
    /// Whether an S3 Bucket Key is on, or the share of KMS requests that it saves, such as "80%"; off if absent.
    pub(super) bucket_key: Option<At<BucketKeyInput>>,
    /// Whether all four switches of its public access block are on; not known if absent. `check --posture` reads it.
    pub(super) public_access_block: Option<bool>,
    /// Whether its policy lets CloudTrail write only for trails or accounts that it names (`aws:SourceArn`,
    /// `aws:SourceAccount`); not known if absent. `check --posture` reads it.
    pub(super) policy_names_source: Option<bool>,
}

/// A KMS key that is charged by itself, whatever it encrypts: what one bucket alone uses needs no mention.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct KmsKeyInput {
    /// Its name; buckets name it.
    pub(super) name: At<String>,
    /// The account that owns it; the scenario's only one if absent.
    pub(super) account: Option<At<String>>,
    /// The Region it stands in; the one of the scenario's volumes if there is only one, and it is absent.
    pub(super) region: Option<At<String>>,
    /// Its versions that are billed, 1 to 3: the first two rotations each add one; 0 of a key that AWS manages. 1 if absent.
    pub(super) versions: Option<At<i64>>,
}

/// One step of a lifecycle: a transition or the end.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LifecycleInput {
    /// The object's age in whole days, such as "90d".
    pub(super) after: At<String>,
    /// The storage class it moves to, such as "`GLACIER_IR`".
    pub(super) to: Option<At<String>>,
    /// Whether it is deleted.
    pub(super) expire: Option<bool>,
    /// Only objects of more bytes than this, such as "128 KiB". A rule with sizes moves small objects too.
    pub(super) larger_than: Quantity,
    /// Only objects of fewer bytes than this, such as "1 MiB".
    pub(super) smaller_than: Quantity,
    /// The rule that the step belongs to; steps that name none are one rule for each pair of sizes.
    pub(super) rule: Option<String>,
}

/// The bucket's setting for small objects (S3 API, `TransitionDefaultMinimumObjectSize`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) enum TransitionMinimumInput {
    /// Objects under 128 KB move to no class. The default since September 2024.
    #[serde(rename = "all_storage_classes_128K")]
    AllClasses,
    /// They may move to GLACIER and `DEEP_ARCHIVE`. Rules left unedited since before then follow it.
    #[serde(rename = "varies_by_storage_class")]
    VariesByClass,
}

/// Objects of one class and age.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct HoldingInput {
    /// The class they are in; STANDARD if absent.
    pub(super) class: Option<At<String>>,
    /// Their number.
    pub(super) objects: At<QuantityInput>,
    /// Their bytes, all together, such as "10 GiB". Either this or `size`.
    pub(super) bytes: Quantity,
    /// The bytes of one object, such as "4 KiB".
    pub(super) size: Quantity,
    /// Their age when the first month begins, in whole days; "0d" if absent.
    pub(super) age: Option<At<String>>,
}

/// Objects that arrive in a month.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ArrivalInput {
    /// Their number.
    pub(super) objects: At<QuantityInput>,
    /// Their bytes, all together, such as "10 GiB". Either this or `size`.
    pub(super) bytes: Quantity,
    /// The bytes of one object, such as "4 KiB".
    pub(super) size: Quantity,
}

/// One bar of a histogram of log file sizes.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct SizeInput {
    /// Files of fewer bytes than this, and of at least those of the bar before; absent in the last bar.
    pub(super) below: Quantity,
    /// The bar's share of the files, such as "90%". All bars together have 100 %.
    pub(super) files: At<String>,
    /// The bar's share of the bytes, such as "30%". All bars together have 100 %.
    pub(super) bytes: At<String>,
}

/// Intelligent-Tiering's archive tiers.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ArchiveTiersInput {
    /// Days without access after which objects move to Archive Access, from "90d" to "730d".
    pub(super) archive_access: Option<At<String>>,
    /// Days without access after which objects move to Deep Archive Access, from "180d" to "730d".
    pub(super) deep_archive_access: Option<At<String>>,
}

/// Versioning: on, off, or on with an end for noncurrent versions.
#[derive(Debug)]
pub(super) enum VersioningInput {
    Switch(bool),
    Table(VersioningTable),
}

/// What becomes of noncurrent versions.
#[derive(Debug, Deserialize)]
pub(super) struct VersioningTable {
    pub(super) noncurrent_expire: Option<At<String>>,
}

struct VersioningVisitor;

impl<'de> Visitor<'de> for VersioningVisitor {
    type Value = VersioningInput;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true, false or { noncurrent_expire = \"30d\" }")
    }

    fn visit_bool<E>(self, value: bool) -> Result<VersioningInput, E> {
        Ok(VersioningInput::Switch(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<VersioningInput, A::Error> {
        VersioningTable::deserialize(MapAccessDeserializer::new(map)).map(VersioningInput::Table)
    }
}

impl<'de> Deserialize<'de> for VersioningInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VersioningVisitor)
    }
}

impl JsonSchema for VersioningInput {
    fn schema_name() -> Cow<'static, str> {
        "Versioning".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "true keeps noncurrent versions for ever; { noncurrent_expire = \"30d\" } deletes them.",
            "anyOf": [
                { "type": "boolean" },
                {
                    "type": "object",
                    "properties": {
                        "noncurrent_expire": {
                            "description": "How long noncurrent versions are kept, in whole days, such as \"30d\".",
                            "type": "string"
                        }
                    },
                    "required": ["noncurrent_expire"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// A bucket that gets copies: its name, or its name and the class of the copies.
#[derive(Debug)]
pub(super) enum ReplicaInput {
    Name(String),
    Table(ReplicaTable),
}

/// A bucket that gets copies, and their class.
#[derive(Debug, Deserialize)]
pub(super) struct ReplicaTable {
    pub(super) bucket: String,
    pub(super) class: Option<At<String>>,
}

struct ReplicaVisitor;

impl<'de> Visitor<'de> for ReplicaVisitor {
    type Value = ReplicaInput;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a bucket's name or { bucket, class }")
    }

    fn visit_str<E>(self, value: &str) -> Result<ReplicaInput, E> {
        Ok(ReplicaInput::Name(value.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReplicaInput, A::Error> {
        ReplicaTable::deserialize(MapAccessDeserializer::new(map)).map(ReplicaInput::Table)
    }
}

impl<'de> Deserialize<'de> for ReplicaInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReplicaVisitor)
    }
}

impl JsonSchema for ReplicaInput {
    fn schema_name() -> Cow<'static, str> {
        "Replica".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A bucket's name, or { bucket = \"archive\", class = \"STANDARD_IA\" }.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": {
                        "bucket": { "description": "The bucket that gets the copies.", "type": "string" },
                        "class": {
                            "description": "The class in which they arrive; STANDARD if absent.",
                            "type": "string"
                        }
                    },
                    "required": ["bucket"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// An S3 Bucket Key: on, off, or on with the share of requests that it saves.
#[derive(Debug)]
pub(super) enum BucketKeyInput {
    Switch(bool),
    Share(QuantityInput),
}

struct BucketKeyVisitor;

impl<'de> Visitor<'de> for BucketKeyVisitor {
    type Value = BucketKeyInput;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("true, false, a percentage, or { low, likely, high } in percentages")
    }

    fn visit_bool<E>(self, value: bool) -> Result<BucketKeyInput, E> {
        Ok(BucketKeyInput::Switch(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<BucketKeyInput, E> {
        Ok(BucketKeyInput::Share(QuantityInput::Plain(value.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<BucketKeyInput, A::Error> {
        QuantityInput::deserialize(MapAccessDeserializer::new(map)).map(BucketKeyInput::Share)
    }
}

impl<'de> Deserialize<'de> for BucketKeyInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BucketKeyVisitor)
    }
}

impl JsonSchema for BucketKeyInput {
    fn schema_name() -> Cow<'static, str> {
        "BucketKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "true takes the default share, or give one: \"80%\", { low = \"0%\", likely = \"50%\", high = \"99%\" }.",
            "anyOf": [
                { "type": "boolean" },
                { "type": "string" },
                {
                    "type": "object",
                    "properties": {
                        "low": { "type": "string" },
                        "likely": { "type": "string" },
                        "high": { "type": "string" }
                    },
                    "required": ["low", "likely", "high"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// How logs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum HowInput {
    /// Objects are fetched one by one, by a SIEM or by people.
    Get,
    /// Athena scans them.
    Athena,
}

/// How fast archived objects are brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RestoreInput {
    /// In minutes; not from `DEEP_ARCHIVE`.
    Expedited,
    /// In hours.
    Standard,
    /// In up to two days.
    Bulk,
}

/// Somebody who reads logs.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct ReaderInput {
    /// The name it is reported under.
    pub(super) name: At<String>,
    /// The account charged for requests and queries; the bucket's if absent.
    pub(super) account: Option<At<String>>,
    /// The Region of the queries; the bucket's if absent.
    pub(super) region: Option<At<String>>,
    /// The bucket read; may be left out where the bytes of queries are given.
    pub(super) bucket: Option<At<String>>,
    /// One request for each object ("get"), or a scan ("athena").
    pub(super) how: At<HowInput>,
    /// How often a month; once if absent.
    pub(super) times: Quantity,
    /// What is read each time: log files by their age. Either this, or files and bytes.
    pub(super) logs: Option<At<LogsInput>>,
    /// Files read each time.
    pub(super) files: Quantity,
    /// Bytes read each time, as stored (compressed), such as "3 TiB".
    pub(super) bytes: Quantity,
    /// Bytes read each time, of the uncompressed events.
    pub(super) uncompressed_bytes: Quantity,
    /// How archived objects are brought back before; "standard" if absent.
    pub(super) restore: Option<At<RestoreInput>>,
    /// Days that restored copies are kept; 1 if absent.
    pub(super) restore_days: Option<At<i64>>,
}

/// Log files by age.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct LogsInput {
    /// The age from which on files are read, in whole days; "0d" if absent.
    pub(super) from: Option<At<String>>,
    /// The age up to which files are read, in whole days; everything older than `from` if absent.
    pub(super) to: Option<At<String>>,
}
