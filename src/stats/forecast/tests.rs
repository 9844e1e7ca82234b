//! Forecasts against figures worked out by hand, and against series of which the truth is known.
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "tests of a room of floats: counts of months, and 53 bits"
)]

use super::*;
use proptest::prelude::*;

fn month(at: u32) -> Month {
    "2023-01".parse::<Month>().unwrap().plus(at).unwrap()
}

/// Months from January 2023 on; a negative value is a month that is not recorded.
fn recorded(values: &[f64]) -> Vec<Recorded> {
    values
        .iter()
        .zip(0..)
        .filter(|own| *own.0 >= 0.0)
        .map(|(own, at)| Recorded {
            month: month(at),
            quantity: Quantity::from_decimal(Decimal::from_f64_retain(*own).unwrap().round_dp(6)).unwrap(),
            days: month(at).days(),
        })
        .collect()
}

fn by_month(values: &[f64], steps: usize) -> SeriesForecast {
    forecast(&recorded(values), steps, Measured::ByMonth, false).unwrap()
}

fn texts(own: &SeriesForecast) -> Vec<String> {
    own.months
        .iter()
        .map(|own| match own.range {
            Some((low, high)) => format!("{low} {} {high}", own.middle),
            None => format!("{}", own.middle),
        })
        .collect()
}

fn float(own: Quantity) -> f64 {
    own.to_string().parse().unwrap()
}

#[test]
fn short_histories_are_those_worked_out_by_hand() {
    let one = by_month(&[100.0], 2);
    assert_eq!((one.method, one.points, texts(&one)), (ForecastMethod::Same, 1, vec!["100".into(); 2]));
    assert_eq!((one.error, one.origins), (None, 0));
    // One difference of 10, and 3.078 for one degree of freedom; √2 of it for the second month.
    let two = by_month(&[100.0, 110.0], 2);
    assert_eq!(two.method, ForecastMethod::LastValue);
    assert_eq!(texts(&two), ["79.22 110 140.78", "66.4705 110 153.529"]);
    // From January alone 100 would have been forecast for February: 10 of 110 off.
    assert_eq!((two.error, two.origins, two.factor), (Some(Decimal::new(91, 3)), 1, Decimal::ONE));
    // Differences of 10 and −10; 1.886 for two degrees. Off were 10 and 0 from January, 10 from February, of 110 + 100 + 100.
    let three = by_month(&[100.0, 110.0, 100.0], 2);
    assert_eq!(texts(&three)[0], "81.14 100 118.86");
    assert_eq!((three.error, three.origins), (Some(Decimal::new(65, 3)), 2));
    // Differences of 10, 20 and 30: mean 20, squares 200 over 2 degrees, so 10; × √(1 + 1 ÷ 3) × 1.886 = 21.7777.
    let drift = by_month(&[100.0, 110.0, 130.0, 160.0], 1);
    assert_eq!((drift.method, drift.points), (ForecastMethod::Drift, 4));
    let band = 21.7777 * float(Quantity::from_decimal(drift.factor).unwrap());
    assert_eq!(drift.months[0].middle.to_string(), "180");
    assert!((float(drift.months[0].range.unwrap().1) - 180.0 - band).abs() < 0.05, "{drift:?}");
    assert_eq!(forecast(&[], 3, Measured::ByDay, true), None);
    assert_eq!(forecast(&recorded(&[0.0, 0.0]), 3, Measured::ByDay, true), None);
}

#[test]
fn methods_follow_the_number_of_points() {
    let noise = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0];
    let values: Vec<f64> = (0..30).map(|at| 100.0 + noise[at % 12] + noise[at * 7 % 11]).collect();
    for (points, method) in [
        (1, ForecastMethod::Same),
        (2, ForecastMethod::LastValue),
        (6, ForecastMethod::LastValue),
        (7, ForecastMethod::LastValue),
        (8, ForecastMethod::Smoothing),
        (23, ForecastMethod::Smoothing),
        (24, ForecastMethod::Seasonal),
        (30, ForecastMethod::Seasonal),
    ] {
        let own = by_month(&values[..points], 12);
        assert_eq!((own.method, own.points, own.months.len()), (method, points, 12));
    }
    // Two years say what the seasons are, and not yet how sure that is.
    assert!(by_month(&values[..24], 12).factor >= Decimal::TWO);
}

#[test]
fn days_of_the_month_count_for_what_adds_up_by_day() {
    // A million events a day.
    let of = |days: u32| Quantity::from_count(u64::from(days) * 1_000_000);
    let mut all: Vec<Recorded> = (0..10)
        .map(|at| Recorded { month: month(at), quantity: of(month(at).days()), days: month(at).days() })
        .collect();
    let own = forecast(&all, 4, Measured::ByDay, true).unwrap();
    // November, December, January, February 2024.
    let middles: Vec<Quantity> = own.months.iter().map(|own| own.middle).collect();
    assert_eq!(middles, [30, 31, 31, 29].map(of));
    assert_eq!(own.error, Some(Decimal::ZERO));
    // Twelve days of the last month say as much of a day.
    all[9] = Recorded { quantity: of(12), days: 12, ..all[9] };
    assert_eq!(forecast(&all, 4, Measured::ByDay, true).unwrap().months, own.months);
    // A constant stays what it is, whole.
    let own = by_month(&[7.0; 30], 3);
    assert_eq!(texts(&own), ["7 7 7", "7 7 7", "7 7 7"]);
}

