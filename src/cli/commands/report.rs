//! `trailcost report`

use super::check;
use super::estimate::add_charts;
use super::measure_bill::parse_month;
use super::report_export;
use super::report_focus::FocusFiles;
use super::report_record::{self, refused};
use crate::check::{CheckedCosts, budget_rows};
use crate::cli::args::Format;
use crate::cli::args_report::{ReportArgs, ReportCommand, ShowArgs};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{Budget, Currency, Month, plural};
use crate::io;
use crate::recommend::rules;
use crate::report::{
    Forecast, ForecastPrices, ForecastSpan, Layout, MonthlyFacts, MonthlyView, Period, Words,
    history_workbook, monthly_charts, monthly_html, monthly_json, monthly_markdown, monthly_tables,
    monthly_text, visible,
};
use crate::sources::{allocation, budgets as budget_file};
use crate::store::History;
use std::path::{Path, PathBuf};

pub(super) fn run(args: &ReportArgs, screen: Screen) -> Result<u8, CliError> {
    match &args.command {
        Some(ReportCommand::Record(own)) => report_record::run(own, screen),
        Some(ReportCommand::Export(own)) => report_export::run(own, screen),
        None => show(&args.show, screen),
    }
}

fn show(args: &ShowArgs, screen: Screen) -> Result<u8, CliError> {
    let folder = args.history.as_deref().unwrap_or(Path::new("history"));
    let settings = Settings::new(&args.prices)?;
    let mut focus = None;
    if let Some(directory) = &args.out {
        io::make_directory(directory)?;
        focus = Some(FocusFiles::new(directory)?);
    }
    let view = view(args, folder, &settings, focus.as_mut())?.with_prices(&settings.card);
    let words = words(args, &view)?;
    let layout = Layout::new(&view, &words);
    if let (Some(directory), Some(focus)) = (&args.out, focus) {
        write_files(layout, &view, (directory, focus), screen)?;
    }
    match args.format {
        Format::Table => output::print(&monthly_text(layout, screen.style))?,
        Format::Markdown => output::print(&monthly_markdown(layout))?,
        Format::Csv => {
            let tables = monthly_tables(&view).map_err(unwritten)?;
            let own = tables.iter().find(|own| own.0 == "components.csv");
            output::print(own.map_or("", |own| &own.1))?;
        }
        Format::Json => output::print(&json(layout)?)?,
    }
    Ok(exit_code::DONE)
}

/// Reads the history month by month, and makes the report of the period.
fn view(
    args: &ShowArgs,
    folder: &Path,
    settings: &Settings,
    mut focus: Option<&mut FocusFiles>,
) -> Result<MonthlyView, CliError> {
    let history = History::new(folder);
    let months = history.months().map_err(|error| refused(&error))?;
    let shown = visible(&folder.display().to_string());
    let Some(last) = months.last() else {
        return Err(CliError::new(exit_code::BAD_INPUT, format!("no month is recorded in {shown}"))
            .hint("record one with `trailcost report record SCENARIO --history DIR`"));
    };
    let period = period(args, *last)?;
    let budgets = args.budget.as_deref().map(budgets).transpose()?;
    let mut costs = CheckedCosts { calendar_years: true, ..CheckedCosts::default() };
    let mut facts = MonthlyFacts::new(period.clone());
    for month in months.iter().filter(|own| **own <= period.last()) {
        let Some(own) = history.read(*month).map_err(|error| refused(&error))? else { continue };
        facts.add(&own).map_err(|other| {
            let message =
                format!("{month} is recorded in {other}, and the months before it in another currency");
            CliError::new(exit_code::BAD_INPUT, message).hint("keep a history for each currency")
        })?;
        if let Some(focus) = focus.as_mut().filter(|_| *month >= period.first()) {
            focus.month(&own, &settings.regions)?;
        }
        if budgets.is_some() && is_budgeted(*month, &period) {
            check::add(&mut costs, &own);
        }
    }
    let rules = args.allocation.as_deref().map(allocation::load).transpose().map_err(CliError::Input)?;
    costs.from = costs.months.partition_point(|own| own.month < period.first());
    let rows = budget_rows(&budgets.unwrap_or_default(), &costs);
    let forecast = forecast(args, &facts)?;
    let view = MonthlyView::new(facts, &rules.unwrap_or_default()).map(|own| own.with_budgets(rows));
    let view = view.ok_or_else(|| {
        let message = format!("no month of {} is recorded in {shown} with a cost", period.name());
        let names: Vec<String> = months.iter().map(Month::to_string).collect();
        CliError::new(exit_code::BAD_INPUT, message)
            .hint(format!("recorded are {}", crate::domain::list_names(&names)))
    })?;
    Ok(MonthlyView { forecast, ..view })
}

