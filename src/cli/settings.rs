//! What commands run with: price tables, Regions, defaults.

use super::args::PriceArgs;
use super::error::CliError;
use super::exit_code;
use crate::domain::{ComplianceProfile, Date, Diagnostic, Diagnostics, Month, RegionTable, UsageTypeCatalog};
use crate::io;
use crate::pricing::{
    FREE_TIERS_CSV, FreeTierTable, FreeTiers, Layer, PriceTable, REGIONS_CSV, RateCard, TABLES,
    check_free_tiers, newest_retrieval, parse_regions,
};
use crate::sources::compliance;
use crate::sources::scenario::{Context, DEFAULTS_TOML, Defaults};
use std::path::Path;

/// The name of the Region table in a directory of price tables.
const REGIONS_FILE: &str = "regions.csv";
/// The name of the free tier table in a directory of price tables.
const FREE_TIERS_FILE: &str = "free_tiers.csv";

/// Tables as they were read.
pub(super) struct Tables {
    pub(super) layers: Vec<(Layer, PriceTable)>,
    pub(super) free_tiers: Vec<(Layer, FreeTierTable)>,
    pub(super) regions: RegionTable,
    /// What is wrong with Region tables.
    pub(super) region_findings: Vec<Diagnostic>,
    /// Names and texts of the user's Region tables.
    region_texts: Vec<(String, String)>,
}

impl Tables {
    /// Starts with the built-in Regions and no prices.
    pub(super) fn new() -> Self {
        let mut regions = RegionTable::default();
        let region_findings = parse_regions("built-in regions.csv", REGIONS_CSV, &mut regions);
        Self {
            layers: Vec::new(),
            free_tiers: Vec::new(),
            regions,
            region_findings,
            region_texts: Vec::new(),
        }
    }

    pub(super) fn add_built_in(&mut self) {
        for (name, text) in TABLES {
            let table = PriceTable::parse(&format!("built-in {name}"), text);
            self.layers.push((Layer::BuiltIn, table));
        }
        let table = FreeTierTable::parse("built-in free_tiers.csv", FREE_TIERS_CSV);
        self.free_tiers.push((Layer::BuiltIn, table));
    }

    /// Adds a table, or every table of a directory.
    pub(super) fn add(&mut self, path: &Path) -> Result<(), CliError> {
        let files = if path.is_dir() { io::csv_files(path)? } else { vec![path.to_owned()] };
        if files.is_empty() {
            let message = format!("there is no price table (*.csv) in {}", path.display());
            let hint = "`trailcost pricing list --format csv` writes one to start from";
            return Err(CliError::input(&path.display().to_string(), message, Some(hint)));
        }
        for file in files {
            let name = file.display().to_string();
            let text = io::read_text(&file)?;
            if file.file_name().is_some_and(|own| own == REGIONS_FILE) {
                self.region_findings.extend(parse_regions(&name, &text, &mut self.regions));
                self.region_texts.push((name, text));
            } else if file.file_name().is_some_and(|own| own == FREE_TIERS_FILE) {
                self.free_tiers.push((Layer::User, FreeTierTable::parse(&name, &text)));
            } else {
                self.layers.push((Layer::User, PriceTable::parse(&name, &text)));
            }
        }
        Ok(())
    }

    /// Reads what the arguments name.
    pub(super) fn from_args(args: &PriceArgs) -> Result<Self, CliError> {
        let mut tables = Self::new();
        if !args.pricing_only {
            tables.add_built_in();
        }
        if let Some(path) = &args.pricing {
            tables.add(path)?;
        }
        Ok(tables)
    }

    pub(super) fn price_tables(&self) -> Vec<PriceTable> {
        self.layers.iter().map(|(_, table)| table.clone()).collect()
    }

    /// Returns the usage types that the price tables know.
    pub(super) fn catalog(&self) -> UsageTypeCatalog {
        RateCard::new(&self.layers, Month::EARLIEST.first_day()).catalog().clone()
    }

