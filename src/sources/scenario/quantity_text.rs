//! Quantities as people write them: `25_000_000`, `"25M"`, `"10 GiB"`, `"25M ±20%"`, `{ low, likely, high }`, `"unknown"`.

use crate::domain::{AmountRange, AmountValue, FixedError, Quantity, parse_decimal};
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// A quantity as it stands in the file, not yet understood.
#[derive(Debug, Clone)]
pub(super) enum QuantityInput {
    /// A number or a text.
    Plain(String),
    /// A range.
    Range { low: String, likely: String, high: String },
}

/// What a quantity is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// Whole things: events, requests, objects.
    Count,
    /// Bytes; a plain number is a number of bytes.
    Bytes,
    /// GB as billed (2³⁰ bytes); a plain number is a number of them.
    Gigabytes,
    /// Anything else, with or without a fraction.
    Number,
}

/// More than this of anything in a month is taken for a slip of the pen.
pub(super) const ABSURD: u64 = 1_000_000_000_000_000_000;

/// Understands a quantity.
pub(super) fn understand(input: &QuantityInput, expected: Expected) -> Result<AmountValue, String> {
    match input {
        QuantityInput::Plain(text) => plain(text, expected),
        QuantityInput::Range { low, likely, high } => {
            let one = |text: &str| match plain(text, expected)? {
                AmountValue::Known(quantity) => Ok(quantity),
                _ => Err("each end of a range is one figure".to_owned()),
            };
            range(one(low)?, one(likely)?, one(high)?)
        }
    }
}

fn range(low: Quantity, likely: Quantity, high: Quantity) -> Result<AmountValue, String> {
    if low > likely || likely > high {
        return Err("a range rises from low over likely to high".to_owned());
    }
    if low == high {
        return Ok(AmountValue::Known(likely));
    }
    Ok(AmountValue::Range(Box::new(AmountRange { low, likely, high })))
}

fn plain(text: &str, expected: Expected) -> Result<AmountValue, String> {
    let text = text.trim();
    if text == "unknown" {
        return Ok(AmountValue::Unknown);
    }
    if text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // The most frequent case by far in tables of many accounts.
        let count: u64 = text.parse().map_err(|_| FixedError::Syntax.to_string())?;
        return Ok(AmountValue::Known(Quantity::from_count(count)));
    }
    if let Some((middle, spread)) = text.split_once(['±']) {
        let middle = number(middle.trim(), expected)?;
        let spread = share(spread.trim())?;
        if spread > Decimal::ONE {
            return Err("a range of more than ±100 % begins below zero".to_owned());
        }
        let end = |factor: Decimal| {
            let value = middle.checked_mul(factor).ok_or(FixedError::OutOfRange.to_string())?;
            let is_whole = matches!(expected, Expected::Count | Expected::Bytes);
            let value = if is_whole { value.round() } else { value.round_dp(12) };
            finish(value, expected)
        };
        return range(end(Decimal::ONE - spread)?, finish(middle, expected)?, end(Decimal::ONE + spread)?);
    }
    finish(number(text, expected)?, expected).map(AmountValue::Known)
}

/// Reads a percentage such as `12%` or `-2.5%` as a share of one.
pub(super) fn share(text: &str) -> Result<Decimal, String> {
    let digits =
        text.trim().strip_suffix('%').ok_or_else(|| "expected a percentage, such as 12%".to_owned())?;
    let value = parse_decimal(digits.trim()).map_err(|error| error.to_string())?;
    if value.scale() > 8 {
        return Err("a percentage has at most 8 digits after the point".to_owned());
    }
    value.checked_div(Decimal::ONE_HUNDRED).ok_or_else(|| FixedError::OutOfRange.to_string())
}

/// Reads a number of bytes as people write it: `10 GiB`, `5_000_000_000`.
///
/// # Errors
/// Says what is accepted instead.
pub fn bytes(text: &str) -> Result<u64, String> {
    let input = QuantityInput::Plain(text.to_owned());
    match understand(&input, Expected::Bytes)? {
        AmountValue::Known(bytes) => {
            bytes.to_count().ok_or_else(|| "must be a whole number of bytes".to_owned())
        }
        _ => Err("expected a number of bytes, such as \"10 GiB\"".to_owned()),
    }
}

/// Understands a share from `0%` to `100%`, a range of shares, or `unknown`.
pub(super) fn understand_share(input: &QuantityInput) -> Result<AmountValue, String> {
    let one = |text: &str| {
        let value = share(text)?;
        if value.is_sign_negative() && !value.is_zero() || value > Decimal::ONE {
            return Err("a share is from 0% to 100%".to_owned());
        }
        Quantity::from_decimal(value).map_err(|error| error.to_string())
    };
    match input {
        QuantityInput::Plain(text) if text.trim() == "unknown" => Ok(AmountValue::Unknown),
        QuantityInput::Plain(text) => one(text).map(AmountValue::Known),
        QuantityInput::Range { low, likely, high } => range(one(low)?, one(likely)?, one(high)?),
    }
}

