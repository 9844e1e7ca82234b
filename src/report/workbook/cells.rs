//! What stands in a cell: texts that stay texts, and figures with the digits that a spreadsheet holds.

use crate::domain::{Money, Quantity};
use crate::report::clean::visible;
use rust_decimal::{Decimal, RoundingStrategy};

/// The characters, in UTF-16, that a cell holds.
pub(super) const MOST_CHARACTERS: usize = 32_767;
/// The digits that a spreadsheet shows of a number.
const DIGITS: u32 = 15;
/// The digits that a decimal holds.
const HELD_DIGITS: usize = 28;

/// Returns a text from outside as a cell shows it: no control characters, nothing that XML cannot hold, not too long.
pub(super) fn cell_text(text: &str) -> String {
    let clean = visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    if clean.encode_utf16().count() <= MOST_CHARACTERS {
        return clean;
    }
    let mut length = 0;
    let mut cut: String = clean
        .chars()
        .take_while(|character| {
            length += character.len_utf16();
            length < MOST_CHARACTERS
        })
        .collect();
    cut.push('…');
    cut
}

/// Returns an exact plain decimal at the fifteen digits of a spreadsheet.
pub(super) fn fifteen_digits(exact: &str) -> Decimal {
    let whole = exact.find('.').unwrap_or(exact.len());
    let held = exact.get(..exact.len().min(whole.max(HELD_DIGITS))).unwrap_or(exact);
    let held = held.trim_end_matches('.');
    let value = crate::domain::parse_decimal(held).unwrap_or_default();
    round(value)
}

/// Rounds a decimal to fifteen digits.
pub(super) fn round(value: Decimal) -> Decimal {
    let rounded = value.round_sf_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero);
    rounded.unwrap_or(value).normalize()
}

pub(super) fn of_money(amount: Money) -> Decimal {
    fifteen_digits(&amount.to_string())
}

pub(super) fn of_quantity(quantity: Quantity) -> Decimal {
    fifteen_digits(&quantity.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_fifteen_digits() {
        for (exact, expected) in [
            ("0", "0"),
            ("15192", "15192"),
            ("20000000", "20000000"),
            ("-12.5", "-12.5"),
            ("95.367431640625", "95.367431640625"),
            ("0.000000000931", "0.000000000931"),
            ("355.76340730074278444", "355.763407300743"),
            ("41891.25743539676305305", "41891.2574353968"),
            ("123456789012345.567890123456789012345678", "123456789012346"),
            ("1234567890123456789012345", "1234567890123460000000000"),
            ("0.000000000000000000123456", "0.000000000000000000123456"),
        ] {
            assert_eq!(fifteen_digits(exact).to_string(), expected, "{exact}");
        }
    }

    #[test]
    fn a_text_from_outside_fits_a_cell() {
        assert_eq!(cell_text("=1+1"), "=1+1");
        assert_eq!(cell_text("a\u{1b}[2J\u{202e}\u{ffff}\n"), "a\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}");
        let long = cell_text(&"\u{1f600}".repeat(20_000));
        assert_eq!(long.encode_utf16().count(), MOST_CHARACTERS);
        assert!(long.ends_with('…'));
        assert_eq!(cell_text(&"a".repeat(MOST_CHARACTERS)).len(), MOST_CHARACTERS);
    }
}
