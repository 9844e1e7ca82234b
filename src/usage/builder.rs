//! From a model to a usage plan: cells, shapes, lines, and what could not be told.

use super::cell::{Cell, Counts, Factors, Line};
use super::chain::{Chain, ChainFigures, ChainUsage, Delivered, DigestRegions, GivenMeters};
use super::coverage::{coverage_gaps, volume_gaps};
use super::error::UsageError;
use super::gather::{Extras, Gathering, Taken, each_month};
use super::keys::Index;
use super::lake::{Given, LakeFigures, Store, StoreMeters, is_store_meter};
use super::meter::Derived;
use super::plan::UsagePlan;
use super::pooled::Grown;
use super::recorders::Recorders;
use super::shape::{Conversion, Shape, ShapeKey};
use super::unknown_charges::{UnknownCharge, Unknowns, unknown_charges};
use crate::domain::{
    Access, Activity, BillingMode, EventClass, EventDataStore, EventSource, Gap, GapKind, Meter, MeterId,
    Model, Month, Place, QuantityError, Volume, list_names,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is known of one account and Region before it becomes a cell.
#[derive(Default)]
struct Draft<'a> {
    activity: Option<&'a Activity>,
    volumes: Vec<&'a Volume>,
    unknown: Vec<UnknownCharge>,
    /// Whether the calls of a key that encrypts log files are added to what happens.
    adds_key_calls: bool,
}

/// The figures that a plan is built with.
pub(super) struct Figures {
    pub(super) lake: LakeFigures,
    pub(super) chain: ChainFigures,
    pub(super) direct_delivery: Conversion,
}

/// What the chain runs with: enough to run it once more with other lifecycles.
pub(super) struct Rerun {
    pub(super) index: Index,
    pub(super) figures: ChainFigures,
    pub(super) given: GivenMeters,
    pub(super) digests: DigestRegions,
    /// What each trail delivers, by month.
    pub(super) delivered: Vec<Vec<Delivered>>,
}

