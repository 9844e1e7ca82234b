//! Values that several tables share: shares, whole numbers, ages in days, classes, objects with their bytes, functions.

use super::at::At;
use super::lower::Lowering;
use super::quantity_text::{ABSURD, Expected, QuantityInput, understand_share};
use crate::domain::{
    Age, Amount, AmountRange, AmountValue, Function, Provenance, Quantity, StorageClass, nearest,
};
use std::ops::{Range, RangeInclusive};

/// A function's memory in MB (Lambda API reference, CreateFunction).
const FUNCTION_MEMORY_MB: RangeInclusive<u64> = 128..=10_240;
/// The longest run of a function (Lambda quotas: 900 seconds).
const FUNCTION_MILLISECONDS_AT_MOST: u32 = 900_000;

impl Lowering<'_> {
    /// Returns where a stated value is from.
    pub(super) fn declared(&self, span: &Range<usize>) -> Provenance {
        Provenance { kind: self.stated(), place: self.place(span) }
    }

    pub(super) fn optional_amount(
        &mut self,
        input: Option<&At<QuantityInput>>,
        expected: Expected,
    ) -> Option<Amount> {
        input.and_then(|input| self.amount(input, expected))
    }

    /// Understands a share such as `80%`, or a range of them.
    pub(super) fn share_amount(&mut self, input: &QuantityInput, span: &Range<usize>) -> Option<Amount> {
        match understand_share(input) {
            Ok(value) => Some(Amount { value, provenance: self.declared(span) }),
            Err(reason) => {
                self.error(span, "bad share".to_owned()).label = Some(reason);
                None
            }
        }
    }

    /// Reads one figure in whole bytes.
    pub(super) fn bytes(&mut self, input: &At<QuantityInput>) -> Option<u64> {
        let amount = self.amount(input, Expected::Bytes)?;
        let figure = match amount.value {
            AmountValue::Known(quantity) => quantity.to_count(),
            _ => None,
        };
        if figure.is_none() {
            self.error(&input.span, "one figure is expected here".to_owned()).label =
                Some("such as \"128 KiB\"".to_owned());
        }
        figure
    }

    /// Reads a whole number within bounds; `key` is what it is written under, `why` says more about the bounds.
    pub(super) fn whole(
        &mut self,
        input: &At<i64>,
        within: RangeInclusive<u32>,
        key: &str,
        why: &str,
    ) -> Option<u32> {
        let number = u32::try_from(input.value).ok().filter(|number| within.contains(number));
        if number.is_none() {
            let bounds = match (*within.start(), *within.end()) {
                (least, most) if least == most => format!("only {least}"),
                (least, u32::MAX) => format!("at least {least}"),
                (least, most) => format!("from {least} to {most}"),
            };
            let label = if why.is_empty() { bounds } else { format!("{bounds}: {why}") };
            self.error(&input.span, format!("`{key}` cannot be {}", input.value)).label = Some(label);
        }
        number
    }

    /// Reads an age in whole days.
    pub(super) fn days(&mut self, text: &At<String>) -> Option<Age> {
        self.notes().days(text)
    }

    pub(super) fn storage_class(&mut self, text: &At<String>) -> Option<StorageClass> {
        let known = StorageClass::from_name(&text.value);
        if known.is_none() {
            let near = nearest(&text.value, StorageClass::NAMES.iter().copied()).map_or_else(
                || format!("one of {}", StorageClass::NAMES.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.error(&text.span, format!("unknown storage class `{}`", text.value)).label = Some(near);
        }
        known
    }

    /// Reads objects with their bytes, which are given all together or for one object.
    pub(super) fn objects(
        &mut self,
        objects: &At<QuantityInput>,
        bytes: Option<&At<QuantityInput>>,
        size: Option<&At<QuantityInput>>,
    ) -> Option<(Amount, Amount)> {
        let count = self.amount(objects, Expected::Count);
        let bytes = match (bytes, size) {
            (Some(bytes), None) => self.amount(bytes, Expected::Bytes),
            (None, Some(size)) => {
                let each = self.amount(size, Expected::Bytes)?;
                let product = product(&count.as_ref()?.value, &each.value);
                if product.is_none() {
                    self.error(&size.span, "these objects have more bytes than can be meant".to_owned())
                        .label = Some("all together at most 10^18".to_owned());
                }
                product.map(|value| Amount { value, provenance: each.provenance })
            }
            (Some(_), Some(size)) => {
                self.error(&size.span, "`size` beside `bytes` says the same twice".to_owned()).hint =
                    Some("give either bytes, all together, or size, of one object".to_owned());
                None
            }
            (None, None) => {
                if !self.misshapen {
                    self.error(&objects.span, "these objects have no bytes".to_owned()).hint = Some(
                        "add bytes = \"10 GiB\", all together, or size = \"4 KiB\", of one object".to_owned(),
                    );
                }
                None
            }
        };
        Some((count?, bytes?))
    }

    /// Reads a function's memory and run time.
    pub(super) fn function(
        &mut self,
        at: &Range<usize>,
        memory: Option<&At<QuantityInput>>,
        duration: Option<&At<String>>,
    ) -> Option<Function> {
        let memory_mb = match memory {
            None => self.assume("function_memory").parse().ok(),
            Some(input) => self.bytes(input).and_then(|bytes| {
                let mb = bytes >> 20;
                if bytes % (1 << 20) == 0 && FUNCTION_MEMORY_MB.contains(&mb) {
                    return u32::try_from(mb).ok();
                }
                self.error(&input.span, "a function cannot have this memory".to_owned()).label =
                    Some("from 128 MiB to 10240 MiB, in whole MiB".to_owned());
                None
            }),
        };
        let Some(duration) = duration else {
            if !self.misshapen {
                self.error(at, "nothing says how long the function runs".to_owned()).hint =
                    Some("add duration = \"200ms\"".to_owned());
            }
            return None;
        };
        let milliseconds = milliseconds(&duration.value);
        if milliseconds.is_none() {
            self.error(&duration.span, format!("bad duration `{}`", duration.value)).label =
                Some("such as 200ms or 1.5s, from 1ms to 900s".to_owned());
        }
        Some(Function { memory_mb: memory_mb?, milliseconds: milliseconds? })
    }
}

/// Reads `200ms` or `1.5s`.
fn milliseconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let (digits, factor) = match text.strip_suffix("ms") {
        Some(digits) => (digits, 1),
        None => (text.strip_suffix('s')?, 1_000),
    };
    let value = crate::domain::parse_decimal(digits.trim()).ok()?;
    let whole = value.checked_mul(factor.into())?.normalize();
    let count: u32 = whole.to_string().parse().ok()?;
    (1..=FUNCTION_MILLISECONDS_AT_MOST).contains(&count).then_some(count)
}

