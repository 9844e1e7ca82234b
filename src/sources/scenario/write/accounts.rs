//! Accounts, what happens in them, and volumes given directly.

use super::amounts::amount;
use super::error::WriteError;
use super::page::{Entries, Page, Value};
use super::table::{bill_name, management_name, usage_name};
use super::volumes::{PlaceVolumes, Places};
use crate::domain::{
    Access, Account, AccountId, Amount, EventCategory, EventClass, Field, FieldValue, Model,
};
use crate::sources::scenario::bill_names::BILL_NAMES;
use crate::sources::scenario::lower_accounts::expected_in;
use crate::sources::scenario::quantity_text::Expected;
use crate::sources::scenario::volumes_csv::MANAGEMENT;
use std::collections::{BTreeMap, BTreeSet};

/// The key of management events of every kind.
const ANY_MANAGEMENT: &str = "events";

/// Writes one `[[volume]]` for each account and Region.
pub(super) fn volumes(page: &mut Page, places: &Places<'_>) -> Result<(), WriteError> {
    for place in places.all.iter().filter(|own| !own.in_table && !own.volumes.is_empty()) {
        let what = |name: &str| format!("{name} of {} in {}", place.account, place.region);
        let mut entries = Entries::default();
        entries.put("account", Value::text(place.account.as_str()));
        entries.put("region", Value::text(place.region.as_str()));
        for name in BILL_NAMES.iter().map(|own| own.name) {
            if let Some(volume) = place.volumes.iter().find(|own| bill_name(own) == Some(name)) {
                entries.put(name, amount(&volume.amount, Expected::Count, &what(name))?);
            }
        }
        let mut usage = Entries::default();
        let mut others: Vec<(String, _)> = place
            .volumes
            .iter()
            .filter(|own| bill_name(own).is_none())
            .map(|own| (usage_name(own), *own))
            .collect();
        others.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, volume) in others {
            usage.put(&name, amount(&volume.amount, expected_in(&volume.unit), &what(&name))?);
        }
        if !usage.is_empty() {
            entries.put("usage", Value::Table(usage));
        }
        page.table("[[volume]]", &entries);
    }
    Ok(())
}

/// Writes the accounts of which more is known than that they have volumes.
pub(super) fn accounts(page: &mut Page, model: &Model, places: &Places<'_>) -> Result<(), WriteError> {
    let mut active: BTreeMap<&AccountId, Vec<&PlaceVolumes<'_>>> = BTreeMap::new();
    // Whose id stands in a `[[volume]]` or in the table is an account already.
    let mut mentioned: BTreeSet<&AccountId> = BTreeSet::new();
    for place in &places.all {
        if place.activity.is_some() && !place.in_table {
            active.entry(place.account).or_default().push(place);
        } else {
            mentioned.insert(place.account);
        }
        if !place.volumes.is_empty() {
            mentioned.insert(place.account);
        }
    }
    let mut known: BTreeSet<&AccountId> = BTreeSet::new();
    for account in &model.inventory.accounts {
        if !known.insert(&account.id) {
            return Err(WriteError::new(format!("the account {}", account.id), "it is there twice"));
        }
        let activities = active.get(&account.id).map(Vec::as_slice).unwrap_or_default();
        let bare = *account == Account::bare(account.id.clone());
        if bare && activities.is_empty() && mentioned.contains(&account.id) {
            continue;
        }
        write_account(page, account, activities, places)?;
    }
    for (id, activities) in &active {
        if !known.contains(id) {
            write_account(page, &Account::bare((*id).clone()), activities, places)?;
        }
    }
    Ok(())
}

fn write_account(
    page: &mut Page,
    account: &Account,
    activities: &[&PlaceVolumes<'_>],
    places: &Places<'_>,
) -> Result<(), WriteError> {
    let mut entries = Entries::default();
    entries.put("id", Value::text(account.id.as_str()));
    entries.put_some("name", account.name.as_deref().map(Value::text));
    entries.put_some("environment", account.environment.as_deref().map(Value::text));
    let mut tags = Entries::default();
    for (key, value) in &account.tags {
        tags.put(key, Value::text(value));
    }
    if !tags.is_empty() {
        entries.put("tags", Value::Table(tags));
    }
    entries.put_some("payer", account.payer.as_ref().map(|own| Value::text(own.as_str())));
    entries.put_some("enabled_regions", account.enabled_regions.map(|own| Value::whole(own.into())));
    page.table("[[account]]", &entries);
    for place in activities {
        page.table("[[account.activity]]", &activity(place, places)?);
    }
    Ok(())
}

fn activity(place: &PlaceVolumes<'_>, places: &Places<'_>) -> Result<Entries, WriteError> {
    let mut management: BTreeMap<&str, &Amount> = BTreeMap::new();
    let mut data: Vec<DataEntry<'_>> = Vec::new();
    let mut network: Vec<Value> = Vec::new();
    let mut seen = BTreeSet::new();
    for count in place.activity.iter().flat_map(|own| &own.counts) {
        let what = || format!("the activity of {} in {}", place.account, place.region);
        let Some(class) = places.class(count.class) else {
            return Err(WriteError::new(what(), "it counts events of no class"));
        };
        if !seen.insert(count.class) {
            return Err(WriteError::new(what(), format!("it counts {} twice", class.describe())));
        }
        let unsayable = || WriteError::new(what(), format!("no table describes {}", class.describe()));
        match class.category {
            EventCategory::Management => {
                let any = (*class == EventClass::any_management()).then_some(ANY_MANAGEMENT);
                let name = any.or_else(|| management_name(class)).ok_or_else(unsayable)?;
                management.insert(name, &count.amount);
            }
            EventCategory::Data => {
                let own = places.said(count.class).and_then(DataKey::of).ok_or_else(unsayable)?;
                match data.iter_mut().find(|entry| entry.takes(&own, class.access)) {
                    Some(entry) => entry.amounts.push((class.access, &count.amount)),
                    None => data.push(DataEntry { key: own, amounts: vec![(class.access, &count.amount)] }),
                }
            }
            EventCategory::NetworkActivity => {
                network.push(network_entry(class, &count.amount, &what())?.ok_or_else(unsayable)?);
            }
        }
    }
    let what = format!("the activity of {} in {}", place.account, place.region);
    let mut entries = Entries::default();
    entries.put("region", Value::text(place.region.as_str()));
    let mut table = Entries::default();
    for (name, _, _) in MANAGEMENT {
        let name = name.strip_prefix("management_").unwrap_or(name);
        if let Some(own) = management.get(name) {
            table.put(name, amount(own, Expected::Count, &what)?);
        }
    }
    if let Some(own) = management.get(ANY_MANAGEMENT) {
        // Beside figures of one kind the loader would not know which events are meant.
        if !table.is_empty() {
            return Err(WriteError::new(what, "it counts management events by kind and all together"));
        }
        table.put(ANY_MANAGEMENT, amount(own, Expected::Count, &what)?);
    }
    if !table.is_empty() {
        entries.put("management", Value::Table(table));
    }
    let data = data.iter().map(|own| own.value(&what)).collect::<Result<Vec<Value>, WriteError>>()?;
    entries.put_list("data", data);
    entries.put_list("network_activity", network);
    Ok(entries)
}

/// What is known of data events beside whether they read or write.
#[derive(Debug, PartialEq, Eq)]
struct DataKey<'m> {
    resource_type: &'m str,
    /// As a scenario writes it.
    resource: Option<String>,
    event_name: Option<&'m str>,
    user_identity_arn: Option<&'m str>,
}

