//! The controls of a profile: those that practices judge, and what the others demand of events and of how long logs are kept.
//!
//! A control that cannot be judged is not checked; it is never taken to be followed.

use super::change::Change;
use super::inspected::{Inspected, inventory_name, is_called};
use super::places::serves;
use super::practice::{Collected, Finding, Mend, Outcome, State};
use super::price::{FixPrice, changed, price};
use crate::domain::{
    Access, AccountId, AdvancedEventSelector, Age, ComplianceControl, ComplianceProfile, Demands,
    EventCategory, EventClass, EventSource, Field, FieldValue, Model, RegionCode, RetentionCheck, Trail,
};
use crate::posture::PracticeResult;
use crate::recommend::{RecommendError, TrailKey, Value};
use crate::usage::{Match, selects};
use std::collections::BTreeMap;

/// What was found of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlResult {
    /// The profile's id.
    pub profile: String,
    /// The control's number, as the profile writes it.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Where it can be read.
    pub source: String,
    /// What was found, of its practices and of what it demands together: the worst.
    pub state: State,
    /// Ids of the practices that judge it.
    pub practices: Vec<&'static str>,
    /// What was found of what it demands of events and logs; not applicable where it demands nothing of them.
    pub demanded: Outcome,
    /// What it costs to meet these demands alone, where a change is known that does, even where it is not known whether they hold.
    pub price: Option<FixPrice>,
    /// How to check it where it is not checked; empty where it is.
    pub find_out: String,
}

/// Judges each control of a profile.
pub(super) fn judge(
    inspected: &Inspected<'_>,
    before: &Value,
    profile: &ComplianceProfile,
    practices: &[PracticeResult],
) -> Result<Vec<ControlResult>, RecommendError> {
    profile.controls.iter().map(|own| control(inspected, before, (profile, own), practices)).collect()
}

fn control(
    inspected: &Inspected<'_>,
    before: &Value,
    (profile, own): (&ComplianceProfile, &ComplianceControl),
    practices: &[PracticeResult],
) -> Result<ControlResult, RecommendError> {
    let meets = |practice: &&PracticeResult| {
        practice.controls.iter().any(|(of, id, _)| *of == profile.id && includes(&own.id, id))
    };
    let judging: Vec<&PracticeResult> = practices.iter().filter(meets).collect();
    let demanded = demanded(inspected, own);
    let states = judging.iter().map(|own| own.outcome.state).chain([demanded.state]);
    let worst = states.max().unwrap_or(State::NotApplicable);
    let is_judged = !judging.is_empty() || demanded.state != State::NotApplicable;
    let state = if is_judged { worst } else { State::NotCheckable };
    let price = match &demanded.mend {
        Mend::Changes(changes) => price(inspected, before, changes)?,
        Mend::Free if demanded.state == State::Failed => Some(FixPrice::FREE),
        Mend::Free | Mend::Unpriced(_) => None,
    };
    Ok(ControlResult {
        profile: profile.id.clone(),
        id: own.id.clone(),
        text: own.text.clone(),
        source: own.source.clone(),
        state,
        practices: judging.iter().map(|own| own.doc.id).collect(),
        find_out: find_out(own, state, &demanded, &judging),
        demanded,
        price,
    })
}

fn find_out(
    own: &ComplianceControl,
    state: State,
    demanded: &Outcome,
    judging: &[&PracticeResult],
) -> String {
    if !matches!(state, State::NotKnown | State::NotCheckable) {
        return String::new();
    }
    let mut ways: Vec<&str> = Vec::new();
    if demanded.state == State::NotKnown && !own.keep.events.is_empty() {
        ways.push("aws cloudtrail get-event-selectors; in a copy of the profile name your resources under `resources`");
    }
    if demanded.state == State::NotKnown && own.keep.retention.is_some() {
        ways.push("aws s3api get-bucket-lifecycle-configuration");
    }
    let open = |own: &&&PracticeResult| matches!(own.outcome.state, State::NotKnown | State::NotCheckable);
    ways.extend(judging.iter().filter(open).map(|own| own.doc.find_out));
    if ways.is_empty() {
        ways.push("read the control, and look at what it names");
    }
    ways.join("; ")
}

/// Tells whether a control's number, which may be `4.1 to 4.15`, includes a number.
fn includes(own: &str, id: &str) -> bool {
    let Some((first, last)) = own.split_once(" to ") else { return own == id };
    let parts = |text: &str| -> Option<(String, u32)> {
        let (section, number) = text.trim().rsplit_once('.')?;
        Some((section.to_owned(), number.parse().ok()?))
    };
    match (parts(first), parts(last), parts(id)) {
        (Some(first), Some(last), Some(id)) => {
            id.0 == first.0 && id.0 == last.0 && (first.1..=last.1).contains(&id.1)
        }
        _ => own == id,
    }
}

