//! `trailcost estimate`

use super::focus_output::FocusFile;
use super::prepared::Prepared;
use crate::cli::args::{By, EstimateArgs, Format};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::io::{self, PendingFile};
use crate::report::{
    EstimateJson, Facts, GroupBy, LineItemCsv, NamedChart, ReportView, chart, estimate_charts,
    estimate_markdown, estimate_text, monthly_csv, ranges_csv, storage_csv, summary_csv, tornado_csv,
};
use crate::simulation::Options;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &EstimateArgs, screen: Screen) -> Result<u8, CliError> {
    if args.scenarios.len() > 1 && args.format == Format::Csv {
        return Err(CliError::new(exit_code::USAGE, "CSV holds one scenario at a time")
            .hint("give one scenario, or write a directory for each with --out"));
    }
    let focus = FocusFile::of(args.focus.as_deref())?;
    if args.scenarios.len() > 1 && focus.is_some() {
        return Err(CliError::new(exit_code::USAGE, "a FOCUS file holds one scenario at a time")
            .hint("estimate them one by one, each with a --focus of its own"));
    }
    check_workbook(args)?;
    let settings = Settings::new(&args.prices)?;
    let directories = directories(args)?;
    let options = Options { draws: args.draws, seed: args.seed, ..Options::default() };
    let mut code = exit_code::DONE;
    for (at, (scenario, directory)) in args.scenarios.iter().zip(directories).enumerate() {
        let prepared = match directory {
            None => Prepared::new(scenario, &settings, screen, None)?.simulated(&options)?,
            Some(directory) => write_files(scenario, &settings, &directory, screen, &options)?,
        };
        if let Some(focus) = focus {
            focus.write_estimate(&prepared, &settings, &prepared.inputs(scenario), screen)?;
        }
        if let Some(path) = &args.workbook {
            write_workbook(path, scenario, &prepared, screen)?;
        }
        print(args, &prepared, screen, at)?;
        if prepared.lacks_a_price() && !args.allow_incomplete {
            code = exit_code::PRICE;
        }
    }
    if args.format == Format::Json && args.scenarios.len() > 1 {
        output::print("]\n")?;
    }
    Ok(code)
}

/// The ending by which programs know a workbook.
const WORKBOOK_ENDING: &str = "xlsx";

/// Refuses a workbook of several scenarios, and a name that no program would open as one.
fn check_workbook(args: &EstimateArgs) -> Result<(), CliError> {
    let Some(path) = &args.workbook else {
        return Ok(());
    };
    if args.scenarios.len() > 1 {
        return Err(CliError::new(exit_code::USAGE, "a workbook holds one scenario")
            .hint("give one scenario, or write a directory for each with --out"));
    }
    if path.extension().is_some_and(|own| own.eq_ignore_ascii_case(WORKBOOK_ENDING)) {
        return Ok(());
    }
    let message = format!("a workbook's name ends in .{WORKBOOK_ENDING}, {} does not", path.display());
    Err(CliError::new(exit_code::USAGE, message)
        .hint(format!("--workbook {}.{WORKBOOK_ENDING}", path.display())))
}

/// Writes the workbook of a scenario.
fn write_workbook(
    path: &Path,
    scenario: &Path,
    prepared: &Prepared<'_>,
    screen: Screen,
) -> Result<(), CliError> {
    let mut files = FileSet::default();
    files.add(path, &prepared.workbook().map_err(unwritten)?)?;
    refuse_inputs(&files, prepared, scenario, "name another file with --workbook")?;
    files.publish()?;
    screen.remark(&format!("wrote {}", path.display()));
    Ok(())
}

/// Refuses files that would take the place of what the scenario was read from.
fn refuse_inputs(
    files: &FileSet,
    prepared: &Prepared<'_>,
    scenario: &Path,
    hint: &str,
) -> Result<(), CliError> {
    for input in prepared.inputs(scenario) {
        if files.replaces(&input) {
            let message = format!("the result would take the place of its own input {}", input.display());
            return Err(CliError::new(exit_code::NOT_WRITTEN, message).hint(hint));
        }
    }
    Ok(())
}

/// Returns the directory of each scenario's files: that of `--out`, or one in it for each of several scenarios.
fn directories(args: &EstimateArgs) -> Result<Vec<Option<PathBuf>>, CliError> {
    let Some(out) = &args.out else {
        return Ok(vec![None; args.scenarios.len()]);
    };
    if args.scenarios.len() == 1 {
        return Ok(vec![Some(out.clone())]);
    }
    let mut seen: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    args.scenarios
        .iter()
        .map(|scenario| {
            let directory = out.join(scenario.file_stem().unwrap_or_default());
            match seen.insert(directory.clone(), scenario) {
                None => Ok(Some(directory)),
                Some(other) => {
                    let (one, two) = (other.display(), scenario.display());
                    let message = format!("{one} and {two} would write to the same directory");
                    Err(CliError::new(exit_code::USAGE, message).hint("estimate them one by one"))
                }
            }
        })
        .collect()
}

fn group_by(by: By) -> GroupBy {
    match by {
        By::Component => GroupBy::Component,
        By::Account => GroupBy::Account,
        By::Region => GroupBy::Region,
        By::Resource => GroupBy::Resource,
        By::UsageType => GroupBy::UsageType,
        By::Month => GroupBy::Month,
    }
}

