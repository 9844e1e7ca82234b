//! Money and unit prices, exact.

use super::fixed::{FixedError, decimal_to_raw, div_half_even, read_raw, write_raw};
use super::quantity::{QUANTITY_SCALE, Quantity};
use ethnum::I256;
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;

/// The ISO 4217 code of a currency, as the price tables write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(String);

impl Currency {
    /// Takes a three-letter code, or nothing if it is not one.
    pub fn new(code: &str) -> Option<Self> {
        let valid = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        valid.then(|| Self(code.to_owned()))
    }

    /// US dollars, the currency of every commercial Region's price list.
    pub fn usd() -> Self {
        Self("USD".to_owned())
    }

    /// Returns the code, such as `USD`.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// Returns the sign that stands before an amount: `$`, `¥`, or the code and a space.
    pub fn symbol(&self) -> String {
        match self.0.as_str() {
            "USD" => "$".to_owned(),
            "CNY" => "¥".to_owned(),
            code => format!("{code}\u{a0}"),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Digits after the point that [`Money`] holds.
const MONEY_SCALE: u32 = 24;
const MICRO_CENT: i128 = 10_i128.pow(MONEY_SCALE - 2);

/// An amount of money, exact to 10⁻²⁴ of its currency.
///
/// A quantity has twelve digits after the point and a listed price at most twelve, so that their product is
/// exact. The largest amount is about 170 trillion; past it the checked operations return nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(i128);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Takes an exact decimal amount.
    ///
    /// # Errors
    /// [`FixedError::OutOfRange`] above 170 trillion, [`FixedError::TooManyDigits`] below 10⁻²⁴.
    pub fn from_decimal(value: Decimal) -> Result<Self, FixedError> {
        decimal_to_raw(value, MONEY_SCALE).map(Self)
    }

    /// Takes a number of units of 10⁻²⁴.
    pub fn from_septillionths(septillionths: i128) -> Self {
        Self(septillionths)
    }

    /// Returns the number of units of 10⁻²⁴.
    pub fn septillionths(self) -> i128 {
        self.0
    }

    /// Adds, or returns nothing on overflow.
    #[inline]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Subtracts, or returns nothing on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Tells whether the amount is exactly nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Tells whether the amount is below zero.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Rounds to cents, half away from zero: for display only.
    pub fn cents(self) -> i128 {
        let magnitude = self.0.unsigned_abs();
        let (unit, half) = (MICRO_CENT.unsigned_abs(), MICRO_CENT.unsigned_abs() / 2);
        let cents =
            i128::try_from(magnitude / unit + u128::from(magnitude % unit >= half)).unwrap_or(i128::MAX);
        if self.0 < 0 { -cents } else { cents }
    }

    /// Rounds to cents as a decimal, half away from zero: for display and charts only.
    pub fn rounded(self) -> Decimal {
        Decimal::try_from_i128_with_scale(self.cents(), 2).unwrap_or(Decimal::MAX)
    }

    /// Returns this amount as a share of `whole` in tenths of a percent, rounded half away from zero.
    ///
    /// Nothing when `whole` is not positive: a share of nothing has no value.
    pub fn share_of(self, whole: Self) -> Option<Decimal> {
        self.ratio(whole, 3, 1)
    }

    /// Returns self ÷ whole × 10^(`digits`), written with `decimals` digits after the point.
    fn ratio(self, whole: Self, digits: u32, decimals: u32) -> Option<Decimal> {
        if whole.0 <= 0 {
            return None;
        }
        let scaled = I256::from(self.0) * I256::from(10_i128.pow(digits));
        let (whole, half) = (I256::from(whole.0), I256::from(whole.0) / 2);
        let rounded = if self.0 < 0 { (scaled - half) / whole } else { (scaled + half) / whole };
        let rounded = i128::try_from(rounded).ok()?;
        Decimal::try_from_i128_with_scale(rounded, decimals).ok()
    }

    /// Returns self ÷ `whole` with `digits` after the point, rounded half away from zero; nothing unless `whole` is positive.
    pub fn over(self, whole: Self, digits: u32) -> Option<Decimal> {
        self.ratio(whole, digits, digits)
    }

    /// Returns the part of this amount that falls on each `of` of a number of things, half-even at 10⁻²⁴.
    ///
    /// Nothing unless the number is positive: for display only.
    pub fn per(self, things: Quantity, of: u32) -> Option<Self> {
        let divisor = I256::from(things.raw());
        if divisor <= 0 {
            return None;
        }
        let scaled = I256::from(self.0) * I256::from(of) * I256::from(10_i128.pow(QUANTITY_SCALE));
        i128::try_from(half_even_256(scaled, divisor)).ok().map(Self)
    }

    /// Returns the same amount on the other side of zero.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// Returns the amount without its sign.
    #[must_use]
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Returns self × part ÷ whole, half-even at 10⁻²⁴; nothing unless `whole` is positive, or on overflow.
    pub fn times_ratio(self, part: Quantity, whole: Quantity) -> Option<Self> {
        let divisor = I256::from(whole.raw());
        if divisor <= 0 {
            return None;
        }
        let product = I256::from(self.0).checked_mul(I256::from(part.raw()))?;
        i128::try_from(half_even_256(product, divisor)).ok().map(Self)
    }

    /// Returns self × factor, half-even at 10⁻²⁴; nothing on overflow.
    pub fn times(self, factor: Decimal) -> Option<Self> {
        let product = I256::from(self.0).checked_mul(I256::from(factor.mantissa()))?;
        let divisor = I256::from(10_i128.pow(factor.scale()));
        i128::try_from(half_even_256(product, divisor)).ok().map(Self)
    }

    /// Tells whether this amount, without its sign, is more than a share of `whole`, exactly.
    pub fn exceeds_share(self, share: Decimal, whole: Self) -> bool {
        let own = I256::from(self.abs().0).saturating_mul(I256::from(10_i128.pow(share.scale())));
        own > I256::from(whole.0).saturating_mul(I256::from(share.mantissa()))
    }

    /// Returns how many digits after the point it takes to write the amount.
    pub fn digits(self) -> u32 {
        let (mut left, mut digits) = (self.0, MONEY_SCALE);
        while digits > 0 && left % 10 == 0 {
            left /= 10;
            digits -= 1;
        }
        digits
    }

    /// Divides by a count, half-even at 10⁻²⁴: averages are for display only.
    pub fn divided_by(self, count: u32) -> Option<Self> {
        (count > 0).then(|| Self(div_half_even(self.0, i128::from(count))))
    }
}

impl fmt::Display for Money {
    /// Writes the exact amount as a plain decimal without trailing zeros.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_raw(self.0, MONEY_SCALE, formatter)
    }
}

impl FromStr for Money {
    type Err = FixedError;

