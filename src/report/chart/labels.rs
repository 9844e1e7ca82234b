//! Keeps labels beside their shapes without letting them touch.

/// Positions as near as possible to the wanted ones, at least `gap` apart, between `low` and `high`.
///
/// The answer is in the order of the question; equal wishes keep their order. Where the room is too small for the
/// gap, the labels share it evenly.
pub(super) fn push_apart(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let steps = wanted.len().saturating_sub(1) as f64;
    let room = (high - low).max(0.0);
    let gap = if steps * gap > room { room / steps } else { gap };

    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&one, &two| wanted[one].total_cmp(&wanted[two]));

    // With n gaps taken from the n-th wish, "at least a gap apart" becomes "never falling": neighbours that would
    // fall are merged into one run at their mean, which is the least-squares answer.
    let mut runs: Vec<(f64, usize)> = Vec::new();
    for (rank, &at) in order.iter().enumerate() {
        let mut run = (wanted[at] - rank as f64 * gap, 1);
        while let Some(&(sum, count)) = runs.last() {
            if sum / count as f64 <= run.0 / run.1 as f64 {
                break;
            }
            runs.pop();
            run = (run.0 + sum, run.1 + count);
        }
        runs.push(run);
    }

    let highest = (high - steps * gap).max(low);
    let settled = runs.iter().flat_map(|&(sum, count)| {
        let place = (sum / count as f64).clamp(low, highest);
        std::iter::repeat_n(place, count)
    });
    let mut places = vec![0.0; wanted.len()];
    for (rank, (&at, place)) in order.iter().zip(settled).enumerate() {
        places[at] = place + rank as f64 * gap;
    }
    places
}

/// How many labels fit at a gap.
pub(super) fn capacity(low: f64, high: f64, gap: f64) -> usize {
    ((high - low).max(0.0) / gap) as usize + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_apart(places: &[f64], gap: f64, low: f64, high: f64) {
        let mut sorted = places.to_vec();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= gap - 1e-9), "{sorted:?}");
        assert!(sorted.iter().all(|&place| place >= low - 1e-9 && place <= high + 1e-9), "{sorted:?}");
    }

    #[test]
    fn distant_labels_stay() {
        assert_eq!(push_apart(&[10.0, 50.0, 90.0], 15.0, 0.0, 100.0), [10.0, 50.0, 90.0]);
    }

    #[test]
    fn equal_wishes_spread_around_their_place_in_order() {
        assert_eq!(push_apart(&[50.0, 50.0, 50.0], 10.0, 0.0, 100.0), [40.0, 50.0, 60.0]);
    }

    #[test]
    fn crowded_ends_are_pushed_inwards() {
        for wanted in [vec![98.0, 99.0, 100.0], vec![0.0, 0.0, 1.0, 2.0], vec![100.0, 0.0, 100.0, 0.0, 50.0]]
        {
            assert_apart(&push_apart(&wanted, 12.0, 0.0, 100.0), 12.0, 0.0, 100.0);
        }
    }

    #[test]
    fn the_order_of_the_wishes_is_kept() {
        let places = push_apart(&[30.0, 10.0, 20.0, 21.0], 15.0, 0.0, 100.0);
        assert!(places[1] < places[2] && places[2] < places[3] && places[3] < places[0], "{places:?}");
    }

    #[test]
    fn too_small_a_room_is_shared() {
        assert_eq!(push_apart(&[0.0, 0.0, 0.0], 50.0, 0.0, 20.0), [0.0, 10.0, 20.0]);
        assert_eq!(push_apart(&[5.0], 50.0, 0.0, 0.0), [0.0]);
        assert!(push_apart(&[], 10.0, 0.0, 100.0).is_empty());
    }

    #[test]
    fn capacity_counts_both_ends() {
        assert_eq!(capacity(0.0, 100.0, 10.0), 11);
        assert_eq!(capacity(0.0, -5.0, 10.0), 1);
    }
}