/// Multiplies objects by the bytes of one; the ends of two ranges are multiplied with each other.
fn product(objects: &AmountValue, size: &AmountValue) -> Option<AmountValue> {
    let ends = |value: &AmountValue| match value {
        AmountValue::Known(quantity) => Some([*quantity; 3]),
        AmountValue::Range(range) => Some([range.low, range.likely, range.high]),
        AmountValue::Unknown => None,
    };
    let (Some(objects), Some(size)) = (ends(objects), ends(size)) else {
        return Some(AmountValue::Unknown);
    };
    let one = |at: usize| {
        let bytes = objects[at].to_count()?.checked_mul(size[at].to_count()?)?;
        (bytes <= ABSURD).then(|| Quantity::from_count(bytes))
    };
    let (low, likely, high) = (one(0)?, one(1)?, one(2)?);
    Some(if low == high {
        AmountValue::Known(likely)
    } else {
        AmountValue::Range(Box::new(AmountRange { low, likely, high }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_milliseconds() {
        for (text, expected) in [
            ("200ms", Some(200)),
            ("1.5s", Some(1_500)),
            ("900 s", Some(900_000)),
            ("901s", None),
            ("0ms", None),
            ("1.5ms", None),
            ("200", None),
            ("-1s", None),
            ("", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn bytes_of_many_objects_are_a_product() {
        let known = |count| AmountValue::Known(Quantity::from_count(count));
        let range = |low, likely, high| {
            let [low, likely, high] = [low, likely, high].map(Quantity::from_count);
            AmountValue::Range(Box::new(AmountRange { low, likely, high }))
        };
        assert_eq!(product(&known(1_000), &known(4_096)), Some(known(4_096_000)));
        assert_eq!(product(&range(1, 2, 3), &known(10)), Some(range(10, 20, 30)));
        assert_eq!(product(&range(1, 2, 3), &range(10, 10, 20)), Some(range(10, 20, 60)));
        assert_eq!(product(&AmountValue::Unknown, &known(10)), Some(AmountValue::Unknown));
        assert_eq!(product(&known(u64::MAX), &known(2)), None);
        assert_eq!(product(&known(1_000_000_000), &known(1_000_000_001)), None);
    }
}
