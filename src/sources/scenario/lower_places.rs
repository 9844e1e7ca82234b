//! Whose a bucket, log group or topic is and where it stands: as stated, or as everything that names it has it.

use super::at::At;
use super::lower::Lowering;
use crate::domain::{AccountId, Bucket, LogClass, LogGroup, RegionCode, Topic};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What can be named by something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Bucket,
    LogGroup,
    Topic,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::LogGroup => "log group",
            Self::Topic => "topic",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Bucket => "bucket",
            Self::LogGroup => "log_group",
            Self::Topic => "topic",
        }
    }
}

/// Something that a trail, an alarm or a rule names.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) span: Range<usize>,
    /// Whose it is that names it, if known.
    pub(super) account: Option<AccountId>,
    /// Where it stands that names it.
    pub(super) region: Option<RegionCode>,
}

/// A thing of which it is asked whose it is.
pub(super) struct Asked<'a> {
    /// What it is called in messages.
    pub(super) word: &'a str,
    /// What things name it; none for what nothing names.
    pub(super) kind: Option<Kind>,
    pub(super) name: &'a str,
    pub(super) span: &'a Range<usize>,
    /// Whether it has a table of its own.
    pub(super) stated: bool,
}

/// What those who name a thing have in common.
enum Common<T> {
    Same(T),
    Different,
    Unknown,
}

fn common<T: Ord + Clone>(values: &[Option<T>]) -> Common<T> {
    let known: BTreeSet<&T> = values.iter().flatten().collect();
    match known.len() {
        0 => Common::Unknown,
        // One of unknown owner may be anybody's.
        1 if values.iter().any(Option::is_none) => Common::Unknown,
        1 => known.first().map_or(Common::Unknown, |own| Common::Same((*own).clone())),
        _ => Common::Different,
    }
}

impl Lowering<'_> {
    /// Notes that something names a bucket, log group or topic.
    pub(super) fn mention(
        &mut self,
        kind: Kind,
        name: Option<&At<String>>,
        account: Option<&AccountId>,
        region: Option<&RegionCode>,
    ) {
        if let Some(name) = name {
            self.mentions.push(Mention {
                kind,
                name: name.value.clone(),
                span: name.span.clone(),
                account: account.cloned(),
                region: region.cloned(),
            });
        }
    }

    /// Returns the account and Region of a thing: those stated, those of whatever names it, or the only ones there are.
    pub(super) fn placed(
        &mut self,
        asked: &Asked<'_>,
        account: Option<&At<String>>,
        region: Option<&At<String>>,
    ) -> Option<(AccountId, RegionCode)> {
        let naming: Vec<&Mention> = self
            .mentions
            .iter()
            .filter(|own| Some(own.kind) == asked.kind && own.name == asked.name)
            .collect();
        let accounts: Vec<Option<AccountId>> = naming.iter().map(|own| own.account.clone()).collect();
        let regions: Vec<Option<RegionCode>> = naming.iter().map(|own| own.region.clone()).collect();
        let mut missing = Vec::new();
        let mut differ = Vec::new();
        let own_account = match (account, common(&accounts)) {
            (Some(account), _) => self.account_id(account),
            (None, Common::Same(own)) => Some(own),
            (None, Common::Different) => {
                missing.push("account");
                differ.push("accounts");
                None
            }
            (None, Common::Unknown) => {
                if self.only_account.is_none() {
                    missing.push("account");
                }
                self.only_account.clone()
            }
        };
        let own_region = match (region, common(&regions)) {
            (Some(region), _) => self.region(region),
            (None, Common::Same(own)) => Some(own),
            (None, Common::Different) => {
                missing.push("Region");
                differ.push("Regions");
                None
            }
            (None, Common::Unknown) => {
                let only = self.only_home_region();
                if only.is_none() {
                    missing.push("Region");
                }
                only
            }
        };
        if !missing.is_empty() && !self.misshapen {
            self.not_placed(asked, &missing, &differ);
        }
        Some((own_account?, own_region?))
    }

    fn not_placed(&mut self, asked: &Asked<'_>, missing: &[&str], differ: &[&str]) {
        let keys: Vec<String> = missing.iter().map(|own| format!("{} = \"…\"", own.to_lowercase())).collect();
        let hint = match asked.kind {
            Some(kind) if !asked.stated => {
                format!(
                    "add a [[{}]] with name = \"{}\" and {}",
                    kind.table(),
                    asked.name,
                    keys.join(" and ")
                )
            }
            _ => format!("add {}", keys.join(" and ")),
        };
        let message =
            format!("nothing says which {} the {} `{}` is in", missing.join(" and "), asked.word, asked.name);
        let finding = self.error(asked.span, message);
        finding.hint = Some(hint);
        if !differ.is_empty() {
            finding.label = Some(format!("what names it is in different {}", differ.join(" and ")));
        }
    }

    /// Returns the Region that all trails have as their home, if there is one.
    fn only_home_region(&self) -> Option<RegionCode> {
        let homes: BTreeSet<&RegionCode> =
            self.model.inventory.trails.iter().map(|trail| &trail.home_region).collect();
        match homes.len() {
            1 => homes.first().map(|own| (*own).clone()),
            _ => None,
        }
    }

    /// Adds what is named and has no table of its own, with the provider's defaults.
    pub(super) fn named_only(&mut self, kind: Kind, stated: &BTreeSet<String>) {
        let mut first: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for own in self.mentions.iter().filter(|own| own.kind == kind && !stated.contains(&own.name)) {
            first.entry(own.name.clone()).or_insert_with(|| own.span.clone());
        }
        for (name, span) in first {
            let asked =
                Asked { word: kind.word(), kind: Some(kind), name: &name, span: &span, stated: false };
            let Some((account, region)) = self.placed(&asked, None, None) else {
                continue;
            };
            match kind {
                Kind::Bucket => {
                    self.model.inventory.buckets.push(Bucket::plain(&name, account, region));
                }
                Kind::LogGroup => self.model.inventory.log_groups.push(LogGroup {
                    name,
                    account,
                    region,
                    class: LogClass::Standard,
                    retention: None,
                    holds: None,
                    scanned: None,
                    not_sent: None,
                    metric_filters: Vec::new(),
                }),
                Kind::Topic => {
                    let message_bytes = self.topic_message_bytes();
                    self.model.inventory.topics.push(Topic {
                        name,
                        account,
                        region,
                        published: None,
                        message_bytes,
                        subscriptions: Vec::new(),
                    });
                }
            }
        }
    }
}
