//! What changes at buckets.

use super::artefacts::Difference;
use super::command::Line;
use super::draft::{Draft, Turn};
use super::hcl::{Item, Value};
use super::pairs::pairs;
use super::resource::{Place, ResourceKind};
use super::saved::Restore;
use super::terraform::place;
use super::{bucket_encryption, bucket_replication, lifecycle};
use crate::domain::{Age, Bucket, Inventory};
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
        let (turn, region) = (turn(old, new), Some(&bucket.region));
        let place = Place::Account(bucket.account.clone());
        let mut draft =
            Draft::new(&mut difference.names, turn, ResourceKind::Bucket, &bucket.name, place, region);
        match (old, new) {
            (Some(old), Some(new)) => {
                changed(&mut draft, old, new, before, after);
            }
            (Some(old), None) => removed(&mut draft, old),
            (None, Some(new)) => {
                create(&mut draft, new);
                let plain = Bucket::plain(&new.name, new.account.clone(), new.region.clone());
                changed(&mut draft, &plain, new, before, after);
            }
            (None, None) => {}
        }
        difference.drafts.push(draft);
    }
}

/// Returns when a bucket is changed: S3 copies only between versioned buckets, so that one is versioned before it is copied
/// from or to, and no longer after.
fn turn(old: Option<&Bucket>, new: Option<&Bucket>) -> Turn {
    let Some(new) = new else { return Turn::Ends };
    let versioned = |own: &Bucket| own.versioning.is_some();
    match old.is_some_and(versioned) {
        true if !versioned(new) => Turn::Ends,
        false if new.replicas.is_empty() && (versioned(new) || old.is_none()) => Turn::Foundations,
        _ => Turn::Targets,
    }
}

fn changed(draft: &mut Draft, old: &Bucket, new: &Bucket, before: &Inventory, after: &Inventory) {
    if new.versioning.is_some() {
        versioning(draft, old, new);
    }
    settings(draft, old, new);
    bucket_encryption::change(draft, old, new, after);
    bucket_replication::change(draft, old, new, before, after);
    if new.versioning.is_none() {
        versioning(draft, old, new);
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
        vec![
            line.unless_done("BucketAlreadyOwnedByYou")
                .because("Creates the bucket; public access to it is blocked by default"),
        ],
        Vec::new(),
    );
    draft.note("the bucket needs a policy that lets CloudTrail, or the replication role, write to it");
    draft.note("no command undoes the creation of a bucket: it may hold log files by then");
    let mut items = place(draft.place(), &new.region);
    items.push(Item::set("bucket", Value::text(&new.name)));
    let label = draft.label.clone();
    draft.terraform(vec![Item::resource("aws_s3_bucket", &label, items)]);
}

fn versioning(draft: &mut Draft, old: &Bucket, new: &Bucket) {
    if old.versioning.is_some() != new.versioning.is_some() {
        let words = |on: bool| if on { "on" } else { "off" };
        let (from, to) = (old.versioning.is_some(), new.versioning.is_some());
        draft.says_from_to("versioning", words(from), words(to));
        let put = |on: bool| {
            let status = if on { "Status=Enabled" } else { "Status=Suspended" };
            line("put-bucket-versioning", new).value("--versioning-configuration", status)
        };
        let saved = draft.saved_file("versioning");
        let save = line("get-bucket-versioning", new)
            .saved(&saved, "{VersioningConfiguration: {Status: not_null(Status, 'Suspended')}}", "")
            .because("Saves whether versioning is on");
        draft.save(vec![save]);
        let undo = Restore::new(&saved, line("put-bucket-versioning", new).input(&saved))
            .unsaved(put(from))
            .because("Sets versioning as before");
        draft.step_of(put(to).because("Sets versioning"), undo);
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
}

fn settings(draft: &mut Draft, old: &Bucket, new: &Bucket) {
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
    let put = |draft: &mut Draft, own: &Bucket, file: &str| {
        let content = TieringConfiguration { id: TIERING_ID, status: "Enabled", tierings: tierings(own) };
        let path = draft.file(file, &content);
        line("put-bucket-intelligent-tiering-configuration", own)
            .value("--id", TIERING_ID)
            .file("--intelligent-tiering-configuration", &path)
    };
    let delete = |own: &Bucket| {
        line("delete-bucket-intelligent-tiering-configuration", own).unless_done("NoSuchConfiguration")
    };
    let (on, off) = ("Sets the archive tiers of Intelligent-Tiering", "Turns the archive tiers off");
    let saved = draft.saved_file("intelligent-tiering");
    let save = |id: Line| {
        let form = "IntelligentTieringConfiguration | {Id: Id, IntelligentTieringConfiguration: @}";
        id.saved(&saved, form, "NoSuchConfiguration").because("Saves the configuration of archive tiers")
    };
    let get = line("get-bucket-intelligent-tiering-configuration", old);
    let back = line("put-bucket-intelligent-tiering-configuration", old).input(&saved);
    match (tierings(old).is_empty(), tierings(new).is_empty()) {
        (true, false) => {
            draft.save(vec![save(get.value("--id", TIERING_ID))]);
            let apply = put(draft, new, "intelligent-tiering.json").because(on);
            let undo = Restore::new(&saved, back)
                .nothing(delete(new).value("--id", TIERING_ID))
                .unsaved(delete(new).value("--id", TIERING_ID))
                .because("Sets the archive tiers as before");
            draft.step_of(apply, undo);
        }
        (false, true) => {
            let variable = draft.variable("TIERING_ID");
            let meaning = "the id of the bucket's configuration of archive tiers (aws s3api \
                           list-bucket-intelligent-tiering-configurations shows it)";
            draft.save(vec![save(get.variable("--id", &variable, meaning))]);
            let apply = delete(new).variable("--id", &variable, meaning).because(off);
            let unsaved = put(draft, old, "intelligent-tiering.undo.json");
            let undo =
                Restore::new(&saved, back).unsaved(unsaved).because("Sets the archive tiers as before");
            draft.step_of(apply, undo);
        }
        _ => draft.note(
            "no command changes the days of archive tiers, as no scenario knows the id of their configuration (aws s3api \
             list-bucket-intelligent-tiering-configurations, put-bucket-intelligent-tiering-configuration)",
        ),
    }
}
