//! Work done by several threads in turns, with results in the order of the work.

use super::error::RecommendError;
use crate::domain::Model;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Tells whether versions of a model are priced faster on several threads.
pub(super) fn is_large(model: &Model) -> bool {
    model.observations.activities.len() >= WORTH_THREADS
}

/// Accounts and Regions in which something happens.
const WORTH_THREADS: usize = 500;

/// Does every piece of work; on one thread unless `is_large`.
pub(super) fn in_turns<T: Send>(
    pieces: usize,
    is_large: bool,
    work: &(dyn Fn(usize) -> Result<T, RecommendError> + Sync),
) -> Result<Vec<T>, RecommendError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(pieces);
    if threads < 2 || !is_large {
        return (0..pieces).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take_turns = || {
        let turns = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        turns.take_while(|&at| at < pieces).map(|at| (at, work(at))).collect::<Vec<_>>()
    };
    let mut done: Vec<_> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(take_turns)).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costing::CostError;

    #[test]
    fn results_stand_in_the_order_of_the_work_and_the_first_error_counts() {
        for is_large in [false, true] {
            assert_eq!(
                in_turns(100, is_large, &|at| Ok(at * at)).expect("works"),
                (0..100).map(|at| at * at).collect::<Vec<_>>()
            );
            assert!(in_turns(0, is_large, &|_| Ok(())).expect("nothing to do").is_empty());
            let failed = in_turns(9, is_large, &|at| {
                if at < 7 { Ok(()) } else { Err(RecommendError::Cost(CostError::Overflow)) }
            });
            assert!(failed.is_err());
        }
    }
}
