//! The usage plan: a model made ready to yield usage, month by month.

use super::cell::{Cell, Counts, Factors, Line, grow, sum};
use super::coverage::{coverage_gaps, list, volume_gaps};
use super::growth_factor::GrowthFactor;
use super::keys::Index;
use super::lake::{LakeFigures, Store, StoreMeters, is_store_meter};
use super::recorders::Recorders;
use super::shape::{Conversion, Shape, ShapeKey};
use super::unknown_charges::{UnknownCharge, unknown_charges};
use crate::domain::{
    Activity, AmountValue, Assumption, Gap, GapKind, GrowthCategory, GrowthError, Meter, MeterId, Model,
    Month, Place, Quantity, QuantityError, UsageKeys, UsageRecord, UsageSource, Volume,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Says why no usage can be derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsageError {
    /// A growth factor is past what can be held.
    Growth(GrowthError),
    /// A quantity is past what can be held.
    Quantity(QuantityError),
    /// A number of events has a fraction.
    NotWhole {
        /// The quantity.
        quantity: Quantity,
        /// Where it stands.
        place: String,
    },
    /// The model lacks a figure that the calculation needs.
    NoFigure(&'static str),
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Growth(error) => error.fmt(formatter),
            Self::Quantity(error) => error.fmt(formatter),
            Self::NotWhole { quantity, place } => {
                write!(formatter, "{quantity} events at {place} is not a whole number")
            }
            Self::NoFigure(id) => {
                write!(formatter, "the figure `{id}` is missing, out of range or not whole")
            }
        }
    }
}

impl std::error::Error for UsageError {}

impl From<QuantityError> for UsageError {
    fn from(error: QuantityError) -> Self {
        Self::Quantity(error)
    }
}

impl From<GrowthError> for UsageError {
    fn from(error: GrowthError) -> Self {
        Self::Growth(error)
    }
}

/// A model made ready to yield usage.
pub struct UsagePlan {
    keys: UsageKeys,
    months: Vec<Month>,
    factors: Vec<Factors>,
    cells: Vec<Cell>,
    shapes: Vec<Shape>,
    counts: Counts,
    lines: Vec<Line>,
    stores: Vec<Store>,
    store_meters: StoreMeters,
    lake: LakeFigures,
    gaps: Vec<Gap>,
    warnings: Vec<String>,
    used: BTreeSet<&'static str>,
}

impl UsagePlan {
    /// Prepares a model.
    ///
    /// # Errors
    /// [`UsageError`] when a quantity or a growth factor is past what can be held, or a figure is missing.
    pub fn new(model: &Model) -> Result<Self, UsageError> {
        let months = model.months();
        let factors = factors(model, &months)?;
        let mut used = BTreeSet::new();
        let mut figure = |id: &'static str, needed: bool| {
            if needed {
                used.insert(id);
            }
            model
                .assumption(id)
                .and_then(Assumption::figure)
                .filter(|value| value > &Decimal::ZERO)
                .ok_or(UsageError::NoFigure(id))
        };
        let has_stores = !model.inventory.event_data_stores.is_empty();
        let extended = model
            .inventory
            .event_data_stores
            .iter()
            .any(|store| store.retention_days > store.billing_mode.included_days());
        let has_direct = !model.inventory.direct_deliveries.is_empty();
        let whole = |value: Decimal, id| {
            value.to_u64().filter(|_| value.fract().is_zero()).ok_or(UsageError::NoFigure(id))
        };
        let lake = LakeFigures {
            bytes_per_event: whole(figure("bytes_per_event", has_stores)?, "bytes_per_event")?,
            compression_ratio: figure("lake_compression_ratio", extended)?,
        };
        let (bytes, gb) = ("direct_delivery_bytes_per_event", "direct_delivery_bytes_per_gb");
        let direct_delivery = Conversion::Gigabytes {
            bytes_per_event: whole(figure(bytes, has_direct)?, bytes)?,
            bytes_per_gb: whole(figure(gb, has_direct)?, gb)?,
        };
        Builder::new(model, direct_delivery).build(months, factors, lake, used)
    }

    /// Returns what could not be told from the model.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns what the reader should know about the quantities.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Returns the assumptions of the model that quantities rest on.
    pub fn assumptions<'a>(&self, model: &'a Model) -> Vec<&'a Assumption> {
        model
            .assumptions
            .iter()
            .filter(|assumption| assumption.used || self.used.contains(assumption.id.as_str()))
            .filter(|assumption| !assumption.declared)
            .collect()
    }

    fn ingest(&mut self) -> Result<(), QuantityError> {
        let mut grown = Vec::new();
        for month in 0..self.months.len() {
            let factors = &self.factors[month];
            let mut events = vec![0_u64; self.stores.len()];
            for cell in &self.cells {
                let shape = &self.shapes[cell.shape as usize];
                if shape.feeds.is_empty() {
                    continue;
                }
                grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
                for feed in &shape.feeds {
                    let sum = sum(&feed.terms, &grown)?;
                    events[feed.store] = events[feed.store].checked_add(sum).ok_or(QuantityError)?;
                    let unknown = feed.terms.iter().any(|&(at, _)| self.counts.is_unknown(&cell.counts, at));
                    if month == 0 && (feed.undecided || unknown) {
                        self.stores[feed.store].mark_unknown();
                    }
                }
            }
            for (store, events) in self.stores.iter_mut().zip(events) {
                store.ingest(events, self.lake, factors)?;
            }
        }
        for store in &mut self.stores {
            store.mark_unknown_if_nothing_is_stated();
        }
        Ok(())
    }
}

