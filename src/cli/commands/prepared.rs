//! A scenario, read, turned into usage and priced: what `estimate` and `compare` share.

use crate::cli::error::CliError;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::costing::{CostError, Estimate, estimate};
use crate::domain::{Assumption, LineItemSink, Model, Quantity, RetentionCheck, StorageHistory};
use crate::pricing::FreeTiers;
use crate::recommend::Valuer;
use crate::report::{Facts, GroupBy, LogFacts, ReportView, WorkbookError, WorkbookFacts, workbook};
use crate::simulation::{Options, Simulation, ranged_inputs, simulate};
use crate::sources::scenario;
use crate::usage::UsagePlan;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A scenario with its estimate.
pub(super) struct Prepared<'a> {
    settings: &'a Settings,
    /// Empty unless the scenario says that free tiers are still free.
    free_tiers: FreeTiers,
    model: Model,
    plan: UsagePlan,
    estimate: Estimate,
    simulation: Option<Simulation>,
    /// Ranges of which nothing but the likely figure is used.
    likely_only: usize,
    account_names: BTreeMap<String, String>,
    retention: Vec<RetentionCheck>,
    events_per_year: Option<Quantity>,
}

impl<'a> Prepared<'a> {
    /// Reads a scenario file and prices it; line items go to `sink`, if there is one.
    pub(super) fn new(
        path: &Path,
        settings: &'a Settings,
        screen: Screen,
        sink: Option<&mut dyn LineItemSink>,
    ) -> Result<Self, CliError> {
        Self::of(Self::read(path, settings, screen)?, settings, sink)
    }

    /// Reads a scenario file, and tells what is odd about it.
    pub(super) fn read(path: &Path, settings: &Settings, screen: Screen) -> Result<Model, CliError> {
        let loaded = scenario::load(path, &settings.context()).map_err(CliError::Input)?;
        screen.warn(&loaded.warnings);
        Ok(loaded.model)
    }

    /// Prices a model; line items go to `sink`, if there is one.
    pub(super) fn of(
        model: Model,
        settings: &'a Settings,
        sink: Option<&mut dyn LineItemSink>,
    ) -> Result<Self, CliError> {
        let plan = UsagePlan::new(&model)?;
        let free_tiers = if model.free_tier { settings.free_tiers.clone() } else { FreeTiers::default() };
        let (terms, currency) = (&model.terms, &model.currency);
        let estimate = estimate(&plan, &settings.card, &free_tiers, terms, currency, sink)?;
        let account_names = model
            .inventory
            .accounts
            .iter()
            .filter_map(|account| account.name.clone().map(|name| (account.id.to_string(), name)))
            .collect();
        let retention = model.retention_checks();
        let events_per_year = match model.benefit {
            None => None,
            Some(_) => plan.events_in_first_year().map_err(crate::usage::UsageError::from)?,
        };
        let likely_only = ranged_inputs(&model, &plan).len();
        Ok(Self {
            settings,
            free_tiers,
            model,
            plan,
            estimate,
            simulation: None,
            likely_only,
            account_names,
            retention,
            events_per_year,
        })
    }

    /// Draws from the quantities that are ranges, if any are.
    pub(super) fn simulated(mut self, options: &Options) -> Result<Self, CliError> {
        let likely = self.estimate.total.total.contracted;
        self.simulation =
            simulate(&self.model, &self.plan, (&self.settings.card, &self.free_tiers), likely, options)?;
        self.likely_only = 0;
        Ok(self)
    }

    /// Returns the files that the scenario was read from.
    pub(super) fn inputs(&self, scenario: &Path) -> Vec<PathBuf> {
        let directory = scenario.parent().unwrap_or(Path::new(""));
        let beside = self.model.sources.iter().skip(1).map(|name| directory.join(name));
        std::iter::once(scenario.to_owned()).chain(beside).collect()
    }

    /// Prepares to price versions of the scenario as it was priced itself.
    pub(super) fn valuer(&self) -> Result<Valuer<'_>, CliError> {
        Ok(Valuer::new(&self.model, &self.settings.card, &self.free_tiers)?)
    }

    pub(super) fn model(&self) -> &Model {
        &self.model
    }

    pub(super) fn estimate(&self) -> &Estimate {
        &self.estimate
    }

    pub(super) fn storage(&self) -> &StorageHistory {
        self.plan.storage()
    }

    /// Tells whether a price is missing, volumes aside.
    pub(super) fn lacks_a_price(&self) -> bool {
        !self.estimate.missing_prices.is_empty()
    }

    /// Hands what a report needs to `use_facts`.
    pub(super) fn with_facts<T>(&self, use_facts: impl FnOnce(&Facts<'_>) -> T) -> T {
        let assumptions: Vec<&Assumption> = self.plan.assumptions(&self.model);
        use_facts(&Facts {
            name: &self.model.name,
            currency: &self.model.currency,
            measured: self.model.measured.as_ref(),
            estimate: &self.estimate,
            gaps: self.plan.gaps(),
            assumptions: &assumptions,
            warnings: self.plan.warnings(),
            simulation: self.simulation.as_ref(),
            logs: LogFacts {
                storage: self.plan.storage(),
                demands: &self.model.demands,
                retention: &self.retention,
                benefit: self.model.benefit.as_ref(),
                events_per_year: self.events_per_year,
            },
            likely_only: self.likely_only,
            card: &self.settings.card,
            account_names: &self.account_names,
        })
    }

    /// Makes the workbook: the content of an `.xlsx` file.
    pub(super) fn workbook(&self) -> Result<Vec<u8>, WorkbookError> {
        let view = self.view(GroupBy::Component);
        self.with_facts(|report| {
            workbook(&WorkbookFacts {
                report,
                view: &view,
                model: &self.model,
                usage: &self.plan,
                free_tiers: &self.free_tiers,
            })
        })
    }

    pub(super) fn view(&self, group_by: GroupBy) -> ReportView {
        self.with_facts(|facts| ReportView::new(facts, group_by))
    }

    /// Prices the scenario once more, handing each line item to a sink.
    pub(super) fn line_items(&self, sink: &mut dyn LineItemSink) -> Result<(), CostError> {
        let (terms, currency) = (&self.model.terms, &self.model.currency);
        estimate(&self.plan, &self.settings.card, &self.free_tiers, terms, currency, Some(sink)).map(|_| ())
    }
}