pub(super) struct Builder<'a> {
    model: &'a Model,
    index: Index,
    figures: Figures,
    shapes: Vec<Shape>,
    shape_ids: BTreeMap<ShapeKey, u32>,
    counts: Counts,
    /// For each class of events its place in their own order, whatever position it happened to get.
    ranks: Vec<usize>,
    lines: Vec<Line>,
    /// Cells to which the calls of a key are added, with the position of their count.
    extras: Extras,
    /// Sizes of objects told apart beside those that lifecycles name.
    sizes: &'a [u64],
    /// What each trail delivers, by month.
    delivered: Vec<Vec<Delivered>>,
    /// For each meter, places where a given quantity replaces a derived one.
    replaced: BTreeMap<MeterId, Vec<String>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(model: &'a Model, figures: Figures) -> Self {
        Self {
            model,
            index: Index::new(model),
            figures,
            shapes: Vec::new(),
            shape_ids: BTreeMap::new(),
            counts: Counts::default(),
            ranks: ranks(&model.observations.event_classes),
            lines: Vec::new(),
            extras: Extras::new(),
            sizes: &[],
            delivered: Vec::new(),
            replaced: BTreeMap::new(),
        }
    }

    /// Returns a builder that tells objects of other sizes apart too.
    pub(super) fn telling_apart(mut self, sizes: &'a [u64]) -> Self {
        self.sizes = sizes;
        self
    }

    /// Builds the plan, with what another version of the chain can be run with.
    pub(super) fn build_all(
        mut self,
        months: Vec<Month>,
        factors: Vec<Factors>,
        used: BTreeSet<&'static str>,
        grown: Option<Arc<Grown>>,
    ) -> Result<(UsagePlan, Rerun), UsageError> {
        let model = self.model;
        let recorders = Recorders::new(model, &mut self.index);
        self.name_chain();
        let activities = &model.observations.activities;
        let active = self.index.places(activities);
        let digests = DigestRegions::new(model, &self.index, &active, &self.figures.chain);
        let mut chain = Chain::new(model, &months, self.figures.chain, self.sizes, (&digests, &self.index));
        let Unknowns { charges, mut gaps, stores: silent_stores, taps: silent_taps, warnings: unmatched } =
            unknown_charges(model, &self.index, &recorders);
        let mut drafts: BTreeMap<(u32, u16), Draft<'a>> = BTreeMap::new();
        for (activity, &key) in activities.iter().zip(&active) {
            drafts.entry(key).or_default().activity = Some(activity);
        }
        for volume in &model.observations.volumes {
            let key = (self.index.account(&volume.account), self.index.region(&volume.region));
            drafts.entry(key).or_default().volumes.push(volume);
        }
        for charge in charges {
            drafts.entry((charge.account, charge.region)).or_default().unknown.push(charge);
        }
        self.mark_keys(&chain, &mut drafts);
        let mut cells = Vec::with_capacity(drafts.len());
        let mut given_stores: BTreeMap<(u32, u16), Vec<MeterId>> = BTreeMap::new();
        for (key, draft) in &drafts {
            let given: Vec<MeterId> = draft.volumes.iter().map(|volume| self.meter_of(volume)).collect();
            given_stores.insert(*key, given);
            let at = cells.len();
            cells.push(self.cell(at, *key, draft, &recorders)?);
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
        for tap in silent_taps {
            chain.mark_unknown(tap);
        }
        self.mark_unknown_deliveries(&cells, &mut chain, &mut stores);
        let given: GivenMeters = given_stores
            .iter()
            .flat_map(|(&(account, region), meters)| {
                meters.iter().map(move |&meter| (account, region, meter))
            })
            .collect();
        let grown = grown.filter(|own| own.fits(&self.index.keys, &cells, &self.shapes, &self.counts));
        let chain_usage =
            self.take_in((&months, &factors), &cells, &mut chain, &given, &mut stores, grown.as_deref())?;
        let grown = grown.filter(|own| own.is_known(&cells, &self.counts));
        for &(account, region, meter) in &chain_usage.replaced {
            let place = format!(
                "{} {}",
                self.index.keys.accounts[account as usize],
                self.index.keys.regions[usize::from(region)]
            );
            self.replaced.entry(meter).or_default().push(place);
        }
        let mut warnings = self.warnings();
        warnings.extend(unmatched);
        gaps.extend(left_out(model, &stores, &chain));
        gaps.extend(model.gaps.iter().cloned());
        gaps.sort();
        gaps.dedup();
        let store_meters = StoreMeters::new(&self.index);
        let keys = self.index.keys.clone();
        let rerun = Rerun {
            index: self.index,
            figures: self.figures.chain,
            given,
            digests,
            delivered: self.delivered,
        };
        let plan = UsagePlan {
            store_meters,
            keys,
            months,
            factors,
            cells,
            shapes: self.shapes,
            counts: self.counts,
            lines: self.lines,
            stores,
            lake: self.figures.lake,
            extras: self.extras,
            chain: chain_usage.records,
            history: chain_usage.history,
            gaps,
            leaves_out_volumes: model.gaps.iter().any(|gap| gap.kind == GapKind::Volume),
            warnings,
            used,
            grown,
        };
        Ok((plan, rerun))
    }

    /// Gives the resources of the chain their positions, by name.
    fn name_chain(&mut self) {
        let inventory = &self.model.inventory;
        let names: BTreeSet<&str> = inventory
            .buckets
            .iter()
            .map(|own| &own.name)
            .chain(inventory.kms_keys.iter().map(|own| &own.name))
            .chain(inventory.readers.iter().map(|own| &own.name))
            .chain(inventory.log_groups.iter().map(|own| &own.name))
            .chain(inventory.alarms.iter().map(|own| &own.name))
            .chain(inventory.topics.iter().map(|own| &own.name))
            .chain(inventory.event_buses.iter().map(|own| &own.name))
            .chain(inventory.event_rules.iter().map(|own| &own.name))
            .map(String::as_str)
            .collect();
        for name in names {
            self.index.resource(name);
        }
    }

    /// Marks the places of keys that encrypt log files: their calls are events too.
    ///
    /// Where the reads of KMS are stated, or a total of all management events, those calls are taken to be among them.
    fn mark_keys(&self, chain: &Chain<'_>, drafts: &mut BTreeMap<(u32, u16), Draft<'a>>) {
        let classes = &self.model.observations.event_classes;
        for (account, region) in chain.keys() {
            let draft = drafts.entry((self.index.account(&account), self.index.region(&region))).or_default();
            let stated = draft.activity.is_some_and(|activity| {
                let holds_them = [key_call(), EventClass::any_management()];
                activity.counts.iter().any(|count| holds_them.contains(&classes[count.class as usize]))
            });
            draft.adds_key_calls = !stated;
        }
    }

    /// Marks stores and trails that take in events whose number is not known.
    ///
    /// The calls of a key tell nothing of that: there are as many of them as what is taken in makes.
    fn mark_unknown_deliveries(&self, cells: &[Cell], chain: &mut Chain<'_>, stores: &mut [Store]) {
        let mut fed = vec![false; chain.taps()];
        for (at, cell) in cells.iter().enumerate() {
            let shape = &self.shapes[cell.shape as usize];
            let key_calls = self.extras.get(&at).map(|&(position, _)| position);
            let is_stated = |terms: &[(u16, u16)]| terms.iter().any(|&(at, _)| Some(at) != key_calls);
            let unknown =
                |terms: &[(u16, u16)]| terms.iter().any(|&(at, _)| self.counts.is_unknown(&cell.counts, at));
            for feed in &shape.feeds {
                if feed.undecided || is_stated(&feed.terms) {
                    stores[feed.store].mark_fed();
                }
                if feed.undecided || unknown(&feed.terms) {
                    stores[feed.store].mark_unknown();
                }
            }
            for tap in &shape.taps {
                fed[usize::from(tap.tap)] |=
                    tap.undecided || is_stated(&tap.terms) || is_stated(&tap.network_terms);
                if tap.undecided || unknown(&tap.terms) || unknown(&tap.network_terms) {
                    chain.mark_unknown(tap.tap);
                }
            }
        }
        for (fed, tap) in fed.into_iter().zip(0..) {
            if !fed {
                chain.mark_unknown(tap);
            }
        }
    }

    /// Counts what stores and trails take in, and lets the logs touch what they touch.
    ///
    /// The calls of a key that encrypts log files are events of the key's account and Region. They are counted once: the
    /// files that they add are written, but their own encryption is not followed further.
    fn take_in(
        &mut self,
        (months, factors): (&[Month], &[Factors]),
        cells: &[Cell],
        chain: &mut Chain<'_>,
        given: &GivenMeters,
        stores: &mut [Store],
        grown: Option<&Grown>,
    ) -> Result<ChainUsage, UsageError> {
        let gathering = Gathering {
            cells,
            shapes: &self.shapes,
            counts: &self.counts,
            stores: stores.len(),
            taps: chain.taps(),
            bands: chain.bands(),
        };
        let keyed: Vec<usize> = self.extras.keys().copied().collect();
        let none = Extras::new();
        let gather = |of: &[usize], extras: &Extras| {
            each_month(months.len(), of.len(), &|month| {
                let filing = chain.filing(month)?;
                gathering.month(of.iter().copied(), month, &factors[month], &filing, extras)
            })
        };
        let mut taken: Vec<Taken> = match grown {
            Some(grown) => grown.taken(&gathering, chain, factors)?,
            None => gather(&(0..cells.len()).collect::<Vec<_>>(), &none)?,
        };
        let mut unknown_calls = BTreeSet::new();
        if !keyed.is_empty() {
            let first = run(chain, &taken, factors, &self.index, given, true)?;
            let before = gather(&keyed, &none)?;
            for (&at, (_, events)) in &mut self.extras {
                let owner = (cells[at].account, cells[at].region);
                *events = first.key_calls.get(&owner).cloned().unwrap_or_else(|| vec![0; months.len()]);
            }
            let after = gather(&keyed, &self.extras)?;
            for (sum, (before, after)) in taken.iter_mut().zip(before.iter().zip(&after)) {
                sum.take_away(before)?;
                sum.add(after)?;
            }
            unknown_calls = first.unknown_calls;
        }
        for (&at, &(position, _)) in &self.extras {
            if unknown_calls.contains(&(cells[at].account, cells[at].region)) {
                self.counts.mark_unknown(cells[at].counts.start + usize::from(position));
            }
        }
        if !unknown_calls.is_empty() {
            self.mark_unknown_deliveries(cells, chain, stores);
        }
        for (taken, factors) in taken.iter().zip(factors) {
            for (store, &events) in stores.iter_mut().zip(&taken.stores) {
                store.ingest(events, self.figures.lake, factors)?;
            }
        }
        for store in stores {
            store.mark_unknown_if_nothing_is_stated();
        }
        let usage = run(chain, &taken, factors, &self.index, given, false)?;
        self.delivered = taken.into_iter().map(|taken| taken.taps).collect();
        Ok(usage)
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
        at: usize,
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
            counts.sort_by_key(|count| self.ranks[count.class as usize]);
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
        let covering = recorders.covering(&account_id, &region_code);
        if draft.adds_key_calls
            && let Some(class) =
                self.model.observations.event_classes.iter().position(|own| *own == key_call())
            && let Ok(position) = u16::try_from(classes.len())
        {
            classes.push(u32::try_from(class).unwrap_or(u32::MAX));
            self.counts.push_zero();
            self.extras.insert(at, (position, Vec::new()));
        }
        let key = ShapeKey { classes, recorders: covering, given };
        let shape = self.shape(&key, recorders);
        self.note_replaced(&key, recorders, &|| format!("{account_id} {region_code}"));
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
        let shape = Shape::new(key, classes, recorders, &self.index, self.figures.direct_delivery);
        let id = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
        self.shapes.push(shape);
        self.shape_ids.insert(key.clone(), id);
        id
    }

    /// Notes which derived quantities a given one replaces.
    fn note_replaced(&mut self, key: &ShapeKey, recorders: &Recorders<'_>, place: &dyn Fn() -> String) {
        if key.given.is_empty() || key.classes.is_empty() {
            return;
        }
        let without = ShapeKey { given: Vec::new(), ..key.clone() };
        let classes = &self.model.observations.event_classes;
        let full = Shape::new(&without, classes, recorders, &self.index, self.figures.direct_delivery);
        for &meter in &key.given {
            if full.outputs.iter().any(|output| output.meter == meter) {
                self.replaced.entry(meter).or_default().push(place());
            }
        }
    }

    fn warnings(&self) -> Vec<String> {
        self.replaced
            .iter()
            .map(|(&meter, places)| {
                let meter = &self.index.keys.meters[usize::from(meter)];
                format!(
                    "the given {} {} replaces everything derived of that usage type in {}",
                    meter.service,
                    meter.usage_type,
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

/// Returns the place of each class in their own order.
fn ranks(classes: &[EventClass]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|&at| &classes[at]);
    let mut ranks = vec![0; classes.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}

/// Returns the class of the calls by which log files are encrypted and decrypted: `GenerateDataKey` and `Decrypt` read.
pub(super) fn key_call() -> EventClass {
    EventClass::management(Access::Read, EventSource::Kms)
}

fn run(
    chain: &Chain<'_>,
    taken: &[Taken],
    factors: &[Factors],
    index: &Index,
    given: &GivenMeters,
    only_calls: bool,
) -> Result<ChainUsage, QuantityError> {
    let delivered: Vec<_> = taken.iter().map(|taken| taken.taps.as_slice()).collect();
    chain.run(&delivered, factors, index, given, only_calls)
}

/// Names the charges that this estimate leaves out, and event data stores of which nobody knows what they ingest.
fn left_out(model: &Model, stores: &[Store], chain: &Chain<'_>) -> Vec<Gap> {
    let mut gaps = chain.gaps();
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
