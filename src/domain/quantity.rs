//! Billable quantities: exact, with the unit they are billed in.

use super::fixed::{FixedError, decimal_to_raw, div_half_even, read_raw, write_raw};
use ethnum::U256;
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// Digits after the point that a [`Quantity`] holds.
pub(super) const QUANTITY_SCALE: u32 = 12;
const ONE: i128 = 10_i128.pow(QUANTITY_SCALE);
/// The same, as a number of parts of a unit.
const PARTS: u64 = 10_u64.pow(QUANTITY_SCALE);

/// Bytes in the GB that AWS bills: 2³⁰ (AWS's price pages and calculators count GB and TB in powers of two).
pub const BYTES_PER_GB: u64 = 1 << 30;

/// A quantity, exact to 10⁻¹² of its unit.
///
/// Counts are whole. A quantity in GB that comes from bytes is rounded half-even at 10⁻¹² GB, a thousandth of a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i128);

/// Says that a quantity grew past what can be held (about 1.7 × 10²⁶).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityError;

impl fmt::Display for QuantityError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the quantity is too large to be held exactly")
    }
}

impl std::error::Error for QuantityError {}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Takes a whole count.
    pub fn from_count(count: u64) -> Self {
        Self(i128::from(count) * ONE)
    }

    /// Takes an exact decimal.
    ///
    /// # Errors
    /// [`FixedError::TooManyDigits`] past twelve digits after the point, [`FixedError::OutOfRange`] above 1.7 × 10²⁶.
    pub fn from_decimal(value: Decimal) -> Result<Self, FixedError> {
        decimal_to_raw(value, QUANTITY_SCALE).map(Self)
    }

    /// Takes a number of units of 10⁻¹².
    pub fn from_trillionths(trillionths: i128) -> Self {
        Self(trillionths)
    }

    /// Returns the number of units of 10⁻¹².
    #[inline]
    pub fn trillionths(self) -> i128 {
        self.0
    }

    /// Takes bytes as GB of `bytes_per_gb`, half-even at 10⁻¹² GB.
    ///
    /// # Errors
    /// [`QuantityError`] past 1.7 × 10²⁶ bytes.
    pub fn gb_from_bytes(bytes: u128, bytes_per_gb: u64) -> Result<Self, QuantityError> {
        let scaled =
            i128::try_from(bytes).ok().and_then(|bytes| bytes.checked_mul(ONE)).ok_or(QuantityError)?;
        Ok(Self(div_half_even(scaled, i128::from(bytes_per_gb))))
    }

    /// Returns the whole count, or nothing when the quantity has a fraction or is negative.
    pub fn to_count(self) -> Option<u64> {
        (self.0 % ONE == 0).then(|| u64::try_from(self.0 / ONE).ok()).flatten()
    }

    /// Returns a quantity in GB as bytes, half-even to whole ones; nothing when it is negative or too large.
    pub fn bytes(self) -> Option<u128> {
        let scaled = self.0.checked_mul(i128::from(BYTES_PER_GB))?;
        u128::try_from(div_half_even(scaled, ONE)).ok()
    }

    /// Returns the count of 10⁻¹² units.
    #[inline]
    pub(super) fn raw(self) -> i128 {
        self.0
    }

    /// Tells whether the quantity is exactly nothing.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Tells whether the quantity is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Adds.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    #[inline]
    pub fn plus(self, other: Self) -> Result<Self, QuantityError> {
        self.0.checked_add(other.0).map(Self).ok_or(QuantityError)
    }

    /// Subtracts.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow.
    pub fn minus(self, other: Self) -> Result<Self, QuantityError> {
        self.0.checked_sub(other.0).map(Self).ok_or(QuantityError)
    }

    /// Returns self × part ÷ whole, cut (not rounded) at 10⁻¹². The rule for proportional shares.
    ///
    /// All three are non-negative and `whole` is positive; anything else gives zero.
    #[must_use]
    pub fn share_cut(self, part: Self, whole: Self) -> Self {
        let (Ok(own), Ok(part), Ok(whole)) =
            (u128::try_from(self.0), u128::try_from(part.0), u128::try_from(whole.0))
        else {
            return Self::ZERO;
        };
        if whole == 0 {
            return Self::ZERO;
        }
        let share = U256::from(own) * U256::from(part) / U256::from(whole);
        Self(i128::try_from(share).unwrap_or(0))
    }

    /// Takes bytes as GB of 2³⁰, given as a fraction `bytes` ÷ `divisor`, half-even at 10⁻¹² GB.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow or a divisor of zero.
    pub fn gb_from_fraction(bytes: u128, divisor: u128) -> Result<Self, QuantityError> {
        let divisor = U256::from(divisor) * U256::from(BYTES_PER_GB);
        let scaled = U256::from(bytes).checked_mul(U256::from(ONE.unsigned_abs())).ok_or(QuantityError)?;
        half_even(scaled, divisor).and_then(|raw| i128::try_from(raw).ok()).map(Self).ok_or(QuantityError)
    }

    /// Takes a fraction of whole numbers, half-even at 10⁻¹².
    ///
    /// # Errors
    /// [`QuantityError`] on overflow or a divisor of zero.
    pub fn from_fraction(numerator: u128, divisor: u128) -> Result<Self, QuantityError> {
        Self(ONE).times_fraction(numerator, divisor)
    }

    /// Returns self × numerator ÷ divisor, half-even at 10⁻¹².
    ///
    /// # Errors
    /// [`QuantityError`] on overflow, a divisor of zero, or a negative quantity.
    pub fn times_fraction(self, numerator: u128, divisor: u128) -> Result<Self, QuantityError> {
        let own = u128::try_from(self.0).map_err(|_| QuantityError)?;
        if let Some(scaled) = own.checked_mul(numerator) {
            let raw = half_even_small(scaled, divisor).ok_or(QuantityError)?;
            return i128::try_from(raw).map(Self).map_err(|_| QuantityError);
        }
        let scaled = U256::from(own).checked_mul(U256::from(numerator)).ok_or(QuantityError)?;
        half_even(scaled, U256::from(divisor))
            .and_then(|raw| i128::try_from(raw).ok())
            .map(Self)
            .ok_or(QuantityError)
    }

    /// Returns self × whole, half-even to a whole number.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow or a negative quantity.
    pub fn of_whole(self, whole: u128) -> Result<u128, QuantityError> {
        let own = u128::try_from(self.0).map_err(|_| QuantityError)?;
        if let Some(scaled) = own.checked_mul(whole) {
            return half_even_small(scaled, ONE.unsigned_abs()).ok_or(QuantityError);
        }
        let scaled = U256::from(own).checked_mul(U256::from(whole)).ok_or(QuantityError)?;
        half_even(scaled, U256::from(ONE.unsigned_abs()))
            .and_then(|whole| u128::try_from(whole).ok())
            .ok_or(QuantityError)
    }

    /// Multiplies by a growth factor and rounds half-even to the nearest whole 1 ÷ `parts` of the unit.
    ///
    /// With one part counts stay whole; with 2³⁰ parts GB stay whole bytes.
    ///
    /// # Errors
    /// [`QuantityError`] on overflow, or when the quantity or the factor is negative.
    pub fn grown(self, factor: Decimal, parts: u64) -> Result<Self, QuantityError> {
        if factor == Decimal::ONE {
            return Ok(self);
        }
        let own = u128::try_from(self.0).map_err(|_| QuantityError)?;
        let mantissa = u128::try_from(factor.mantissa()).map_err(|_| QuantityError)?;
        let product = U256::from(own)
            .checked_mul(U256::from(mantissa))
            .and_then(|product| product.checked_mul(U256::from(parts)))
            .ok_or(QuantityError)?;
        let one = U256::from(ONE.unsigned_abs());
        let divisor = one * U256::from(10_u128.pow(factor.scale()));
        let whole_parts = half_even(product, divisor).ok_or(QuantityError)?;
        let scaled = whole_parts.checked_mul(one).ok_or(QuantityError)?;
        half_even(scaled, U256::from(parts))
            .and_then(|raw| i128::try_from(raw).ok())
            .map(Self)
            .ok_or(QuantityError)
    }

    /// Writes the quantity with separators, as exact as it is: `20,000,000`, `1,234.5`.
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
        let whole = text.find('.').unwrap_or(text.len());
        let mut out = sign.to_owned();
        for (at, character) in text.char_indices() {
            if at > 0 && at < whole && (whole - at).is_multiple_of(3) {
                out.push(',');
            }
            out.push(character);
        }
        out
    }

    /// Rounds to a decimal with `digits` after the point, half away from zero: for display only.
    pub fn rounded(self, digits: u32) -> Decimal {
        let digits = digits.min(QUANTITY_SCALE);
        let unit = 10_u128.pow(QUANTITY_SCALE - digits);
        let magnitude = self.0.unsigned_abs();
        let rounded = magnitude / unit + u128::from(magnitude % unit >= unit.div_ceil(2) && unit > 1);
        let signed = i128::try_from(rounded).map_or(i128::MAX, |value| value * self.0.signum());
        Decimal::try_from_i128_with_scale(signed, digits).unwrap_or(Decimal::MAX)
    }
}

