//! `trailcost report record`

use super::measure_bill::skus;
use super::prepared::Prepared;
use super::report_changes;
use crate::cli::args_report::RecordArgs;
use crate::cli::error::CliError;
use crate::cli::exit_code;
use crate::cli::output;
use crate::cli::screen::Screen;
use crate::cli::settings::Settings;
use crate::domain::{
    AccountId, Bill, BilledLine, BilledMonth, Component, CostKind, Currency, DailyCost, Date, LineItem,
    LineItemSink, Model, Money, Month, RecordedAccount, RecordedAction, RecordedCost, RecordedDays,
    RecordedLine, RecordedPlan, RecordedRate, SinkError, Snapshot, UsageTypeCatalog, plural,
};
use crate::recommend::{Keep, PlannedAction, plan, profile};
use crate::report::visible;
use crate::sources::billing::{self, Options};
use crate::store::{History, HistoryError, Recorded};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub(super) fn run(args: &RecordArgs, screen: Screen) -> Result<u8, CliError> {
    if args.scenarios.is_empty() && args.bill.is_empty() && args.changes.is_none() {
        let message = "neither a scenario nor --bill nor --changes is named";
        return Err(CliError::new(exit_code::USAGE, message)
            .hint("name what the month was measured, estimated or billed"));
    }
    let settings = Settings::new(&args.prices)?;
    let wanted = args.month.as_deref().map(super::measure_bill::parse_month).transpose()?;
    let own = gather(args, wanted, &settings, screen)?;
    let history = History::new(&args.history);
    let month = own.month;
    let path = history.path(month);
    of_one_currency(&history, &own)?;
    let outcome = history
        .record(month, |before| match before {
            None => Ok(own),
            Some(before) => joined(before, own, args.replace),
        })
        .map_err(|error| refused(&error))?;
    let place = visible(&path.display().to_string());
    output::print(&match outcome {
        Recorded::New => format!("recorded {month} in {place}\n"),
        Recorded::Changed => format!("recorded {month} in {place}; what it was before is kept beside it\n"),
        Recorded::Same => format!("{month} is recorded so already, in {place}\n"),
    })?;
    Ok(exit_code::DONE)
}

/// Refuses amounts in another currency than those that are recorded.
fn of_one_currency(history: &History, own: &Snapshot) -> Result<(), CliError> {
    let months = history.months().map_err(|error| refused(&error))?;
    let Some(other) = months.into_iter().rfind(|other| *other != own.month) else { return Ok(()) };
    // A damaged month is told when it is asked for.
    match history.read(other) {
        Ok(Some(other)) if other.currency != own.currency => {
            let message = format!(
                "{} is in {}, and the history, such as {}, in {}",
                own.month, own.currency, other.month, other.currency
            );
            Err(CliError::new(exit_code::BAD_INPUT, message).hint("keep a history for each currency"))
        }
        _ => Ok(()),
    }
}

/// Turns an error of the history into one of the command.
pub(super) fn refused(error: &HistoryError) -> CliError {
    let code = match error {
        HistoryError::File(own) if own.action == crate::io::Action::Write => exit_code::NOT_WRITTEN,
        HistoryError::InUse(_) => exit_code::NOT_WRITTEN,
        HistoryError::Exists { .. } => exit_code::USAGE,
        _ => exit_code::BAD_INPUT,
    };
    CliError::new(code, visible(&error.to_string())).hint(visible(&error.hint()))
}

