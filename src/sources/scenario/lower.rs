//! From the document to the model: meaning, not syntax. Every finding is kept, and the rest is read on.

use super::at::At;
use super::document::ScenarioFile;
use super::load::Context;
use super::lower_buckets::BucketPlaces;
use super::lower_places::Mention;
use super::notes::Notes;
use super::quantity_text::{Expected, QuantityInput, figure_or_range, understand};
use super::volumes_csv;
use crate::domain::{
    AccountId, Activity, Amount, Component, Currency, Diagnostic, Diagnostics, Horizon, MAX_HORIZON_MONTHS,
    Model, Month, Place, RegionCode, RegionTable, nearest,
};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Returns what to write in place of an unknown Region.
pub(super) fn region_label(word: &str, regions: &RegionTable) -> String {
    nearest(word, regions.iter().map(|region| region.code.as_str())).map_or_else(
        || "a Region's code, such as us-east-1".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

/// What tells one volume from another: account, Region, service, usage type and component.
type VolumeKey = (AccountId, RegionCode, String, String, Component);

/// Reads one scenario file.
pub(super) struct Lowering<'a> {
    pub(super) name: &'a str,
    pub(super) context: &'a Context<'a>,
    pub(super) read: &'a dyn Fn(&str) -> Result<String, String>,
    pub(super) found: &'a mut Diagnostics,
    pub(super) model: Model,
    /// Places of activities already seen, by account and Region.
    pub(super) activity_at: BTreeMap<(AccountId, RegionCode), usize>,
    /// Volumes already there, once the first one of the scenario itself is read.
    pub(super) volume_keys: Option<BTreeSet<VolumeKey>>,
    /// The usual account where none is named: the only one of the scenario.
    pub(super) only_account: Option<AccountId>,
    /// Buckets, log groups and topics that something names.
    pub(super) mentions: Vec<Mention>,
    /// Where the buckets that have a table of their own stand.
    pub(super) bucket_places: BTreeMap<String, BucketPlaces>,
    /// Every bucket that is stated or named, whether it could be read or not.
    pub(super) bucket_names: BTreeSet<String>,
    /// Whether the shape of the file is wrong: what seems to be missing may stand there misspelt.
    pub(super) misshapen: bool,
    line_starts: Vec<usize>,
    /// Position of the file that is being read in the model's sources.
    source: u16,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(
        name: &'a str,
        text: &str,
        context: &'a Context<'a>,
        read: &'a dyn Fn(&str) -> Result<String, String>,
        found: &'a mut Diagnostics,
    ) -> Self {
        let misshapen = found.has_errors();
        let line_starts = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        Self {
            name,
            context,
            read,
            found,
            model: Model::empty(
                String::new(),
                name.to_owned(),
                Horizon { start: Month::EARLIEST, months: 1 },
                context.defaults.figures().to_vec(),
            ),
            activity_at: BTreeMap::new(),
            volume_keys: None,
            only_account: None,
            mentions: Vec::new(),
            bucket_places: BTreeMap::new(),
            bucket_names: BTreeSet::new(),
            misshapen,
            line_starts,
            source: 0,
        }
    }

    /// Returns the model; it means something only if nothing found is an error.
    pub(super) fn model(mut self, file: &ScenarioFile) -> Option<Model> {
        if file.version.value != 1 {
            self.error(&file.version.span, format!("version {} is not known", file.version.value)).label =
                Some("this program reads version 1".to_owned());
            return None;
        }
        file.name.value.trim().clone_into(&mut self.model.name);
        if self.model.name.is_empty() {
            self.error(&file.name.span, "the name is empty".to_owned());
        }
        self.horizon(file);
        if let Some(currency) = &file.currency {
            match Currency::new(&currency.value) {
                Some(own) => self.model.currency = own,
                None => {
                    self.error(&currency.span, format!("unknown currency `{}`", currency.value)).label =
                        Some("three capital letters, such as USD".to_owned());
                }
            }
        }
        self.measured(file.measured.as_ref());
        self.assumptions(&file.assumptions);
        self.growth(file.growth.as_ref(), &file.step);
        self.seasonality(file.seasonality.as_ref());
        self.terms(&file.terms);
        self.accounts(&file.account, &file.volume);
        if let Some(volumes) = &file.volumes {
            self.volumes_file(volumes);
        }
        for volume in &file.volume {
            self.volume(volume);
        }
        self.model.observations.tell_others_apart();
        self.trails(&file.trail);
        self.event_data_stores(&file.event_data_store);
        self.direct_deliveries(&file.direct_delivery);
        self.log_groups(&file.log_group);
        self.alarms(&file.alarm);
        self.event_buses(&file.event_bus);
        self.event_rules(&file.event_rule);
        self.topics(&file.topic);
        self.kms_keys(&file.kms_key);
        self.buckets(&file.bucket);
        self.readers(&file.reader);
        self.keep(file.keep.as_ref());
        self.benefit(file.benefit.as_ref());
        self.gaps(&file.gap);
        self.model.consolidated_billing = match file.consolidated_billing {
            Some(stated) => stated,
            // A single account pools with nobody.
            None if self.model.inventory.accounts.len() < 2 => true,
            None => self.assume("consolidated_billing") == "true",
        };
        self.model.free_tier = match file.free_tier {
            Some(stated) => stated,
            // CloudTrail has no free tier of this kind.
            None if !self.model.has_other_services() => false,
            None => self.assume("free_tier") == "true",
        };
        self.unreached(file);
        let moves = |bucket: &crate::domain::Bucket| bucket.sizes.is_empty() && !bucket.lifecycle.is_empty();
        if self.model.inventory.buckets.iter().any(moves) {
            self.assume("log_file_sizes");
        }
        self.nothing_to_estimate();
        Some(self.model)
    }

    fn horizon(&mut self, file: &ScenarioFile) {
        if let Some(start) = self.month(&file.start) {
            self.model.horizon.start = start;
        }
        match &file.months {
            None => {
                let months = self.assume("horizon_months").parse().unwrap_or(36);
                self.model.horizon.months = months;
            }
            Some(months) => match u32::try_from(months.value) {
                Ok(count @ 1..=MAX_HORIZON_MONTHS) => self.model.horizon.months = count,
                _ => {
                    self.error(&months.span, format!("{} months cannot be estimated", months.value)).label =
                        Some(format!("from 1 to {MAX_HORIZON_MONTHS}"));
                }
            },
        }
    }

    fn assumptions(&mut self, stated: &BTreeMap<String, At<QuantityInput>>) {
        for (id, input) in stated {
            let figures: Vec<&str> = self
                .model
                .assumptions
                .iter()
                .filter(|own| own.figure().is_some())
                .map(|own| own.id.as_str())
                .collect();
            if !figures.contains(&id.as_str()) {
                let label = nearest(id, figures.iter().copied()).map_or_else(
                    || format!("one of {}", figures.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.error(&input.span, format!("no figure among the defaults is called `{id}`")).label =
                    Some(label);
                continue;
            }
            let Some(at) = self.model.assumptions.iter().position(|own| own.id == *id) else {
                continue;
            };
            let own = &mut self.model.assumptions[at];
            let expected = match own.unit.as_str() {
                "bytes" => Expected::Bytes,
                _ if own.is_whole() => Expected::Count,
                _ => Expected::Number,
            };
            match figure_or_range(&input.value, expected, own.is_share()) {
                Ok((value, range)) if value > rust_decimal::Decimal::ZERO => {
                    own.value = value.to_string();
                    own.range = range;
                    own.declared = true;
                }
                Ok(_) => {
                    self.error(&input.span, format!("`{id}` must be more than zero"));
                }
                Err(reason) => {
                    self.error(&input.span, format!("bad figure for `{id}`")).label = Some(reason);
                }
            }
        }
    }

    /// Returns what is used where the scenario says nothing, and notes that it was.
    pub(super) fn assume(&mut self, id: &str) -> String {
        let found = self.model.assumptions.iter_mut().find(|own| own.id == id);
        found.map_or_else(String::new, |own| {
            own.used = true;
            own.value.clone()
        })
    }

    /// Returns a figure among the defaults as a whole number, a fraction counted as one more. Its use is not noted.
    pub(super) fn default_count(&self, id: &str) -> Option<u32> {
        let figure = self.model.assumption(id)?.figure()?;
        figure.ceil().normalize().to_string().parse().ok()
    }

    fn volumes_file(&mut self, file: &At<String>) {
        match (self.read)(&file.value) {
            Err(reason) => {
                self.error(&file.span, reason).hint =
                    Some("the path is taken from beside the scenario".to_owned());
            }
            Ok(text) => {
                let source = u16::try_from(self.model.sources.len()).unwrap_or(u16::MAX);
                self.model.sources.push(file.value.clone());
                volumes_csv::read(self, &file.value, &text, source);
                self.found.texts.push((file.value.clone(), text));
            }
        }
    }

    fn nothing_to_estimate(&mut self) {
        let inventory = &self.model.inventory;
        let observations = &self.model.observations;
        let nothing = inventory.trails.is_empty()
            && inventory.event_data_stores.is_empty()
            && inventory.direct_deliveries.is_empty()
            && inventory.buckets.is_empty()
            && inventory.kms_keys.is_empty()
            && inventory.readers.is_empty()
            && inventory.log_groups.is_empty()
            && inventory.alarms.is_empty()
            && inventory.topics.is_empty()
            && inventory.event_buses.is_empty()
            && inventory.event_rules.is_empty()
            && observations.volumes.is_empty();
        if nothing && !self.found.has_errors() {
            let finding = Diagnostic::warning(self.name, "the scenario has nothing that costs");
            self.found.push(
                finding
                    .hint("add a [[volume]], a [[trail]], an [[event_data_store]] or a [[direct_delivery]]"),
            );
        }
    }

    /// Adds an error and returns it, for more to be said.
    pub(super) fn error(&mut self, span: &Range<usize>, message: String) -> &mut Diagnostic {
        let name = self.name;
        self.found.add(Diagnostic::error(name, message).at(span.clone()))
    }

    /// Adds a warning and returns it, for more to be said.
    pub(super) fn warning(&mut self, span: &Range<usize>, message: String) -> &mut Diagnostic {
        let name = self.name;
        self.found.add(Diagnostic::warning(name, message).at(span.clone()))
    }

    /// Takes findings of what other texts write alike.
    pub(super) fn notes(&mut self) -> Notes<'_> {
        Notes { name: self.name, found: self.found }
    }

    /// Returns the line of a place in the scenario file.
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= span.start) + 1;
        Place { source: self.source, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    pub(super) fn month(&mut self, text: &At<String>) -> Option<Month> {
        text.value
            .parse()
            .map_err(|error: crate::domain::PeriodError| {
                self.error(&text.span, format!("bad month `{}`", text.value)).label = Some(error.to_string());
            })
            .ok()
    }

    pub(super) fn account_id(&mut self, text: &At<String>) -> Option<AccountId> {
        text.value
            .parse()
            .map_err(|error: crate::domain::AccountIdError| {
                self.error(&text.span, format!("bad account `{}`", text.value)).label =
                    Some(error.to_string());
            })
            .ok()
    }

    pub(super) fn region(&mut self, text: &At<String>) -> Option<RegionCode> {
        let regions = self.context.regions;
        if let Some(region) = regions.get(&text.value) {
            return Some(region.code.clone());
        }
        let label = region_label(&text.value, regions);
        self.error(&text.span, format!("unknown Region `{}`", text.value)).label = Some(label);
        None
    }

    /// Understands a quantity that the user stated.
    pub(super) fn amount(&mut self, input: &At<QuantityInput>, expected: Expected) -> Option<Amount> {
        match understand(&input.value, expected) {
            Ok(value) => Some(Amount { value, provenance: self.declared(&input.span) }),
            Err(reason) => {
                self.error(&input.span, "bad quantity".to_owned()).label = Some(reason);
                None
            }
        }
    }

    /// Returns the activity of an account and Region, a new one where there is none yet.
    pub(super) fn activity(&mut self, account: &AccountId, region: &RegionCode) -> &mut Activity {
        let activities = &mut self.model.observations.activities;
        let next = activities.len();
        let at = *self.activity_at.entry((account.clone(), region.clone())).or_insert(next);
        if at == next {
            activities.push(Activity {
                account: account.clone(),
                region: region.clone(),
                counts: Vec::new(),
            });
        }
        &mut activities[at]
    }
}