/// Judges what a control demands of events and logs. What it asks for beside that is the practices' to judge.
fn demanded(inspected: &Inspected<'_>, own: &ComplianceControl) -> Outcome {
    let keep = &own.keep;
    let mut found = Collected::default();
    let is_about_events = !keep.events.is_empty();
    let is_about_logs = keep.retention.is_some() || !keep.readable_within.is_empty();
    let others = [
        (keep.insights, "Insights"),
        (keep.log_retention.is_some(), "how long log groups keep events"),
        (!keep.buckets.is_empty(), "which buckets receive logs"),
    ];
    let unlooked: Vec<&str> = others.iter().filter(|own| own.0).map(|own| own.1).collect();
    if !is_about_events && !is_about_logs && unlooked.is_empty() {
        return Outcome::told(State::NotApplicable, "it demands nothing of events and logs");
    }
    if inspected.trails().next().is_none() {
        let evidence = "no trail that logs is described";
        return Outcome::told(State::NotKnown, evidence);
    }
    for what in unlooked {
        let evidence = format!("{what} is not looked at here");
        found.take(None, Finding { subject: String::new(), place: None, evidence });
    }
    if is_about_events {
        events(inspected, &keep.events, &mut found);
    }
    if is_about_logs {
        logs(inspected, keep, &mut found);
    }
    found.outcome_with_changes("what it demands of events and logs is met")
}

/// Whether the events of an account that a selector selects are recorded.
struct Recorded {
    follows: Option<bool>,
    evidence: String,
}

fn events(inspected: &Inspected<'_>, wanted: &[AdvancedEventSelector], found: &mut Collected) {
    for (account, trails) in inspected.trails_by_account() {
        let known: Vec<&Trail> = trails.iter().filter_map(|own| inspected.trail(own)).collect();
        let subject = format!("the account {account}");
        let mut take = |follows, evidence: &str| {
            let evidence = evidence.to_owned();
            found.take(follows, Finding { subject: subject.clone(), place: None, evidence });
        };
        if trails.is_empty() {
            let is_seen = inspected.sees_trails_of(account);
            take(if is_seen { Some(false) } else { None }, "no trail described here records it");
            if let Some(like) = inspected.template().map(TrailKey::of).filter(|_| is_seen) {
                found.mend(Change::NewTrail(account.clone(), like.clone()));
                found.mend(Change::Record(super::change::new_key(account, &like), wanted.to_vec()));
            }
            continue;
        }
        if known.len() < trails.len() || inspected.was_refused("event selectors") {
            take(None, "which events its trails record is not known");
            continue;
        }
        for own in wanted {
            let said = recorded(inspected, account, &known, own);
            found.take(
                said.follows,
                Finding { subject: subject.clone(), place: None, evidence: said.evidence },
            );
            match (said.follows, record(inspected, account, &known, own)) {
                (Some(true), _) | (None, Err(_)) => {}
                (Some(false), Ok(changes)) => {
                    for own in changes {
                        found.mend(own);
                    }
                }
                (Some(false), Err(why)) => found.unpriced(why),
                (None, Ok(changes)) => {
                    for own in changes {
                        found.mend_open(own);
                    }
                }
            }
        }
    }
}

/// Lets the trail record the events that does so in part already, else the one that records management events best; or says why
/// that cannot be priced.
fn record(
    inspected: &Inspected<'_>,
    account: &AccountId,
    trails: &[&Trail],
    wanted: &AdvancedEventSelector,
) -> Result<Vec<Change>, &'static str> {
    let classes = generic(wanted);
    let is_part =
        |own: &Trail| classes.iter().map(|class| selects(&own.selectors, class)).max().unwrap_or(Match::No);
    let best = trails.iter().min_by(|one, two| {
        let key = |own: &Trail| std::cmp::Reverse(is_part(own));
        key(one).cmp(&key(two)).then_with(|| serves(one).cmp(&serves(two)))
    });
    let Some(own) = best else { return Err("it needs a trail first") };
    let occurs = observed(inspected, account, wanted).next().is_some();
    if wanted.category != EventCategory::Management && !occurs {
        return Err("how many such events happen is not known");
    }
    let key = TrailKey::of(own);
    let is_elsewhere = |region: &&RegionCode| **region != own.home_region;
    let lacks_regions = wanted.category == EventCategory::Management
        || inspected.regions_of(account).iter().any(is_elsewhere);
    let everywhere = (!own.multi_region && lacks_regions).then(|| Change::MultiRegion(key.clone()));
    Ok(everywhere.into_iter().chain([Change::Record(key, vec![wanted.clone()])]).collect())
}