/// Reads and prices everything that is named.
fn gather(
    args: &RecordArgs,
    wanted: Option<Month>,
    settings: &Settings,
    screen: Screen,
) -> Result<Snapshot, CliError> {
    let mut own: Option<Snapshot> = None;
    for path in &args.scenarios {
        let prepared = Prepared::new(path, settings, screen, None)?;
        let model = prepared.model();
        let month = own.as_ref().map(|own| own.month).or(wanted).unwrap_or(model.horizon.start);
        let snapshot = snapshot(&mut own, month, &model.currency, path)?;
        let cost = cost_of(&prepared, month, path)?;
        let place = if model.measured.is_some() { &mut snapshot.measured } else { &mut snapshot.estimate };
        if place.replace(cost).is_some() {
            let message = "two scenarios of the same kind are named: one with measured volumes and one without are wanted";
            return Err(CliError::new(exit_code::USAGE, message).hint("name one of each at most"));
        }
        accounts(model, snapshot);
        if !args.no_plan && (model.measured.is_some() || snapshot.plan.is_none()) {
            snapshot.plan = Some(recorded_plan(&prepared, settings)?);
        }
    }
    if !args.bill.is_empty() {
        add_bill(args, wanted, settings, &mut own)?;
    }
    if let Some(path) = &args.changes {
        let (currency, logs) = (Currency::usd(), report_changes::read(path)?);
        let Some(month) = own.as_ref().map(|own| own.month).or(wanted) else {
            let message = "of which month the changes are is not said";
            return Err(CliError::new(exit_code::USAGE, message).hint("name it with --month YYYY-MM"));
        };
        let snapshot = snapshot(&mut own, month, &currency, path)?;
        snapshot.changes = report_changes::of_month(logs.changes, month);
        let days = logs.days.and_then(|own| report_changes::days_of_month(own, month));
        snapshot.daily.extend(days.map(|own| (CostKind::Measurement, own)));
    }
    own.ok_or_else(|| CliError::new(exit_code::BAD_INPUT, "the bill has no month with usage"))
}

/// Returns the month's snapshot, with the same currency.
fn snapshot<'a>(
    own: &'a mut Option<Snapshot>,
    month: Month,
    currency: &Currency,
    path: &Path,
) -> Result<&'a mut Snapshot, CliError> {
    let own = own.get_or_insert_with(|| Snapshot::empty(month, currency.clone()));
    if own.currency != *currency {
        let message = format!("{} is in {currency}, and the rest in {}", path.display(), own.currency);
        return Err(CliError::new(exit_code::BAD_INPUT, visible(&message))
            .hint("record amounts of one currency in a history"));
    }
    Ok(own)
}

/// Takes names and tags of the scenario's accounts.
fn accounts(model: &Model, snapshot: &mut Snapshot) {
    for own in &model.inventory.accounts {
        let mut tags = own.tags.clone();
        if let Some(environment) = &own.environment {
            tags.entry("environment".to_owned()).or_insert_with(|| environment.clone());
        }
        let recorded = RecordedAccount { name: own.name.clone(), tags };
        if recorded != RecordedAccount::default() {
            snapshot.accounts.insert(own.id.clone(), recorded);
        }
    }
}

/// What the lines of a month are summed by: account, Region, service, usage type, unit, component's place, resource.
type LineKey = (AccountId, Arc<str>, Arc<str>, Arc<str>, Arc<str>, usize, Arc<str>);

/// Sums one month's line items, the tiers of a record together.
struct Lines {
    month: Month,
    sums: BTreeMap<LineKey, RecordedLine>,
}

impl LineItemSink for Lines {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        if item.month != self.month {
            return Ok(());
        }
        let arc = |own: &str| Arc::<str>::from(own);
        let meter = item.meter;
        let key = (
            item.account.clone(),
            arc(&item.region.to_string()),
            arc(&meter.service),
            arc(&meter.usage_type),
            arc(meter.unit.name()),
            item.component.index(),
            arc(item.resource),
        );
        let too_large = |()| SinkError("a sum is too large to be held exactly".into());
        let own = self.sums.entry(key).or_insert_with_key(|key| RecordedLine {
            account: arc(key.0.as_str()),
            region: Arc::clone(&key.1),
            service: Arc::clone(&key.2),
            usage_type: Arc::clone(&key.3),
            component: Some(item.component),
            resource: Arc::clone(&key.6),
            category: crate::domain::ChargeCategory::Usage,
            unit: Arc::clone(&key.4),
            quantity: crate::domain::Quantity::ZERO,
            list_cost: Some(crate::domain::Money::ZERO),
            cost: Some(crate::domain::Money::ZERO),
            provenance: arc(item.provenance),
        });
        own.quantity = own.quantity.plus(item.quantity).map_err(|_| too_large(()))?;
        for (sum, cost) in [(&mut own.list_cost, item.list_cost), (&mut own.cost, item.contracted_cost)] {
            // What is unknown of a part is unknown of the whole.
            *sum = match (*sum, cost.filter(|_| !item.has_unknown)) {
                (Some(sum), Some(cost)) => Some(sum.checked_add(cost).ok_or(()).map_err(too_large)?),
                _ => None,
            };
        }
        Ok(())
    }
}

