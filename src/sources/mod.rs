//! The outside world: everything that fills a [`Model`](crate::domain::Model).

pub mod allocation;
pub mod athena;
pub mod aws;
pub mod billing;
pub mod budgets;
pub mod compliance;
pub mod logs;
pub mod scenario;
pub mod terraform;