/// Returns the classes that stand for every event that a selector selects, reads and writes apart.
fn generic(wanted: &AdvancedEventSelector) -> Vec<EventClass> {
    let of = |access| {
        let mut class = match wanted.category {
            EventCategory::Management => EventClass::management(access, EventSource::Other),
            category => EventClass { category, access, fields: BTreeMap::new() },
        };
        for test in &wanted.fields {
            if let ([only], false) = (test.equals.as_slice(), test.field == Field::ReadOnly) {
                class.fields.insert(test.field, FieldValue::Exactly(only.clone()));
            }
        }
        class
    };
    let all = [Access::Read, Access::Write].map(of);
    all.into_iter().filter(|own| selects(std::slice::from_ref(wanted), own) != Match::No).collect()
}

/// Returns the classes of an account's events that a selector selects, at least in part, with their Regions.
fn observed<'a>(
    inspected: &Inspected<'a>,
    account: &AccountId,
    wanted: &AdvancedEventSelector,
) -> impl Iterator<Item = (&'a RegionCode, &'a EventClass)> {
    let observations = &inspected.model.observations;
    let all = observations.activities.iter().filter(move |own| own.account == *account);
    let counts = all.flat_map(move |activity| {
        let some = activity.counts.iter().filter(|own| own.amount.likely().is_none_or(|own| !own.is_zero()));
        some.filter_map(move |own| {
            Some((&activity.region, observations.event_classes.get(own.class as usize)?))
        })
    });
    counts.filter(move |(_, class)| selects(std::slice::from_ref(wanted), class) != Match::No)
}

/// Returns how far trails and event data stores record a class in a Region of an account; without one in every other Region.
fn matched(
    inspected: &Inspected<'_>,
    account: &AccountId,
    trails: &[&Trail],
    region: Option<&RegionCode>,
    class: &EventClass,
) -> Match {
    let is_here = |multi_region: bool, home: &RegionCode| multi_region || region == Some(home);
    let trails =
        trails.iter().filter(|own| is_here(own.multi_region, &own.home_region)).map(|own| &own.selectors);
    let stores = inspected.model.inventory.event_data_stores.iter().filter(|own| {
        own.ingesting
            && (own.organization || own.account == *account)
            && is_here(own.multi_region, &own.home_region)
    });
    let all = trails.chain(stores.map(|own| &own.selectors));
    all.map(|own| selects(own, class)).max().unwrap_or(Match::No)
}

fn recorded(
    inspected: &Inspected<'_>,
    account: &AccountId,
    trails: &[&Trail],
    wanted: &AdvancedEventSelector,
) -> Recorded {
    let words = words(wanted);
    let is_management = wanted.category == EventCategory::Management;
    let is_scoped = is_management || wanted.fields.iter().any(|own| own.field == Field::ResourcesType);
    let classes = generic(wanted);
    let mut regions: Vec<Option<&RegionCode>> = inspected.regions_of(account).into_iter().map(Some).collect();
    // Data events are of resources: whether there are some in Regions where nothing is known to happen, nobody knows.
    if is_management || regions.is_empty() {
        regions.push(None);
    }
    let each = regions
        .iter()
        .flat_map(|region| classes.iter().map(|class| matched(inspected, account, trails, *region, class)));
    let worst = each.min().unwrap_or(Match::No);
    let lost = observed(inspected, account, wanted)
        .find(|(region, class)| matched(inspected, account, trails, Some(region), class) == Match::No);
    let is_seen = observed(inspected, account, wanted).next().is_some();
    let told = |follows, evidence: String| Recorded { follows, evidence };
    match (worst, lost, is_scoped) {
        (Match::Yes, ..) if is_management && leaves_out_keys(inspected, account, trails, wanted) => told(
            None,
            format!(
                "{words} are recorded but for those of KMS or RDS' data API: whether that is allowed is for you to say"
            ),
        ),
        (Match::Yes, ..) => told(Some(true), String::new()),
        (_, Some((region, class)), true) => {
            told(Some(false), format!("{} in {region} are not recorded", class.describe()))
        }
        (_, Some((region, class)), false) => told(
            None,
            format!(
                "{} in {region} are not recorded: whether their resources are in scope is for you to say",
                class.describe()
            ),
        ),
        (Match::No, None, true) => told(Some(false), format!("{words} are not recorded")),
        (Match::Undecided, None, false) if is_seen => told(Some(true), String::new()),
        (Match::No | Match::Undecided, None, _) => told(
            None,
            format!("{words} are recorded of some resources only; whether others matter is not known"),
        ),
    }
}

/// Tells whether events of KMS or of RDS' data API are left out.
fn leaves_out_keys(
    inspected: &Inspected<'_>,
    account: &AccountId,
    trails: &[&Trail],
    wanted: &AdvancedEventSelector,
) -> bool {
    let sources = [EventSource::Kms, EventSource::RdsData];
    let classes = [Access::Read, Access::Write]
        .into_iter()
        .flat_map(|access| sources.into_iter().map(move |own| EventClass::management(access, own)));
    classes
        .filter(|own| selects(std::slice::from_ref(wanted), own) != Match::No)
        .any(|own| matched(inspected, account, trails, None, &own) != Match::Yes)
}