impl UsageSource for UsagePlan {
    fn keys(&self) -> &UsageKeys {
        &self.keys
    }

    fn months(&self) -> &[Month] {
        &self.months
    }

    fn records(&self, month: usize, records: &mut Vec<UsageRecord>) -> Result<(), QuantityError> {
        records.clear();
        let factors = &self.factors[month];
        let mut grown = Vec::new();
        for cell in &self.cells {
            let shape = &self.shapes[cell.shape as usize];
            let any_unknown = self.counts.any_unknown(&cell.counts);
            grow(self.counts.known(&cell.counts), shape, factors, &mut grown)?;
            for output in &shape.outputs {
                let events = sum(&output.terms, &grown)?;
                let has_unknown = output.undecided
                    || (any_unknown
                        && output.terms.iter().any(|&(at, _)| self.counts.is_unknown(&cell.counts, at)));
                if events == 0 && !has_unknown {
                    continue;
                }
                records.push(UsageRecord {
                    quantity: output.conversion.apply(events)?,
                    account: cell.account,
                    resource: output.resource,
                    provenance: 0,
                    region: cell.region,
                    meter: output.meter,
                    component: output.component,
                    has_unknown,
                });
            }
            for line in &self.lines[cell.lines.clone()] {
                records.push(line.record((cell.account, cell.region), factors)?);
            }
        }
        for store in &self.stores {
            store.records(month, &self.months, self.lake, factors, &self.store_meters, records)?;
        }
        Ok(())
    }
}

fn factors(model: &Model, months: &[Month]) -> Result<Vec<Factors>, GrowthError> {
    months
        .iter()
        .zip(0..)
        .map(|(&month, index)| {
            let mut factors = [GrowthFactor::new(Decimal::ONE); GrowthCategory::ALL.len()];
            for category in GrowthCategory::ALL {
                let exact = model.growth.factor(category, month, index)?;
                factors[category.index()] = GrowthFactor::new(exact);
            }
            Ok(factors)
        })
        .collect()
}

/// What is known of one account and Region before it becomes a cell.
#[derive(Default)]
struct Draft<'a> {
    activity: Option<&'a Activity>,
    volumes: Vec<&'a Volume>,
    unknown: Vec<UnknownCharge>,
}

struct Builder<'a> {
    model: &'a Model,
    index: Index,
    direct_delivery: Conversion,
    shapes: Vec<Shape>,
    shape_ids: BTreeMap<ShapeKey, u32>,
    counts: Counts,
    lines: Vec<Line>,
    /// For each meter, places where a given quantity replaces a derived one.
    replaced: BTreeMap<MeterId, Vec<String>>,
}

impl<'a> Builder<'a> {
    fn new(model: &'a Model, direct_delivery: Conversion) -> Self {
        Self {
            model,
            index: Index::new(model),
            direct_delivery,
            shapes: Vec::new(),
            shape_ids: BTreeMap::new(),
            counts: Counts::default(),
            lines: Vec::new(),
            replaced: BTreeMap::new(),
        }
    }

