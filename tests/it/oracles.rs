//! Hand-worked bills: `tests/oracles/*.toml` says what each scenario costs, and the program must agree to the last digit.
//!
//! In: the oracle files. Out: every disagreement of every file at once. The files are the definition of right: nothing
//! here writes them, and `tests/oracles/recompute.py` works them out a second time without the program.

use crate::support::{BuiltIn, root};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use trailcost::costing::{Cost, Estimate, Figures};
use trailcost::domain::{Gap, GapKind, LineItem, LineItemSink, Money, Month, SinkError, UsageSource};
use trailcost::usage::UsagePlan;

/// Fewer files than this means that the folder was not found, or was emptied.
const LEAST_FILES: usize = 20;

/// What stands in a file where a price or a quantity is not known.
const UNKNOWN: &str = "unknown";

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Oracle {
    id: String,
    kind: String,
    title: String,
    source: String,
    #[serde(default)]
    arithmetic: Vec<Statement>,
    estimate: Vec<Expected>,
    #[serde(default)]
    difference: Vec<Difference>,
}

/// A step of the work by hand. The script evaluates it; here it must only be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    says: String,
    states: String,
}

/// A scenario and what it costs, at agreed prices; list totals stand beside where they differ.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    name: String,
    complete: bool,
    first_month: String,
    last_month: String,
    years: Vec<String>,
    total: String,
    list_total: Option<String>,
    /// Places or names that each one coverage or volume gap mentions; no other gap of these kinds may be there.
    #[serde(default)]
    gaps: Vec<ExpectedGap>,
    /// A part of each warning; no other warning may be there.
    #[serde(default)]
    warnings: Vec<String>,
    scenario: String,
    #[serde(rename = "return")]
    returned: Option<ExpectedReturn>,
    #[serde(default)]
    component: Vec<ExpectedComponent>,
    #[serde(default)]
    line: Vec<ExpectedLine>,
}

/// What the first year's spend brings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedReturn {
    break_even_incidents: String,
    avoided_per_year: String,
    net_per_year: String,
    per_dollar: String,
    cloud_spend_share: String,
    cost_per_thousand_events: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedGap {
    kind: String,
    names: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedComponent {
    id: String,
    first_month: String,
    last_month: String,
    years: Vec<String>,
    total: String,
    list_total: Option<String>,
}

/// One line of the bill in every month, or in those of `months` (`2026-01` or `2026-01..2026-12`).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedLine {
    months: Option<String>,
    account: String,
    region: String,
    service: Option<String>,
    usage_type: String,
    component: String,
    #[serde(default)]
    resource: String,
    tier: Option<u16>,
    quantity: Option<String>,
    quantities: Option<Vec<String>>,
    cost: Option<String>,
    costs: Option<Vec<String>>,
    contracted: Option<String>,
    contracted_costs: Option<Vec<String>>,
    #[serde(default)]
    has_unknown: bool,
    /// Where the quantity comes from, for the script.
    #[serde(rename = "by")]
    _by: Option<String>,
    #[serde(rename = "bases")]
    _bases: Option<Vec<String>>,
    #[serde(rename = "category")]
    _category: Option<String>,
    #[serde(rename = "gb")]
    _gb: Option<toml::Table>,
    #[serde(rename = "stored")]
    _stored: Option<toml::Table>,
}

/// What the second of two estimates costs more than the first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    from: String,
    to: String,
    first_month: String,
    total: String,
}

/// The figures of a line item that an oracle states.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Figure {
    quantity: String,
    cost: String,
    contracted: String,
    has_unknown: bool,
}

/// Line items by what they are for.
type Lines = BTreeMap<String, Figure>;

