//! Exact sums of what exports write: up to forty digits after the point, rounded once at the end.

use crate::domain::{Money, Quantity};
use ethnum::{I256, U256};

/// Digits after the point that are held. Exports write doubles (17 digits, with exponents down to 10⁻¹⁶ or so).
const SCALE: i32 = 40;
/// Digits after the point of a [`Quantity`].
const QUANTITY_DIGITS: i32 = 12;
/// Digits after the point of [`Money`].
const MONEY_DIGITS: i32 = 24;

/// A sum, exact to 10⁻⁴⁰.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wide(I256);

/// Why a number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    /// It is no decimal number.
    Syntax,
    /// It has more than forty digits after the point, or is too large.
    Range,
}

impl Default for Wide {
    fn default() -> Self {
        Self(I256::ZERO)
    }
}

impl Wide {
    /// Reads a decimal number, plain (`.5`, `113.0`) or with an exponent (`1.13E-4`); nothing is rounded.
    pub(super) fn parse(text: &[u8]) -> Result<Self, NumberFault> {
        let text = text.trim_ascii();
        let (negative, digits) = match text.first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mut mantissa, mut zeros, mut seen, mut after) = (0_u128, 0_u32, 0_usize, None::<i32>);
        let mut exponent = 0;
        for (at, byte) in digits.iter().enumerate() {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    after = after.map(|count| count + 1);
                    let digit = u128::from(byte - b'0');
                    if digit == 0 {
                        zeros += 1;
                    } else if mantissa == 0 {
                        (mantissa, zeros) = (digit, 0);
                    } else {
                        mantissa = 10_u128
                            .checked_pow(zeros + 1)
                            .and_then(|power| mantissa.checked_mul(power))
                            .and_then(|scaled| scaled.checked_add(digit))
                            .ok_or(NumberFault::Range)?;
                        zeros = 0;
                    }
                }
                b'.' if after.is_none() => after = Some(0),
                b'e' | b'E' if seen > 0 => {
                    exponent = parse_exponent(&digits[at + 1..])?;
                    break;
                }
                _ => return Err(NumberFault::Syntax),
            }
        }
        if seen == 0 {
            return Err(NumberFault::Syntax);
        }
        if mantissa == 0 {
            return Ok(Self::default());
        }
        let zeros = i32::try_from(zeros).map_err(|_| NumberFault::Range)?;
        let power = SCALE + exponent + zeros - after.unwrap_or(0);
        let power = u32::try_from(power).ok().filter(|&power| power <= 76).ok_or(NumberFault::Range)?;
        let magnitude = U256::from(mantissa).checked_mul(power_of_ten(power)).ok_or(NumberFault::Range)?;
        let magnitude = I256::try_from(magnitude).map_err(|_| NumberFault::Range)?;
        Ok(Self(if negative { -magnitude } else { magnitude }))
    }

    /// Returns how many digits after the point it takes to write a number; nothing is said of a text that is none.
    pub(super) fn digits(text: &[u8]) -> u32 {
        let text = text.trim_ascii();
        let end = text.iter().position(|byte| matches!(byte, b'e' | b'E')).unwrap_or(text.len());
        let exponent = text.get(end + 1..).map_or(Ok(0), parse_exponent).unwrap_or_default();
        let number = &text[..end];
        let after = number.iter().position(|byte| *byte == b'.').map_or(0, |at| end - at - 1);
        let Some(last) = number.iter().rposition(|byte| (b'1'..=b'9').contains(byte)) else {
            return 0;
        };
        let zeros = number[last + 1..].iter().filter(|byte| byte.is_ascii_digit()).count();
        let count = |own: usize| i32::try_from(own).unwrap_or(i32::MAX);
        u32::try_from(count(after).saturating_sub(count(zeros)).saturating_sub(exponent)).unwrap_or_default()
    }

    /// Adds.
    pub(super) fn add(&mut self, other: Self) -> Result<(), NumberFault> {
        self.0 = self.0.checked_add(other.0).ok_or(NumberFault::Range)?;
        Ok(())
    }

    /// Returns the sum as a quantity, half-even at 10⁻¹².
    pub(super) fn quantity(self) -> Option<Quantity> {
        self.rounded(QUANTITY_DIGITS).map(Quantity::from_trillionths)
    }

    /// Returns the sum as money, half-even at 10⁻²⁴.
    pub(super) fn money(self) -> Option<Money> {
        self.rounded(MONEY_DIGITS).map(Money::from_septillionths)
    }

    fn rounded(self, digits: i32) -> Option<i128> {
        let power = u32::try_from(SCALE - digits).ok()?;
        let divisor = I256::try_from(power_of_ten(power)).ok()?;
        let (quotient, remainder) = (self.0.div_euclid(divisor), self.0.rem_euclid(divisor));
        let up = match remainder.cmp(&(divisor - remainder)) {
            std::cmp::Ordering::Less => I256::ZERO,
            std::cmp::Ordering::Greater => I256::ONE,
            std::cmp::Ordering::Equal => quotient & I256::ONE,
        };
        i128::try_from(quotient + up).ok()
    }
}

