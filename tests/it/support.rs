//! What several tests need: the built-in tables, and a scenario's estimate.

#[cfg(feature = "aws")]
pub(crate) mod aws;
pub(crate) mod log_corpus;
pub(crate) mod log_fuzz;
pub(crate) mod log_reference;

use std::path::Path;
use trailcost::costing::{Estimate, estimate};
use trailcost::domain::{ComplianceProfile, LineItemSink, Model, RegionTable};
use trailcost::pricing::{
    FREE_TIERS_CSV, FreeTierTable, FreeTiers, Layer, PriceTable, REGIONS_CSV, RateCard, TABLES,
    newest_retrieval, parse_regions,
};
use trailcost::sources::compliance;
use trailcost::sources::scenario::{self, Context, DEFAULTS_TOML, Defaults};
use trailcost::usage::UsagePlan;

/// The built-in tables as of the newest day they were retrieved.
pub(crate) struct BuiltIn {
    pub(crate) card: RateCard,
    pub(crate) free_tiers: FreeTiers,
    pub(crate) regions: RegionTable,
    pub(crate) defaults: Defaults,
    pub(crate) compliance: Vec<ComplianceProfile>,
}

impl BuiltIn {
    pub(crate) fn new() -> Self {
        Self::without(None)
    }

    /// The built-in tables without the rows of a usage type.
    pub(crate) fn without(usage_type: Option<&str>) -> Self {
        let left_out = usage_type.map(|own| format!(",{own},"));
        let is_left = |line: &&str| !left_out.as_ref().is_some_and(|own| line.contains(own));
        let tables: Vec<(Layer, PriceTable)> = TABLES
            .iter()
            .map(|(name, text)| {
                let lines: Vec<&str> = text.lines().filter(is_left).collect();
                (Layer::BuiltIn, PriceTable::parse(name, &lines.join("\n")))
            })
            .collect();
        let as_of = newest_retrieval(tables.iter().map(|(_, table)| table)).unwrap();
        let mut regions = RegionTable::default();
        assert_eq!(parse_regions("regions.csv", REGIONS_CSV, &mut regions), vec![]);
        Self {
            card: RateCard::new(&tables, as_of),
            free_tiers: FreeTiers::new(&[(
                Layer::BuiltIn,
                FreeTierTable::parse("free_tiers.csv", FREE_TIERS_CSV),
            )]),
            regions,
            defaults: Defaults::parse("defaults.toml", DEFAULTS_TOML).unwrap(),
            compliance: compliance::built_in().unwrap(),
        }
    }

    /// What scenarios are read against.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            catalog: self.card.catalog(),
            regions: &self.regions,
            defaults: &self.defaults,
            compliance: &self.compliance,
        }
    }

    /// Reads a scenario's text; it names no other file.
    pub(crate) fn model(&self, text: &str) -> Model {
        let loaded =
            scenario::parse("scenario.toml", text, &self.context(), &|_| Err("no such file".to_owned()));
        match loaded {
            Ok(loaded) => loaded.model,
            Err(found) => panic!("{:#?}\n{text}", found.items),
        }
    }

    /// Prices a model.
    pub(crate) fn estimate(&self, model: &Model, sink: Option<&mut dyn LineItemSink>) -> Estimate {
        let plan = UsagePlan::new(model).unwrap();
        let none = FreeTiers::default();
        let free_tiers = if model.free_tier { &self.free_tiers } else { &none };
        estimate(&plan, &self.card, free_tiers, &model.terms, &model.currency, sink).unwrap()
    }
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