    /// Reads a plain decimal as it is written: exactly, or not at all.
    fn from_str(text: &str) -> Result<Self, FixedError> {
        read_raw(text, MONEY_SCALE).map(Self)
    }
}

/// A price for one unit, as billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitPrice {
    value: Decimal,
    /// The price in units of 10⁻¹²; `None` when it has more digits.
    trillionths: Option<i128>,
}

impl UnitPrice {
    /// Digits after the point that a listed price may have.
    pub const MAX_SCALE: u32 = 12;

    /// Takes a price for one unit.
    pub fn new(value: Decimal) -> Self {
        let value = value.normalize();
        Self { value, trillionths: decimal_to_raw(value, Self::MAX_SCALE).ok() }
    }

    /// Returns the price as a decimal.
    pub fn value(self) -> Decimal {
        self.value
    }

    /// Returns what one unit costs, exactly, or half-even at 10⁻²⁴ where the price has more digits; nothing on overflow.
    pub fn of_one(self) -> Option<Money> {
        self.times(Quantity::from_count(1))
    }

    /// Tells whether every product with a quantity is exact: the price has at most twelve digits after the point.
    pub fn is_exact(self) -> bool {
        self.trillionths.is_some()
    }

    /// Multiplies by a quantity, exactly whenever the price has at most twelve digits after the point.
    ///
    /// A contracted price may have more (a discounted price of ten digits, say): the amount is then rounded
    /// half-even at 10⁻²⁴. Nothing on overflow.
    #[inline]
    pub fn times(self, quantity: Quantity) -> Option<Money> {
        match self.trillionths {
            Some(price) => quantity.raw().checked_mul(price).map(Money),
            None => self.times_rounded(quantity),
        }
    }