/// Returns what a scenario says of a month.
fn cost_of(prepared: &Prepared<'_>, month: Month, path: &Path) -> Result<RecordedCost, CliError> {
    let (model, estimate) = (prepared.model(), prepared.estimate());
    if !estimate.months.contains(&month) {
        let months =
            [estimate.months.first(), estimate.months.last()].map(|own| own.map(ToString::to_string));
        let message = format!("{} has no {month}", path.display());
        let hint = format!(
            "it is of {} to {}: name one of these months with --month",
            months[0].as_deref().unwrap_or_default(),
            months[1].as_deref().unwrap_or_default()
        );
        return Err(CliError::new(exit_code::BAD_INPUT, visible(&message)).hint(hint));
    }
    let mut lines = Lines { month, sums: BTreeMap::new() };
    prepared.line_items(&mut lines)?;
    let lines: Vec<RecordedLine> = lines.sums.into_values().collect();
    let (gaps, as_of) = prepared.with_facts(|facts| {
        let gaps = facts.gaps.iter().map(|own| own.what.clone()).collect();
        (gaps, facts.card.as_of())
    });
    let rates = estimate.rates.iter().map(|own| RecordedRate {
        service: own.service.clone(),
        usage_type: own.usage_type.clone(),
        region: own.region.to_string(),
        table: own.table.clone(),
        source: own.source.clone(),
    });
    Ok(RecordedCost {
        about: model.name.clone(),
        sources: vec![file_name(path)],
        days: model.measured.as_ref().map(|own| (own.from, own.to)),
        prices_as_of: Some(as_of),
        complete: lines.iter().all(|own| own.cost.is_some()) && estimate.is_complete(),
        gaps,
        rates: rates.collect(),
        lines,
    })
}

/// Returns a file's name without its folder: where files lie is nobody's business.
fn file_name(path: &Path) -> String {
    path.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default()
}

fn recorded_plan(prepared: &Prepared<'_>, settings: &Settings) -> Result<RecordedPlan, CliError> {
    let model = prepared.model();
    let profiles = profile::demands(&model.demands.profiles, &settings.compliance);
    let keep = Keep::new(&model.demands, profiles, None);
    let own = plan(model, &keep, &prepared.valuer()?)?;
    let months = u32::try_from(own.before.monthly.len()).unwrap_or(u32::MAX);
    let mean = |own: crate::domain::Money| own.divided_by(months).unwrap_or_default();
    let action = |own: &PlannedAction| RecordedAction {
        rule: own.action.rule.to_owned(),
        title: own.action.title.clone(),
        why: own.action.why.clone(),
        sites: own
            .action
            .sites
            .iter()
            .map(|own| [own.kind.to_owned(), own.name.clone(), own.account.clone(), own.region.clone()])
            .collect(),
        saves: mean(own.step.total),
        effort: own.action.effort.name().to_owned(),
        gives_up: (own.given_up.level.name().to_owned(), own.given_up.what.clone()),
    };
    Ok(RecordedPlan {
        before: mean(own.before.total),
        after: mean(own.after.total),
        actions: own.actions.iter().map(action).collect(),
    })
}

/// Adds what was billed.
fn add_bill(
    args: &RecordArgs,
    wanted: Option<Month>,
    settings: &Settings,
    own: &mut Option<Snapshot>,
) -> Result<(), CliError> {
    let skus = skus(&settings.card);
    let options = Options {
        catalog: settings.card.catalog(),
        regions: &settings.regions,
        skus: &skus,
        resources: &args.resources,
    };
    let bill = billing::read(&args.bill, &options).map_err(CliError::Input)?;
    let wanted = own.as_ref().map(|own| own.month).or(wanted);
    let Some(month) = billing::month_of(&bill, wanted) else {
        return Err(super::measure_bill::no_such_month(&bill, wanted.unwrap_or(Month::EARLIEST)));
    };
    let first = args.bill.first().map_or(Path::new(""), std::path::PathBuf::as_path);
    let snapshot = snapshot(own, month.month, &bill.currency, first)?;
    let mut gaps = bill.notes.clone();
    if month.is_partial() {
        let (covered, of) = (month.days_covered(), month.month.days());
        gaps.push(format!("the bill covers {} of {of}", plural(covered.into(), "day", "days")));
    }
    let catalog = settings.card.catalog();
    let line = |own: &BilledLine| RecordedLine {
        account: own.account.as_ref().map_or("", AccountId::as_str).into(),
        region: own.region.as_ref().map(ToString::to_string).unwrap_or_default().into(),
        service: own.service.as_str().into(),
        usage_type: own.usage_type.as_str().into(),
        component: catalog.get(&own.service, &own.usage_type).map(|own| own.component),
        resource: own.resource.as_deref().unwrap_or_default().into(),
        category: own.category,
        unit: own.unit.as_str().into(),
        quantity: own.quantity,
        list_cost: own.list_cost,
        cost: Some(own.billed_cost).filter(|_| own.rows > 0),
        provenance: "bill".into(),
    };
    let lines: Vec<RecordedLine> =
        bill.lines.iter().filter(|own| own.month == month.month).map(line).collect();
    snapshot.daily.extend(days_of(&bill, month, catalog).map(|own| (CostKind::Bill, own)));
    snapshot.bill = Some(RecordedCost {
        about: bill.formats.join("; "),
        sources: args.bill.iter().map(|own| file_name(own)).collect(),
        days: Some((month.first_day, month.last_day)),
        prices_as_of: None,
        complete: lines.iter().all(|own| own.cost.is_some()),
        gaps,
        rates: Vec::new(),
        lines,
    });
    Ok(())
}