/// Forecasts from the months up to the period's end.
fn forecast(args: &ShowArgs, facts: &MonthlyFacts) -> Result<Option<Forecast>, CliError> {
    let settings = Settings::new(&args.prices)?;
    let prices = ForecastPrices::new(&settings.card, &settings.regions);
    let span = args.forecast_months.map_or(ForecastSpan::YearEnd, ForecastSpan::Months);
    Ok(Forecast::new(facts, &prices, span)?)
}

/// Reads budgets. What a policy forbids stands in scenarios, and a history has none.
fn budgets(path: &Path) -> Result<Vec<Budget>, CliError> {
    let known = rules();
    let ids: Vec<&str> = known.iter().map(|own| own.id).collect();
    Ok(budget_file::load(path, &ids).map_err(CliError::Input)?.budgets)
}

/// Tells whether a month is one of the period, of the last calendar year up to its end, or right before the period.
fn is_budgeted(month: Month, period: &Period) -> bool {
    let year = |own: Month| own.to_string()[..4].to_owned();
    month >= period.first() || month.plus(1) == Some(period.first()) || year(month) == year(period.last())
}

fn period(args: &ShowArgs, last: Month) -> Result<Period, CliError> {
    let wrong = |error: crate::report::PeriodWordsError| CliError::new(exit_code::USAGE, error.to_string());
    if let Some(month) = &args.month {
        return Ok(Period::month(parse_month(month)?));
    }
    if let Some(quarter) = &args.quarter {
        return Period::quarter(quarter).map_err(wrong);
    }
    match (&args.from, &args.until) {
        (Some(from), Some(until)) => Period::range(parse_month(from)?, parse_month(until)?).map_err(wrong),
        _ => Ok(Period::month(last)),
    }
}

/// Returns the language, and the currency that amounts are shown in.
fn words(args: &ShowArgs, view: &MonthlyView) -> Result<Words, CliError> {
    let is_file = Path::new(&args.language).extension().is_some_and(|own| own == "toml");
    let words = if is_file {
        let text = io::read_text(Path::new(&args.language))?;
        Words::read(&text, &view.currency)
            .map_err(|error| CliError::input(&args.language, error.what, Some(&error.hint)))?
    } else {
        Words::named(&args.language, &view.currency)
            .map_err(|error| CliError::new(exit_code::USAGE, error.what).hint(error.hint))?
    };
    let Some(code) = &args.currency else { return Ok(words) };
    let wanted = Currency::new(code).ok_or_else(|| {
        CliError::new(exit_code::USAGE, format!("`{}` is no currency", visible(code)))
            .hint("name it by its three letters, such as EUR")
    })?;
    if wanted == view.currency {
        return Ok(words);
    }
    let file = args.exchange_rates.as_deref().unwrap_or(Path::new(""));
    Ok(words.exchanged(Some(super::exchange_rates::newest(file, &view.currency, &wanted)?)))
}

fn unwritten(error: impl std::fmt::Display) -> CliError {
    CliError::new(exit_code::NOT_WRITTEN, error.to_string())
}

fn json(layout: Layout<'_>) -> Result<String, CliError> {
    monthly_json(layout).map(|own| format!("{own:#}\n")).map_err(unwritten)
}

/// Files that only some periods have.
const SOMETIMES: [&str; 11] = [
    "anomalies.csv",
    "budgets.csv",
    "bridge.png",
    "bridge.svg",
    "cost-by-month.png",
    "cost-by-month.svg",
    "chargeback.csv",
    "outcomes.csv",
    "forecast.csv",
    "forecast.png",
    "forecast.svg",
];

fn write_files(
    layout: Layout<'_>,
    view: &MonthlyView,
    (directory, focus): (&Path, FocusFiles),
    screen: Screen,
) -> Result<(), CliError> {
    let mut files = FileSet::default();
    focus.finish()?.into_iter().for_each(|own| files.push(own));
    for (name, text) in monthly_tables(view).map_err(unwritten)? {
        files.add(&directory.join(name), text.as_bytes())?;
    }
    add_charts(&mut files, directory, &monthly_charts(layout))?;
    files.add(&directory.join("report.html"), monthly_html(layout).map_err(unwritten)?.as_bytes())?;
    files.add(&directory.join("report.json"), json(layout)?.as_bytes())?;
    files.add(&directory.join("workbook.xlsx"), &history_workbook(layout).map_err(unwritten)?)?;
    files.add(&directory.join("report.md"), monthly_markdown(layout).as_bytes())?;
    // Files of an earlier period would be taken for this one's.
    let mut stale = files.missing(directory, &SOMETIMES);
    let is_of_a_tag = |path: &PathBuf| {
        let name = path.file_name().and_then(|own| own.to_str());
        name.is_some_and(|own| own.starts_with("by-tag-")) && !files.has(path)
    };
    stale.extend(io::csv_files(directory)?.into_iter().filter(is_of_a_tag));
    let written = files.publish()?;
    io::remove_files(&stale)?;
    let place = visible(&directory.display().to_string());
    screen.remark(&format!("wrote {} to {place}", plural(written.len() as u64, "file", "files")));
    Ok(())
}
