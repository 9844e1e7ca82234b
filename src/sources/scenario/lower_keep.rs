//! What must be kept, where lifecycles break it, and what the logs bring.

use super::at::At;
use super::document::ReturnInput;
use super::document_keep::{KeepInput, LossInput};
use super::lower::Lowering;
use super::quantity_text::{QuantityInput, figure};
use crate::domain::{
    Benefit, Breaker, FixedError, LossLevel, ObjectSizes, Quantity, Readability, RetentionCheck, UnitPrice,
};
use crate::sources::compliance;
use rust_decimal::Decimal;
use std::ops::Range;

impl Lowering<'_> {
    pub(super) fn keep(&mut self, keep: Option<&KeepInput>) {
        let Some(keep) = keep else {
            return;
        };
        let mut demands = self.notes().demands(&keep.kept());
        let known = self.bucket_names.clone();
        for bucket in &keep.buckets {
            if self.known_bucket(bucket, &known) && !demands.buckets.contains(&bucket.value) {
                demands.buckets.push(bucket.value.clone());
            }
        }
        demands.accept_loss = keep.accept_loss.as_ref().map(|own| match own.value {
            LossInput::None => LossLevel::None,
            LossInput::Low => LossLevel::Low,
            LossInput::Medium => LossLevel::Medium,
            LossInput::High => LossLevel::High,
        });
        for profile in &keep.profiles {
            if self.known_profile(profile) && !demands.profiles.contains(&profile.value) {
                demands.profiles.push(profile.value.clone());
            }
        }
        self.model.demands = demands;
        for check in self.model.retention_checks() {
            self.broken_retention(&check);
            for own in &check.readable {
                // What is deleted too early is said once.
                if own.hours.is_some() || check.retention_met {
                    self.broken_reading(&check, own);
                }
            }
        }
    }

    fn known_profile(&mut self, profile: &At<String>) -> bool {
        let label = compliance::unknown(&profile.value, self.context.compliance);
        if let Some(label) = &label {
            let message = format!("no compliance profile is called `{}`", profile.value);
            self.error(&profile.span, message).label = Some(label.clone());
        }
        label.is_none()
    }

    fn broken_retention(&mut self, check: &RetentionCheck) {
        if let (false, Some(kept), Some(demanded)) =
            (check.retention_met, check.kept_for, self.model.demands.retention)
        {
            let message = format!(
                "`{}` keeps {} for {kept}, and [keep] demands {demanded}",
                check.bucket,
                log_files(check.objects)
            );
            let hint = format!("delete them at {demanded} or later, or lower `retention` under [keep]");
            self.demand_warning(check, check.retention_broken_by, message, hint);
        }
    }

    fn broken_reading(&mut self, check: &RetentionCheck, own: &Readability) {
        if own.met {
            return;
        }
        let (age, within, files) = (own.age, own.within.hours(), log_files(check.objects));
        let (message, hint) = match own.hours {
            None => (
                format!(
                    "`{}` deletes {files} before {age}, and [keep] demands that they can be read",
                    check.bucket
                ),
                format!("delete them at {age} or later, or lower `readable_within` under [keep]"),
            ),
            Some(hours) => (
                format!(
                    "in {} it takes {hours} hours to read {files} of `{}` younger than {age}, and [keep] allows \
                     {within}",
                    own.class.name(),
                    check.bucket
                ),
                match own.broken_by {
                    Some(Breaker::ArchiveTier) => {
                        "leave the archive tiers off, or allow more hours under [keep]".to_owned()
                    }
                    _ => format!("move them at {age} or later, or to a class that is read faster"),
                },
            ),
        };
        self.demand_warning(check, own.broken_by, message, hint);
    }

    fn demand_warning(&mut self, check: &RetentionCheck, by: Option<Breaker>, message: String, hint: String) {
        let places = self.bucket_places.get(&check.bucket);
        let span: Option<Range<usize>> = match by {
            Some(Breaker::Step(at)) => places.and_then(|own| own.steps.get(at).cloned()),
            Some(Breaker::ArchiveTier) => places.and_then(|own| own.archive_tiers.clone()),
            None => None,
        };
        if let Some(span) = span.or_else(|| places.map(|own| own.name.clone())) {
            self.warning(&span, message).hint = Some(hint);
        }
    }

    pub(super) fn benefit(&mut self, input: Option<&At<ReturnInput>>) {
        let Some(input) = input else {
            return;
        };
        let own = &input.value;
        if own.avoided_loss.is_none() && own.cloud_spend_per_month.is_none() && !self.misshapen {
            self.error(&input.span, "this [return] has nothing to hold the cost against".to_owned()).hint =
                Some("add avoided_loss = 15000, or cloud_spend_per_month = 40000".to_owned());
        }
        if let (None, Some(incidents)) = (&own.avoided_loss, &own.incidents_per_year) {
            self.error(&incidents.span, "nothing says what one incident would cost".to_owned()).hint =
                Some("add avoided_loss = 15000".to_owned());
        }
        let avoided_loss = own.avoided_loss.as_ref().and_then(|text| self.sum_of_money(text));
        let cloud_spend_per_month =
            own.cloud_spend_per_month.as_ref().and_then(|text| self.sum_of_money(text));
        let incidents_per_year = own.incidents_per_year.as_ref().and_then(|text| self.incidents(text));
        self.model.benefit = Some(Benefit { avoided_loss, incidents_per_year, cloud_spend_per_month });
    }

    fn sum_of_money(&mut self, input: &At<QuantityInput>) -> Option<UnitPrice> {
        let understood = figure(&input.value).and_then(|value| {
            let positive = value > Decimal::ZERO && value <= Decimal::from(1_000_000_000_000_u64);
            if positive && value.scale() <= UnitPrice::MAX_SCALE {
                Ok(UnitPrice::new(value))
            } else {
                Err("more than 0, at most a million million, with at most 12 digits after the point"
                    .to_owned())
            }
        });
        self.understood(input, understood, "bad amount of money")
    }

    fn incidents(&mut self, input: &At<QuantityInput>) -> Option<Quantity> {
        let understood = figure(&input.value).and_then(|value| {
            if value.is_sign_negative() && !value.is_zero() || value > Decimal::from(1_000_000) {
                return Err("from 0 to 1,000,000".to_owned());
            }
            Quantity::from_decimal(value).map_err(|error: FixedError| error.to_string())
        });
        self.understood(input, understood, "bad number of incidents")
    }

    fn understood<T>(
        &mut self,
        input: &At<QuantityInput>,
        result: Result<T, String>,
        message: &str,
    ) -> Option<T> {
        result.map_err(|reason| self.error(&input.span, message.to_owned()).label = Some(reason)).ok()
    }
}

fn log_files(objects: ObjectSizes) -> &'static str {
    match objects {
        ObjectSizes::All => "log files",
        ObjectSizes::Large => "log files of 128 KB and more",
        ObjectSizes::Small => "log files under 128 KB",
    }
}
