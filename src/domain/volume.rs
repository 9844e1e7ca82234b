//! Observed volumes: what happened, or what was billed, in a month.

use super::account::AccountId;
use super::component::Component;
use super::event::EventClass;
use super::provenance::{Place, Provenance};
use super::quantity::{Quantity, Unit};
use super::region::RegionCode;
use std::collections::BTreeMap;

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

    /// Returns the place of an activity's first count, for messages.
    pub fn place_of(activity: &Activity) -> Place {
        activity.counts.first().map(|count| count.amount.provenance.place).unwrap_or_default()
    }
}
