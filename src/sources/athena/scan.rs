//! What Athena bills for a query.

const BYTES_PER_MB: u64 = 1 << 20;
const LEAST_MB_OF_A_QUERY: u64 = 10;

/// Returns the bytes that are billed for a query that reads so many stored bytes: rounded up to a megabyte of 2²⁰ bytes, ten
/// megabytes at least.
///
/// Compressed files count as they are stored. Unknown where it would pass the largest whole number.
/// Source: Athena pricing page, "price per query".
pub fn billed_bytes(stored_bytes: u64) -> Option<u64> {
    stored_bytes.div_ceil(BYTES_PER_MB).max(LEAST_MB_OF_A_QUERY).checked_mul(BYTES_PER_MB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_billed_by_the_megabyte_and_ten_at_least() {
        const MB: u64 = 1 << 20;
        for (stored, billed) in [
            (0, Some(10 * MB)),
            (1, Some(10 * MB)),
            (10 * MB, Some(10 * MB)),
            (10 * MB + 1, Some(11 * MB)),
            (1 << 40, Some(1 << 40)),
            (u64::MAX, None),
        ] {
            assert_eq!(billed_bytes(stored), billed, "{stored}");
        }
    }
}
