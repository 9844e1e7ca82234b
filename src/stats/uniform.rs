//! Numbers between 0 and 1 that depend on a seed, a name and a position, and on nothing else.
#![expect(clippy::float_arithmetic, reason = "chance is no money; see the room's header")]

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// A stream of numbers, one for each draw.
///
/// The generator is ChaCha with eight rounds: it counts, so that the i-th number of a stream is had without the ones
/// before it, and no number of threads, no order of inputs and no chunk of draws changes it.
#[derive(Debug)]
pub struct Uniform {
    generator: ChaCha8Rng,
}

impl Uniform {
    /// Takes the seed, and the stable name of what the stream is for.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream_of(name));
        Self { generator }
    }

    /// Goes to the number of this draw.
    pub fn seek(&mut self, draw: u32) {
        // A number takes two words of 32 bits.
        self.generator.set_word_pos(u128::from(draw) * 2);
    }

    /// Returns the next draw's number: more than 0, less than 1, in steps of 2⁻⁵².
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "52 bits and a half are held exactly")]
    pub fn next_number(&mut self) -> f64 {
        let bits = self.generator.next_u64() >> 12;
        (bits as f64 + 0.5) * STEP
    }
}

/// 2⁻⁵².
const STEP: f64 = 1.0 / 4_503_599_627_370_496.0;

/// Returns the number of a name's stream: FNV-1a of 64 bits, written down here so that it never changes.
fn stream_of(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(seed: u64, name: &str, from: u32, count: usize) -> Vec<f64> {
        let mut stream = Uniform::new(seed, name);
        stream.seek(from);
        (0..count).map(|_| stream.next_number()).collect()
    }

    #[test]
    fn a_draw_depends_on_seed_name_and_position_only() {
        let all = numbers(1, "reads", 0, 200);
        for from in [0_u32, 1, 7, 31, 32, 33, 150] {
            assert_eq!(numbers(1, "reads", from, 20), all[from as usize..from as usize + 20], "{from}");
        }
        assert_ne!(numbers(2, "reads", 0, 20), all[..20]);
        assert_ne!(numbers(1, "writes", 0, 20), all[..20]);
        assert!(all.iter().all(|own| *own > 0.0 && *own < 1.0));
    }

    #[test]
    fn the_numbers_never_change() {
        // Whoever changes these changes every figure that anybody has noted down with its seed.
        let bits: Vec<u64> = numbers(1, "reads", 0, 2).into_iter().map(f64::to_bits).collect();
        assert_eq!(bits, [4_594_697_261_875_277_124, 4_602_308_661_949_940_950]);
        // FNV-1a's own test vector.
        assert_eq!(stream_of("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let mut counts = [0_u32; 10];
        for own in numbers(1, "spread", 0, 100_000) {
            let tenth = (0..10_u8).rev().find(|tenth| own * 10.0 >= f64::from(*tenth)).unwrap();
            counts[usize::from(tenth)] += 1;
        }
        // Three standard deviations of a binomial of 100,000 at a tenth are 285.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 400), "{counts:?}");
    }
}
