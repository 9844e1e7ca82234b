//! `trailcost compare`

use super::estimate::add_charts;
use super::prepared::Prepared;
use crate::cli::args::{CompareArgs, Format};
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output::{self, FileSet};
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::io;
use crate::report::{
    CompareView, GroupBy, ReportView, compare_chart, compare_csv, compare_json, compare_markdown,
    compare_text,
};
use std::path::Path;

pub(super) fn run(args: &CompareArgs, screen: Screen) -> Result<u8, CliError> {
    let settings = Settings::new(&args.prices)?;
    let base = Prepared::new(&args.base, &settings, screen, None)?;
    let mut lacks_a_price = base.lacks_a_price();
    let mut variants: Vec<ReportView> = Vec::new();
    for path in &args.variants {
        let variant = Prepared::new(path, &settings, screen, None)?;
        if variant.model().currency != base.model().currency {
            let (own, other) = (&variant.model().currency, &base.model().currency);
            let message = format!("{} is in {own}, {} in {other}", path.display(), args.base.display());
            return Err(CliError::new(exit_code::BAD_INPUT, message)
                .hint("only scenarios in one currency can be compared"));
        }
        lacks_a_price |= variant.lacks_a_price();
        variants.push(variant.view(GroupBy::Component));
    }
    let view = CompareView::new(&base.view(GroupBy::Component), &variants);
    if let Some(directory) = &args.out {
        write_files(&view, directory, screen)?;
    }
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    match args.format {
        Format::Table => output::print(&compare_text(&view, screen.style))?,
        Format::Markdown => output::print(&compare_markdown(&view))?,
        Format::Csv => output::print(&compare_csv(&view).map_err(|error| fail(&error))?)?,
        Format::Json => {
            let json = compare_json(&view).map_err(|error| fail(&error))?;
            output::print(&format!("{json:#}\n"))?;
        }
    }
    Ok(if lacks_a_price && !args.allow_incomplete { exit_code::PRICE } else { exit_code::DONE })
}

fn write_files(view: &CompareView, directory: &Path, screen: Screen) -> Result<(), CliError> {
    let fail = |error: &dyn std::fmt::Display| CliError::new(exit_code::NOT_WRITTEN, error.to_string());
    io::make_directory(directory)?;
    let mut files = FileSet::default();
    files.add(&directory.join("compare.csv"), compare_csv(view).map_err(|error| fail(&error))?.as_bytes())?;
    let json = compare_json(view).map_err(|error| fail(&error))?;
    files.add(&directory.join("compare.json"), format!("{json:#}\n").as_bytes())?;
    files.add(&directory.join("compare.md"), compare_markdown(view).as_bytes())?;
    for (at, comparison) in view.comparisons.iter().enumerate() {
        let chart = compare_chart(view, comparison);
        if view.comparisons.len() == 1 {
            add_charts(&mut files, directory, &[chart])?;
        } else {
            let directory = directory.join(format!("variant-{}", at + 1));
            io::make_directory(&directory)?;
            add_charts(&mut files, &directory, &[chart])?;
        }
    }
    let written = files.publish()?;
    screen.remark(&format!("wrote {} files to {}", written.len(), directory.display()));
    Ok(())
}
