//! A bucket's lifecycle, in an order from which the loader numbers its rules as they are.

use super::amounts::{age, byte_count};
use super::error::WriteError;
use super::page::{Entries, Value};
use crate::domain::{LifecycleAction, LifecycleRule};

/// Writes the steps.
pub(super) fn steps(lifecycle: &[LifecycleRule], what: &str) -> Result<Vec<Value>, WriteError> {
    let mut steps: Vec<&LifecycleRule> = lifecycle.iter().collect();
    // Rules are numbered as they first occur; by rising age they may occur in another order.
    if !first_occurrences_rise(&steps) {
        steps.sort_by_key(|step| step.rule);
    }
    let named = !numbered_by_sizes(&steps);
    steps
        .into_iter()
        .map(|step| {
            let mut entries = Entries::default();
            entries.put("after", age(step.after, what)?);
            match step.action {
                LifecycleAction::Transition(class) => entries.put("to", Value::text(class.name())),
                LifecycleAction::Expire => entries.put("expire", Value::flag(true)),
            }
            entries.put_some("larger_than", step.larger_than.map(byte_count));
            entries.put_some("smaller_than", step.smaller_than.map(byte_count));
            if named {
                entries.put("rule", Value::text(&format!("rule {}", u32::from(step.rule) + 1)));
            }
            Ok(Value::Table(entries))
        })
        .collect()
}

fn first_occurrences_rise(steps: &[&LifecycleRule]) -> bool {
    let mut next = 0;
    steps.iter().all(|step| {
        let fine = step.rule <= next;
        next = next.max(step.rule.saturating_add(1));
        fine
    })
}

/// Tells whether steps that name no rule get the numbers that they have: one for each pair of sizes.
fn numbered_by_sizes(steps: &[&LifecycleRule]) -> bool {
    let mut rules: Vec<(Option<u64>, Option<u64>)> = Vec::new();
    steps.iter().all(|step| {
        let sizes = (step.larger_than, step.smaller_than);
        let at = rules.iter().position(|own| *own == sizes).unwrap_or_else(|| {
            rules.push(sizes);
            rules.len() - 1
        });
        at == usize::from(step.rule)
    })
}