fn finish(value: Decimal, expected: Expected) -> Result<Quantity, String> {
    if value.is_sign_negative() && !value.is_zero() {
        return Err("a quantity cannot be negative".to_owned());
    }
    if value > Decimal::from(ABSURD) {
        return Err("more than 10^18 in a month cannot be meant".to_owned());
    }
    if expected == Expected::Count && value.fract() != Decimal::ZERO {
        return Err("must be a whole number".to_owned());
    }
    if expected == Expected::Bytes && value.fract() != Decimal::ZERO {
        return Err("must be a whole number of bytes".to_owned());
    }
    Quantity::from_decimal(value).map_err(|error| match error {
        FixedError::TooManyDigits => "at most 12 digits after the point can be held".to_owned(),
        error => error.to_string(),
    })
}

/// Reads a number with its suffix, in the unit expected.
fn number(text: &str, expected: Expected) -> Result<Decimal, String> {
    let split =
        text.find(|character: char| character.is_alphabetic() || character == '%').unwrap_or(text.len());
    let (digits, suffix) = (text[..split].trim(), text[split..].trim());
    let value = parse_decimal(digits).map_err(|error| match error {
        FixedError::Syntax => "expected a number, such as 25_000_000 or \"25M\"".to_owned(),
        error => error.to_string(),
    })?;
    let power_of_1024 = |power: u32| Decimal::from(1_u64 << (10 * power));
    let (factor, is_bytes) = match suffix {
        "" => (Decimal::ONE, false),
        "k" => (Decimal::from(1_000), false),
        "M" => (Decimal::from(1_000_000), false),
        "bn" => (Decimal::from(1_000_000_000), false),
        "bytes" => (Decimal::ONE, true),
        "KiB" => (power_of_1024(1), true),
        "MiB" => (power_of_1024(2), true),
        "GiB" => (power_of_1024(3), true),
        "TiB" => (power_of_1024(4), true),
        "PiB" => (power_of_1024(5), true),
        "kB" | "KB" | "MB" | "GB" | "TB" | "PB" => {
            return Err(
                "AWS's GB is 2^30 bytes: write KiB, MiB, GiB or TiB, so that nobody has to guess".to_owned()
            );
        }
        "m" | "K" | "B" | "b" | "G" | "T" | "mn" => {
            return Err("ambiguous; write k (thousand), M (million) or bn (billion)".to_owned());
        }
        "%" => return Err("a percentage stands only after ±".to_owned()),
        _ => {
            return Err(
                "unknown suffix; accepted are k, M, bn, and bytes, KiB, MiB, GiB, TiB, PiB".to_owned()
            );
        }
    };
    let factor = match (expected, is_bytes) {
        (Expected::Count | Expected::Number, true) => {
            return Err("bytes where a number is expected".to_owned());
        }
        (Expected::Gigabytes, true) => factor / power_of_1024(3),
        _ => factor,
    };
    value.checked_mul(factor).map(|value| value.normalize()).ok_or_else(|| FixedError::OutOfRange.to_string())
}

/// Reads a plain decimal from a quantity field that knows no ranges.
pub(super) fn figure(input: &QuantityInput) -> Result<Decimal, String> {
    match input {
        QuantityInput::Plain(text) => number(text.trim(), Expected::Number),
        QuantityInput::Range { .. } => Err("one figure is expected here, no range".to_owned()),
    }
}

/// Reads a figure, or a range of it; of a range the likely figure comes first. Only a share may begin at zero.
pub(super) fn figure_or_range(
    input: &QuantityInput,
    expected: Expected,
    is_share: bool,
) -> Result<(Decimal, Option<AmountRange>), String> {
    let is_range = match input {
        QuantityInput::Plain(text) => text.contains('±'),
        QuantityInput::Range { .. } => true,
    };
    if !is_range {
        return figure(input).map(|value| (value, None));
    }
    let value = |quantity: Quantity| quantity.rounded(12).normalize();
    match understand(input, expected)? {
        AmountValue::Known(quantity) => Ok((value(quantity), None)),
        AmountValue::Range(range) if range.low.is_zero() && !is_share => {
            Err("must be more than zero".to_owned())
        }
        AmountValue::Range(range) => Ok((value(range.likely), Some(*range))),
        AmountValue::Unknown => Err("one figure or a range is expected here".to_owned()),
    }
}

struct QuantityVisitor;