impl fmt::Display for Quantity {
    /// Writes the exact quantity as a plain decimal without trailing zeros.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_raw(self.0, QUANTITY_SCALE, formatter)
    }
}

impl FromStr for Quantity {
    type Err = FixedError;

    /// Reads a plain decimal as it is written: exactly, or not at all.
    fn from_str(text: &str) -> Result<Self, FixedError> {
        read_raw(text, QUANTITY_SCALE).map(Self)
    }
}

/// The same in 128 bits, which is nearly always enough.
fn half_even_small(dividend: u128, divisor: u128) -> Option<u128> {
    if dividend == 0 {
        return (divisor != 0).then_some(0);
    }
    let (quotient, remainder) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    let up = match remainder.cmp(&(divisor - remainder)) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => quotient & 1,
    };
    quotient.checked_add(up)
}

fn half_even(dividend: U256, divisor: U256) -> Option<U256> {
    if divisor == U256::ZERO {
        return None;
    }
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    let up = match remainder.cmp(&(divisor - remainder)) {
        std::cmp::Ordering::Less => U256::ZERO,
        std::cmp::Ordering::Greater => U256::ONE,
        std::cmp::Ordering::Equal => quotient & U256::ONE,
    };
    quotient.checked_add(up)
}

/// The unit a usage type is billed in, as the price list writes it: `Events`, `GB`, `GB-Mo`, `Requests` …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit(String);

