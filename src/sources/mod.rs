//! The outside world: everything that fills a [`Model`](crate::domain::Model).

pub mod scenario;
