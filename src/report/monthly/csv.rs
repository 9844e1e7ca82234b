//! The report's CSV files: exact amounts, all rows.

use super::anomalies::anomalies_csv;
use super::forecast::forecast_csv;
use super::line_evidence::{lines_csv, rates_csv};
use super::sum::Sum;
use super::unit_cost::unit_costs_csv;
use super::view::{MonthlyCost, MonthlyView};
use crate::domain::{Component, Money};
use crate::report::clean::csv_field;
use crate::report::csv::finish;

/// Writes all files: each with its name and its text.
///
/// # Errors
/// Passes on what the CSV writer says, which does not happen in memory.
pub fn monthly_tables(view: &MonthlyView) -> Result<Vec<(String, String)>, csv::Error> {
    let mut files = vec![
        ("months.csv".to_owned(), months(view)?),
        ("components.csv".to_owned(), components(view)?),
        ("movers.csv".to_owned(), movers(view)?),
        ("unit-costs.csv".to_owned(), unit_costs_csv(&view.months)?),
    ];
    if let Some(last) = &view.last_month {
        files.push(("lines.csv".to_owned(), lines_csv(last)?));
        files.push(("rates.csv".to_owned(), rates_csv(&view.rates)?));
    }
    for group in &view.groups {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut header = vec![group.file.as_str()];
        header.extend(COMPARED);
        writer.write_record(header)?;
        for row in &group.rows {
            let mut record = vec![csv_field(&row.id)];
            record.extend(compared(&row.cost));
            writer.write_record(record)?;
        }
        files.push((format!("by-{}.csv", group.file), finish(writer)));
    }
    if let Some(own) = &view.anomalies {
        files.push(("anomalies.csv".to_owned(), anomalies_csv(own)?));
    }
    if let Some(own) = &view.forecast {
        files.push(("forecast.csv".to_owned(), forecast_csv(own)?));
    }
    if let Some(text) = super::budget::budgets_csv(view)? {
        files.push(("budgets.csv".to_owned(), text));
    }
    if let Some(own) = &view.chargeback {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["by", "id", "own", "shared", "total"])?;
        let accounts = own.accounts.iter().map(|own| ("account", &own.0, own.2));
        let tags: Vec<(String, &String, _)> =
            own.tags.iter().map(|own| (format!("tag {}", own.0), &own.1, own.2)).collect();
        for (by, id, own) in accounts.chain(tags.iter().map(|own| (own.0.as_str(), own.1, own.2))) {
            writer.write_record([
                csv_field(by),
                csv_field(id),
                own.own.to_string(),
                own.shared.to_string(),
                amount(own.total()),
            ])?;
        }
        files.push(("chargeback.csv".to_owned(), finish(writer)));
    }
    if !view.outcomes.is_empty() {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["rule", "action", "planned_saving", "state", "costs_less_by"])?;
        for own in &view.outcomes {
            writer.write_record([
                csv_field(&own.rule),
                csv_field(&own.title),
                own.planned.to_string(),
                own.state.name().to_owned(),
                amount(own.realized),
            ])?;
        }
        files.push(("outcomes.csv".to_owned(), finish(writer)));
    }
    Ok(files)
}

const COMPARED: [&str; 6] =
    ["cost", "complete", "cost_before", "change", "cost_year_before", "change_of_year"];

fn amount(own: Option<Money>) -> String {
    own.map(|own| own.to_string()).unwrap_or_default()
}

fn known(own: Option<Sum>) -> String {
    amount(own.and_then(Sum::known))
}

fn compared(own: &MonthlyCost) -> [String; 6] {
    [
        own.now.cost.to_string(),
        (!own.now.is_incomplete).to_string(),
        known(own.before),
        amount(own.change()),
        known(own.year_before),
        amount(own.change_of_year()),
    ]
}

fn months(view: &MonthlyView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["month", "component", "kind", "cost", "complete"])?;
    for month in &view.months {
        let mut row = |component: &str, sum: Sum| {
            writer.write_record([
                month.month.to_string(),
                component.to_owned(),
                month.kind.name().to_owned(),
                sum.cost.to_string(),
                (!sum.is_incomplete).to_string(),
            ])
        };
        for (component, sum) in &month.components {
            row(component.map_or("not_known", Component::id), *sum)?;
        }
        row("total", month.total)?;
    }
    Ok(finish(writer))
}

fn components(view: &MonthlyView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["component"];
    header.extend(COMPARED);
    header.extend(["volume", "rate", "mix", "volume_of_year", "rate_of_year", "mix_of_year"]);
    writer.write_record(header)?;
    let of_total = (view.effects, view.effects_of_year);
    let rows = view.components.iter().map(|own| (own.id(), &own.cost, (own.effects, own.effects_of_year)));
    for (id, cost, (effects, of_year)) in rows.chain([("total", &view.total, of_total)]) {
        let mut record = vec![id.to_owned()];
        record.extend(compared(cost));
        for own in [effects, of_year] {
            record.extend(
                [own.map(|own| own.volume), own.map(|own| own.rate), own.map(|own| own.mix)].map(amount),
            );
        }
        writer.write_record(record)?;
    }
    Ok(finish(writer))
}

fn movers(view: &MonthlyView) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["account", "component", "cost", "cost_before", "change", "possible_cause"])?;
    for own in &view.movers {
        writer.write_record([
            csv_field(&own.account),
            own.component.map_or("not_known", Component::id).to_owned(),
            own.cost.now.cost.to_string(),
            known(own.cost.before),
            own.change.to_string(),
            csv_field(own.cause.as_deref().unwrap_or_default()),
        ])?;
    }
    Ok(finish(writer))
}
