//! Which account and Region's volumes stand in the file, and which in the table beside it.

use super::error::WriteError;
use super::table;
use crate::domain::{
    AccountId, Activity, AmountValue, EventClass, Field, FieldValue, Model, Observations, RegionCode, Volume,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one account and Region.
#[derive(Debug)]
pub(super) struct PlaceVolumes<'m> {
    pub(super) account: &'m AccountId,
    pub(super) region: &'m RegionCode,
    /// Volumes given directly.
    pub(super) volumes: Vec<&'m Volume>,
    /// What happens there.
    pub(super) activity: Option<&'m Activity>,
    /// Whether all of it goes into the table.
    pub(super) in_table: bool,
}

/// Everything that was counted, by account and Region, in the model's order.
#[derive(Debug)]
pub(super) struct Places<'m> {
    pub(super) all: Vec<PlaceVolumes<'m>>,
    classes: &'m [EventClass],
    said: Vec<Option<EventClass>>,
}

impl<'m> Places<'m> {
    /// Sorts out what goes where: past `most` places all that the table can say goes there.
    pub(super) fn new(model: &'m Model, most: usize) -> Result<Self, WriteError> {
        let observations = &model.observations;
        let mut at: BTreeMap<(&AccountId, &RegionCode), usize> = BTreeMap::new();
        let mut places: Vec<PlaceVolumes<'m>> = Vec::new();
        let mut place =
            |places: &mut Vec<PlaceVolumes<'m>>, account: &'m AccountId, region: &'m RegionCode| {
                *at.entry((account, region)).or_insert_with(|| {
                    places.push(PlaceVolumes {
                        account,
                        region,
                        volumes: Vec::new(),
                        activity: None,
                        in_table: false,
                    });
                    places.len() - 1
                })
            };
        for activity in &observations.activities {
            let at = place(&mut places, &activity.account, &activity.region);
            if places[at].activity.replace(activity).is_some() {
                let what = format!("the activity of {} in {}", activity.account, activity.region);
                return Err(WriteError::new(what, "it is there twice"));
            }
        }
        let mut keys = BTreeSet::new();
        for volume in &observations.volumes {
            let at = place(&mut places, &volume.account, &volume.region);
            places[at].volumes.push(volume);
            if !keys.insert((
                &volume.account,
                &volume.region,
                &volume.service,
                &volume.usage_type,
                volume.component,
            )) {
                let what = format!("{} of {} in {}", volume.usage_type, volume.account, volume.region);
                return Err(WriteError::new(what, "it is there twice"));
            }
        }
        let classes = observations.event_classes.as_slice();
        let said = said(observations);
        let fits: Vec<bool> = places.iter().map(|own| fits(own, &said)).collect();
        if fits.iter().filter(|fits| **fits).count() > most {
            for (own, fits) in places.iter_mut().zip(fits) {
                own.in_table = fits;
            }
        }
        Ok(Self { all: places, classes, said })
    }

    /// Returns the class of a count.
    pub(super) fn class(&self, at: u32) -> Option<&'m EventClass> {
        self.classes.get(at as usize)
    }

    /// Returns the class as a scenario says it, with all other resources left out; nothing where it has no words.
    pub(super) fn said(&self, at: u32) -> Option<&EventClass> {
        self.said.get(at as usize)?.as_ref()
    }

    /// Writes the table of those that go there; nothing where none does.
    pub(super) fn csv(&self) -> Result<Option<String>, WriteError> {
        let rows: Vec<&PlaceVolumes<'m>> = self.all.iter().filter(|own| own.in_table).collect();
        if rows.is_empty() { Ok(None) } else { table::write(&rows, &self.said).map(Some) }
    }
}

/// Returns the classes as a scenario says them: the loader knows which resources the others are.
fn said(observations: &Observations) -> Vec<Option<EventClass>> {
    let mut loaded = observations.clone();
    loaded.tell_others_apart();
    let classes = observations.event_classes.iter().zip(&loaded.event_classes);
    classes
        .map(|(class, loaded)| {
            let mut said = (class == loaded).then(|| class.clone())?;
            if matches!(said.fields.get(&Field::ResourcesArn), Some(FieldValue::NoneOf(_))) {
                said.fields.remove(&Field::ResourcesArn);
            }
            Some(said)
        })
        .collect()
}

/// Tells whether the table has words for all that is known of a place.
fn fits(place: &PlaceVolumes<'_>, said: &[Option<EventClass>]) -> bool {
    let one_figure = |value: &AmountValue| !matches!(value, AmountValue::Range(_));
    let volumes =
        place.volumes.iter().all(|own| one_figure(&own.amount.value) && table::volume_column(own).is_some());
    let activity = place.activity.is_none_or(|activity| {
        // An activity without any count would be lost.
        !activity.counts.is_empty()
            && activity.counts.iter().all(|count| {
                one_figure(&count.amount.value)
                    && said
                        .get(count.class as usize)
                        .and_then(Option::as_ref)
                        .is_some_and(|class| table::class_column(class).is_some())
            })
    });
    volumes && activity
}
