//! Growth, seasons, and private pricing.

use super::at::At;
use super::document::{CategoryInput, GrowthInput, RateInput, SeasonalityInput, StepInput, TermInput};
use super::lower::Lowering;
use super::quantity_text::{QuantityInput, figure, share};
use crate::domain::{GrowthCategory, GrowthRate, GrowthStep, Term, TermPrice, UnitPrice, nearest};
use rust_decimal::Decimal;

impl Lowering<'_> {
    pub(super) fn growth(&mut self, growth: Option<&GrowthInput>, steps: &[StepInput]) {
        if let Some(growth) = growth {
            self.model.growth.general = self.rate(growth.monthly.as_ref(), growth.yearly.as_ref());
            for (category, rate) in [
                (GrowthCategory::ManagementEvents, &growth.management_events),
                (GrowthCategory::DataEvents, &growth.data_events),
                (GrowthCategory::NetworkActivityEvents, &growth.network_activity_events),
                (GrowthCategory::Lake, &growth.lake),
                (GrowthCategory::Other, &growth.other),
            ] {
                if let Some(RateInput { monthly, yearly }) = rate
                    && let Some(rate) = self.rate(monthly.as_ref(), yearly.as_ref())
                {
                    self.model.growth.by_category.insert(category, rate);
                }
            }
        }
        for step in steps {
            let from = self.month(&step.from);
            let factor = self.factor(&step.factor);
            if let (Some(from), Some(factor)) = (from, factor) {
                let horizon = self.model.horizon;
                if horizon.start.plus(horizon.months).is_some_and(|end| from >= end) {
                    let message =
                        format!("the step of {from} comes after the last month, and changes nothing");
                    self.warning(&step.from.span, message);
                }
                self.model.growth.steps.push(GrowthStep {
                    from,
                    category: step.category.as_ref().map(|category| growth_category(category.value)),
                    factor,
                });
            }
        }
    }

    pub(super) fn seasonality(&mut self, input: Option<&SeasonalityInput>) {
        let Some(input) = input else {
            return;
        };
        for (category, factors) in [
            (None, &input.all),
            (Some(GrowthCategory::ManagementEvents), &input.management_events),
            (Some(GrowthCategory::DataEvents), &input.data_events),
            (Some(GrowthCategory::NetworkActivityEvents), &input.network_activity_events),
            (Some(GrowthCategory::Lake), &input.lake),
            (Some(GrowthCategory::Other), &input.other),
        ] {
            for (text, input) in factors {
                let digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                let month = text.parse::<u8>().ok().filter(|month| digits && (1..=12).contains(month));
                let Some(month) = month else {
                    self.error(&input.span, format!("there is no month `{text}` in a year")).label =
                        Some("a month of the year, from \"1\" to \"12\"".to_owned());
                    continue;
                };
                if let Some(factor) = self.factor(input)
                    && self.model.growth.seasons.set(category, month, factor).is_some()
                {
                    self.error(&input.span, format!("month {month} occurs twice")).hint =
                        Some("\"8\" and \"08\" are the same month".to_owned());
                }
            }
        }
    }

    /// Reads what volumes are multiplied by.
    fn factor(&mut self, input: &At<QuantityInput>) -> Option<Decimal> {
        match figure(&input.value) {
            Ok(factor) if !factor.is_sign_negative() && factor <= Decimal::from(1_000_000) => Some(factor),
            Ok(_) => {
                self.error(&input.span, "a factor is from 0 to 1,000,000".to_owned());
                None
            }
            Err(reason) => {
                self.error(&input.span, "bad factor".to_owned()).label = Some(reason);
                None
            }
        }
    }

    fn rate(&mut self, monthly: Option<&At<String>>, yearly: Option<&At<String>>) -> Option<GrowthRate> {
        if let (Some(_), Some(yearly)) = (monthly, yearly) {
            let message = "growth is either monthly or yearly, not both".to_owned();
            self.error(&yearly.span, message);
            return None;
        }
        let (text, of) = match (monthly, yearly) {
            (Some(text), _) => (text, GrowthRate::Monthly as fn(Decimal) -> GrowthRate),
            (_, Some(text)) => (text, GrowthRate::Yearly as fn(Decimal) -> GrowthRate),
            (None, None) => return None,
        };
        let rate = self.percentage(text)?;
        if rate < Decimal::NEGATIVE_ONE || rate > Decimal::from(100) {
            self.error(&text.span, format!("a growth of {} cannot be meant", text.value)).label =
                Some("from -100% to 10000%".to_owned());
            return None;
        }
        Some(of(rate))
    }

    fn percentage(&mut self, text: &At<String>) -> Option<Decimal> {
        share(&text.value)
            .map_err(|reason| {
                self.error(&text.span, format!("bad percentage `{}`", text.value)).label = Some(reason);
            })
            .ok()
    }

    pub(super) fn terms(&mut self, terms: &[TermInput]) {
        for input in terms {
            let catalog = self.context.catalog;
            let service = &input.service.value;
            if !catalog.has_service(service) {
                let label = nearest(service, catalog.services()).map_or_else(
                    || format!("one of {}", catalog.services().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.error(&input.service.span, format!("no price table knows the service `{service}`"))
                    .label = Some(label);
                continue;
            }
            let usage_type = input.usage_type.as_ref().map(|text| text.value.clone());
            if let (Some(text), Some(name)) = (&input.usage_type, &usage_type)
                && catalog.get(service, name).is_none()
            {
                let near = catalog.nearest(name).map(|near| format!("did you mean `{near}`?"));
                let finding = self.error(&text.span, format!("{service} has no usage type `{name}`"));
                finding.label = near;
                finding.hint = Some(format!("`trailcost pricing list --service {service}` shows them"));
            }
            let region = match &input.region {
                None => None,
                Some(text) => match self.region(text) {
                    None => continue,
                    some => some,
                },
            };
            let Some(price) = self.term_price(input) else {
                continue;
            };
            let twice =
                self.model.terms.iter().any(|own| {
                    own.service == *service && own.usage_type == usage_type && own.region == region
                });
            if twice {
                self.error(&input.service.span, "two terms apply to the same usage".to_owned()).hint =
                    Some("keep the one that holds".to_owned());
                continue;
            }
            let place = self.place(&input.service.span);
            self.model.terms.push(Term { service: service.clone(), usage_type, region, price, place });
        }
    }

    fn term_price(&mut self, input: &TermInput) -> Option<TermPrice> {
        match (&input.discount, &input.rate) {
            (Some(discount), None) => {
                let share = self.percentage(discount)?;
                if share.is_sign_negative() && !share.is_zero() || share > Decimal::ONE {
                    self.error(&discount.span, format!("a discount of {} cannot be meant", discount.value))
                        .label = Some("from 0% to 100%".to_owned());
                    return None;
                }
                Some(TermPrice::Discount(share))
            }
            (None, Some(rate)) => match figure(&rate.value) {
                Ok(value)
                    if (!value.is_sign_negative() || value.is_zero())
                        && value.scale() <= UnitPrice::MAX_SCALE =>
                {
                    Some(TermPrice::Rate(UnitPrice::new(value)))
                }
                Ok(_) => {
                    self.error(&rate.span, "bad rate".to_owned()).label =
                        Some("a rate is not negative and has at most 12 digits after the point".to_owned());
                    None
                }
                Err(reason) => {
                    self.error(&rate.span, "bad rate".to_owned()).label = Some(reason);
                    None
                }
            },
            _ => {
                let message = "a term has either a discount or a rate".to_owned();
                self.error(&input.service.span, message);
                None
            }
        }
    }
}

fn growth_category(input: CategoryInput) -> GrowthCategory {
    match input {
        CategoryInput::ManagementEvents => GrowthCategory::ManagementEvents,
        CategoryInput::DataEvents => GrowthCategory::DataEvents,
        CategoryInput::NetworkActivityEvents => GrowthCategory::NetworkActivityEvents,
        CategoryInput::Lake => GrowthCategory::Lake,
        CategoryInput::Other => GrowthCategory::Other,
    }
}
