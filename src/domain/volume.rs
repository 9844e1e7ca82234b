//! Observed volumes: what happened, or what was billed, in a month.

use super::account::AccountId;
use super::component::Component;
use super::event::{EventCategory, EventClass, Field, FieldValue};
use super::provenance::{Place, Provenance};
use super::quantity::{Quantity, Unit};
use super::region::RegionCode;
use std::collections::{BTreeMap, BTreeSet};

/// A range that a quantity lies in: low and high are its P10 and P90, likely its mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AmountRange {
    /// P10.
    pub low: Quantity,
    /// The mode, used where one figure is wanted.
    pub likely: Quantity,
    /// P90.
    pub high: Quantity,
}

/// A quantity, a range, or the plain statement that it is unknown. Unknown is not zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountValue {
    /// One figure.
    Known(Quantity),
    /// A range.
    Range(Box<AmountRange>),
    /// Nobody knows.
    Unknown,
}

/// A quantity with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The quantity.
    pub value: AmountValue,
    /// Where it comes from.
    pub provenance: Provenance,
}

impl Amount {
    /// Returns the figure to calculate with, or nothing when it is unknown.
    pub fn likely(&self) -> Option<Quantity> {
        match &self.value {
            AmountValue::Known(quantity) => Some(*quantity),
            AmountValue::Range(range) => Some(range.likely),
            AmountValue::Unknown => None,
        }
    }
}

/// A number of events of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCount {
    /// The position of the class in [`Observations::event_classes`].
    pub class: u32,
    /// Events in a month.
    pub amount: Amount,
}

/// What happens in an account and Region in a month, whoever records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The account called.
    pub account: AccountId,
    /// The Region called. Global services' events are us-east-1's.
    pub region: RegionCode,
    /// Events by class.
    pub counts: Vec<EventCount>,
}

/// A monthly volume given directly, as on a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// The account charged.
    pub account: AccountId,
    /// The Region charged.
    pub region: RegionCode,
    /// The service's code.
    pub service: String,
    /// The usage type, without Region prefix.
    pub usage_type: String,
    /// The unit it is billed in.
    pub unit: Unit,
    /// The component it is shown under.
    pub component: Component,
    /// The quantity in `unit`.
    pub amount: Amount,
}

/// Everything that was counted, billed or imagined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observations {
    /// The classes that activities refer to.
    pub event_classes: Vec<EventClass>,
    /// What happens, by account and Region; each pair once.
    pub activities: Vec<Activity>,
    /// Volumes given directly.
    pub volumes: Vec<Volume>,
    /// Positions of the classes, so that each is stored once.
    class_ids: BTreeMap<EventClass, u32>,
}

impl Observations {
    /// Returns the position of a class, adding it when it is new.
    pub fn class_id(&mut self, class: &EventClass) -> u32 {
        if let Some(id) = self.class_ids.get(class) {
            return *id;
        }
        let id = u32::try_from(self.event_classes.len()).unwrap_or(u32::MAX);
        self.event_classes.push(class.clone());
        self.class_ids.insert(class.clone(), id);
        id
    }

    /// Says of data events without a resource that they are of none of the resources named for their type.
    ///
    /// Counts do not overlap: beside counts of resources, one without is of all others, in whichever account.
    pub fn tell_others_apart(&mut self) {
        let named = self.named_resources();
        for class in &mut self.event_classes {
            if let Some(others) = others(class, &named) {
                class.fields.insert(Field::ResourcesArn, others);
            }
        }
        self.class_ids = self.event_classes.iter().cloned().zip(0..).collect();
    }

    /// Returns the resources that data events are counted of, by type.
    pub fn named_resources(&self) -> BTreeMap<String, BTreeSet<FieldValue>> {
        let mut named: BTreeMap<String, BTreeSet<FieldValue>> = BTreeMap::new();
        for class in &self.event_classes {
            if let (EventCategory::Data, Some(resource_type)) = (class.category, class.resource_type())
                && let Some(value @ (FieldValue::Exactly(_) | FieldValue::StartsWith(_))) =
                    class.fields.get(&Field::ResourcesArn)
            {
                named.entry(resource_type.to_owned()).or_default().insert(value.clone());
            }
        }
        named
    }

    /// Returns the place of an activity's first count, for messages.
    pub fn place_of(activity: &Activity) -> Place {
        activity.counts.first().map(|count| count.amount.provenance.place).unwrap_or_default()
    }
}

/// Returns what is known of the resources of a class that names none.
fn others(class: &EventClass, named: &BTreeMap<String, BTreeSet<FieldValue>>) -> Option<FieldValue> {
    let names_none = matches!(class.fields.get(&Field::ResourcesArn), None | Some(FieldValue::NoneOf(_)));
    let named = named.get(class.resource_type().filter(|_| names_none)?)?;
    Some(FieldValue::NoneOf(named.iter().cloned().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Access, EventSource};

    #[test]
    fn data_events_without_a_resource_are_of_all_others() {
        let (s3, lambda) = ("AWS::S3::Object", "AWS::Lambda::Function");
        let mut own = Observations::default();
        let function = EventClass::data(Access::Mixed, lambda, None);
        let management = EventClass::management(Access::Read, EventSource::Other);
        let rest = EventClass::data(Access::Read, s3, None).with(Field::EventName, "GetObject");
        for class in [&function, &management, &rest] {
            own.class_id(class);
        }
        for arn in ["arn:aws:s3:::logs", "arn:aws:s3:::a/b*"] {
            own.class_id(&EventClass::data(Access::Write, s3, Some(arn)));
        }
        own.tell_others_apart();
        let starts = |own: &str| FieldValue::StartsWith(own.to_owned());
        let mut expected = rest.clone();
        let named = vec![starts("arn:aws:s3:::a/b"), starts("arn:aws:s3:::logs/")];
        expected.fields.insert(Field::ResourcesArn, FieldValue::NoneOf(named));
        // Of functions none is named.
        assert_eq!(own.event_classes[..3], [function, management, expected.clone()]);
        assert_eq!(own.class_id(&expected), 2);
        assert_eq!(expected.describe(), rest.describe());
        // Once more, with one more, it follows.
        own.class_id(&EventClass::data(Access::Write, s3, Some("arn:aws:s3:::b")));
        own.tell_others_apart();
        let Some(FieldValue::NoneOf(named)) = own.event_classes[2].fields.get(&Field::ResourcesArn) else {
            panic!("nothing is excluded");
        };
        assert_eq!(named.len(), 3);
    }
}