#[test]
fn seasons_of_a_year_come_again() {
    let season = [0.0, 10.0, 40.0, 90.0, 20.0, 0.0, -50.0, -90.0, -150.0, 0.0, 100.0, 300.0];
    let truth = |at: usize| 1_000.0 + 5.0 * at as f64 + season[at % 12];
    let values: Vec<f64> = (0..36).map(truth).collect();
    let own = by_month(&values, 12);
    assert_eq!(own.method, ForecastMethod::Seasonal);
    // The same month of the year before, and a year's growth: what anybody would say.
    for (at, month) in own.months.iter().enumerate() {
        let naive = values[24 + at] + 60.0;
        assert!((float(month.middle) - naive).abs() < 20.0, "{at}: {} for {naive}", month.middle);
    }
    // Without seasons September would be taken for another December.
    let smooth = by_month(&values[24..], 12);
    assert!((float(smooth.months[8].middle) - truth(44)).abs() > 100.0);
}

#[test]
fn gaps_levels_and_ends_are_told() {
    let bridged = by_month(&[10.0, 12.0, -1.0, -1.0, 18.0], 1);
    // The line goes 12, 14, 16, 18: all differences are 2.
    assert_eq!((bridged.points, bridged.bridged, bridged.since), (3, 2, month(0)));
    assert_eq!(bridged.months[0].middle.to_string(), "20");
    let long = by_month(&[10.0, 12.0, -1.0, -1.0, -1.0, 18.0], 1);
    assert_eq!((long.points, long.bridged, long.since), (1, 0, month(5)));
    assert_eq!(long.method, ForecastMethod::Same);
    // A trail was deleted: half of two is no season.
    let mut values = vec![100.0; 22];
    values.extend([20.0; 4]);
    let level = by_month(&values, 1);
    assert_eq!((level.level_changed, level.since, level.points), (true, month(22), 4));
    assert_eq!(texts(&level), ["20 20 20"]);
    assert!(!by_month(&[100.0, 100.0, 100.0, 20.0], 1).level_changed, "one month may be a spike");
    let ended = by_month(&[0.0, 5.0, 6.0, 0.0, 0.0], 2);
    assert_eq!((ended.method, texts(&ended)), (ForecastMethod::Ended, vec!["0 0 0".to_owned(); 2]));
    // Pauses as long as this one came before.
    let now_and_then = by_month(&[5.0, 0.0, 6.0, 0.0, 4.0, 0.0], 1);
    assert_eq!(now_and_then.method, ForecastMethod::LastValue);
    assert!(float(now_and_then.months[0].range.unwrap().1) > 5.0);
}

/// A stream of numbers that look like chance: xorshift, and sums of twelve for a bell.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        (0..12)
            .map(|_| {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                (self.0 >> 11) as f64 / (1_u64 << 53) as f64
            })
            .sum::<f64>()
            - 6.0
    }
}

#[test]
fn bands_hold_about_four_in_five() {
    let season = [0.0, 2.0, 10.0, 18.0, 4.0, 0.0, -10.0, -18.0, -40.0, 0.0, 20.0, 60.0];
    let mut noise = Noise(88_172_645_463_325_252);
    for (kind, points) in [("level", 10), ("walk", 16), ("season", 24), ("season", 36), ("level", 48)] {
        let (mut held, mut all) = (0, 0);
        for _ in 0..25 {
            let mut walk = 0.0;
            let values: Vec<f64> = (0..points + 6)
                .map(|at| {
                    let own = noise.next() * 5.0;
                    walk += own;
                    300.0
                        + match kind {
                            "level" => own,
                            "walk" => walk,
                            _ => own + season[at % 12],
                        }
                })
                .collect();
            let own = by_month(&values[..points], 6);
            for (month, value) in own.months.iter().zip(&values[points..]) {
                let (low, high) = month.range.unwrap();
                all += 1;
                held += u32::from((float(low)..=float(high)).contains(value));
            }
        }
        let share = held * 100 / all;
        assert!((66..=97).contains(&share), "{kind} of {points}: {share} in a hundred");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn quantities_are_never_negative_and_ordered(
        values in prop::collection::vec(prop_oneof![3 => 0.0..1e9_f64, 1 => Just(0.0), 1 => Just(-1.0)], 1..40),
        steps in 1_usize..14,
    ) {
        if let Some(own) = forecast(&recorded(&values), steps, Measured::ByDay, false) {
            prop_assert_eq!(own.months.len(), steps);
            for own in &own.months {
                prop_assert!(!own.middle.is_negative());
                if let Some((low, high)) = own.range {
                    prop_assert!(!low.is_negative() && low <= own.middle && own.middle <= high);
                }
            }
        }
    }

    #[test]
    fn twice_the_volume_is_twice_the_quantity(values in prop::collection::vec(1.0..1e6_f64, 1..40)) {
        let twice: Vec<f64> = values.iter().map(|own| own * 2.0).collect();
        let (one, two) = (by_month(&values, 6), by_month(&twice, 6));
        prop_assert_eq!(one.method, two.method);
        prop_assert_eq!(one.error, two.error);
        for (one, two) in one.months.iter().zip(&two.months) {
            let (one, two) = (float(one.middle), float(two.middle));
            prop_assert!((two - 2.0 * one).abs() <= 2e-5 * two.max(1.0), "{} {}", one, two);
        }
    }
}