    fn times_rounded(self, quantity: Quantity) -> Option<Money> {
        let product = I256::from(quantity.raw()) * I256::from(self.value.mantissa());
        let scale = QUANTITY_SCALE + self.value.scale();
        let raw = match scale.checked_sub(MONEY_SCALE) {
            Some(surplus) => half_even_256(product, I256::from(10_i128.pow(surplus))),
            None => product * I256::from(10_i128.pow(MONEY_SCALE - scale)),
        };
        i128::try_from(raw).ok().map(Money)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, formatter)
    }
}

fn half_even_256(dividend: I256, divisor: I256) -> I256 {
    let quotient = dividend.div_euclid(divisor);
    let remainder = dividend.rem_euclid(divisor);
    match remainder.cmp(&(divisor - remainder)) {
        std::cmp::Ordering::Less => quotient,
        std::cmp::Ordering::Greater => quotient + 1,
        std::cmp::Ordering::Equal => quotient + (quotient & I256::ONE),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixed::parse_decimal;
    use super::*;

    fn price(text: &str) -> UnitPrice {
        UnitPrice::new(parse_decimal(text).unwrap())
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    #[test]
    fn price_times_quantity_is_exact() {
        for (unit_price, amount, expected) in [
            ("0.00002", "20000000", "400"),
            ("0.0000035", "2000000", "7"),
            ("0.0000003", "1", "0.0000003"),
            ("0.000000000001", "0.000000000001", "0.000000000000000000000001"),
            ("0.023", "95.367431640625", "2.193450927734375"),
            ("2.5", "0", "0"),
            // 16 digits after the point: 0.333333333333 × 0.0000145416957501 rounds half-even at 10⁻²⁴.
            ("0.0000145416957501", "0.333333333333", "0.000004847231916695152768"),
        ] {
            let product = price(unit_price).times(quantity(amount)).unwrap();
            assert_eq!(product.to_string(), expected, "{unit_price} × {amount}");
        }
    }

    #[test]
    fn an_amount_past_the_range_is_refused_not_wrapped() {
        assert_eq!(price("1000000").times(quantity("1000000000")), None);
        assert_eq!(Money(i128::MAX).checked_add(Money(1)), None);
    }

    #[test]
    fn cents_round_half_away_from_zero() {
        for (amount, expected) in
            [("0.005", 1), ("-0.005", -1), ("0.004999", 0), ("1.155", 116), ("1.145", 115), ("422", 42_200)]
        {
            let money = Money::from_decimal(parse_decimal(amount).unwrap()).unwrap();
            assert_eq!(money.cents(), expected, "{amount}");
        }
    }

    #[test]
    fn parts_of_an_amount() {
        let money = |text: &str| Money::from_decimal(parse_decimal(text).unwrap()).unwrap();
        assert_eq!(money("400").times_ratio(quantity("15"), quantity("30")), Some(money("200")));
        assert_eq!(money("-1").times_ratio(quantity("1"), quantity("3")).unwrap().to_string().len(), 27);
        assert_eq!(money("1").times_ratio(quantity("1"), quantity("0")), None);
        assert_eq!(money("422").times(parse_decimal("0.88").unwrap()), Some(money("371.36")));
        assert_eq!(money("-422").times(parse_decimal("-0.5").unwrap()), Some(money("211")));
        for (amount, digits) in [("0", 0), ("12", 0), ("0.50", 1), ("-0.000113", 6), ("100.01", 2)] {
            assert_eq!(money(amount).digits(), digits, "{amount}");
        }
        let share = parse_decimal("0.02").unwrap();
        for (part, whole, expected) in
            [("8.44", "422", false), ("8.440000000001", "422", true), ("-9", "422", true), ("0", "0", false)]
        {
            assert_eq!(money(part).exceeds_share(share, money(whole)), expected, "{part} of {whole}");
        }
    }

    #[test]
    fn shares_are_tenths_of_a_percent() {
        let money = |units: i64| Money::from_decimal(Decimal::from(units)).unwrap();
        assert_eq!(money(400).share_of(money(422)).unwrap().to_string(), "94.8");
        assert_eq!(money(1).share_of(money(0)), None);
        assert_eq!(money(-1).share_of(money(3)).unwrap().to_string(), "-33.3");
    }
}
