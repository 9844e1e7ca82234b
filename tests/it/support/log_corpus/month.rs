//! A month of logs with stated volumes: what happens in each account and Region, and which trails deliver it where.

use super::event::{Kind, OPERATIONS, Operation, call, time};
use super::golden::records;
use super::json::{Json, Style, object};
use super::places::{CorpusFile, Place, gzip};
use super::random::Random;
use super::world::Account;
use std::collections::BTreeMap;

/// October 2026, which day 0 begins.
const DAYS: usize = 31;

/// What happens in an account and Region in the month.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated {
    pub(crate) account: &'static str,
    pub(crate) region: &'static str,
    pub(crate) management_read: usize,
    pub(crate) management_write: usize,
    /// Of management events, those of KMS that read.
    pub(crate) kms_read: usize,
    pub(crate) s3_read: usize,
    pub(crate) s3_write: usize,
    pub(crate) lambda: usize,
    /// Insights events that CloudTrail finds.
    pub(crate) insights: usize,
}

/// What a trail records, and where it delivers to.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a kind of event that a trail records or leaves out"
)]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivering {
    /// Before `AWSLogs`, with its slash.
    pub(crate) prefix: &'static str,
    pub(crate) organization: Option<&'static str>,
    /// The one account it records, or all of them.
    pub(crate) account: Option<&'static str>,
    /// The one Region it records, or all of them.
    pub(crate) region: Option<&'static str>,
    pub(crate) management_read: bool,
    pub(crate) management_write: bool,
    pub(crate) kms: bool,
    pub(crate) s3: bool,
    pub(crate) lambda: bool,
    pub(crate) insights: bool,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happening {
    Read,
    Write,
    Kms,
    S3Read,
    S3Write,
    Lambda,
    Insight,
}

impl Delivering {
    fn records(&self, stated: &Stated, what: Happening) -> bool {
        self.account.is_none_or(|own| own == stated.account)
            && self.region.is_none_or(|own| own == stated.region)
            && match what {
                Happening::Read => self.management_read,
                Happening::Write => self.management_write,
                Happening::Kms => self.management_read && self.kms,
                Happening::S3Read | Happening::S3Write => self.s3,
                Happening::Lambda => self.lambda,
                Happening::Insight => self.insights,
            }
    }
}

/// The log files that the trails deliver. Each day has a file for each hour that has events; the last minutes of a day are
/// delivered in the next day's folder.
pub(crate) fn month(stated: &[Stated], trails: &[Delivering], seed: u64) -> Vec<CorpusFile> {
    let mut random = Random::new(seed);
    let mut delivered: BTreeMap<(usize, &str, &str, bool, usize), Vec<Json>> = BTreeMap::new();
    for own in stated {
        let account = Account::new(own.account, &mut random);
        for (what, count) in [
            (Happening::Read, own.management_read),
            (Happening::Write, own.management_write),
            (Happening::Kms, own.kms_read),
            (Happening::S3Read, own.s3_read),
            (Happening::S3Write, own.s3_write),
            (Happening::Lambda, own.lambda),
            (Happening::Insight, own.insights),
        ] {
            for at in 0..count {
                // The first and the last hour of the month are seen, and no day is like another.
                let second = match at {
                    0 => 60,
                    1 => DAYS * 86_400 - 61,
                    _ => random.below(DAYS * 86_400),
                };
                let event = happened(what, &account, own.region, second, &mut random);
                let slot = (second + 300) / 3600;
                for (trail, _) in trails.iter().enumerate().filter(|(_, trail)| trail.records(own, what)) {
                    let key = (trail, own.account, own.region, what == Happening::Insight, slot);
                    delivered.entry(key).or_default().push(event.clone());
                }
            }
        }
    }
    delivered
        .into_iter()
        .map(|((trail, account, region, is_insight, slot), events)| {
            let trail = &trails[trail];
            let folder = if is_insight { "CloudTrail-Insight" } else { "CloudTrail" };
            let (prefix, organization) = (trail.prefix, trail.organization);
            let place = Place { prefix, organization, account, folder, region, day: slot / 24 };
            let path = place.path(slot % 24 * 12, &mut random);
            CorpusFile { path, bytes: gzip(&records(&events, Style::COMPACT)) }
        })
        .collect()
}

fn happened(what: Happening, account: &Account, region: &str, second: usize, random: &mut Random) -> Json {
    let time = time(0, second);
    let fits = |own: &&Operation| match what {
        Happening::Read => own.kind == Kind::Management && own.read_only && !is_apart(own),
        Happening::Write => own.kind == Kind::Management && !own.read_only && !is_apart(own),
        Happening::Kms => own.source == "kms" && own.read_only,
        Happening::S3Read => own.kind == Kind::S3Object && own.read_only,
        Happening::S3Write => own.kind == Kind::S3Object && !own.read_only,
        Happening::Lambda => own.kind == Kind::Function,
        Happening::Insight => false,
    };
    if what == Happening::Insight {
        return insight(account, region, &time, random);
    }
    let fitting: Vec<Operation> = OPERATIONS.iter().filter(fits).copied().collect();
    call(*random.of(&fitting), account, region, &time, random)
}

/// Calls that selectors can leave out, or that would say that what is recorded was changed.
fn is_apart(own: &Operation) -> bool {
    ["kms", "rdsdata", "cloudtrail"].contains(&own.source)
}

fn insight(account: &Account, region: &str, time: &str, random: &mut Random) -> Json {
    object! {
        "eventVersion": "1.09",
        "eventTime": time.to_owned(),
        "awsRegion": region.to_owned(),
        "eventID": random.uuid(),
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": &account.id,
        "sharedEventID": random.uuid(),
        "insightDetails": object! {
            "state": "Start",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "RunInstances",
            "insightType": "ApiCallRateInsight",
        },
        "eventCategory": "Insight",
    }
}
