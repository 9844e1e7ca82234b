//! The sliders as the page has them: words, and the data that its script computes with.

use super::phrase::{Filling, Phrase};
use super::sections::{Layout, component};
use super::what_if::{Pool, PoolPart, Priced, WhatIf};
use crate::domain::{Component, Money};
use crate::report::clean::visible;
use minijinja::Environment;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("what_if.html");
const SCRIPT: &str = include_str!("what_if.js");
const STYLE: &str = include_str!("what_if.css");

/// What the page takes over as it is.
#[derive(Serialize)]
pub(super) struct WhatIfMarkup {
    markup: String,
    script: &'static str,
    style: &'static str,
}

/// What the template needs.
#[derive(Serialize)]
struct WhatIfPart {
    title: String,
    answer: String,
    levers: Vec<LeverPart>,
    words: BTreeMap<&'static str, String>,
    notes: Vec<String>,
    /// [`WhatIfJson`], fit to stand within a script element.
    data: String,
}

#[derive(Serialize)]
struct LeverPart {
    label: String,
    quantity: String,
    number_label: String,
    cost: String,
}

/// Exact decimals are texts.
#[derive(Serialize)]
struct WhatIfJson<'a> {
    month: String,
    currency: &'a str,
    /// What the month cost, as the report says.
    total: String,
    /// An account for the scenario.
    account: Option<&'a str>,
    /// What one unit of the currency is shown as.
    rate: Option<String>,
    /// How amounts are written.
    digits: &'static str,
    group: &'a str,
    point: &'a str,
    prefix: String,
    /// What the components of the sliders cost in all.
    levers: Vec<String>,
    pools: Vec<PoolJson>,
    words: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct PoolJson {
    service: String,
    usage_type: String,
    region: String,
    priced: &'static str,
    /// Whether quantities are rounded half-even to whole ones.
    whole: bool,
    tiers: Vec<[String; 2]>,
    parts: Vec<PartJson>,
}

#[derive(Serialize)]
struct PartJson {
    /// The position of the slider; null for a component that has none.
    lever: Option<usize>,
    quantity: String,
    /// Remainders of counts by 200, with how many counts have each.
    remainders: Vec<[u64; 2]>,
    cost: String,
}

/// Writes the part; nothing where no volume can be moved.
///
/// # Errors
/// Says what the template lacks, which a test would have found.
pub(super) fn markup(
    layout: Layout<'_>,
    environment: &Environment<'_>,
) -> Result<Option<WhatIfMarkup>, minijinja::Error> {
    let Some(own) = part(layout) else { return Ok(None) };
    let markup = environment.render_named_str("what_if.html", TEMPLATE, minijinja::value::Serde(own))?;
    Ok(Some(WhatIfMarkup { markup, script: SCRIPT, style: STYLE }))
}

fn part(layout: Layout<'_>) -> Option<WhatIfPart> {
    let own = layout.view.what_if.as_ref()?;
    let data = serde_json::to_string(&json(layout, own)).ok()?;
    let words = ["was", "would", "change", "month", "year", "three_years"];
    let more = ["reset", "scenario", "scenario_note", "copy", "cost", "caption"];
    Some(WhatIfPart {
        title: layout.word("what_if.title"),
        answer: layout.say(&Phrase::new("what_if.answer").month("month", own.month)),
        levers: own.levers.iter().map(|lever| lever_part(layout, own, *lever)).collect(),
        words: words
            .into_iter()
            .chain(more)
            .map(|key| (key, layout.word(&format!("what_if.{key}"))))
            .collect(),
        notes: notes(layout, own),
        // Nothing in it can end the element, or begin another one.
        data: data.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
    })
}

fn lever_part(layout: Layout<'_>, own: &WhatIf, (of, cost): (Component, Money)) -> LeverPart {
    let label = layout.say(&component(Some(of)));
    let amounts = own.quantities(of).into_iter().map(|(unit, quantity)| {
        let number = layout.words.number(quantity.rounded(2).normalize());
        Filling::Text(format!("{number} {}", visible(unit)))
    });
    LeverPart {
        quantity: layout.say(&Phrase::new("what_if.quantity").list("quantities", amounts.collect())),
        number_label: layout.say(&Phrase::new("what_if.number_label").text("component", label.clone())),
        label,
        cost: layout.words.money(cost),
    }
}

fn notes(layout: Layout<'_>, own: &WhatIf) -> Vec<String> {
    let mut notes = vec![layout.word("what_if.note")];
    if own.is_incomplete {
        notes.push(layout.word("what_if.note_incomplete"));
    }
    let others = [
        ("what_if.note_share", own.cost_of(Priced::Share)),
        ("what_if.note_mean", own.cost_of(Priced::Mean)),
        ("what_if.note_left", own.left),
    ];
    for (key, cost) in others.into_iter().filter(|own| !own.1.is_zero()) {
        notes.push(layout.say(&Phrase::new(key).money("cost", cost)));
    }
    notes.push(layout.word("what_if.note_rounding"));
    notes
}

fn json<'a>(layout: Layout<'a>, own: &'a WhatIf) -> WhatIfJson<'a> {
    let words = layout.words;
    WhatIfJson {
        month: own.month.to_string(),
        currency: layout.view.currency.code(),
        total: own.total.to_string(),
        account: own.account.as_deref(),
        rate: words.exchange().map(|own| own.rate.normalize().to_string()),
        digits: if words.groups_as_in_india() { "indian" } else { "thousands" },
        group: words.group(),
        point: words.point(),
        prefix: words.prefix(),
        levers: own.levers.iter().map(|own| own.1.to_string()).collect(),
        pools: own
            .pools
            .iter()
            .filter(|pool| own.levers.iter().any(|lever| pool.parts.contains_key(&Some(lever.0))))
            .map(|pool| pool_json(own, pool))
            .collect(),
        words: [
            ("said", "what_if.said"),
            ("copied", "what_if.copied"),
            ("not_copied", "what_if.not_copied"),
            ("left_out", "what_if.left_out"),
        ]
        .into_iter()
        .map(|(name, key)| (name, words.template(key).to_owned()))
        .collect(),
    }
}

fn pool_json(own: &WhatIf, pool: &Pool) -> PoolJson {
    let plain = |own: Decimal| own.normalize().to_string();
    let part = |(of, part): (&Option<Component>, &PoolPart)| PartJson {
        lever: own.levers.iter().position(|lever| Some(lever.0) == *of),
        quantity: part.quantity.to_string(),
        remainders: part.remainders.iter().map(|own| [*own.0, *own.1]).collect(),
        cost: part.cost.to_string(),
    };
    PoolJson {
        service: visible(&pool.service),
        usage_type: visible(&pool.usage_type),
        region: visible(&pool.region),
        priced: pool.priced.name(),
        whole: pool.unit.is_whole(),
        tiers: pool.tiers.iter().map(|own| [own.0.to_string(), plain(own.1.value())]).collect(),
        parts: pool.parts.iter().map(part).collect(),
    }
}