impl Unit {
    /// Takes a unit's name as it stands in a price list.
    pub fn new(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Returns into how many parts growth divides the unit: whole counts, whole bytes, or 10⁻¹² of anything else.
    pub fn parts(&self) -> u64 {
        if self.is_whole() {
            1
        } else if self.0 == "GB" {
            BYTES_PER_GB
        } else {
            PARTS
        }
    }

    /// Tells whether a quantity in this unit must be a whole number.
    pub fn is_whole(&self) -> bool {
        matches!(self.0.as_str(), "Events" | "Requests" | "Objects")
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_gb_at_a_thousandth_of_a_byte() {
        for (bytes, per_gb, expected) in [
            (1_500_000_000, 1_000_000_000, "1.5"),
            (1 << 30, BYTES_PER_GB, "1"),
            (102_400_000_000, BYTES_PER_GB, "95.367431640625"),
            (1, BYTES_PER_GB, "0.000000000931"),
        ] {
            let gb = Quantity::gb_from_bytes(bytes, per_gb).unwrap();
            assert_eq!(gb.to_string(), expected, "{bytes}");
        }
        assert_eq!(Quantity::gb_from_bytes(u128::MAX, BYTES_PER_GB), Err(QuantityError));
    }

    #[test]
    fn a_share_is_cut_and_never_rounded_up() {
        let one = Quantity::from_count(1);
        let three = Quantity::from_count(3);
        let two = Quantity::from_count(2);
        assert_eq!(one.share_cut(one, three).to_string(), "0.333333333333");
        assert_eq!(one.share_cut(two, three).to_string(), "0.666666666666");
        let huge = Quantity(i128::MAX);
        assert_eq!(huge.share_cut(huge, huge), huge);
    }

    #[test]
    fn growth_rounds_to_whole_parts_half_even() {
        let factor = |text| super::super::fixed::parse_decimal(text).unwrap();
        for (count, by, expected) in [(1, "1.5", 2), (3, "1.5", 4), (5, "0.5", 2), (100, "1.01", 101)] {
            let grown = Quantity::from_count(count).grown(factor(by), 1).unwrap();
            assert_eq!(grown, Quantity::from_count(expected), "{count} × {by}");
        }
        let third = Quantity::from_decimal(factor("0.3")).unwrap();
        // 0.3 GB × 2 = 644245094.4 bytes → 644245094 bytes.
        let grown = third.grown(factor("2"), BYTES_PER_GB).unwrap();
        assert_eq!(grown.to_string(), "0.599999999627");
        assert_eq!(third.grown(factor("1"), BYTES_PER_GB).unwrap(), third);
        assert!(Quantity(i128::MAX).grown(factor("2"), 1).is_err());
    }

    #[test]
    fn separators_stand_before_the_point() {
        for (raw, expected) in [
            (0, "0"),
            (999 * ONE, "999"),
            (1_000 * ONE, "1,000"),
            (-20_000_000 * ONE, "−20,000,000"),
            (1_234_567 * ONE + ONE / 2, "1,234,567.5"),
            (123, "0.000000000123"),
        ] {
            assert_eq!(Quantity(raw).grouped(), expected);
        }
    }

    #[test]
    fn display_rounding_goes_away_from_zero() {
        let quantity = Quantity(1_500_000_000_000);
        assert_eq!(quantity.rounded(0).to_string(), "2");
        assert_eq!(Quantity(-1_500_000_000_000).rounded(0).to_string(), "-2");
        assert_eq!(Quantity(123).rounded(12).to_string(), "0.000000000123");
    }
}
