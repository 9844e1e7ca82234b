//! Posture: whether best practices are followed, what mending them costs or saves, and whether alerts reach somebody.
//!
//! In: a [`Model`](crate::domain::Model) with the settings of what it describes, from any source. Out: a [`Posture`]: for each
//! practice whether it is followed, not followed, or not known, with the price of the fix as the difference of two estimates;
//! and the alert chain of each critical event. Must not know: files, output formats.

mod assess;
mod chain;
mod change;
mod controls;
mod inspected;
mod places;
mod practice;
mod practices;
mod price;

pub use assess::{Posture, PracticeResult, ProfilePrice, assess};
pub use chain::{AlertChain, ChainState, DELAYS, Delay, Hop, HopState, Route};
pub use change::Change;
pub use controls::ControlResult;
pub use inspected::{Inspected, Origin};
pub use practice::{Control, Finding, List, Mend, Outcome, PracticeDoc, Severity, State, controls_of};
pub use practices::practices;
pub use price::FixPrice;
