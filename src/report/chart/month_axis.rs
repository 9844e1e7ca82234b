//! The time axis: months by name, as densely as they fit, with the year beneath the first one and every January.

use super::canvas::{Canvas, HAIR};
use super::palette::Colour;
use super::text::{Type, clean};

const TYPE: Type = Type::regular(12.0);

/// The months' names as they stand beneath an axis; of themselves English ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthNames([String; 12]);

impl MonthNames {
    /// Takes names, January's first.
    pub fn new(names: [String; 12]) -> Self {
        Self(names)
    }

    /// Returns the name of a month from 1 to 12.
    fn of(&self, month: usize) -> String {
        self.0[month - 1].clone()
    }

    /// Returns `Jan 2026` for `2026-01`; other text as it is.
    pub(super) fn spoken(&self, text: &str) -> String {
        parsed(text)
            .map_or_else(|| clean(text), |(year, month)| format!("{} {year:04}", clean(&self.of(month))))
    }
}

impl Default for MonthNames {
    fn default() -> Self {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        Self(names.map(str::to_owned))
    }
}

/// Labels nearer than this run together.
const LABEL_PITCH: f64 = 40.0;
/// A text that is no month is shortened to this.
const WIDEST_TEXT: f64 = 70.0;
/// Every month, every quarter, every half-year; after that only Januaries.
const STRIDES: [usize; 3] = [1, 3, 6];

/// A tick with what stands beneath it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MonthLabel {
    pub at: usize,
    pub upper: String,
    pub lower: String,
}

/// The labels for consecutive months (`2026-01`) drawn `pitch` apart.
///
/// A text that is no month stands as it is, where there is room for it.
pub(super) fn month_labels(months: &[String], pitch: f64, names: &MonthNames) -> Vec<MonthLabel> {
    let stride = STRIDES.into_iter().find(|&stride| stride as f64 * pitch >= LABEL_PITCH);
    let years_apart = (LABEL_PITCH / (12.0 * pitch)).ceil().max(1.0) as u32;
    let mut labels: Vec<MonthLabel> = Vec::new();
    let mut shown_year = String::new();
    for (at, text) in months.iter().enumerate() {
        let Some((year, month)) = parsed(text) else {
            let upper = TYPE.shorten_inside(&clean(text), WIDEST_TEXT);
            let room = |last: &MonthLabel| f64::midpoint(TYPE.width(&last.upper), TYPE.width(&upper)) + 8.0;
            if labels.last().is_none_or(|last| (at - last.at) as f64 * pitch >= room(last).max(LABEL_PITCH)) {
                labels.push(MonthLabel { at, upper, lower: String::new() });
            }
            continue;
        };
        let year_text = format!("{year:04}");
        if let Some(stride) = stride {
            if (month - 1).is_multiple_of(stride) || months.len() == 1 {
                let lower = if year_text == shown_year { String::new() } else { year_text.clone() };
                shown_year = year_text;
                labels.push(MonthLabel { at, upper: names.of(month), lower });
            }
        } else if month == 1 && year.is_multiple_of(years_apart) {
            labels.push(MonthLabel { at, upper: year_text, lower: String::new() });
        }
    }
    if stride.is_some() {
        label_first_month(months, &mut labels, pitch, names);
    }
    labels
}

/// The first month is worth a label even inside a quarter, where it does not crowd the next one.
fn label_first_month(months: &[String], labels: &mut Vec<MonthLabel>, pitch: f64, names: &MonthNames) {
    let Some((year, month)) = months.first().and_then(|text| parsed(text)) else {
        return;
    };
    let lower = format!("{year:04}");
    if let Some(next) = labels.first_mut() {
        if (next.at as f64) * pitch < LABEL_PITCH {
            return;
        }
        if next.lower == lower {
            next.lower.clear();
        }
    }
    labels.insert(0, MonthLabel { at: 0, upper: names.of(month), lower });
}

/// Year, and month from 1 to 12.
fn parsed(text: &str) -> Option<(u32, usize)> {
    let (year, month) = text.split_once('-')?;
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((year.parse().ok()?, month))
}

/// `Jan 2026` for `2026-01`; other text as it is.
pub(super) fn spoken_month(text: &str) -> String {
    MonthNames::default().spoken(text)
}

/// Draws ticks and labels below the axis at `y`.
pub(super) fn paint(canvas: &Canvas<'_>, labels: &[MonthLabel], x_of: impl Fn(usize) -> f64, y: f64) {
    for label in labels {
        let x = x_of(label.at);
        canvas.line((x, y), (x, y + 5.0), HAIR, Colour::MUTED);
        canvas.text_centred(x, y + 15.0, &label.upper, TYPE, Colour::MUTED);
        canvas.text_centred(x, y + 30.0, &label.lower, TYPE, Colour::MUTED);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(first_year: usize, first_month: usize, count: usize) -> Vec<String> {
        let from = first_year * 12 + first_month - 1;
        (from..from + count).map(|month| format!("{:04}-{:02}", month / 12, month % 12 + 1)).collect()
    }

    fn shown(months: &[String], pitch: f64) -> Vec<String> {
        let labels = month_labels(months, pitch, &MonthNames::default());
        labels.iter().map(|label| format!("{} {}", label.upper, label.lower).trim_end().to_owned()).collect()
    }

    #[test]
    fn density_follows_the_room() {
        for (first, count, pitch, expected) in [
            ((2026, 11), 1, 600.0, vec!["Nov 2026"]),
            ((2026, 12), 3, 200.0, vec!["Dec 2026", "Jan 2027", "Feb"]),
            ((2026, 2), 12, 20.0, vec!["Feb 2026", "Apr", "Jul", "Oct", "Jan 2027"]),
            ((2026, 1), 24, 9.0, vec!["Jan 2026", "Jul", "Jan 2027", "Jul"]),
            ((2026, 11), 6, 20.0, vec!["Nov 2026", "Jan 2027", "Apr"]),
            ((2026, 12), 6, 20.0, vec!["Jan 2027", "Apr"]),
            ((2026, 2), 30, 5.0, vec!["2027", "2028"]),
            ((2026, 1), 60, 2.0, vec!["2026", "2028", "2030"]),
        ] {
            assert_eq!(shown(&months(first.0, first.1, count), pitch), expected, "{first:?} {count}");
        }
    }

    #[test]
    fn labels_never_stand_closer_than_their_pitch() {
        for count in 2..=240_usize {
            let pitch = 600.0 / (count - 1) as f64;
            let labels = month_labels(&months(2026, 5, count), pitch, &MonthNames::default());
            assert!(!labels.is_empty(), "{count}");
            assert!(
                labels.windows(2).all(|pair| (pair[1].at - pair[0].at) as f64 * pitch >= 39.9),
                "{count}"
            );
        }
    }

    #[test]
    fn what_is_no_month_stands_as_it_is() {
        let strange = ["2026-13", "2026", "x\u{0}y", "2026-1", "+026-01"].map(str::to_owned);
        assert_eq!(shown(&strange, 100.0), ["2026-13", "2026", "x y", "2026-1", "+026-01"]);
        assert!(shown(&strange, 10.0).len() < 3);
    }
}
