//! Which recorded copy of a management event is free, and which are paid.
//!
//! Source: CloudTrail user guide, "Managing CloudTrail trail costs": the first copy in each Region of an account is
//! free, every further one is charged, and a member is charged for the copy its own trail adds to the organization's.

use super::selectors::Match;

/// How one trail's copy of a class is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charge {
    /// The first copy.
    Free,
    /// A further copy.
    Paid,
    /// A further copy of some of the events, nobody knows how many.
    PaidInPart,
}

/// Charges the copies of one class; `trails` are (position, match) in copy order.
///
/// A trail that records only some of the events, nobody knows which, never takes the first copy from one that records all.
pub(super) fn charge(trails: &[(u32, Match)]) -> Vec<(u32, Charge)> {
    let recorded_by =
        |wanted: Match| trails.iter().filter(move |(_, matched)| *matched == wanted).map(|(at, _)| *at);
    let mut charges = Vec::new();
    for at in recorded_by(Match::Yes) {
        charges.push((at, if charges.is_empty() { Charge::Free } else { Charge::Paid }));
    }
    for at in recorded_by(Match::Undecided) {
        // With a single undecided trail nothing is paid, however many events it records.
        charges.push((at, if charges.is_empty() { Charge::Free } else { Charge::PaidInPart }));
    }
    charges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_copy_is_free() {
        use Charge::{Free, Paid, PaidInPart};
        use Match::{No, Undecided, Yes};
        for (trails, expected) in [
            (vec![], vec![]),
            (vec![(4, Yes)], vec![(4, Free)]),
            (vec![(4, Yes), (2, Yes), (3, No)], vec![(4, Free), (2, Paid)]),
            (vec![(4, Undecided), (2, Yes)], vec![(2, Free), (4, PaidInPart)]),
            (vec![(4, Undecided)], vec![(4, Free)]),
        ] {
            assert_eq!(charge(&trails), expected);
        }
    }
}