#[test]
fn the_program_agrees_with_every_hand_worked_bill() {
    let built_in = BuiltIn::new();
    let mut paths: Vec<_> = fs::read_dir(root().join("tests/oracles"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    assert!(paths.len() >= LEAST_FILES, "only {} oracles were found", paths.len());
    let mut found = Vec::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for path in &paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        match toml::from_str::<Oracle>(&text) {
            Err(error) => found.push(format!("{name}: {error}")),
            Ok(oracle) => {
                if let Some(other) = ids.insert(oracle.id.clone(), name.clone()) {
                    found.push(format!("{name}: its id is also that of {other}"));
                }
                let mut disagreements = Vec::new();
                oracle.check(&built_in, &mut disagreements);
                found.extend(disagreements.into_iter().map(|text| format!("{name}: {text}")));
            }
        }
    }
    assert!(found.is_empty(), "{} disagreements\n{}", found.len(), found.join("\n"));
}

impl Oracle {
    fn check(&self, built_in: &BuiltIn, found: &mut Vec<String>) {
        for (what, text) in [("id", &self.id), ("title", &self.title), ("source", &self.source)] {
            if text.is_empty() {
                found.push(format!("no {what}"));
            }
        }
        if !["AWS", "BILL", "3P", "DER"].contains(&self.kind.as_str()) {
            found.push(format!("unknown kind {}", self.kind));
        }
        if self.arithmetic.iter().all(|step| step.says.is_empty() || step.states.is_empty()) {
            found.push("no arithmetic".to_owned());
        }
        let mut estimates = BTreeMap::new();
        for expected in &self.estimate {
            let mut disagreements = Vec::new();
            let estimate = expected.check(built_in, &mut disagreements);
            found.extend(disagreements.into_iter().map(|text| format!("`{}`: {text}", expected.name)));
            if estimates.insert(expected.name.as_str(), estimate).is_some() {
                found.push(format!("`{}` occurs twice", expected.name));
            }
        }
        for difference in &self.difference {
            let (from, to) = (&estimates[difference.from.as_str()], &estimates[difference.to.as_str()]);
            for (what, stated, of) in [
                ("first_month", &difference.first_month, (|own| own.first_month) as fn(&Figures) -> Cost),
                ("total", &difference.total, |own| own.total),
            ] {
                let exact = of(&to.total).contracted.checked_sub(of(&from.total).contracted).unwrap();
                let place = format!("from `{}` to `{}`: {what}", difference.from, difference.to);
                same(&place, stated, &exact.to_string(), found);
            }
        }
    }
}

impl Expected {
    fn check(&self, built_in: &BuiltIn, found: &mut Vec<String>) -> Estimate {
        let model = built_in.model(&self.scenario);
        let plan = UsagePlan::new(&model).unwrap();
        let mut sink = Collected::default();
        let estimate = built_in.estimate(&model, Some(&mut sink));
        found.append(&mut sink.twice);
        same_lines(&self.lines(plan.months()), &sink.lines, found);
        self.check_figures(&estimate, found);
        self.check_plan(&plan, found);
        if let Some(stated) = &self.returned {
            let own = model.benefit.expect("a scenario with [return]");
            let cost = estimate.total.years[0].contracted;
            let own = own.of(cost, plan.events_in_first_year().unwrap());
            let text = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
            for (what, stated, own) in [
                (
                    "incidents",
                    &stated.break_even_incidents,
                    own.break_even_incidents.map(|own| own.normalize().to_string()),
                ),
                ("avoided", &stated.avoided_per_year, own.avoided_per_year.map(|own| own.to_string())),
                ("net", &stated.net_per_year, own.net_per_year.map(|own| own.to_string())),
                ("per dollar", &stated.per_dollar, own.per_dollar.map(|own| own.normalize().to_string())),
                (
                    "share",
                    &stated.cloud_spend_share,
                    own.cloud_spend_share.map(|own| own.normalize().to_string()),
                ),
                (
                    "events",
                    &stated.cost_per_thousand_events,
                    own.cost_per_thousand_events.map(|own| own.to_string()),
                ),
            ] {
                same(what, stated, &text(own), found);
            }
        }
        estimate
    }

    fn check_figures(&self, estimate: &Estimate, found: &mut Vec<String>) {
        same("complete", &self.complete.to_string(), &estimate.is_complete().to_string(), found);
        let stated = (&self.first_month, &self.last_month, &self.years, &self.total, &self.list_total);
        same_figures("the whole", stated, &estimate.total, found);
        let stated: Vec<&str> = self.component.iter().map(|own| own.id.as_str()).collect();
        let priced: Vec<&str> = estimate.components.iter().map(|own| own.component.id()).collect();
        same("components", &stated.join(", "), &priced.join(", "), found);
        for own in &self.component {
            if let Some(priced) = estimate.components.iter().find(|priced| priced.component.id() == own.id) {
                let stated = (&own.first_month, &own.last_month, &own.years, &own.total, &own.list_total);
                same_figures(&own.id, stated, &priced.figures, found);
            }
        }
    }

    /// Compares gaps and warnings by what they name: their wording may change. What other services charge is left out.
    fn check_plan(&self, plan: &UsagePlan, found: &mut Vec<String>) {
        let gaps: Vec<&Gap> = plan.gaps().iter().filter(|gap| gap.kind != GapKind::NotIncluded).collect();
        let named = |stated: &ExpectedGap, gap: &Gap| {
            gap.kind.name() == stated.kind && gap.what.contains(&stated.names)
        };
        for stated in &self.gaps {
            if !gaps.iter().any(|gap| named(stated, gap)) {
                found.push(format!("no {} gap names {}", stated.kind, stated.names));
            }
        }
        for gap in &gaps {
            if !self.gaps.iter().any(|stated| named(stated, gap)) {
                found.push(format!("unexpected {} gap: {}", gap.kind.name(), gap.what));
            }
        }
        for stated in &self.warnings {
            if !plan.warnings().iter().any(|warning| warning.contains(stated)) {
                found.push(format!("no warning says `{stated}`"));
            }
        }
        for warning in plan.warnings() {
            if !self.warnings.iter().any(|stated| warning.contains(stated)) {
                found.push(format!("unexpected warning: {warning}"));
            }
        }
    }

    /// Lays the expected lines out by month.
    fn lines(&self, months: &[Month]) -> Lines {
        let mut lines = Lines::new();
        for line in &self.line {
            let span: Vec<&Month> = match &line.months {
                None => months.iter().collect(),
                Some(text) => {
                    let (begin, end) = text.split_once("..").unwrap_or((text, text));
                    let (begin, end): (Month, Month) = (begin.parse().unwrap(), end.parse().unwrap());
                    months.iter().filter(|month| (begin..=end).contains(month)).collect()
                }
            };
            let quantities = series(line.quantity.as_ref(), line.quantities.as_ref(), None, span.len());
            let costs = series(line.cost.as_ref(), line.costs.as_ref(), None, span.len());
            let contracted =
                series(line.contracted.as_ref(), line.contracted_costs.as_ref(), Some(&costs), span.len());
            for (at, month) in span.into_iter().enumerate() {
                let service = line.service.as_deref().unwrap_or("AWSCloudTrail");
                let key = key([
                    &month.to_string(),
                    &line.account,
                    &line.region,
                    service,
                    &line.usage_type,
                    &line.component,
                    &line.resource,
                    &line.tier.unwrap_or(1).to_string(),
                ]);
                let figure = Figure {
                    quantity: quantities[at].clone(),
                    cost: costs[at].clone(),
                    contracted: contracted[at].clone(),
                    has_unknown: line.has_unknown,
                };
                assert_eq!(lines.insert(key.clone(), figure), None, "{key} is expected twice");
            }
        }
        lines
    }
}

/// Returns one figure for every month: the same in each, or one after the other.
fn series(
    one: Option<&String>,
    many: Option<&Vec<String>>,
    otherwise: Option<&[String]>,
    months: usize,
) -> Vec<String> {
    let figures = match (one, many, otherwise) {
        (Some(one), None, _) => vec![one.clone(); months],
        (None, Some(many), _) => many.clone(),
        (None, None, Some(otherwise)) => otherwise.to_vec(),
        _ => panic!("a line has either one figure for every month or one for each"),
    };
    assert_eq!(figures.len(), months, "so many figures for so many months: {figures:?}");
    figures
}

fn key(parts: [&str; 8]) -> String {
    let [month, account, region, service, usage_type, component, resource, tier] = parts;
    format!("{month} {account} {region} {service} {usage_type} ({component}) `{resource}` tier {tier}")
}

/// Keeps every line item.
#[derive(Default)]
struct Collected {
    lines: Lines,
    twice: Vec<String>,
}

impl LineItemSink for Collected {
    fn take(&mut self, item: &LineItem<'_>) -> Result<(), SinkError> {
        let amount =
            |money: Option<Money>| money.map_or_else(|| UNKNOWN.to_owned(), |money| money.to_string());
        let key = key([
            &item.month.to_string(),
            item.account.as_str(),
            item.region.as_str(),
            &item.meter.service,
            &item.meter.usage_type,
            item.component.id(),
            item.resource,
            &item.tier.to_string(),
        ]);
        let figure = Figure {
            quantity: item.quantity.to_string(),
            cost: amount(item.list_cost),
            contracted: amount(item.contracted_cost),
            has_unknown: item.has_unknown,
        };
        if self.lines.insert(key.clone(), figure).is_some() {
            self.twice.push(format!("two line items of {key}"));
        }
        Ok(())
    }
}

fn same_lines(stated: &Lines, priced: &Lines, found: &mut Vec<String>) {
    for (key, figure) in stated {
        match priced.get(key) {
            None => found.push(format!("missing: {key}: {}", figure.text())),
            Some(own) if own != figure => {
                found.push(format!("{key}: expected {}, found {}", figure.text(), own.text()));
            }
            Some(_) => {}
        }
    }
    for (key, figure) in priced {
        if !stated.contains_key(key) {
            found.push(format!("unexpected: {key}: {}", figure.text()));
        }
    }
}

impl Figure {
    fn text(&self) -> String {
        let mut text = format!("{} for {}", self.quantity, self.cost);
        if self.contracted != self.cost {
            write!(text, " (agreed {})", self.contracted).unwrap();
        }
        if self.has_unknown {
            text.push_str(" and more");
        }
        text
    }
}

type StatedFigures<'a> = (&'a String, &'a String, &'a Vec<String>, &'a String, &'a Option<String>);

fn same_figures(place: &str, stated: StatedFigures<'_>, priced: &Figures, found: &mut Vec<String>) {
    let (first_month, last_month, years, total, list_total) = stated;
    let mut compare = |what: &str, stated: &str, priced: Money| {
        same(&format!("{place}: {what}"), stated, &priced.to_string(), found);
    };
    compare("first month", first_month, priced.first_month.contracted);
    compare("last month", last_month, priced.last_month.contracted);
    compare("total", total, priced.total.contracted);
    compare("list total", list_total.as_ref().unwrap_or(total), priced.total.list);
    let own: Vec<String> = priced.years.iter().map(|year| year.contracted.to_string()).collect();
    same(&format!("{place}: years"), &years.join(" "), &own.join(" "), found);
}

fn same(place: &str, stated: &str, priced: &str, found: &mut Vec<String>) {
    if stated != priced {
        found.push(format!("{place}: expected {stated}, found {priced}"));
    }
}
