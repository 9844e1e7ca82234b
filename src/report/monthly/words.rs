//! A language: its messages, its months, and how it writes numbers and amounts.

use super::phrase::{Filling, Phrase};
use crate::domain::{Currency, Money, Month};
use crate::report::chart::MonthNames;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The languages that are built in, with their messages.
const BUILT_IN: [(&str, &str); 2] =
    [("en", include_str!("messages/en.toml")), ("hi", include_str!("messages/hi.toml"))];

/// How digits are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Digits {
    /// By thousands: 1,234,567.
    Thousands,
    /// As in India: 12,34,567.
    Indian,
}

/// A file of messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The language's tag, such as `hi`.
    language: String,
    digits: Digits,
    group: String,
    point: String,
    /// The twelve months' names.
    months: Vec<String>,
    /// The same, short enough to stand beneath a chart.
    short_months: Vec<String>,
    messages: BTreeMap<String, String>,
}

/// Why a file holds no language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordsError {
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub hint: String,
}

impl fmt::Display for WordsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for WordsError {}

/// What one unit of a currency is worth in another one, for display only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRate {
    /// The currency that is shown.
    pub currency: Currency,
    /// What one unit of the report's own currency is worth in it.
    pub rate: Decimal,
    /// The day of the rate.
    pub date: String,
    /// Where it is from.
    pub source: String,
}

/// A language, and the currency that amounts are shown in.
#[derive(Debug)]
pub struct Words {
    file: File,
    symbol: String,
    exchange: Option<ExchangeRate>,
}

impl Words {
    /// Returns the names of the languages that are built in.
    pub fn built_in() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|own| own.0)
    }

    /// Returns a built-in language.
    ///
    /// # Errors
    /// [`WordsError`] when there is none of this name.
    pub fn named(name: &str, currency: &Currency) -> Result<Self, WordsError> {
        let text = BUILT_IN.iter().find(|own| own.0 == name).ok_or_else(|| WordsError {
            what: format!("no language `{name}` is built in"),
            hint: format!(
                "{} are; any other is a file of messages (.toml)",
                Self::built_in().collect::<Vec<_>>().join(" and ")
            ),
        })?;
        Self::read(text.1, currency)
    }

    /// Reads a file of messages.
    ///
    /// # Errors
    /// [`WordsError`] when it is no such file, or a message is missing or has other places than the English one.
    pub fn read(text: &str, currency: &Currency) -> Result<Self, WordsError> {
        let parse = |text: &str| {
            toml::from_str::<File>(text).map_err(|error| WordsError {
                what: format!("it is no file of messages: {}", error.message()),
                hint: "begin with a copy of src/report/monthly/messages/en.toml".to_owned(),
            })
        };
        let (file, english) = (parse(text)?, parse(BUILT_IN[0].1)?);
        for own in [&file.months, &file.short_months] {
            if own.len() != 12 {
                return Err(WordsError {
                    what: format!("it names {} months", own.len()),
                    hint: "name twelve, from January on, in `months` and in `short_months`".to_owned(),
                });
            }
        }
        for (key, message) in &english.messages {
            let Some(own) = file.messages.get(key) else {
                return Err(WordsError {
                    what: format!("the message `{key}` is missing"),
                    hint: format!("add {key} = \"…\", in English: {message}"),
                });
            };
            if !places(own).is_subset(&places(message)) {
                return Err(WordsError {
                    what: format!("the message `{key}` has places that are never filled"),
                    hint: format!("use no others than in English: {message}"),
                });
            }
        }
        Ok(Self { file, symbol: currency.symbol(), exchange: None })
    }

    /// Shows amounts in another currency.
    #[must_use]
    pub fn exchanged(mut self, rate: Option<ExchangeRate>) -> Self {
        if let Some(rate) = &rate {
            self.symbol = rate.currency.symbol();
        }
        self.exchange = rate;
        self
    }

    /// Returns the rate by which amounts are shown in another currency.
    pub fn exchange(&self) -> Option<&ExchangeRate> {
        self.exchange.as_ref()
    }

    /// Returns the language's tag.
    pub fn language(&self) -> &str {
        &self.file.language
    }

    /// Returns what is written before an amount.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// Says a phrase. A message that does not exist is said by its key, which a test looks for.
    pub fn say(&self, phrase: &Phrase) -> String {
        let form = phrase.fillings.iter().find_map(|own| match own {
            ("count", Filling::Count(1)) => Some("one"),
            ("count", Filling::Count(_)) => Some("other"),
            _ => None,
        });
        let messages = &self.file.messages;
        let with_form = form.and_then(|form| messages.get(&format!("{}.{form}", phrase.key)));
        let message =
            with_form.or_else(|| messages.get(&phrase.key)).map_or(phrase.key.as_str(), String::as_str);
        let mut said = String::with_capacity(message.len() * 2);
        let mut rest = message;
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, behind)) = after.split_once('}') else { break };
            if let Some((_, filling)) = phrase.fillings.iter().find(|own| own.0 == name) {
                said.push_str(&self.filling(filling));
            }
            rest = behind;
        }
        said.push_str(rest);
        said
    }

    /// Says a message without places.
    pub fn word(&self, key: &str) -> String {
        self.say(&Phrase::new(key))
    }

    fn filling(&self, own: &Filling) -> String {
        match own {
            Filling::Text(own) => own.clone(),
            Filling::Count(own) => self.number(Decimal::from(*own)),
            Filling::Money(own) => self.money(*own),
            Filling::Month(own) => self.month(*own),
            Filling::Phrase(own) => self.say(own),
            Filling::List(all) => {
                all.iter().map(|own| self.filling(own)).collect::<Vec<_>>().join(&self.word("list.separator"))
            }
        }
    }

    /// Returns the months' names as they stand beneath a chart.
    pub(super) fn short_months(&self) -> MonthNames {
        let own: Result<[String; 12], _> = self.file.short_months.clone().try_into();
        own.map(MonthNames::new).unwrap_or_default()
    }

    /// Writes a month: `November 2026`.
    pub fn month(&self, month: Month) -> String {
        let name = &self.file.months[usize::from(month.calendar_month() - 1)];
        format!("{name} {}", &month.to_string()[..4])
    }

    /// Writes a number with the language's separators.
    pub fn number(&self, own: Decimal) -> String {
        let text = own.abs().to_string();
        let (whole, fraction) =
            text.split_once('.').map_or((text.as_str(), None), |own| (own.0, Some(own.1)));
        let mut out = if own.is_sign_negative() && !own.is_zero() { "−".to_owned() } else { String::new() };
        for (at, digit) in whole.chars().enumerate() {
            let left = whole.len() - at;
            let is_end = match self.file.digits {
                Digits::Thousands => left.is_multiple_of(3),
                Digits::Indian => left == 3 || left > 3 && (left - 3).is_multiple_of(2),
            };
            if at > 0 && is_end {
                out.push_str(&self.file.group);
            }
            out.push(digit);
        }
        if let Some(fraction) = fraction {
            out.push_str(&self.file.point);
            out.push_str(fraction);
        }
        out
    }

    /// Returns an amount in the currency that is shown, exact but for the exchange.
    pub fn shown(&self, own: Money) -> Decimal {
        let exact = Decimal::try_from_i128_with_scale(own.cents(), 2).unwrap_or(Decimal::MAX);
        match &self.exchange {
            None => exact,
            Some(rate) => own.times(rate.rate).map_or(exact, Money::rounded),
        }
    }

    /// Writes an amount to cents, half away from zero; what is less than a cent and not zero, as less than a cent.
    pub fn money(&self, own: Money) -> String {
        let cents = self.shown(own).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let prefix = self.prefix();
        if cents.is_zero() && !own.is_zero() {
            let cent = self.number(Decimal::new(1, 2));
            return if own.is_negative() {
                format!("> −{prefix}{cent}")
            } else {
                format!("< {prefix}{cent}")
            };
        }
        let mut fixed = cents.abs();
        fixed.rescale(2);
        let sign = if cents.is_sign_negative() && !cents.is_zero() { "−" } else { "" };
        format!("{sign}{prefix}{}", self.number(fixed))
    }

    /// Writes a change of an amount, with a sign.
    pub fn change(&self, own: Money) -> String {
        if own.is_zero() || own.is_negative() { self.money(own) } else { format!("+{}", self.money(own)) }
    }

    /// Tells whether digits are grouped as in India.
    pub(super) fn groups_as_in_india(&self) -> bool {
        self.file.digits == Digits::Indian
    }

    /// Returns what stands between groups of digits.
    pub(super) fn group(&self) -> &str {
        &self.file.group
    }

    /// Returns what stands before the fraction.
    pub(super) fn point(&self) -> &str {
        &self.file.point
    }

    /// Returns a message whose places are filled in by the page.
    pub(super) fn template(&self, key: &str) -> &str {
        self.file.messages.get(key).map_or("", String::as_str)
    }

    /// Returns what is written before an amount's digits: a letter code is set off by a space.
    pub(super) fn prefix(&self) -> String {
        let is_code = self.symbol.chars().all(|own| own.is_ascii_alphabetic());
        if is_code { format!("{}\u{a0}", self.symbol) } else { self.symbol.clone() }
    }
}

