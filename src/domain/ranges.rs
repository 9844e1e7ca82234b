//! The quantities of a model that are ranges: what they are called, and how each is set to one figure.

use super::account::AccountId;
use super::bucket::ReadScope;
use super::model::{Assumption, Model};
use super::quantity::{Quantity, Unit};
use super::region::RegionCode;
use super::volume::{Amount, AmountRange, AmountValue};
use std::collections::BTreeMap;

/// The steps that a quantity is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Whole events, bytes, objects.
    Whole,
    /// 10⁻¹² of the unit.
    Trillionth,
}

/// A quantity of a model that is a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangedInput {
    /// What it is, in words: no two inputs of a model share them, and they do not depend on the order of the file.
    pub label: String,
    /// The unit, in words.
    pub unit: String,
    /// Low, likely and high.
    pub range: AmountRange,
    /// The steps it is counted in.
    pub grain: Grain,
    /// The smallest value that is possible at all.
    pub least: Quantity,
    /// The largest value that is possible at all, if there is one: a share ends at 100 %.
    pub most: Option<Quantity>,
    /// The position among [`Observations::volumes`](super::Observations::volumes), of a volume given directly.
    pub volume: Option<usize>,
    /// The id of the figure, of a figure under `[assumptions]`.
    pub figure: Option<String>,
    /// The position on the walk over everything that can be a range.
    position: usize,
}

impl RangedInput {
    /// Takes a range that belongs to no model.
    pub fn of(range: AmountRange, grain: Grain) -> Self {
        Self {
            label: "range".to_owned(),
            unit: String::new(),
            range,
            grain,
            least: Quantity::ZERO,
            most: None,
            volume: None,
            figure: None,
            position: 0,
        }
    }
}

/// What stands at a stop of the walk.
#[derive(Clone, Copy)]
enum What<'a> {
    /// Events of a class, in an account and Region.
    Events(u32, &'a AccountId, &'a RegionCode),
    /// The volume at this position.
    Volume(usize),
    /// A quantity of something that has a name. The unit decides whether it is whole; a `share` ends at 1.
    Named { what: &'static str, name: &'a str, unit: &'static str },
    /// A figure.
    Figure,
}

/// A quantity, or a figure.
enum Slot<A, F> {
    Amount(A),
    Figure(F),
}

