//! What AWS answered, in AWS's own shapes and names, as far as it is used. Nothing here is secret.

mod account;
mod answer;
mod bucket;
mod metrics;
mod trail;

pub use account::*;
pub use answer::*;
pub use bucket::*;
pub use metrics::*;
pub use trail::*;
