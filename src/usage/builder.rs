//! From a model to a usage plan: cells, shapes, lines, and what could not be told.

use super::cell::{Cell, Counts, Factors, Line};
use super::coverage::{coverage_gaps, volume_gaps};
use super::error::UsageError;
use super::keys::Index;
use super::lake::{Given, LakeFigures, Store, StoreMeters, is_store_meter};
use super::meter::Derived;
use super::plan::UsagePlan;
use super::recorders::Recorders;
use super::shape::{Conversion, Shape, ShapeKey};
use super::unknown_charges::{UnknownCharge, Unknowns, unknown_charges};
use crate::domain::{
    Activity, BillingMode, EventDataStore, Gap, GapKind, Meter, MeterId, Model, Month, Place, Volume,
    list_names,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one account and Region before it becomes a cell.
#[derive(Default)]
struct Draft<'a> {
    activity: Option<&'a Activity>,
    volumes: Vec<&'a Volume>,
    unknown: Vec<UnknownCharge>,
}

pub(super) struct Builder<'a> {
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
    pub(super) fn new(model: &'a Model, direct_delivery: Conversion) -> Self {
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

    pub(super) fn build(
        mut self,
        months: Vec<Month>,
        factors: Vec<Factors>,
        lake: LakeFigures,
        used: BTreeSet<&'static str>,
    ) -> Result<UsagePlan, UsageError> {
        let model = self.model;
        let recorders = Recorders::new(model, &mut self.index);
        let Unknowns { charges, mut gaps, stores: silent_stores, warnings: unmatched } =
            unknown_charges(model, &self.index, &recorders);
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
            let ingestion = given_ingestion(model, store);
            stores.push(Store::new(store, resource, given, ingestion, &self.index));
        }
        for at in silent_stores {
            stores[at].mark_unknown();
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
        warnings.extend(unmatched);
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
                    "the given {} replaces everything derived of that usage type in {}",
                    self.index.keys.meters[usize::from(meter)].usage_type,
                    list_names(places)
                )
            })
            .collect()
    }
}

/// Returns what is given directly of a one-year store's live and other ingestion, for what it then holds.
///
/// A bill does not say which store it is: of several in one account and Region nobody knows.
fn given_ingestion(model: &Model, store: &EventDataStore) -> (Given, Given) {
    let peers = model
        .inventory
        .event_data_stores
        .iter()
        .filter(|own| own.billing_mode == store.billing_mode)
        .filter(|own| own.account == store.account && own.home_region == store.home_region)
        .count();
    let of = |derived: Derived| {
        let meter = derived.meter();
        let volume = model.observations.volumes.iter().find(|volume| {
            volume.account == store.account
                && volume.region == store.home_region
                && volume.service == meter.service
                && volume.usage_type == meter.usage_type
        });
        match volume.map(|volume| volume.amount.likely()) {
            None => Given::Nothing,
            Some(Some(gb)) if peers == 1 => Given::Gigabytes(gb),
            Some(_) => Given::Unknown,
        }
    };
    match store.billing_mode {
        BillingMode::OneYearExtendable => (of(Derived::LakeOneYearLive), of(Derived::LakeOneYearOther)),
        BillingMode::SevenYear => (of(Derived::LakeSevenYear), Given::Nothing),
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