fn print(args: &EstimateArgs, prepared: &Prepared<'_>, screen: Screen, at: usize) -> Result<(), CliError> {
    let view = prepared.view(group_by(args.by));
    match args.format {
        Format::Table => {
            let gap = if at > 0 { "\n\n" } else { "" };
            output::print(&format!("{gap}{}", estimate_text(&view, screen.style)))
        }
        Format::Markdown => output::print(&estimate_markdown(&view)),
        Format::Csv => output::print(&summary_csv(&view).map_err(unwritten)?),
        Format::Json => {
            let several = args.scenarios.len() > 1;
            let before = match (several, at) {
                (false, _) => "",
                (true, 0) => "[\n",
                (true, _) => ",\n",
            };
            prepared.with_facts(|facts| {
                output::print_with(|out| {
                    out.write_all(before.as_bytes())?;
                    write_json(out, facts, &view, prepared)?;
                    out.write_all(b"\n")
                })
            })
        }
    }
}

fn write_json(
    out: &mut dyn Write,
    facts: &Facts<'_>,
    view: &ReportView,
    prepared: &Prepared<'_>,
) -> std::io::Result<()> {
    let line_items = |sink: &mut dyn crate::domain::LineItemSink| prepared.line_items(sink);
    let document = EstimateJson::new(facts, view, &line_items);
    serde_json::to_writer_pretty(out, &document).map_err(std::io::Error::from)
}

fn unwritten(error: impl std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

/// Files that only some scenarios have.
const SOMETIMES: [&str; 9] = [
    "storage.csv",
    "storage-by-class.png",
    "storage-by-class.svg",
    "ranges.csv",
    "tornado.csv",
    "tornado.png",
    "tornado.svg",
    "cost-band.png",
    "cost-band.svg",
];

/// Estimates a scenario and writes every file of `--out`; they appear together, when all are written.
fn write_files<'a>(
    scenario: &Path,
    settings: &'a Settings,
    directory: &Path,
    screen: Screen,
    options: &Options,
) -> Result<Prepared<'a>, CliError> {
    let prepared = Prepared::new(scenario, settings, screen, None)?.simulated(options)?;
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    // The line items are written while they are priced: there may be millions.
    let pending = PendingFile::create(&directory.join("line_items.csv"))?;
    let currency = prepared.model().currency.clone();
    let fail = |error: &dyn std::fmt::Display| {
        let message = format!("cannot write {}: {error}", directory.join("line_items.csv").display());
        CliError::new(exit_code::NOT_WRITTEN, message).hint("no file of this run was put in its place")
    };
    let mut sink = LineItemCsv::new(pending, &currency).map_err(|error| fail(&error))?;
    prepared.line_items(&mut sink).map_err(|error| fail(&error))?;
    files.push(sink.finish().map_err(|error| fail(&error))?);
    let view = prepared.view(GroupBy::Component);
    files.add(&directory.join("summary.csv"), summary_csv(&view).map_err(unwritten)?.as_bytes())?;
    files.add(
        &directory.join("monthly.csv"),
        monthly_csv(prepared.estimate()).map_err(unwritten)?.as_bytes(),
    )?;
    if !prepared.storage().buckets.is_empty() {
        let stored = storage_csv(prepared.storage()).map_err(unwritten)?;
        files.add(&directory.join("storage.csv"), stored.as_bytes())?;
    }
    let mut json = PendingFile::create(&directory.join("estimate.json"))?;
    prepared
        .with_facts(|facts| write_json(&mut json, facts, &view, &prepared))
        .and_then(|()| json.write_all(b"\n"))
        .map_err(|error| {
            let message = format!("cannot write {}: {error}", directory.join("estimate.json").display());
            CliError::new(exit_code::NOT_WRITTEN, message).hint("no file of this run was put in its place")
        })?;
    files.push(json);
    if let Some(ranges) = &view.ranges {
        files.add(&directory.join("ranges.csv"), ranges_csv(ranges).map_err(unwritten)?.as_bytes())?;
        files.add(&directory.join("tornado.csv"), tornado_csv(ranges).map_err(unwritten)?.as_bytes())?;
    }
    let charts = prepared.with_facts(|facts| estimate_charts(facts, &view));
    add_charts(&mut files, directory, &charts)?;
    files.add(&directory.join("workbook.xlsx"), &prepared.workbook().map_err(unwritten)?)?;
    refuse_inputs(&files, &prepared, scenario, "name another directory with --out")?;
    let stale = files.missing(directory, &SOMETIMES);
    let written = files.publish()?;
    screen.remark(&format!("wrote {} files to {}", written.len(), directory.display()));
    if !stale.is_empty() {
        // They tell of another scenario, beside files that do not.
        io::remove_files(&stale)?;
        screen
            .remark(&format!("removed {} files of an earlier run that this one does not have", stale.len()));
    }
    Ok(prepared)
}

/// Adds each chart as SVG and as PNG.
pub(super) fn add_charts(
    files: &mut FileSet,
    directory: &Path,
    charts: &[NamedChart],
) -> Result<(), CliError> {
    let pngs: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = charts.iter().map(|own| scope.spawn(|| chart::png(&own.svg))).collect();
        threads.into_iter().map(std::thread::ScopedJoinHandle::join).collect()
    });
    for (own, png) in charts.iter().zip(pngs) {
        let png = match png {
            Ok(png) => png.map_err(unwritten)?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        let svg = chart::standalone(&own.svg);
        files.add(&directory.join(format!("{}.svg", own.name)), svg.as_bytes())?;
        files.add(&directory.join(format!("{}.png", own.name)), &png)?;
    }
    Ok(())
}