/// Returns what the days of a month cost; nothing where the bill has rows of whole months only.
///
/// The last day of a month that is not whole is left out: its rows are still coming.
fn days_of(bill: &Bill, month: &BilledMonth, catalog: &UsageTypeCatalog) -> Option<RecordedDays> {
    let mut sums: BTreeMap<(&str, Option<Component>), BTreeMap<Date, Money>> = BTreeMap::new();
    let is_open = u32::from(month.last_day.day()) < month.month.days();
    let is_known =
        |day: Date| (month.first_day..=month.last_day).contains(&day) && !(is_open && day == month.last_day);
    for own in bill.days.iter().filter(|own| own.day.month() == month.month && is_known(own.day)) {
        let component = catalog.get(&own.service, &own.usage_type).map(|own| own.component);
        let account = own.account.as_ref().map_or("", AccountId::as_str);
        let sum = sums.entry((account, component)).or_default().entry(own.day).or_default();
        *sum = sum.checked_add(own.billed_cost)?;
    }
    if sums.is_empty() {
        return None;
    }
    let days = std::iter::successors(Some(month.first_day), |own| own.next());
    let covered = days.take_while(|own| *own <= month.last_day).filter(|own| is_known(*own)).collect();
    let cost = |((account, component), days): ((&str, Option<Component>), BTreeMap<Date, Money>)| DailyCost {
        account: account.into(),
        component,
        days,
    };
    Some(RecordedDays { covered, costs: sums.into_iter().map(cost).collect() })
}

/// Adds what is new to what is recorded. Other figures of what is there already are refused unless they may replace it.
fn joined(before: Snapshot, own: Snapshot, replace: bool) -> Result<Snapshot, HistoryError> {
    if before.currency != own.currency {
        let currencies = [before.currency.to_string(), own.currency.to_string()];
        return Err(HistoryError::Currency { month: own.month, currencies });
    }
    let mut differing = Vec::new();
    let mut all = before;
    if own.bill.is_some() && own.bill != all.bill {
        // Days of another bill are not this one's.
        let days = all.daily.remove(&CostKind::Bill);
        all.daily.extend(
            days.filter(|_| own.daily.contains_key(&CostKind::Bill)).map(|own| (CostKind::Bill, own)),
        );
    }
    for (kind, days) in own.daily {
        // Days come with the bill, or with the changes out of logs.
        let is_other = all.daily.get(&kind).is_some_and(|there| *there != days);
        if is_other {
            differing.push("cost of its days");
        }
        all.daily.insert(kind, days);
    }
    for (kind, place, own) in [
        (CostKind::Measurement, &mut all.measured, own.measured),
        (CostKind::Estimate, &mut all.estimate, own.estimate),
        (CostKind::Bill, &mut all.bill, own.bill),
    ] {
        if own.is_some() {
            if place.is_some() && *place != own {
                differing.push(kind.name());
            }
            *place = own;
        }
    }
    if own.plan.is_some() {
        if all.plan.is_some() && all.plan != own.plan {
            differing.push("plan");
        }
        all.plan = own.plan;
    }
    if !own.changes.is_empty() {
        if !all.changes.is_empty() && all.changes != own.changes {
            differing.push("list of changes");
        }
        all.changes = own.changes;
    }
    all.accounts.extend(own.accounts);
    if differing.is_empty() || replace {
        Ok(all)
    } else {
        Err(HistoryError::Exists { month: all.month, parts: differing })
    }
}
