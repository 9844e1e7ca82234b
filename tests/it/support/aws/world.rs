//! What there is at AWS.

use super::athena::AthenaState;
use super::iam::Policy;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything there is.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) accounts: BTreeMap<String, Account>,
    /// The organization, if there is one.
    pub(crate) organization: Option<Organization>,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// By access key.
    pub(crate) principals: BTreeMap<String, Principal>,
    /// Things on a page.
    pub(crate) page: usize,
    /// Objects on a page of a listing; 1,000 where it is not said.
    pub(crate) object_page: Option<usize>,
    /// Rows of Cost Explorer: month's first day, account, usage type, quantity, cost.
    pub(crate) bill: Vec<(String, String, String, String, String)>,
    /// Products of the price list, in the API's shape.
    pub(crate) products: Vec<Value>,
    pub(crate) athena: AthenaState,
}

/// An organization: its id, the management account, the members as id, name and state.
pub(crate) type Organization = (String, String, Vec<(String, String, String)>);

/// Whoever signs.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    pub(crate) account: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
    pub(crate) policy: Policy,
    pub(crate) expired: bool,
}

/// An account with what it has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    /// Regions with their state.
    pub(crate) regions: Vec<(String, String)>,
    /// In the API's shape; `_Status`, `_Selectors`, `_Insights` and `_Configuration` are what the other calls answer.
    pub(crate) trails: Vec<Value>,
    /// By Region, in the API's shape; `_Insights` is what `GetInsightSelectors` answers.
    pub(crate) stores: Vec<(String, Value)>,
    /// By Region, in the API's shape.
    pub(crate) channels: Vec<(String, Value)>,
    /// By Region, in the API's shape.
    pub(crate) log_groups: Vec<(String, Value)>,
    /// By Region and group, in the API's shape.
    pub(crate) metric_filters: Vec<(String, String, Value)>,
    /// By Region, in the API's shape; with `AlarmRule` it is composite.
    pub(crate) alarms: Vec<(String, Value)>,
    pub(crate) metrics: Vec<Metric>,
    /// Protocols by topic ARN.
    pub(crate) topics: BTreeMap<String, Vec<String>>,
    /// Region, second, source, read only.
    pub(crate) events: Vec<(String, i64, String, bool)>,
    /// The role that others may assume, with what it may do.
    pub(crate) role: Option<(String, Policy)>,
}

/// A metric with the same value every day.
#[derive(Debug, Clone)]
pub(crate) struct Metric {
    pub(crate) region: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) dimensions: Vec<(String, String)>,
    pub(crate) value: f64,
}

impl Metric {
    pub(crate) fn new(
        region: &str,
        namespace: &str,
        name: &str,
        dimensions: &[(&str, &str)],
        value: f64,
    ) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            region: region.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.iter().map(owned).collect(),
            value,
        }
    }
}

/// A bucket; each setting is the XML that answers, or nothing if it was never set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bucket {
    pub(crate) owner: String,
    pub(crate) region: String,
    /// Other accounts that the bucket policy lets read its settings.
    pub(crate) readers: BTreeSet<String>,
    /// By sub-resource, such as `lifecycle`.
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) objects: BTreeMap<String, Object>,
}

/// An object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object {
    pub(crate) body: Arc<Vec<u8>>,
    /// The storage class as listings have it; empty for the standard one.
    pub(crate) class: String,
    /// Whether it was restored from an archive and can be read.
    pub(crate) is_restored: bool,
    /// Whether it lies in an archive tier of Intelligent-Tiering, which listings do not say.
    pub(crate) is_tiered_away: bool,
    /// Whether reading it needs `kms:Decrypt`.
    pub(crate) is_encrypted: bool,
    /// How often it was overwritten.
    pub(crate) version: u32,
    /// The size that listings show where it is another than that of the body.
    pub(crate) listed_size: Option<u64>,
}

impl Object {
    pub(crate) fn new(body: impl Into<Vec<u8>>) -> Self {
        Self { body: Arc::new(body.into()), ..Self::default() }
    }

    pub(super) fn size(&self) -> u64 {
        self.listed_size.unwrap_or(self.body.len() as u64)
    }

    pub(super) fn etag(&self) -> String {
        format!("\"{:x}-{}\"", crc32fast::hash(&self.body), self.version)
    }
}

impl World {
    /// An account with its own user, whose keys are `AKID` and the account, and `secret`.
    pub(crate) fn with_account(mut self, id: &str, regions: &[&str]) -> Self {
        let regions =
            regions.iter().map(|own| ((*own).to_owned(), "ENABLED_BY_DEFAULT".to_owned())).collect();
        self.accounts.insert(id.to_owned(), Account { regions, ..Account::default() });
        self.principals.insert(
            format!("AKID{id}"),
            Principal {
                account: id.to_owned(),
                secret: "secret".to_owned(),
                token: None,
                policy: Policy::all(),
                expired: false,
            },
        );
        if self.page == 0 {
            self.page = 100;
        }
        self
    }

    pub(crate) fn account(&mut self, id: &str) -> &mut Account {
        self.accounts.get_mut(id).unwrap()
    }

    pub(crate) fn allow(&mut self, account: &str, policy: Policy) {
        self.principals.get_mut(&format!("AKID{account}")).unwrap().policy = policy;
    }

    /// The trails that a Region of an account shows: its own, those of all Regions, and the organization's.
    pub(super) fn trails_in(&self, account: &str, region: &str, shadows: bool) -> Vec<&Value> {
        let of_organization =
            self.organization.as_ref().filter(|(_, _, members)| members.iter().any(|(id, ..)| id == account));
        let mut seen: Vec<&Value> = self.accounts[account].trails.iter().collect();
        if let Some((_, management, _)) = of_organization
            && management != account
        {
            seen.extend(
                self.accounts[management].trails.iter().filter(|own| own["IsOrganizationTrail"] == true),
            );
        }
        seen.retain(|own| own["HomeRegion"] == region || (shadows && own["IsMultiRegionTrail"] == true));
        seen
    }

    /// Finds a trail that an account sees.
    pub(super) fn trail(&self, account: &str, region: &str, arn: &str) -> Option<&Value> {
        self.trails_in(account, region, true).into_iter().find(|own| own["TrailARN"] == arn)
    }
}

pub(crate) fn trail_arn(region: &str, account: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{account}:trail/{name}")
}

pub(crate) fn store_arn(region: &str, account: &str, id: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{account}:eventdatastore/{id}")
}

impl Account {
    /// A trail with the settings that `more` overrides.
    pub(crate) fn add_trail(&mut self, account: &str, region: &str, name: &str, more: &Value) {
        let mut trail = json!({
            "Name": name,
            "TrailARN": trail_arn(region, account, name),
            "HomeRegion": region,
            "S3BucketName": "logs",
            "IsMultiRegionTrail": false,
            "IsOrganizationTrail": false,
            "IncludeGlobalServiceEvents": true,
            "LogFileValidationEnabled": true,
            "HasCustomEventSelectors": false,
            "HasInsightSelectors": false,
            "_Status": { "IsLogging": true },
            "_Selectors": { "EventSelectors": [{
                "ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": [],
                "ExcludeManagementEventSources": []
            }] },
            "_Configuration": { "MaxEventSize": "Standard" },
        });
        for (key, value) in more.as_object().unwrap() {
            trail[key] = value.clone();
        }
        self.trails.push(trail);
    }
}