/// Returns the names of a message's places.
fn places(message: &str) -> BTreeSet<&str> {
    message.split('{').skip(1).filter_map(|own| own.split_once('}')).map(|own| own.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> Words {
        Words::named(name, &Currency::usd()).unwrap()
    }

    #[test]
    fn numbers_and_amounts_follow_the_language() {
        let (english, hindi) = (words("en"), words("hi"));
        let own: Money = "1234567.895".parse().unwrap();
        assert_eq!(english.money(own), "$1,234,567.90");
        assert_eq!(hindi.money(own), "$12,34,567.90");
        assert_eq!(hindi.number(Decimal::from(123)), "123");
        assert_eq!(hindi.number(Decimal::from(1_234)), "1,234");
        assert_eq!(english.change("0.4".parse().unwrap()), "+$0.40");
        assert_eq!(english.change("-0.001".parse().unwrap()), "> −$0.01");
        assert_eq!(english.money(Money::ZERO), "$0.00");
        let month = "2026-11".parse().unwrap();
        assert_eq!((english.month(month), hindi.month(month)), ("November 2026".into(), "नवंबर 2026".into()));
    }

    #[test]
    fn amounts_are_shown_in_another_currency() {
        let rate = ExchangeRate {
            currency: Currency::new("INR").unwrap(),
            rate: Decimal::new(885, 1),
            date: "2026-10-30".to_owned(),
            source: "a bank".to_owned(),
        };
        let own = words("hi").exchanged(Some(rate));
        assert_eq!(own.money("4222.5".parse().unwrap()), format!("{}3,73,691.25", own.prefix()));
    }

    #[test]
    fn a_language_has_every_message() {
        for name in Words::built_in() {
            words(name);
        }
        let english = BUILT_IN[0].1;
        let without = english.replace("[messages]", "[messages]\n\"nothing.like.it\" = \"{never}\"");
        assert!(Words::read(&without, &Currency::usd()).is_ok(), "a message more does no harm");
        let line = english.lines().find(|own| own.starts_with("\"list.separator\"")).unwrap();
        let error = Words::read(&english.replace(line, ""), &Currency::usd()).unwrap_err();
        assert!(error.what.contains("list.separator") && error.hint.contains("add"), "{error:?}");
    }
}
