//! The alert chain of each critical event: API call → trail → log group → metric filter → alarm → topic → somebody, or
//! API call → EventBridge rule → somebody.

mod delay;
mod event_pattern;
mod filters;
mod follow;
mod receivers;
mod records;
mod routes;

pub use delay::{DELAYS, Delay};
pub use follow::{AlertChain, ChainState, Hop, HopState, Route};

pub(super) use follow::{Follower, leaves_out, without};