impl<'de> Visitor<'de> for QuantityVisitor {
    type Value = QuantityInput;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, a text such as \"25M\", or { low, likely, high }")
    }

    fn visit_i64<E>(self, value: i64) -> Result<QuantityInput, E> {
        Ok(QuantityInput::Plain(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<QuantityInput, E> {
        Ok(QuantityInput::Plain(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<QuantityInput, E> {
        // The shortest text that leads back to the same float is what was written, up to 15 digits;
        // the shape check refuses longer ones.
        Ok(QuantityInput::Plain(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<QuantityInput, E> {
        Ok(QuantityInput::Plain(value.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<QuantityInput, A::Error> {
        let (mut low, mut likely, mut high) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value::<QuantityInput>()?;
            let QuantityInput::Plain(text) = value else {
                return Err(A::Error::custom("a range has no ranges inside"));
            };
            match key.as_str() {
                "low" => low = Some(text),
                "likely" => likely = Some(text),
                "high" => high = Some(text),
                _ => {}
            }
        }
        match (low, likely, high) {
            (Some(low), Some(likely), Some(high)) => Ok(QuantityInput::Range { low, likely, high }),
            _ => Err(A::Error::custom("a range has low, likely and high")),
        }
    }
}

impl<'de> Deserialize<'de> for QuantityInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(QuantityVisitor)
    }
}

impl JsonSchema for QuantityInput {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A quantity: 25_000_000, \"25M\", \"1.5k\", \"2bn\", \"10 GiB\", \"25M ±20%\", { low, likely, high }, or \"unknown\".",
            "anyOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "number", "minimum": 0 },
                { "type": "string" },
                {
                    "type": "object",
                    "properties": {
                        "low": { "type": ["integer", "number", "string"] },
                        "likely": { "type": ["integer", "number", "string"] },
                        "high": { "type": ["integer", "number", "string"] }
                    },
                    "required": ["low", "likely", "high"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, expected: Expected) -> Result<String, String> {
        plain(text, expected).map(|value| match value {
            AmountValue::Known(quantity) => quantity.to_string(),
            AmountValue::Range(range) => format!("{}..{}..{}", range.low, range.likely, range.high),
            AmountValue::Unknown => "unknown".to_owned(),
        })
    }

    #[test]
    fn quantities_as_people_write_them() {
        use Expected::{Bytes, Count, Gigabytes, Number};
        for (text, expected, result) in [
            ("25_000_000", Count, "25000000"),
            ("25M", Count, "25000000"),
            ("1.5k", Count, "1500"),
            ("2.1 bn", Count, "2100000000"),
            ("10 GiB", Bytes, "10737418240"),
            ("10 GiB", Gigabytes, "10"),
            ("512 MiB", Gigabytes, "0.5"),
            ("1840.5", Gigabytes, "1840.5"),
            ("0.25", Number, "0.25"),
            ("25M ±20%", Count, "20000000..25000000..30000000"),
            ("3 ±50%", Count, "2..3..4"),
            ("1501 ±10%", Bytes, "1351..1501..1651"),
            ("25M ±0%", Count, "25000000"),
            ("unknown", Count, "unknown"),
        ] {
            assert_eq!(read(text, expected).as_deref(), Ok(result), "{text}");
        }
    }

    #[test]
    fn shares_are_percentages_of_a_whole() {
        let share = |text: &str| understand_share(&QuantityInput::Plain(text.to_owned()));
        let known = |text: &str| {
            Ok(AmountValue::Known(Quantity::from_decimal(parse_decimal(text).unwrap()).unwrap()))
        };
        assert_eq!(share("80%"), known("0.8"));
        assert_eq!(share("0.1%"), known("0.001"));
        assert_eq!(share("0%"), known("0"));
        assert_eq!(share("100%"), known("1"));
        assert_eq!(share("unknown"), Ok(AmountValue::Unknown));
        for bad in ["101%", "-1%", "0.8", "", "lots"] {
            assert!(share(bad).is_err(), "{bad}");
        }
        let range = |low: &str, likely: &str, high: &str| {
            let [low, likely, high] = [low, likely, high].map(str::to_owned);
            understand_share(&QuantityInput::Range { low, likely, high })
        };
        assert!(matches!(range("0%", "50%", "99%"), Ok(AmountValue::Range(_))));
        assert!(range("50%", "20%", "99%").is_err());
    }

    #[test]
    fn slips_of_the_pen_are_refused() {
        use Expected::{Bytes, Count, Number};
        for (text, expected, part) in [
            ("-1", Count, "negative"),
            ("1.5", Count, "whole"),
            ("25m", Count, "ambiguous"),
            ("10 GB", Bytes, "2^30"),
            ("10 GiB", Count, "bytes where"),
            ("lots", Count, "expected a number"),
            ("", Count, "expected a number"),
            ("2000000000000000000", Count, "10^18"),
            ("25M ±120%", Count, "±100"),
            ("1.2345678901234567890123456789012", Number, "digits"),
            ("10%", Count, "percentage"),
            ("5 parsecs", Count, "suffix"),
        ] {
            let error = read(text, expected).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
