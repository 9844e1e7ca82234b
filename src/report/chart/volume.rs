//! Volumes as chart labels: AWS bills storage per 2³⁰ bytes, which is what is shown, in the unit that fits.

use rust_decimal::{Decimal, RoundingStrategy};

use super::axis::Ticks;
use super::number::{fixed, grouped};

/// Units by rising size, each 1,024 times the one before.
const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
/// The place of the unit in which amounts come.
const GIBIBYTE: usize = 3;
const STEP: Decimal = Decimal::from_parts(1024, 0, 0, false, 0);
/// More than this many of the largest unit are not written out.
const MOST: Decimal = Decimal::from_parts(9_999, 0, 0, false, 0);

/// A volume in GiB as a label: `0 GiB`, `512 MiB`, `4.1 TiB`, `31 TiB`; never a bare zero for a little.
#[must_use]
pub fn volume(gibibytes: Decimal) -> String {
    if gibibytes.is_zero() {
        return format!("0 {}", UNITS[GIBIBYTE]);
    }
    let unit = Unit::of(gibibytes);
    let amount = unit.scaled(gibibytes).abs();
    let text = if round(amount, 1) < Decimal::ONE {
        format!("< 1 {}", unit.name())
    } else if amount > MOST {
        format!("> {} {}", grouped(MOST), unit.name())
    } else {
        let tenths = round(amount, 1);
        let has_decimal = unit.0 > 0 && tenths < Decimal::TEN;
        let digits = if has_decimal { fixed(tenths, 1) } else { grouped(round(amount, 0)) };
        format!("{digits} {}", unit.name())
    };
    if gibibytes.is_sign_negative() { format!("−{text}") } else { text }
}

/// A volume that may lack something unknown: at least so much, or `unknown` where nothing is known.
pub(super) fn volume_bound(gibibytes: Decimal, incomplete: bool) -> String {
    match (incomplete, gibibytes.is_zero()) {
        (false, _) => volume(gibibytes),
        (true, true) => "unknown".to_owned(),
        (true, false) => format!("≥ {}", volume(gibibytes)),
    }
}

/// The unit of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit(usize);

impl Unit {
    /// The largest unit of which there is at least one, as it will be rounded.
    pub(super) fn of(gibibytes: Decimal) -> Self {
        let fits = |at: &usize| round(Self(*at).scaled(gibibytes).abs(), 1) >= Decimal::ONE;
        Self((0..UNITS.len()).rev().find(fits).unwrap_or(0))
    }

    fn name(self) -> &'static str {
        UNITS[self.0]
    }

    /// An amount of GiB in this unit.
    pub(super) fn scaled(self, gibibytes: Decimal) -> Decimal {
        let power = |exponent: usize| (0..exponent).fold(Decimal::ONE, |power, _| power * STEP);
        if self.0 >= GIBIBYTE {
            gibibytes / power(self.0 - GIBIBYTE)
        } else {
            gibibytes.saturating_mul(power(GIBIBYTE - self.0))
        }
    }

    /// The label of a tick whose value is in this unit.
    pub(super) fn tick(self, value: Decimal, ticks: &Ticks) -> String {
        if value.is_zero() {
            return "0".to_owned();
        }
        if value > MOST {
            return format!("> {} {}", grouped(MOST), self.name());
        }
        let decimals = ticks.step().normalize().scale();
        let digits = if decimals == 0 { grouped(value) } else { fixed(round(value, decimals), decimals) };
        format!("{digits} {}", self.name())
    }
}

fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn volume_labels() {
        for (gibibytes, label) in [
            ("0", "0 GiB"),
            ("0.0000000001", "< 1 B"),
            ("0.000000001", "1 B"),
            ("0.0000005", "537 B"),
            ("0.5", "512 MiB"),
            ("0.97", "1.0 GiB"),
            ("1", "1.0 GiB"),
            ("9.94", "9.9 GiB"),
            ("9.95", "10 GiB"),
            ("750", "750 GiB"),
            ("1000", "1.0 TiB"),
            ("4200", "4.1 TiB"),
            ("31744", "31 TiB"),
            ("3145728", "3.0 PiB"),
            ("79228162514264337593543950335", "> 9,999 EiB"),
            ("-2048", "−2.0 TiB"),
        ] {
            assert_eq!(volume(dec(gibibytes)), label, "{gibibytes}");
        }
    }

    #[test]
    fn bounds() {
        for (gibibytes, incomplete, label) in
            [("5", false, "5.0 GiB"), ("5", true, "≥ 5.0 GiB"), ("0", true, "unknown"), ("0", false, "0 GiB")]
        {
            assert_eq!(volume_bound(dec(gibibytes), incomplete), label);
        }
    }

    #[test]
    fn ticks_share_the_unit_of_the_largest() {
        for (largest, labels) in [
            ("4300", vec!["0", "1 TiB", "2 TiB", "3 TiB", "4 TiB"]),
            ("1300", vec!["0", "0.5 TiB", "1.0 TiB"]),
            ("12", vec!["0", "5 GiB", "10 GiB"]),
            ("0", vec!["0"]),
        ] {
            let unit = Unit::of(dec(largest));
            let ticks = Ticks::within(Decimal::ZERO, unit.scaled(dec(largest)));
            let texts: Vec<String> = ticks.values.iter().map(|&value| unit.tick(value, &ticks)).collect();
            assert_eq!(texts, labels, "{largest}");
        }
    }
}
