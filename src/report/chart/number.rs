//! Amounts as chart labels: three digits at most, rounded half away from zero, always from decimals.

use rust_decimal::{Decimal, RoundingStrategy};

use super::text::clean;

/// U+2212, as wide as the digits and the plus sign.
const MINUS: char = '−';

/// Thousands and their letters.
const UNITS: [(i64, &str); 4] =
    [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T")];

/// An amount as a label: `$0`, `< $1`, `$422`, `$9.1k`, `$114k`, `$1.23M`, `−$24k`.
///
/// An amount below 1 that is not zero never reads as zero, and one of 1,000 trillions and more reads `> $999T`.
#[must_use]
pub fn money(amount: Decimal, currency_symbol: &str) -> String {
    signed(amount, currency_symbol, "")
}

/// Writes an amount that may lack something unknown: at least so much, or `unknown` where nothing is known.
pub(super) fn bound(amount: Decimal, currency_symbol: &str, incomplete: bool) -> String {
    match (incomplete, amount.is_zero()) {
        (false, _) => money(amount, currency_symbol),
        (true, true) => "unknown".to_owned(),
        (true, false) if amount > Decimal::ZERO && amount < Decimal::ONE => match below_one(amount) {
            Some(cents) => format!("≥ {}{cents}", prefix(currency_symbol)),
            None => format!("> {}0", prefix(currency_symbol)),
        },
        (true, false) => format!("≥ {}", money(amount, currency_symbol)),
    }
}

/// An amount between a cent and 1, in cents and without its sign.
fn below_one(amount: Decimal) -> Option<String> {
    let cents = round(amount.abs(), 2);
    (!cents.is_zero() && cents < Decimal::ONE).then(|| fixed(cents, 2))
}

/// An amount in full, with separators and so many decimals: `$15,192.40`.
pub(super) fn exact_money(amount: Decimal, decimals: u32, currency_symbol: &str) -> String {
    let rounded = round(amount.abs(), decimals);
    let whole = grouped(rounded.trunc());
    let fraction = fixed(rounded.fract(), decimals);
    let fraction = fraction.strip_prefix('0').unwrap_or_default();
    let is_below = amount.is_sign_negative() && !rounded.is_zero();
    let sign = if is_below { String::from(MINUS) } else { String::new() };
    format!("{sign}{}{whole}{fraction}", prefix(currency_symbol))
}

/// Writes two amounts for a title so that different ones look different: as [`headline_money`], else to the unit, else in
/// cents. Nothing where even these are alike.
pub fn told_apart(low: Decimal, high: Decimal, currency_symbol: &str) -> Option<(String, String)> {
    let both =
        |text: &dyn Fn(Decimal) -> String| Some((text(low), text(high))).filter(|(low, high)| low != high);
    both(&|amount| headline_money(amount, currency_symbol))
        .or_else(|| both(&|amount| exact_money(amount, 0, currency_symbol)))
        .or_else(|| both(&|amount| exact_money(amount, 2, currency_symbol)))
}

/// An amount for a title: in cents below 1, exact to the unit below 10,000 (`$5,064`), three digits above (`$15.2k`, `$423k`).
#[must_use]
pub fn headline_money(amount: Decimal, currency_symbol: &str) -> String {
    if let Some(cents) = below_one(amount) {
        let sign = if amount.is_sign_negative() { String::from(MINUS) } else { String::new() };
        return format!("{sign}{}{cents}", prefix(currency_symbol));
    }
    let whole = round(amount.abs(), 0);
    let tenths = round(amount.abs() / Decimal::ONE_THOUSAND, 1);
    let digits = if whole < Decimal::ONE_THOUSAND || tenths >= Decimal::ONE_HUNDRED {
        return money(amount, currency_symbol);
    } else if whole < Decimal::from(10_000) {
        grouped(whole)
    } else {
        format!("{}k", fixed(tenths, 1))
    };
    let sign = if amount.is_sign_negative() { String::from(MINUS) } else { String::new() };
    format!("{sign}{}{digits}", prefix(currency_symbol))
}

/// A change as a label: as [`money`], with `+` before a rise and `±` before zero, and in cents below 1.
#[must_use]
pub(super) fn change(amount: Decimal, currency_symbol: &str) -> String {
    let plus = if amount.is_zero() { "±" } else { "+" };
    if let Some(cents) = below_one(amount) {
        let sign = if amount.is_sign_negative() { String::from(MINUS) } else { plus.to_owned() };
        return format!("{sign}{}{cents}", prefix(currency_symbol));
    }
    signed(amount, currency_symbol, plus)
}

/// A part of a whole in whole percent: `63%`, `< 1%`; nothing where the whole is not above zero.
#[must_use]
pub fn share(part: Decimal, whole: Decimal) -> String {
    if whole <= Decimal::ZERO {
        return String::new();
    }
    let Some(percent) = part.checked_div(whole).and_then(|ratio| ratio.checked_mul(Decimal::ONE_HUNDRED))
    else {
        return String::new();
    };
    let rounded = round(percent.abs(), 0);
    match (rounded.is_zero(), part.is_zero(), part.is_sign_negative()) {
        (_, true, _) => "0%".to_owned(),
        (true, _, false) => "< 1%".to_owned(),
        (true, _, true) => format!("> {MINUS}1%"),
        (false, _, false) => format!("{rounded}%"),
        (false, _, true) => format!("{MINUS}{rounded}%"),
    }
}

/// A tick's label. All ticks of an axis share the unit of the largest and the decimals of the step.
#[must_use]
pub(super) fn tick(value: Decimal, step: Decimal, largest: Decimal, currency_symbol: &str) -> String {
    let prefix = prefix(currency_symbol);
    if value.is_zero() {
        return format!("{prefix}0");
    }
    let (unit, letter) = UNITS
        .iter()
        .rev()
        .map(|&(unit, letter)| (Decimal::from(unit), letter))
        .find(|(unit, _)| largest.abs() >= *unit)
        .unwrap_or((Decimal::ONE, ""));
    let decimals = match ((step / unit).normalize().scale(), letter) {
        // Money in single units has either no decimals or two.
        (1, "") => 2,
        (decimals, _) => decimals,
    };
    let sign = if value.is_sign_negative() { String::from(MINUS) } else { String::new() };
    let scaled = round(value.abs() / unit, decimals);
    let digits = if decimals == 0 { grouped(scaled) } else { fixed(scaled, decimals) };
    format!("{sign}{prefix}{digits}{letter}")
}

fn signed(amount: Decimal, currency_symbol: &str, plus: &str) -> String {
    let prefix = prefix(currency_symbol);
    let negative = amount.is_sign_negative() && !amount.is_zero();
    let sign = if negative { String::from(MINUS) } else { plus.to_owned() };
    if !amount.is_zero() && amount.abs() < Decimal::ONE {
        // −0.40 lies above −1: the sign of comparison turns with the sign of the amount.
        let comparison = if negative { '>' } else { '<' };
        return format!("{comparison} {sign}{prefix}1");
    }
    match magnitude(amount.abs()) {
        Some(digits) => format!("{sign}{prefix}{digits}"),
        None if negative => format!("< {sign}{prefix}999T"),
        None => format!("> {sign}{prefix}999T"),
    }
}

/// Nothing where the amount is too large for three digits and a letter.
fn magnitude(amount: Decimal) -> Option<String> {
    let whole = round(amount, 0);
    if whole < Decimal::ONE_THOUSAND {
        return Some(whole.to_string());
    }
    for (unit, letter) in UNITS {
        let scaled = amount / Decimal::from(unit);
        // Decided on the rounded value, so that 9,950 becomes 10k and 999,500 becomes 1.00M.
        let most = if letter == "k" { 1 } else { 2 };
        for decimals in (0..=most).rev() {
            let limit = match (letter, decimals) {
                (_, 0) => Decimal::ONE_THOUSAND,
                ("k", _) | (_, 2) => Decimal::TEN,
                _ => Decimal::ONE_HUNDRED,
            };
            let rounded = round(scaled, decimals);
            if rounded < limit {
                return Some(format!("{}{letter}", fixed(rounded, decimals)));
            }
        }
    }
    None
}

fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

/// An already rounded value with exactly so many decimals.
pub(super) fn fixed(mut value: Decimal, decimals: u32) -> String {
    value.rescale(decimals);
    value.to_string()
}

/// A whole number with separators.
pub(super) fn grouped(whole: Decimal) -> String {
    let digits = whole.normalize().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The symbol as it stands before the digits; letter codes keep a no-break space (`CHF 422`).
fn prefix(currency_symbol: &str) -> String {
    let mut symbol: String = clean(currency_symbol).chars().take(4).collect();
    if symbol.chars().last().is_some_and(|last| last.is_ascii_alphabetic()) {
        symbol.push('\u{a0}');
    }
    symbol
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn money_labels() {
        for (amount, label) in [
            ("0", "$0"),
            ("0.00", "$0"),
            ("-0", "$0"),
            ("0.0001", "< $1"),
            ("0.99", "< $1"),
            ("-0.4", "> −$1"),
            ("1", "$1"),
            ("1.5", "$2"),
            ("2.5", "$3"),
            ("422", "$422"),
            ("999.49", "$999"),
            ("999.5", "$1.0k"),
            ("1000", "$1.0k"),
            ("1050", "$1.1k"),
            ("9100", "$9.1k"),
            ("9949", "$9.9k"),
            ("9950", "$10k"),
            ("10000", "$10k"),
            ("114400", "$114k"),
            ("114500", "$115k"),
            ("999499", "$999k"),
            ("999500", "$1.00M"),
            ("1234567", "$1.23M"),
            ("12345678", "$12.3M"),
            ("123456789", "$123M"),
            ("1234567890", "$1.23B"),
            ("999999999999", "$1.00T"),
            ("999499999999999", "$999T"),
            ("79228162514264337593543950335", "> $999T"),
            ("-79228162514264337593543950335", "< −$999T"),
            ("-24000", "−$24k"),
            ("-999.5", "−$1.0k"),
        ] {
            assert_eq!(money(dec(amount), "$"), label, "{amount}");
        }
    }

    #[test]
    fn headline_labels() {
        for (amount, label) in [
            ("0", "$0"),
            ("0.2", "$0.20"),
            ("-0.2", "−$0.20"),
            ("0.002", "< $1"),
            ("422", "$422"),
            ("999.5", "$1,000"),
            ("5064", "$5,064"),
            ("9999.49", "$9,999"),
            ("9999.5", "$10.0k"),
            ("15192", "$15.2k"),
            ("99949", "$99.9k"),
            ("99950", "$100k"),
            ("423000", "$423k"),
            ("-15192", "−$15.2k"),
        ] {
            assert_eq!(headline_money(dec(amount), "$"), label, "{amount}");
        }
    }

    #[test]
    fn change_labels() {
        for (amount, label) in [
            ("188000", "+$188k"),
            ("-142000", "−$142k"),
            ("0", "±$0"),
            ("0.3", "+$0.30"),
            ("-0.3", "−$0.30"),
            ("0.999", "< +$1"),
            ("0.001", "< +$1"),
        ] {
            assert_eq!(change(dec(amount), "$"), label, "{amount}");
        }
    }

    #[test]
    fn what_an_amount_is_at_least_has_one_sign_of_comparison() {
        for (amount, label) in
            [("0", "unknown"), ("0.4", "≥ $0.40"), ("0.001", "> $0"), ("0.999", "> $0"), ("12", "≥ $12")]
        {
            assert_eq!(bound(dec(amount), "$", true), label, "{amount}");
        }
        assert_eq!(bound(dec("0.4"), "$", false), "< $1");
    }

    #[test]
    fn different_amounts_look_different() {
        let pair = |low: &str, high: &str| told_apart(dec(low), dec(high), "$");
        let texts = |low: &str, high: &str| Some((low.to_owned(), high.to_owned()));
        assert_eq!(pair("38000", "61000"), texts("$38.0k", "$61.0k"));
        assert_eq!(pair("15192", "15193"), texts("$15,192", "$15,193"));
        assert_eq!(pair("87.123", "87.456"), texts("$87.12", "$87.46"));
        assert_eq!(pair("87.001", "87.002"), None);
    }

    #[test]
    fn shares() {
        for (part, whole, label) in [
            ("63", "100", "63%"),
            ("62.5", "100", "63%"),
            ("0.4", "100", "< 1%"),
            ("0", "100", "0%"),
            ("-12", "100", "−12%"),
            ("-0.1", "100", "> −1%"),
            ("1", "0", ""),
            ("1", "-5", ""),
            ("79228162514264337593543950335", "79228162514264337593543950335", "100%"),
            ("79228162514264337593543950335", "0.0000000000000000000000000001", ""),
        ] {
            assert_eq!(share(dec(part), dec(whole)), label, "{part} of {whole}");
        }
    }

    #[test]
    fn ticks_share_unit_and_decimals() {
        for (value, step, largest, label) in [
            ("0", "50000", "150000", "$0"),
            ("50000", "50000", "150000", "$50k"),
            ("2500", "2500", "10000", "$2.5k"),
            ("5000", "2500", "10000", "$5.0k"),
            ("500000", "500000", "1500000", "$0.5M"),
            ("0.5", "0.5", "1.5", "$0.50"),
            ("0.25", "0.25", "1", "$0.25"),
            ("200", "200", "800", "$200"),
            ("-100000", "100000", "200000", "−$100k"),
        ] {
            assert_eq!(tick(dec(value), dec(step), dec(largest), "$"), label, "{value}");
        }
    }

    #[test]
    fn symbols_are_cleaned_and_spaced() {
        for (symbol, label) in [
            ("€", "€422"),
            ("¥", "¥422"),
            ("CHF", "CHF\u{a0}422"),
            ("", "422"),
            ("<script>", "<scr\u{a0}422"),
        ] {
            assert_eq!(money(dec("422"), symbol), label, "{symbol}");
        }
    }
}