/// Names the events of a selector.
fn words(wanted: &AdvancedEventSelector) -> String {
    let classes = generic(wanted);
    let access = match classes.as_slice() {
        [only] if only.access == Access::Read => "read ",
        [_] => "write ",
        _ => "",
    };
    let category = match wanted.category {
        EventCategory::Management => "management events",
        EventCategory::Data => "data events",
        EventCategory::NetworkActivity => "network activity events",
    };
    let types = wanted.fields.iter().filter(|own| own.field == Field::ResourcesType);
    let types: Vec<&str> = types.flat_map(|own| own.equals.iter().map(String::as_str)).collect();
    let of = if types.is_empty() { String::new() } else { format!(" of {}", types.join(", ")) };
    format!("{access}{category}{of}")
}

/// Judges how long log buckets keep logs, and how fast they can be read.
fn logs(inspected: &Inspected<'_>, keep: &Demands, found: &mut Collected) {
    let demands = Demands {
        retention: keep.retention,
        readable_within: keep.readable_within.clone(),
        ..Demands::default()
    };
    let model = Model { demands, ..inspected.model.clone() };
    let checks = model.retention_checks();
    let buckets = inspected.log_buckets();
    if buckets.is_empty() {
        let evidence = "which bucket trails deliver to is not known".to_owned();
        found.take(None, Finding { subject: String::new(), place: None, evidence });
    }
    for (name, settings) in buckets {
        let known = settings.map_or(name, |own| inventory_name(&own.subject));
        let own: Vec<&RetentionCheck> = checks.iter().filter(|own| own.bucket == known).collect();
        let finding = |evidence: String| Finding {
            subject: format!("the bucket `{}`", settings.map_or(name, |own| own.subject.name.as_str())),
            place: settings.and_then(|own| own.subject.place.clone().or_else(|| own.subject.address.clone())),
            evidence,
        };
        let is_open = settings.is_none_or(|own| own.lifecycle.is_unknown() || !is_called(&own.subject, name));
        if own.is_empty() || is_open {
            found.take(None, finding("how long it keeps logs is not known".to_owned()));
            continue;
        }
        let Some(evidence) = broken(&own, keep) else {
            found.take(Some(true), finding(String::new()));
            continue;
        };
        found.take(Some(false), finding(evidence));
        let changes = mends(known, keep);
        let after = changed(&model, &changes).retention_checks();
        let is_met = after
            .iter()
            .filter(|own| own.bucket == known)
            .all(|own| own.retention_met && own.readable.iter().all(|own| own.met));
        if is_met {
            for own in changes {
                found.mend(own);
            }
        } else {
            found.unpriced("archive tiers or versions break it too: change the bucket in a copy of the scenario, and compare");
        }
    }
}

/// Says what breaks a demand on a bucket's logs; nothing where none is broken.
fn broken(checks: &[&RetentionCheck], keep: &Demands) -> Option<String> {
    let lost = checks.iter().find(|own| !own.retention_met);
    if let Some(own) = lost {
        let kept = own.kept_for.map_or_else(|| "for ever".to_owned(), Age::words);
        let wanted = keep.retention.map(Age::words).unwrap_or_default();
        return Some(format!("it keeps logs for {kept}, and {wanted} are demanded"));
    }
    let slow = checks.iter().flat_map(|own| &own.readable).find(|own| !own.met)?;
    let wanted = slow.age.words();
    Some(match slow.hours {
        None => format!("logs younger than {wanted} are deleted"),
        Some(hours) => format!(
            "to read logs younger than {wanted} takes up to {hours} hours, as they are in {}",
            slow.class.name()
        ),
    })
}

fn mends(bucket: &str, keep: &Demands) -> Vec<Change> {
    let retain = keep.retention.map(|age| Change::Retain(bucket.to_owned(), age));
    let readable =
        keep.readable_within.iter().map(|(age, within)| Change::Readable(bucket.to_owned(), *age, *within));
    retain.into_iter().chain(readable).collect()
}

#[cfg(test)]
mod tests {
    use super::includes;

    #[test]
    fn a_range_of_numbers_includes_those_between() {
        for (own, id, expected) in [
            ("4.1 to 4.15", "4.15", true),
            ("4.1 to 4.15", "4.2", true),
            ("4.1 to 4.15", "4.16", false),
            ("4.1 to 4.15", "5.3", false),
            ("3.8", "3.8", true),
            ("3.8", "3.80", false),
        ] {
            assert_eq!(includes(own, id), expected, "{own} {id}");
        }
    }
}