/// Walks over everything that can be a range, always in the same order. **The one place to extend**: a new kind of
/// quantity gets its loop here, and can then be a range, is drawn from it and stands among what moves the total.
macro_rules! walk {
    ($model:expr, $iter:ident, ($($reference:tt)+), $visit:expr) => {{
        let Model { observations, inventory, assumptions, .. } = $model;
        for activity in observations.activities.$iter() {
            for count in activity.counts.$iter() {
                let what = What::Events(count.class, &activity.account, &activity.region);
                $visit(Slot::Amount($($reference)+ count.amount), what);
            }
        }
        for (at, volume) in observations.volumes.$iter().enumerate() {
            $visit(Slot::Amount($($reference)+ volume.amount), What::Volume(at));
        }
        for store in inventory.event_data_stores.$iter() {
            let name = &store.name;
            for amount in store.other_sources_bytes.$iter() {
                let what = What::Named { what: "bytes from other sources", name, unit: "bytes" };
                $visit(Slot::Amount(amount), what);
            }
            for amount in store.scanned_bytes.$iter() {
                let what = What::Named { what: "bytes scanned by queries", name, unit: "bytes" };
                $visit(Slot::Amount(amount), what);
            }
        }
        for trail in inventory.trails.$iter() {
            let name = &trail.name;
            let to = $($reference)+ trail.delivery;
            for amount in to.log_files.$iter() {
                $visit(Slot::Amount(amount), What::Named { what: "log files", name, unit: "files" });
            }
            for amount in to.log_bytes.$iter() {
                $visit(Slot::Amount(amount), What::Named { what: "bytes of log files", name, unit: "bytes" });
            }
            for amount in to.insights_found.$iter() {
                $visit(Slot::Amount(amount), What::Named { what: "Insights events found", name, unit: "events" });
            }
        }
        for bucket in inventory.buckets.$iter() {
            let name = &bucket.name;
            for held in bucket.holds.$iter() {
                let what = What::Named { what: "objects held at the start", name, unit: "objects" };
                $visit(Slot::Amount($($reference)+ held.objects), what);
                let what = What::Named { what: "bytes held at the start", name, unit: "bytes" };
                $visit(Slot::Amount($($reference)+ held.bytes), what);
            }
            for received in bucket.receives.$iter() {
                let what = What::Named { what: "objects received", name, unit: "objects" };
                $visit(Slot::Amount($($reference)+ received.objects), what);
                let what = What::Named { what: "bytes received", name, unit: "bytes" };
                $visit(Slot::Amount($($reference)+ received.bytes), what);
            }
            for amount in bucket.bucket_key_saving.$iter() {
                let what = What::Named { what: "requests saved by the Bucket Key", name, unit: "share" };
                $visit(Slot::Amount(amount), what);
            }
        }
        for reader in inventory.readers.$iter() {
            let name = &reader.name;
            let what = What::Named { what: "readings a month", name, unit: "times" };
            $visit(Slot::Amount($($reference)+ reader.times), what);
            if let ReadScope::Given { files, bytes, .. } = $($reference)+ reader.scope {
                for amount in files.$iter() {
                    $visit(Slot::Amount(amount), What::Named { what: "files read", name, unit: "files" });
                }
                for amount in bytes.$iter() {
                    $visit(Slot::Amount(amount), What::Named { what: "bytes read", name, unit: "bytes" });
                }
            }
        }
        for group in inventory.log_groups.$iter() {
            let name = &group.name;
            for amount in group.holds.$iter() {
                let what = What::Named { what: "bytes held at the start", name, unit: "bytes" };
                $visit(Slot::Amount(amount), what);
            }
            for amount in group.scanned.$iter() {
                let what = What::Named { what: "bytes scanned by Logs Insights", name, unit: "bytes" };
                $visit(Slot::Amount(amount), what);
            }
            for amount in group.not_sent.$iter() {
                let what = What::Named { what: "bytes of events too large to be sent", name, unit: "share" };
                $visit(Slot::Amount(amount), what);
            }
            for filter in group.metric_filters.$iter() {
                for amount in filter.hours.$iter() {
                    let what = What::Named { what: "hours with a value", name: &filter.name, unit: "hours" };
                    $visit(Slot::Amount(amount), what);
                }
            }
        }
        for alarm in inventory.alarms.$iter() {
            for amount in alarm.alerts.$iter() {
                $visit(Slot::Amount(amount), What::Named { what: "alerts", name: &alarm.name, unit: "messages" });
            }
        }
        for topic in inventory.topics.$iter() {
            for amount in topic.published.$iter() {
                let what = What::Named { what: "messages published", name: &topic.name, unit: "messages" };
                $visit(Slot::Amount(amount), what);
            }
        }
        for bus in inventory.event_buses.$iter() {
            let what = What::Named { what: "custom events", name: &bus.name, unit: "events" };
            $visit(Slot::Amount($($reference)+ bus.custom_events), what);
        }
        for rule in inventory.event_rules.$iter() {
            let what = What::Named { what: "events matched", name: &rule.name, unit: "events" };
            $visit(Slot::Amount($($reference)+ rule.matched), what);
        }
        for assumption in assumptions.$iter() {
            $visit(Slot::Figure(assumption), What::Figure);
        }
    }};
}

