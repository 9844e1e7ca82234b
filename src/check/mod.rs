//! Budgets and policies against costs and scenarios.
//!
//! In: budgets, costs by month, and a scenario with what rules find in it. Out: verdicts. Must not know: files, output formats.

mod budget;
mod policy;

pub use budget::{
    BudgetRow, BudgetSpan, CheckedCosts, CheckedMonth, Verdict, VerdictLevel, against_budgets, budget_rows,
};
pub use policy::against_policy;
