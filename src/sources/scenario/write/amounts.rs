//! Figures as a scenario writes them: exact, and in the unit that a person would use.

use super::error::WriteError;
use super::page::{Entries, Value, with_separators};
use crate::domain::{Age, Amount, AmountValue, Quantity};
use crate::sources::scenario::quantity_text::{ABSURD, Expected};
use rust_decimal::Decimal;

/// The largest units of bytes, the largest first.
const BYTE_UNITS: [(&str, u32); 5] = [("PiB", 50), ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];

/// The longest time that can be written, in hours: a hundred years.
const HOURS_AT_MOST: u32 = 100 * 365 * 24;

/// Digits after the point that a percentage may have.
const PERCENT_DIGITS: u32 = 8;

/// Writes a quantity, a range, or `"unknown"`; `what` is what an error is about.
pub(super) fn amount(amount: &Amount, expected: Expected, what: &str) -> Result<Value, WriteError> {
    ranged(&amount.value, what, |quantity| figure(quantity, expected, what))
}

/// Writes a quantity that may be absent.
pub(super) fn optional(
    own: Option<&Amount>,
    expected: Expected,
    what: &str,
) -> Result<Option<Value>, WriteError> {
    own.map(|own| amount(own, expected, what)).transpose()
}

/// Writes a share such as `"80%"`, or a range of shares.
pub(super) fn share(amount: &Amount, what: &str) -> Result<Value, WriteError> {
    ranged(&amount.value, what, |quantity| {
        let value = quantity.rounded(12);
        if quantity.is_negative() || value > Decimal::ONE {
            return Err(WriteError::new(what, format!("{quantity} is no share of a whole")));
        }
        percentage(value, what)
    })
}

fn ranged(
    value: &AmountValue,
    what: &str,
    figure: impl Fn(Quantity) -> Result<Value, WriteError>,
) -> Result<Value, WriteError> {
    match value {
        AmountValue::Known(quantity) => figure(*quantity),
        AmountValue::Unknown => Ok(Value::text("unknown")),
        AmountValue::Range(range) if range.low == range.high => figure(range.likely),
        AmountValue::Range(range) => {
            if range.low > range.likely || range.likely > range.high {
                return Err(WriteError::new(what, "its range does not rise from low over likely to high"));
            }
            let mut entries = Entries::default();
            for (key, quantity) in [("low", range.low), ("likely", range.likely), ("high", range.high)] {
                entries.put(key, figure(quantity)?);
            }
            Ok(Value::Table(entries))
        }
    }
}

fn figure(quantity: Quantity, expected: Expected, what: &str) -> Result<Value, WriteError> {
    if quantity.is_negative() {
        return Err(WriteError::new(what, format!("{quantity} is below zero")));
    }
    if quantity > Quantity::from_count(ABSURD) {
        return Err(WriteError::new(what, format!("{quantity} is more than 10^18")));
    }
    match (quantity.to_count(), expected) {
        (Some(bytes), Expected::Bytes) => Ok(byte_count(bytes)),
        (Some(count), _) => Ok(Value::whole(count)),
        (None, Expected::Count | Expected::Bytes) => {
            Err(WriteError::new(what, format!("{quantity} is not a whole number")))
        }
        (None, _) => Ok(Value::text(&quantity.to_string())),
    }
}

/// Writes bytes in the largest unit of which they are a whole number.
pub(super) fn byte_count(bytes: u64) -> Value {
    let unit = BYTE_UNITS.iter().find(|(_, power)| bytes > 0 && bytes.trailing_zeros() >= *power);
    match unit {
        Some((name, power)) => {
            Value::text(&format!("{} {name}", with_separators(&(bytes >> power).to_string())))
        }
        None => Value::whole(bytes),
    }
}

/// Writes a number that is not a quantity of anything: a whole one bare, one with a fraction in quotes.
pub(super) fn number(value: Decimal) -> Value {
    let text = value.normalize().to_string();
    match text.parse::<i64>() {
        Ok(whole) if whole >= 0 => Value::Plain(with_separators(&text)),
        _ => Value::text(&text),
    }
}

