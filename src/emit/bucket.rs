//! What changes at buckets.

use super::artefacts::Difference;
use super::command::Line;
use super::draft::{Draft, Turn};
use super::hcl::{Item, Value};
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::terraform::place;
use super::{bucket_encryption, bucket_replication, lifecycle};
use crate::domain::{Age, Bucket};
use serde::Serialize;

/// Begins a command on a bucket; S3 refuses it where the bucket is another account's.
pub(super) fn line(operation: &str, bucket: &Bucket) -> Line {
    Line::aws("s3api", operation, &bucket.region)
        .value("--bucket", &bucket.name)
        .value("--expected-bucket-owner", bucket.account.as_str())
}

/// Writes the changes of every bucket.
pub(super) fn changes(difference: &mut Difference<'_>) {
    let (before, after) = (difference.before, difference.after);
    let matched = pairs(&before.buckets, &after.buckets, |old, new| {
        (&old.name, &old.account, &old.region) == (&new.name, &new.account, &new.region)
    });
    for (old, new) in matched {
        let Some(bucket) = new.or(old) else { continue };
        if old == new {
            continue;
        }
        let (turn, region) = (Turn::Targets, Some(&bucket.region));
        let place = Place::Account(bucket.account.clone());
        let mut draft =
            Draft::new(&mut difference.names, turn, ResourceKind::Bucket, &bucket.name, place, region);
        match (old, new) {
            (Some(old), Some(new)) => {
                settings(&mut draft, old, new);
                bucket_encryption::change(&mut draft, old, new, after);
                bucket_replication::change(&mut draft, old, new, before, after);
            }
            (Some(old), None) => removed(&mut draft, old),
            (None, Some(new)) => {
                create(&mut draft, new);
                let plain = Bucket::plain(&new.name, new.account.clone(), new.region.clone());
                settings(&mut draft, &plain, new);
                bucket_encryption::change(&mut draft, &plain, new, after);
                bucket_replication::change(&mut draft, &plain, new, before, after);
            }
            (None, None) => {}
        }
        difference.drafts.push(draft);
    }
}

fn removed(draft: &mut Draft, old: &Bucket) {
    draft.says("nothing is delivered to the bucket any more");
    draft.note(
        "no command deletes the bucket: the log files in it are gone for ever with it; empty and delete it by hand once nobody \
         needs them, or let a lifecycle rule expire them; until then they cost storage",
    );
    draft.terraform(vec![Item::comment(format!(
        "{}: keep the bucket's resources as long as its log files are kept.",
        old.name
    ))]);
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Location<'a> {
    location_constraint: &'a str,
}

fn create(draft: &mut Draft, new: &Bucket) {
    draft.says("the bucket is created");
    let mut line = Line::aws("s3api", "create-bucket", &new.region).value("--bucket", &new.name);
    // us-east-1 is the one Region that must not be named (S3 API reference, CreateBucket).
    if new.region.as_str() != "us-east-1" {
        let path = draft.file("location.json", &Location { location_constraint: new.region.as_str() });
        line = line.file("--create-bucket-configuration", &path);
    }
    draft.step(
        vec![line.because("Creates the bucket; public access to it is blocked by default")],
        Vec::new(),
    );
    draft.note("the bucket needs a policy that lets CloudTrail, or the replication role, write to it");
    draft.note("no command undoes the creation of a bucket: it may hold log files by then");
    let mut items = place(draft.place(), &new.region);
    items.push(Item::set("bucket", Value::text(&new.name)));
    let label = draft.label.clone();
    draft.terraform(vec![Item::resource("aws_s3_bucket", &label, items)]);
}

fn settings(draft: &mut Draft, old: &Bucket, new: &Bucket) {
    if old.versioning.is_some() != new.versioning.is_some() {
        let words = |on: bool| if on { "on" } else { "off" };
        let (from, to) = (old.versioning.is_some(), new.versioning.is_some());
        draft.says_from_to("versioning", words(from), words(to));
        let put = |on: bool| {
            let status = if on { "Status=Enabled" } else { "Status=Suspended" };
            line("put-bucket-versioning", new).value("--versioning-configuration", status)
        };
        draft.step_of(put(to).because("Sets versioning"), put(from).because("Sets versioning as before"));
        draft.note(
            "versioning that was on once can only be suspended: versions that are there stay, and cost, until they expire",
        );
        let mut items = place(draft.place(), &new.region);
        items.push(Item::set("bucket", Value::text(&new.name)));
        let status = if to { "Enabled" } else { "Suspended" };
        items.push(Item::block("versioning_configuration", vec![Item::set("status", Value::text(status))]));
        let label = draft.label.clone();
        draft.terraform(vec![Item::resource("aws_s3_bucket_versioning", &label, items)]);
    }
    lifecycle::change(draft, old, new);
    if old.archive_tiers != new.archive_tiers {
        archive_tiers(draft, old, new);
    }
    if old.object_lock != new.object_lock {
        let words = |own: Option<Age>| own.map_or_else(|| "none".to_owned(), |own| own.to_string());
        draft.says_from_to("Object Lock", &words(old.object_lock), &words(new.object_lock));
        draft.note(
            "no command sets Object Lock: its mode is a decision that cannot be taken back; objects that are locked stay so \
             (aws s3api put-object-lock-configuration)",
        );
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Tiering {
    days: u32,
    access_tier: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TieringConfiguration<'a> {
    id: &'a str,
    status: &'static str,
    tierings: Vec<Tiering>,
}

/// The name of the configuration of archive tiers that the commands put.
const TIERING_ID: &str = "archive-tiers";

fn archive_tiers(draft: &mut Draft, old: &Bucket, new: &Bucket) {
    let tierings = |own: &Bucket| {
        let tiers = own.archive_tiers;
        let archive = tiers.archive.map(|own| Tiering { days: own.days(), access_tier: "ARCHIVE_ACCESS" });
        let deep =
            tiers.deep_archive.map(|own| Tiering { days: own.days(), access_tier: "DEEP_ARCHIVE_ACCESS" });
        archive.into_iter().chain(deep).collect::<Vec<Tiering>>()
    };
    let words = |own: &Bucket| {
        let tiers: Vec<String> =
            tierings(own).iter().map(|own| format!("{} after {} days", own.access_tier, own.days)).collect();
        if tiers.is_empty() { "off".to_owned() } else { tiers.join(", ") }
    };
    draft.says_from_to("Intelligent-Tiering's archive tiers", &words(old), &words(new));
    let mut command = |own: &Bucket, file: &str, why: &str| {
        let tierings = tierings(own);
        if tierings.is_empty() {
            return line("delete-bucket-intelligent-tiering-configuration", own)
                .value("--id", TIERING_ID)
                .because(why);
        }
        let content = TieringConfiguration { id: TIERING_ID, status: "Enabled", tierings };
        let path = draft.file(file, &content);
        line("put-bucket-intelligent-tiering-configuration", own)
            .value("--id", TIERING_ID)
            .file("--intelligent-tiering-configuration", &path)
            .because(why)
    };
    let apply = command(new, "intelligent-tiering.json", "Sets the archive tiers of Intelligent-Tiering");
    let undo = command(old, "intelligent-tiering.undo.json", "Sets the former archive tiers");
    draft.step_of(apply, undo);
    draft.note(format!(
        "the commands take the configuration of archive tiers to be named {TIERING_ID}: look for yours with aws s3api \
         list-bucket-intelligent-tiering-configurations"
    ));
}