    /// Makes findings of these tables, with the texts they point into.
    pub(super) fn diagnostics(&self, mut items: Vec<Diagnostic>) -> Diagnostics {
        items.extend(self.region_findings.iter().cloned());
        let tables = self.layers.iter().map(|(_, table)| (table.name.clone(), table.text.clone()));
        let free_tiers = self.free_tiers.iter().map(|(_, table)| (table.name.clone(), table.text.clone()));
        let texts = tables.chain(free_tiers).chain(self.region_texts.iter().cloned()).collect();
        let mut diagnostics = Diagnostics { items, texts };
        diagnostics.sort();
        diagnostics
    }

    /// Builds the rate card of a day.
    pub(super) fn rate_card(&self, as_of: Option<&str>) -> Result<RateCard, CliError> {
        let findings: Vec<Diagnostic> =
            self.layers.iter().flat_map(|(_, table)| table.findings.iter().cloned()).collect();
        if !findings.is_empty() || !self.region_findings.is_empty() {
            return Err(CliError::Input(self.diagnostics(findings)));
        }
        let as_of = match as_of {
            Some(text) => parse_date(text)?,
            None => self.default_date()?,
        };
        Ok(RateCard::new(&self.layers, as_of))
    }

    /// Returns the free tiers that hold.
    pub(super) fn free_tiers(&self, card: &RateCard) -> Result<FreeTiers, CliError> {
        let findings = check_free_tiers(&self.free_tiers, card.catalog());
        if findings.is_empty() {
            return Ok(FreeTiers::new(&self.free_tiers));
        }
        Err(CliError::Input(self.diagnostics(findings)))
    }

    /// Returns the newest day on which a built-in table was retrieved; without one, a user's.
    fn default_date(&self) -> Result<Date, CliError> {
        let of = |wanted: Layer| {
            newest_retrieval(self.layers.iter().filter(|(layer, _)| *layer == wanted).map(|(_, table)| table))
        };
        // A user's table may be newer than ours; its prices are meant to be used.
        of(Layer::BuiltIn).max(of(Layer::User)).ok_or_else(|| {
            CliError::new(exit_code::BAD_INPUT, "the price tables have no rows")
                .hint("add a row for each price, or use the built-in tables")
        })
    }
}

pub(super) fn parse_date(text: &str) -> Result<Date, CliError> {
    parse_day("--as-of", text)
}

/// Reads the date of an option.
pub(super) fn parse_day(option: &str, text: &str) -> Result<Date, CliError> {
    text.parse().map_err(|error: crate::domain::PeriodError| {
        CliError::new(exit_code::USAGE, format!("bad date `{text}` for {option}")).hint(error.to_string())
    })
}

/// What estimating needs.
pub(super) struct Settings {
    pub(super) card: RateCard,
    /// What is free each month in a scenario that says so.
    pub(super) free_tiers: FreeTiers,
    pub(super) regions: RegionTable,
    pub(super) defaults: Defaults,
    /// The compliance profiles that scenarios name.
    pub(super) compliance: Vec<ComplianceProfile>,
}

impl Settings {
    pub(super) fn new(args: &PriceArgs) -> Result<Self, CliError> {
        let tables = Tables::from_args(args)?;
        let card = tables.rate_card(args.as_of.as_deref())?;
        let free_tiers = tables.free_tiers(&card)?;
        let defaults = Defaults::parse("built-in defaults.toml", DEFAULTS_TOML).map_err(|finding| {
            CliError::Input(Diagnostics {
                items: vec![*finding],
                texts: vec![("built-in defaults.toml".to_owned(), DEFAULTS_TOML.to_owned())],
            })
        })?;
        let compliance = compliance::built_in().map_err(CliError::Input)?;
        // The program ends soon: taking what was read apart would only take time.
        std::mem::forget((tables.layers, tables.free_tiers));
        Ok(Self { card, free_tiers, regions: tables.regions, defaults, compliance })
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            catalog: self.card.catalog(),
            regions: &self.regions,
            defaults: &self.defaults,
            compliance: &self.compliance,
        }
    }
}
