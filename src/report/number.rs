//! Figures as people read them.

use crate::domain::Money;
use rust_decimal::{Decimal, RoundingStrategy};

/// Digits after the point that an amount below a cent has at most.
const SMALL_DIGITS: u32 = 6;

/// Writes an amount in cents with separators: `1,234.50`, `−12.00`. Less than a cent has two digits that are not zero
/// before them, so that it does not look like nothing: `0.0018`, `<0.000001`.
pub fn money_text(amount: Money) -> String {
    let cents = amount.cents();
    if cents == 0 && !amount.is_zero() {
        return small_text(amount);
    }
    let magnitude = cents.unsigned_abs();
    let sign = if cents < 0 { "−" } else { "" };
    format!("{sign}{}.{:02}", separated(magnitude / 100), magnitude % 100)
}

fn small_text(amount: Money) -> String {
    let sign = if amount.is_negative() { "−" } else { "" };
    let text = amount.abs().to_string();
    let zeros = text.chars().skip(2).take_while(|digit| *digit == '0').count();
    let digits = u32::try_from(zeros).unwrap_or(u32::MAX).saturating_add(2).min(SMALL_DIGITS);
    let rounded = crate::domain::parse_decimal(&text)
        .unwrap_or_default()
        .round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    if rounded.is_zero() {
        let comparison = if amount.is_negative() { '>' } else { '<' };
        return format!("{comparison}{sign}{}", Decimal::new(1, SMALL_DIGITS));
    }
    format!("{sign}{}", rounded.normalize())
}

/// Writes an amount with its currency; signs stand in front: `−$12.00`.
pub(super) fn currency_text(amount: Money, symbol: &str) -> String {
    let text = money_text(amount);
    let digits = text.trim_start_matches(['<', '>', '−']);
    format!("{}{symbol}{digits}", &text[..text.len() - digits.len()])
}

/// Writes a difference: with `+` before a rise.
pub(super) fn signed_text(text: String, amount: Money) -> String {
    let is_plain = text.starts_with(|first: char| !matches!(first, '<' | '>'));
    if is_plain && !amount.is_zero() && !amount.is_negative() { format!("+{text}") } else { text }
}

/// Writes an amount in cents; of an incomplete figure only what it is at least, never a bare number.
pub(super) fn amount_text(amount: Money, incomplete: bool) -> String {
    match (incomplete, amount.is_zero()) {
        (false, _) => money_text(amount),
        (true, true) => "unknown".to_owned(),
        (true, false) => match money_text(amount) {
            text if text.starts_with('<') => "> 0.00".to_owned(),
            text => format!("≥ {text}"),
        },
    }
}

/// Writes a decimal with separators, as exact as it is.
pub fn grouped(value: Decimal) -> String {
    let text = value.normalize().abs().to_string();
    let (whole, fraction) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), separated);
    let sign = if value.is_sign_negative() && !value.is_zero() { "−" } else { "" };
    match fraction {
        None => format!("{sign}{whole}"),
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// Writes a percentage of one digit after the point; above zero but less than a tenth as `<0.1%`.
pub fn percent_text(percent: Decimal, is_zero: bool) -> String {
    let rounded = percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    if rounded.is_zero() && !is_zero {
        return "<0.1%".to_owned();
    }
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "−" } else { "" };
    format!("{sign}{:.1}%", rounded.abs())
}

fn separated(value: u128) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a count with its word: `1 account`, `2 accounts`.
pub(super) fn plural(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::parse_decimal;

    #[test]
    fn amounts_have_cents_and_separators() {
        for (amount, expected) in [
            ("0", "0.00"),
            ("15192", "15,192.00"),
            ("-1234567.895", "−1,234,567.90"),
            ("0.004", "0.004"),
            ("0.0018150185", "0.0018"),
            ("-0.000113", "−0.00011"),
            ("0.0000014", "0.000001"),
            ("0.0000004", "<0.000001"),
            ("-0.0000004", ">−0.000001"),
            ("999.995", "1,000.00"),
        ] {
            let money = Money::from_decimal(parse_decimal(amount).unwrap()).unwrap();
            assert_eq!(money_text(money), expected);
        }
    }

    #[test]
    fn signs_stand_before_the_currency() {
        for (amount, text, difference) in [
            ("12", "$12.00", "+$12.00"),
            ("-12", "−$12.00", "−$12.00"),
            ("0", "$0.00", "$0.00"),
            ("0.0018", "$0.0018", "+$0.0018"),
            ("0.0000004", "<$0.000001", "<$0.000001"),
            ("-0.0000004", ">−$0.000001", ">−$0.000001"),
        ] {
            let money = Money::from_decimal(parse_decimal(amount).unwrap()).unwrap();
            assert_eq!(currency_text(money, "$"), text);
            assert_eq!(signed_text(currency_text(money, "$"), money), difference);
        }
    }

    #[test]
    fn an_incomplete_amount_is_never_bare() {
        let one = Money::from_decimal(Decimal::ONE).unwrap();
        assert_eq!(amount_text(Money::ZERO, true), "unknown");
        assert_eq!(amount_text(Money::ZERO, false), "0.00");
        assert_eq!(amount_text(one, true), "≥ 1.00");
    }

    #[test]
    fn percentages_never_hide_something_as_nothing() {
        let percent = |text| parse_decimal(text).unwrap();
        assert_eq!(percent_text(percent("94.8"), false), "94.8%");
        assert_eq!(percent_text(percent("0"), true), "0.0%");
        assert_eq!(percent_text(percent("0"), false), "<0.1%");
        assert_eq!(percent_text(percent("-33.3"), false), "−33.3%");
    }

    #[test]
    fn decimals_keep_their_digits() {
        assert_eq!(grouped(parse_decimal("25000000.50").unwrap()), "25,000,000.5");
        assert_eq!(grouped(parse_decimal("-3").unwrap()), "−3");
    }
}