impl Model {
    /// Returns every quantity that is a range, in a fixed order.
    pub fn ranges(&self) -> Vec<RangedInput> {
        let mut inputs = Vec::new();
        let mut position = 0;
        let mut visit = |slot: Slot<&Amount, &Assumption>, what: What<'_>| {
            let at = position;
            position += 1;
            let (range, figure) = match slot {
                Slot::Amount(Amount { value: AmountValue::Range(range), .. }) => (**range, None),
                Slot::Figure(Assumption { range: Some(range), .. }) => {
                    let Slot::Figure(figure) = slot else { return };
                    (*range, Some(figure))
                }
                Slot::Amount(_) | Slot::Figure(_) => return,
            };
            inputs.push(self.input(at, range, figure, what));
        };
        walk!(self, iter, (&), visit);
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for input in &mut inputs {
            let times = seen.entry(input.label.clone()).or_default();
            *times += 1;
            if *times > 1 {
                input.label = format!("{} ({times})", input.label);
            }
        }
        inputs
    }

    fn input(
        &self,
        position: usize,
        range: AmountRange,
        figure: Option<&Assumption>,
        what: What<'_>,
    ) -> RangedInput {
        let whole = |is_whole| if is_whole { Grain::Whole } else { Grain::Trillionth };
        let (label, unit, grain) = match what {
            What::Events(class, account, region) => {
                let class = self.observations.event_classes.get(class as usize);
                let words = class.map_or_else(|| "events".to_owned(), super::event::EventClass::describe);
                (format!("{words}, {account} {region}"), "events".to_owned(), Grain::Whole)
            }
            What::Volume(at) => {
                let volume = &self.observations.volumes[at];
                let (component, usage_type) = (volume.component.label(), &volume.usage_type);
                let label = format!("{component} ({usage_type}), {} {}", volume.account, volume.region);
                (label, unit_words(&volume.unit), whole(volume.unit.is_whole()))
            }
            What::Named { what, name, unit } => {
                (format!("{what}, {name}"), unit.to_owned(), whole(counts_things(unit)))
            }
            What::Figure => figure.map_or_else(
                || (String::new(), String::new(), Grain::Trillionth),
                |own| (own.id.clone(), own.unit.clone(), whole(own.is_whole())),
            ),
        };
        let one = Quantity::from_count(1);
        let least = match (figure, unit.as_str(), grain) {
            (None, _, _) => Quantity::ZERO,
            // A figure is never zero, and what is compressed does not grow.
            (Some(_), "to 1", _) | (Some(_), _, Grain::Whole) => one.min(range.low),
            (Some(_), _, Grain::Trillionth) => Quantity::from_trillionths(1),
        };
        let most = match unit.as_str() {
            "%" => Some(Quantity::from_count(100)),
            "share" | "of 1" => Some(one),
            _ => None,
        };
        RangedInput {
            label,
            unit,
            range,
            grain,
            least,
            most,
            volume: match what {
                What::Volume(at) => Some(at),
                _ => None,
            },
            figure: figure.map(|own| own.id.clone()),
            position,
        }
    }

    /// Sets inputs of [`Self::ranges`], in their order, to one figure each; they are no ranges from then on, and can
    /// be set again.
    pub fn set_ranges(&mut self, inputs: &[RangedInput], values: &[Quantity]) {
        let mut next = inputs.iter().zip(values).peekable();
        let mut position = 0;
        let mut visit = |slot: Slot<&mut Amount, &mut Assumption>, _: What<'_>| {
            if let Some((_, &value)) = next.next_if(|(input, _)| input.position == position) {
                match slot {
                    Slot::Amount(amount) => amount.value = AmountValue::Known(value),
                    Slot::Figure(figure) => {
                        figure.value = value.to_string();
                        figure.range = None;
                    }
                }
            }
            position += 1;
        };
        walk!(self, iter_mut, (&mut), visit);
    }
}

/// Tells whether a unit counts things, so that its quantities must be whole.
pub(super) fn counts_things(unit: &str) -> bool {
    matches!(unit, "bytes" | "events" | "files" | "messages" | "objects" | "requests")
}