impl<'m> DataKey<'m> {
    /// Returns the words for a class; nothing where a scenario has none.
    fn of(class: &'m EventClass) -> Option<Self> {
        let exactly = |field: Field| match class.fields.get(&field) {
            Some(FieldValue::Exactly(value)) => Some(value.as_str()),
            _ => None,
        };
        let resource_type = class.resource_type().filter(|own| own.starts_with("AWS::"))?;
        let resources = match class.fields.get(&Field::ResourcesArn) {
            None => vec![None],
            Some(FieldValue::Exactly(arn)) => vec![Some(arn.clone())],
            Some(FieldValue::StartsWith(prefix)) => vec![Some(prefix.clone()), Some(format!("{prefix}*"))],
            Some(FieldValue::NoneOf(_)) => return None,
        };
        let (event_name, user_identity_arn) = (exactly(Field::EventName), exactly(Field::UserIdentityArn));
        resources
            .into_iter()
            .filter(|own| own.as_ref().is_none_or(|arn| arn.starts_with("arn:")))
            .map(|resource| Self { resource_type, resource, event_name, user_identity_arn })
            .find(|key| key.class(class.access) == *class)
    }

    /// Returns the class that the loader makes of it.
    fn class(&self, access: Access) -> EventClass {
        let mut class = EventClass::data(access, self.resource_type, self.resource.as_deref());
        for (field, value) in
            [(Field::EventName, self.event_name), (Field::UserIdentityArn, self.user_identity_arn)]
        {
            if let Some(value) = value {
                class = class.with(field, value);
            }
        }
        class
    }
}

/// One line under `data`.
struct DataEntry<'m> {
    key: DataKey<'m>,
    amounts: Vec<(Access, &'m Amount)>,
}

impl DataEntry<'_> {
    /// Tells whether the line can take a number of events too: reads and writes share one, others stand alone.
    fn takes(&self, key: &DataKey<'_>, access: Access) -> bool {
        self.key == *key
            && access != Access::Mixed
            && self.amounts.iter().all(|(own, _)| *own != Access::Mixed && *own != access)
    }

    fn value(&self, what: &str) -> Result<Value, WriteError> {
        let mut entries = Entries::default();
        entries.put("resource_type", Value::text(self.key.resource_type));
        entries.put_some("resource", self.key.resource.as_deref().map(Value::text));
        entries.put_some("event_name", self.key.event_name.map(Value::text));
        entries.put_some("user_identity_arn", self.key.user_identity_arn.map(Value::text));
        for (name, access) in [("read", Access::Read), ("write", Access::Write), ("events", Access::Mixed)] {
            if let Some((_, own)) = self.amounts.iter().find(|(own, _)| *own == access) {
                entries.put(name, amount(own, Expected::Count, what)?);
            }
        }
        Ok(Value::Table(entries))
    }
}

/// Returns a line under `network_activity`; nothing where a scenario has no words for the class.
fn network_entry(class: &EventClass, number: &Amount, what: &str) -> Result<Option<Value>, WriteError> {
    const FIELDS: [(&str, Field); 4] = [
        ("event_source", Field::EventSource),
        ("event_name", Field::EventName),
        ("vpc_endpoint_id", Field::VpcEndpointId),
        ("error_code", Field::ErrorCode),
    ];
    let known = class.fields.keys().all(|field| FIELDS.iter().any(|(_, own)| own == field));
    if class.access != Access::Mixed || !known || !class.fields.contains_key(&Field::EventSource) {
        return Ok(None);
    }
    let mut entries = Entries::default();
    for (key, field) in FIELDS {
        match class.fields.get(&field) {
            Some(FieldValue::Exactly(value)) => entries.put(key, Value::text(value)),
            Some(_) => return Ok(None),
            None => {}
        }
    }
    entries.put("events", amount(number, Expected::Count, what)?);
    Ok(Some(Value::Table(entries)))
}
