//! The lifecycle adviser: the cheapest sequence of storage classes and ages for a bucket.

use super::error::RecommendError;
use super::rule::Scene;
use crate::domain::{Bucket, LifecycleRule};

pub(super) struct LifecycleAdvice {
    pub(super) best: Option<Best>,
    pub(super) why: String,
    pub(super) notes: Vec<String>,
}
pub(super) struct Best {
    pub(super) rules: Vec<LifecycleRule>,
    pub(super) words: String,
}
pub(super) fn advise(
    _scene: &Scene<'_, '_>,
    _bucket: &Bucket,
) -> Result<Option<LifecycleAdvice>, RecommendError> {
    Ok(None)
}