fn power_of_ten(power: u32) -> U256 {
    match power.checked_sub(38) {
        None | Some(0) => U256::from(10_u128.pow(power)),
        Some(more) => U256::from(10_u128.pow(38)) * U256::from(10_u128.pow(more)),
    }
}

fn parse_exponent(text: &[u8]) -> Result<i32, NumberFault> {
    let (sign, digits) = match text.first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    if digits.is_empty() || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NumberFault::Syntax);
    }
    Ok(sign * digits.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Result<String, NumberFault> {
        Wide::parse(text.as_bytes()).map(|wide| wide.money().unwrap().to_string())
    }

    #[test]
    fn numbers_are_read_as_exports_write_them() {
        for (text, expected) in [
            ("1.13E-4", "0.000113"),
            ("1.0E-6", "0.000001"),
            ("113.0", "113"),
            (".0000200000", "0.00002"),
            ("-0E-10", "0"),
            ("1.2e+3", "1200"),
            ("6.000000000000000", "6"),
            ("-12.50", "-12.5"),
            (" 7 ", "7"),
            ("0.000000000000000000000001", "0.000000000000000000000001"),
            ("100000000000000.1", "100000000000000.1"),
        ] {
            assert_eq!(money(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "-", ".", "1,5", "$1", "NaN", "1e", "1e1x", "1.2.3", "inf", "--1"] {
            assert_eq!(money(text), Err(NumberFault::Syntax), "{text}");
        }
        for text in ["1e-41", "1e40", "1e300"] {
            assert_eq!(money(text), Err(NumberFault::Range), "{text}");
        }
    }

    #[test]
    fn digits_are_those_that_a_number_takes() {
        for (text, expected) in [
            ("0.0186", 4),
            ("0.01860", 4),
            ("12.00", 0),
            ("1200", 0),
            ("-0.5", 1),
            (".25", 2),
            ("1.13E-4", 6),
            ("100e-4", 2),
            ("1.5e+3", 0),
            ("0.00", 0),
            ("0E-10", 0),
            ("", 0),
        ] {
            assert_eq!(Wide::digits(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_sum_is_rounded_once_and_not_row_by_row() {
        // Three rows of 0.0000000000004: each alone rounds to 0 at 10⁻¹², together they are 0.000000000001.
        let mut sum = Wide::default();
        for _ in 0..3 {
            sum.add(Wide::parse(b"4E-13").unwrap()).unwrap();
        }
        assert_eq!(sum.quantity().unwrap().to_string(), "0.000000000001");
        // Ties go to the even neighbour.
        for (text, expected) in
            [("5E-13", "0"), ("1.5E-12", "0.000000000002"), ("-5E-13", "0"), ("-1.5E-12", "-0.000000000002")]
        {
            assert_eq!(
                Wide::parse(text.as_bytes()).unwrap().quantity().unwrap().to_string(),
                expected,
                "{text}"
            );
        }
    }
}
