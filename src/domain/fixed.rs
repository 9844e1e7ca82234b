//! Text to fixed-point integers and back, without a binary float in between.

use rust_decimal::Decimal;
use std::fmt;

/// Says why a decimal text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FixedError {
    /// The text is not a plain decimal number.
    Syntax,
    /// The number has more digits than can be held exactly.
    TooManyDigits,
    /// The number is outside the range that can be held.
    OutOfRange,
}

impl fmt::Display for FixedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Syntax => "not a decimal number",
            Self::TooManyDigits => "more digits than can be held exactly",
            Self::OutOfRange => "too large",
        })
    }
}

impl std::error::Error for FixedError {}

/// Parses a plain decimal (`12`, `-0.5`, `25_000_000`), exactly or not at all.
///
/// An underscore may stand between two digits. Scientific notation is refused: no table of ours needs it.
///
/// # Errors
/// [`FixedError::Syntax`] for anything else, [`FixedError::TooManyDigits`] past 28 digits.
pub fn parse_decimal(text: &str) -> Result<Decimal, FixedError> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    let digit_at = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_digit);
    let mut points = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let between_digits = index > 0 && digit_at(index - 1) && digit_at(index + 1);
        match byte {
            b'0'..=b'9' => {}
            b'.' => {
                points += 1;
                if !between_digits {
                    return Err(FixedError::Syntax);
                }
            }
            b'_' if between_digits => {}
            _ => return Err(FixedError::Syntax),
        }
    }
    if bytes.is_empty() || points > 1 {
        return Err(FixedError::Syntax);
    }
    let plain: String = text.chars().filter(|&c| c != '_' && c != '+').collect();
    Decimal::from_str_exact(&plain).map(|value| value.normalize()).map_err(|_| FixedError::TooManyDigits)
}

/// Turns a decimal into an integer count of 10⁻ˢᶜᵃˡᵉ, or refuses if digits would be lost.
pub(super) fn decimal_to_raw(value: Decimal, scale: u32) -> Result<i128, FixedError> {
    let value = value.normalize();
    let missing = scale.checked_sub(value.scale()).ok_or(FixedError::TooManyDigits)?;
    value.mantissa().checked_mul(10_i128.pow(missing)).ok_or(FixedError::OutOfRange)
}

/// Writes an integer count of 10⁻ˢᶜᵃˡᵉ as a plain decimal without trailing zeros.
pub(super) fn write_raw(raw: i128, scale: u32, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let one = 10_u128.pow(scale);
    let magnitude = raw.unsigned_abs();
    let (whole, mut fraction) = (magnitude / one, magnitude % one);
    if raw < 0 {
        formatter.write_str("-")?;
    }
    write!(formatter, "{whole}")?;
    if fraction == 0 {
        return Ok(());
    }
    let mut width = scale as usize;
    while fraction.is_multiple_of(10) {
        fraction /= 10;
        width -= 1;
    }
    write!(formatter, ".{fraction:0width$}")
}

/// Reads what [`write_raw`] writes, exactly or not at all.
pub(super) fn read_raw(text: &str, scale: u32) -> Result<i128, FixedError> {
    let (unsigned, sign) = text.strip_prefix('-').map_or((text, 1), |own| (own, -1));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let is_number = |own: &str| !own.is_empty() && own.bytes().all(|own| own.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return Err(FixedError::Syntax);
    }
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let missing = scale.checked_sub(places).ok_or(FixedError::TooManyDigits)?;
    let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| FixedError::OutOfRange)?;
    10_i128
        .checked_pow(missing)
        .and_then(|own| digits.checked_mul(own))
        .map(|own| own * sign)
        .ok_or(FixedError::OutOfRange)
}

/// Divides two integers, rounding to the nearest and ties to even. The divisor is positive.
pub(super) fn div_half_even(dividend: i128, divisor: i128) -> i128 {
    let quotient = dividend.div_euclid(divisor);
    let remainder = dividend.rem_euclid(divisor);
    match (remainder).cmp(&(divisor - remainder)) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_taken_exactly_or_refused() {
        for (text, expected) in [
            ("0", Ok("0")),
            ("25_000_000", Ok("25000000")),
            ("-0.50", Ok("-0.5")),
            ("+3", Ok("3")),
            ("0.0000000000000000000000000001", Ok("0.0000000000000000000000000001")),
            ("0.00000000000000000000000000001", Err(FixedError::TooManyDigits)),
            ("12345678901234567890123456789.5", Err(FixedError::TooManyDigits)),
            ("1e3", Err(FixedError::Syntax)),
            ("", Err(FixedError::Syntax)),
            (".5", Err(FixedError::Syntax)),
            ("5.", Err(FixedError::Syntax)),
            ("1.2.3", Err(FixedError::Syntax)),
            ("_1", Err(FixedError::Syntax)),
            ("1__0", Err(FixedError::Syntax)),
            ("1 0", Err(FixedError::Syntax)),
            ("٣", Err(FixedError::Syntax)),
        ] {
            let parsed = parse_decimal(text).map(|value| value.to_string());
            assert_eq!(parsed.as_deref(), expected.as_ref().copied(), "{text}");
        }
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        for (dividend, divisor, expected) in [
            (5, 10, 0),
            (15, 10, 2),
            (25, 10, 2),
            (26, 10, 3),
            (24, 10, 2),
            (-5, 10, 0),
            (-15, 10, -2),
            (-14, 10, -1),
            (-16, 10, -2),
            (7, 3, 2),
            (8, 3, 3),
        ] {
            assert_eq!(div_half_even(dividend, divisor), expected, "{dividend}/{divisor}");
        }
    }
}
