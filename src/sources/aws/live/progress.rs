//! What the asking tells while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What costs money to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charged {
    /// Metrics requested of `GetMetricData`: $0.01 for 1,000 (CloudWatch pricing page).
    Metrics,
    /// Requests of Cost Explorer: $0.01 each (Cost Management pricing page).
    CostExplorerRequests,
    /// Requests that list a bucket: $0.005 for 1,000 in most Regions (S3 pricing page).
    BucketLists,
}

/// Hears how far the asking is.
pub trait Progress {
    /// A step begins that has so many parts.
    fn step(&self, what: &str, parts: usize);
    /// A part begins; account, Region and subject may be empty.
    fn begin(&self, account: &str, region: &str, subject: &str);
    /// A part ends.
    fn end(&self, account: &str, region: &str, subject: &str);
    /// Something was asked that AWS takes money for.
    fn charged(&self, what: Charged, count: u64);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&self, _: &str, _: usize) {}
    fn begin(&self, _: &str, _: &str, _: &str) {}
    fn end(&self, _: &str, _: &str, _: &str) {}
    fn charged(&self, _: Charged, _: u64) {}
}

/// Says that the asking should end with what it has.
#[derive(Debug, Clone, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Takes a flag that somebody else sets, such as a signal handler.
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        Self(flag)
    }

    /// Asks to stop.
    pub fn set(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Tells whether to stop.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