/// Writes a share of one as a percentage.
pub(super) fn percentage(share: Decimal, what: &str) -> Result<Value, WriteError> {
    let percent = share.checked_mul(Decimal::ONE_HUNDRED).map(|own| own.normalize());
    match percent {
        Some(percent) if percent.scale() <= PERCENT_DIGITS => Ok(Value::text(&format!("{percent}%"))),
        _ => Err(WriteError::new(what, format!("{share} has too many digits for a percentage"))),
    }
}

/// Writes an age in days, or in years where they are several whole ones.
pub(super) fn age(age: Age, what: &str) -> Result<Value, WriteError> {
    age_text(age, what).map(|text| Value::text(&text))
}

/// Returns the text of an age.
pub(super) fn age_text(age: Age, what: &str) -> Result<String, WriteError> {
    if age.hours() > HOURS_AT_MOST {
        return Err(WriteError::new(what, format!("{age} is longer than 100 years")));
    }
    let days = age.days();
    let years = days / 365;
    Ok(if age.hours().is_multiple_of(24) && days.is_multiple_of(365) && years > 1 {
        format!("{years}y")
    } else {
        age.to_string()
    })
}

/// Writes a length of time in hours up to two days.
pub(super) fn hours(length: Age, what: &str) -> Result<Value, WriteError> {
    if length.hours() <= 48 { Ok(Value::text(&format!("{}h", length.hours()))) } else { age(length, what) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AmountRange, parse_decimal};

    fn quantity(text: &str) -> Quantity {
        Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    fn plain(value: Value) -> String {
        match value {
            Value::Plain(text) => text,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn figures_are_exact() {
        use Expected::{Bytes, Count, Gigabytes, Number};
        for (text, expected, written) in [
            ("25000000", Count, "25_000_000"),
            ("0", Bytes, "0"),
            ("1025", Bytes, "1025"),
            ("21474836480", Bytes, r#""20 GiB""#),
            ("1610612736", Bytes, r#""1536 MiB""#),
            ("1099511627776000", Bytes, r#""1000 TiB""#),
            ("95.367431640625", Gigabytes, r#""95.367431640625""#),
            ("0.000000000001", Number, r#""0.000000000001""#),
            ("1000000000000000000", Count, "1_000_000_000_000_000_000"),
        ] {
            assert_eq!(figure(quantity(text), expected, "x").map(plain).as_deref(), Ok(written), "{text}");
        }
        for (text, expected, why) in
            [("-1", Number, "below zero"), ("0.5", Count, "whole"), ("1000000000000000001", Count, "10^18")]
        {
            assert!(figure(quantity(text), expected, "x").unwrap_err().why.contains(why), "{text}");
        }
    }

    #[test]
    fn shares_are_percentages() {
        for (text, written) in [
            ("0.495", Some(r#""49.5%""#)),
            ("1", Some(r#""100%""#)),
            ("0", Some(r#""0%""#)),
            ("0.33333333333", None),
        ] {
            let written_so = percentage(parse_decimal(text).unwrap(), "x").ok().map(plain);
            assert_eq!(written_so.as_deref(), written, "{text}");
        }
    }

    #[test]
    fn ages_read_as_people_say_them() {
        for (text, written) in
            [("0d", "0d"), ("90d", "90d"), ("365d", "365d"), ("2555d", "7y"), ("36h", "36h")]
        {
            assert_eq!(age_text(text.parse().unwrap(), "x").as_deref(), Ok(written));
        }
        assert_eq!(hours("1d".parse().unwrap(), "x").map(plain).as_deref(), Ok(r#""24h""#));
        assert_eq!(hours("90d".parse().unwrap(), "x").map(plain).as_deref(), Ok(r#""90d""#));
        assert!(age_text(Age::from_days(36_501), "x").is_err());
    }

    #[test]
    fn a_range_that_falls_is_refused() {
        let range = |low, likely, high| {
            let [low, likely, high] = [low, likely, high].map(Quantity::from_count);
            ranged(&AmountValue::Range(Box::new(AmountRange { low, likely, high })), "x", |own| {
                figure(own, Expected::Count, "x")
            })
        };
        assert!(range(3, 2, 4).is_err());
        assert_eq!(range(2, 2, 2).map(plain).as_deref(), Ok("2"));
        assert!(matches!(range(1, 2, 2), Ok(Value::Table(_))));
    }
}