    fn build(
        mut self,
        months: Vec<Month>,
        factors: Vec<Factors>,
        lake: LakeFigures,
        used: BTreeSet<&'static str>,
    ) -> Result<UsagePlan, UsageError> {
        let model = self.model;
        let recorders = Recorders::new(model, &mut self.index);
        let (charges, mut gaps) = unknown_charges(model, &self.index, &recorders);
        let mut drafts: BTreeMap<(u32, u16), Draft<'a>> = BTreeMap::new();
        for activity in &model.observations.activities {
            let key = (self.index.account(&activity.account), self.index.region(&activity.region));
            drafts.entry(key).or_default().activity = Some(activity);
        }
        for volume in &model.observations.volumes {
            let key = (self.index.account(&volume.account), self.index.region(&volume.region));
            drafts.entry(key).or_default().volumes.push(volume);
        }
        for charge in charges {
            drafts.entry((charge.account, charge.region)).or_default().unknown.push(charge);
        }
        let mut cells = Vec::with_capacity(drafts.len());
        let mut given_stores: BTreeMap<(u32, u16), Vec<MeterId>> = BTreeMap::new();
        for (key, draft) in &drafts {
            let given: Vec<MeterId> = draft.volumes.iter().map(|volume| self.meter_of(volume)).collect();
            given_stores.insert(*key, given);
            cells.push(self.cell(*key, draft, &recorders)?);
        }
        let mut stores: Vec<Store> = Vec::new();
        for store in &model.inventory.event_data_stores {
            let key = (self.index.account(&store.account), self.index.region(&store.home_region));
            let given = given_stores.get(&key).cloned().unwrap_or_default();
            let resource = self.index.resource(&store.name);
            for &meter in &given {
                if is_store_meter(&self.index.keys.meters[usize::from(meter)]) {
                    self.replaced
                        .entry(meter)
                        .or_default()
                        .push(format!("{} {}", store.account, store.home_region));
                }
            }
            stores.push(Store::new(store, resource, given, &self.index));
        }
        let shape_classes: Vec<&ShapeKey> = {
            let mut keys: Vec<(&ShapeKey, u32)> = self.shape_ids.iter().map(|(key, id)| (key, *id)).collect();
            keys.sort_by_key(|(_, id)| *id);
            keys.into_iter().map(|(key, _)| key).collect()
        };
        let classes_of = |cell: &Cell| shape_classes[cell.shape as usize].classes.clone();
        gaps.extend(coverage_gaps(model, &self.index, &cells, &self.shapes, &self.counts, &classes_of));
        gaps.extend(volume_gaps(
            model,
            &self.index,
            &cells,
            &self.shapes,
            &self.counts,
            &recorders,
            &classes_of,
        ));
        let mut warnings = self.warnings();
        warnings.extend(ranges(model));
        let mut plan = UsagePlan {
            store_meters: StoreMeters::new(&self.index),
            keys: self.index.keys,
            months,
            factors,
            cells,
            shapes: self.shapes,
            counts: self.counts,
            lines: self.lines,
            stores,
            lake,
            gaps,
            warnings,
            used,
        };
        plan.ingest()?;
        plan.gaps.extend(left_out(model, &plan.stores));
        plan.gaps.extend(model.gaps.iter().cloned());
        plan.gaps.sort();
        plan.gaps.dedup();
        Ok(plan)
    }

    fn meter_of(&self, volume: &Volume) -> MeterId {
        self.index.meter(&Meter {
            service: volume.service.clone(),
            usage_type: volume.usage_type.clone(),
            unit: volume.unit.clone(),
        })
    }

    fn place(&self, place: Place) -> String {
        let sources = &self.model.sources;
        let name = sources.get(usize::from(place.source)).map_or("scenario", String::as_str);
        format!("{name}:{}", place.line)
    }