fn unit_words(unit: &Unit) -> String {
    if unit.is_whole() { unit.name().to_lowercase() } else { unit.name().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        Access, Activity, Component, Currency, Demands, EventClass, EventCount, EventSource, Growth, Horizon,
        Inventory, Month, Observations, Provenance, ProvenanceKind, Volume,
    };

    fn amount(low: u64, high: u64) -> Amount {
        let count = Quantity::from_count;
        let range = AmountRange { low: count(low), likely: count(low), high: count(high) };
        let value =
            if low == high { AmountValue::Known(range.low) } else { AmountValue::Range(Box::new(range)) };
        Amount {
            value,
            provenance: Provenance { kind: ProvenanceKind::Declared, place: crate::domain::Place::default() },
        }
    }

    fn model() -> Model {
        let account: AccountId = "111122223333".parse().unwrap();
        let region = RegionCode::new("us-east-1");
        let mut observations = Observations::default();
        let class = observations.class_id(&EventClass::management(Access::Read, EventSource::Other));
        observations.activities.push(Activity {
            account: account.clone(),
            region: region.clone(),
            counts: vec![
                EventCount { class, amount: amount(1, 1) },
                EventCount { class, amount: amount(2, 4) },
            ],
        });
        let volume = Volume {
            account,
            region,
            service: "AWSCloudTrail".to_owned(),
            usage_type: "Ingestion-Bytes".to_owned(),
            unit: Unit::new("GB"),
            component: Component::LakeIngestion,
            amount: amount(5, 9),
        };
        observations.volumes = vec![volume.clone(), volume];
        let figure = |id: &str, unit: &str, range| Assumption {
            id: id.to_owned(),
            value: "10".to_owned(),
            range,
            unit: unit.to_owned(),
            meaning: String::new(),
            source: String::new(),
            declared: true,
            used: false,
        };
        let (low, high) = (Quantity::from_count(8), Quantity::from_count(12));
        let range = Some(AmountRange { low, likely: low, high });
        Model {
            name: String::new(),
            sources: Vec::new(),
            currency: Currency::usd(),
            horizon: Horizon { start: Month::EARLIEST, months: 1 },
            consolidated_billing: true,
            inventory: Inventory::default(),
            observations,
            growth: Growth::default(),
            terms: Vec::new(),
            demands: Demands::default(),
            benefit: None,
            free_tier: false,
            assumptions: vec![
                figure("setting", "", None),
                figure("ratio", "to 1", range),
                figure("size", "bytes", range),
                figure("part", "%", range),
            ],
            gaps: Vec::new(),
            measured: None,
        }
    }

    #[test]
    fn every_range_is_found_named_and_set() {
        let mut model = model();
        let inputs = model.ranges();
        let found: Vec<(&str, Grain, Option<usize>, String)> = inputs
            .iter()
            .map(|own| (own.label.as_str(), own.grain, own.volume, own.least.to_string()))
            .collect();
        let volume = "Lake ingestion (Ingestion-Bytes), 111122223333 us-east-1";
        let second = format!("{volume} (2)");
        let (whole, trillionth) = (Grain::Whole, Grain::Trillionth);
        assert_eq!(
            found,
            [
                ("read management events, 111122223333 us-east-1", whole, None, "0".to_owned()),
                (volume, trillionth, Some(0), "0".to_owned()),
                (second.as_str(), trillionth, Some(1), "0".to_owned()),
                ("ratio", trillionth, None, "1".to_owned()),
                ("size", whole, None, "1".to_owned()),
                ("part", trillionth, None, "0.000000000001".to_owned()),
            ]
        );
        assert_eq!(inputs[5].most, Some(Quantity::from_count(100)));
        let values: Vec<Quantity> = (3..9).map(Quantity::from_count).collect();
        model.set_ranges(&inputs, &values);
        assert_eq!(model.ranges(), []);
        let counts = &model.observations.activities[0].counts;
        let volumes = &model.observations.volumes;
        let set = [&counts[0].amount, &counts[1].amount, &volumes[0].amount, &volumes[1].amount];
        assert_eq!(set.map(|own| own.likely().unwrap().to_string()), ["1", "3", "4", "5"]);
        let figures: Vec<&str> = model.assumptions.iter().map(|own| own.value.as_str()).collect();
        assert_eq!(figures, ["10", "6", "7", "8"]);
        // What has been set can be set again.
        model.set_ranges(&inputs[..1], &values[5..]);
        assert_eq!(model.observations.activities[0].counts[1].amount.likely(), Some(Quantity::from_count(8)));
    }
}
