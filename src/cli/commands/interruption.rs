//! Ctrl-C while something long is read.

use crate::cli::exit_code;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The first Ctrl-C asks to stop, the second ends the process at once.
pub(super) struct Interruption {
    #[cfg(unix)]
    handlers: Vec<signal_hook::SigId>,
}

impl Interruption {
    /// Listens until it is dropped.
    pub(super) fn new(flag: &Arc<AtomicBool>) -> Self {
        #[cfg(unix)]
        {
            use signal_hook::consts::SIGINT;
            use signal_hook::flag::{register, register_conditional_shutdown};
            // In this order: the flag is not yet set when the first Ctrl-C looks at it.
            let handlers = [
                register_conditional_shutdown(SIGINT, i32::from(exit_code::INTERRUPTED), Arc::clone(flag)),
                register(SIGINT, Arc::clone(flag)),
            ];
            Self { handlers: handlers.into_iter().filter_map(Result::ok).collect() }
        }
        #[cfg(not(unix))]
        {
            let _ = flag;
            Self {}
        }
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        #[cfg(unix)]
        for handler in self.handlers.drain(..) {
            signal_hook::low_level::unregister(handler);
        }
    }
}