    fn cell(
        &mut self,
        (account, region): (u32, u16),
        draft: &Draft<'_>,
        recorders: &Recorders<'_>,
    ) -> Result<Cell, UsageError> {
        let mut given: Vec<MeterId> = draft.volumes.iter().map(|volume| self.meter_of(volume)).collect();
        given.sort_unstable();
        given.dedup();
        let first_count = self.counts.len();
        let mut classes = Vec::new();
        if let Some(activity) = draft.activity {
            let mut counts: Vec<_> = activity.counts.iter().collect();
            let all = &self.model.observations.event_classes;
            // By what they are, not by the position they happened to get.
            counts.sort_by(|left, right| all[left.class as usize].cmp(&all[right.class as usize]));
            let sources = &self.model.sources;
            let place = |place: Place| {
                let name = sources.get(usize::from(place.source)).map_or("scenario", String::as_str);
                format!("{name}:{}", place.line)
            };
            for count in counts {
                classes.push(count.class);
                self.counts.push(&count.amount, &place)?;
            }
        }
        let account_id = self.index.keys.accounts[account as usize].clone();
        let region_code = self.index.keys.regions[usize::from(region)].clone();
        let key = ShapeKey { classes, recorders: recorders.covering(&account_id, &region_code), given };
        let shape = self.shape(&key, recorders);
        self.note_replaced(&key, recorders, &format!("{account_id} {region_code}"));
        let first_line = self.lines.len();
        let mut lines = Vec::new();
        for volume in &draft.volumes {
            let meter_id = self.meter_of(volume);
            let provenance = &volume.amount.provenance;
            let text = format!("{} {}", provenance.kind.name(), self.place(provenance.place));
            let provenance = self.index.provenance(text);
            let meter = &self.index.keys.meters[usize::from(meter_id)];
            lines.push(Line {
                provenance,
                quantity: volume.amount.likely(),
                ..Line::of(volume.component, meter, meter_id)
            });
        }
        for charge in &draft.unknown {
            let meter = self.index.derived(charge.derived);
            lines.push(Line {
                resource: charge.resource,
                ..Line::of(charge.component, &charge.derived.meter(), meter)
            });
        }
        lines.sort_by_key(|line| (line.meter, line.component, line.resource));
        self.lines.extend(lines);
        Ok(Cell {
            account,
            region,
            shape,
            counts: first_count..self.counts.len(),
            lines: first_line..self.lines.len(),
        })
    }

    fn shape(&mut self, key: &ShapeKey, recorders: &Recorders<'_>) -> u32 {
        if let Some(&id) = self.shape_ids.get(key) {
            return id;
        }
        let classes = &self.model.observations.event_classes;
        let shape = Shape::new(key, classes, recorders, &self.index, self.direct_delivery);
        let id = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        self.shapes.push(shape);
        self.shape_ids.insert(key.clone(), id);
        id
    }

    /// Notes which derived quantities a given one replaces.
    fn note_replaced(&mut self, key: &ShapeKey, recorders: &Recorders<'_>, place: &str) {
        if key.given.is_empty() || key.classes.is_empty() {
            return;
        }
        let without = ShapeKey { given: Vec::new(), ..key.clone() };
        let classes = &self.model.observations.event_classes;
        let full = Shape::new(&without, classes, recorders, &self.index, self.direct_delivery);
        for &meter in &key.given {
            if full.outputs.iter().any(|output| output.meter == meter) {
                self.replaced.entry(meter).or_default().push(place.to_owned());
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        self.replaced
            .iter()
            .map(|(&meter, places)| {
                format!(
                    "the given {} replaces the derived one of {}",
                    self.index.keys.meters[usize::from(meter)].usage_type,
                    list(places)
                )
            })
            .collect()
    }
}

/// Says how ranges are used.
fn ranges(model: &Model) -> Option<String> {
    let counts = model.observations.activities.iter().flat_map(|activity| &activity.counts);
    let amounts = counts
        .map(|count| &count.amount)
        .chain(model.observations.volumes.iter().map(|volume| &volume.amount))
        .chain(
            model
                .inventory
                .event_data_stores
                .iter()
                .flat_map(|store| store.other_sources_bytes.iter().chain(&store.scanned_bytes)),
        );
    match amounts.filter(|amount| matches!(amount.value, AmountValue::Range(_))).count() {
        0 => None,
        1 => Some("one quantity is a range: its likely figure is used".to_owned()),
        count => Some(format!("{count} quantities are ranges: their likely figures are used")),
    }
}

/// Names the charges that this estimate leaves out, and event data stores of which nobody knows what they ingest.
fn left_out(model: &Model, stores: &[Store]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if model.inventory.trails.iter().any(|trail| trail.logging) {
        gaps.push(Gap {
            kind: GapKind::NotIncluded,
            what: "what S3, KMS, CloudWatch Logs and SNS charge for the logs that trails deliver".to_owned(),
            remedy: "give those volumes directly by usage type, such as `usage = { \"TimedStorage-GDA-ByteHrs\" = 500 }`"
                .to_owned(),
        });
    }
    for (store, used) in model.inventory.event_data_stores.iter().zip(stores) {
        let name = &store.name;
        if store.retention_days > store.billing_mode.included_days() {
            gaps.push(Gap {
                kind: GapKind::NotIncluded,
                what: format!("what `{name}` holds from before the first month"),
                remedy: "give PaidStorage-ByteHrs directly, from the bill".to_owned(),
            });
        }
        if used.has_unknown() {
            gaps.push(Gap {
                kind: GapKind::Volume,
                what: format!("`{name}` ingests events whose number is not known"),
                remedy: "give the activity, or Ingestion-Bytes… directly".to_owned(),
            });
        }
    }
    gaps
}
