//! The planner: against an exhaustive search over texts that shares no code with it, and by its properties.

mod archiving;
mod compliance;
mod exhaustive;
mod lifecycles;
mod parts;
mod properties;
mod survivors;
mod unknown;

use crate::support::BuiltIn;
use trailcost::domain::{LossLevel, Model, Money};
use trailcost::pricing::FreeTiers;
use trailcost::recommend::{Keep, Plan, Valuer, plan, profile};

/// Makes the plan of a model with what its own `[keep]` and the profiles named there demand.
pub(crate) fn plan_of(built_in: &BuiltIn, model: &Model, accept: Option<LossLevel>) -> Plan {
    let none = FreeTiers::default();
    let free_tiers = if model.free_tier { &built_in.free_tiers } else { &none };
    let profiles = profile::demands(&model.demands.profiles, &built_in.compliance);
    let keep = Keep::new(&model.demands, profiles, accept);
    let valuer = Valuer::new(model, &built_in.card, free_tiers).unwrap();
    plan(model, &keep, &valuer).unwrap()
}

/// What a scenario's text costs over its horizon.
fn cost(built_in: &BuiltIn, text: &str) -> Money {
    built_in.estimate(&built_in.model(text), None).total.total.contracted
}

/// Describes a plan for messages.
pub(crate) fn told(plan: &Plan) -> String {
    let mut text = format!("{} -> {}\n", plan.before.total.rounded(), plan.after.total.rounded());
    for own in &plan.actions {
        text.push_str(&format!(
            "  do {} | alone {} step {} in plan {} | one-time {} pays back {:?} | gives up {:?}\n",
            own.action.title,
            own.alone.total.rounded(),
            own.step.total.rounded(),
            own.in_plan.total.rounded(),
            own.step.one_time.rounded(),
            own.step.pay_back,
            own.given_up.what,
        ));
    }
    for own in &plan.on_the_table {
        text.push_str(&format!(
            "  on the table {} | {:?} | {} | {:?}\n",
            own.action.title,
            own.forbidden,
            own.price.total.rounded(),
            own.given_up.detections
        ));
    }
    for own in &plan.declined {
        text.push_str(&format!("  not {} | {}\n", own.action.title, own.alone.total.rounded()));
    }
    for own in &plan.advice {
        text.push_str(&format!("  know {}: {}\n", own.what, own.why));
    }
    text
}
