//! What is said, apart from the language that it is said in.

use crate::domain::{Money, Month};

/// A part of a sentence that is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filling {
    /// A name, already harmless.
    Text(String),
    /// A whole number.
    Count(u64),
    /// An amount, rounded to cents where it is shown.
    Money(Money),
    /// A month.
    Month(Month),
    /// Another phrase.
    Phrase(Box<Phrase>),
    /// Several, joined as a list.
    List(Vec<Filling>),
}

/// A sentence or a label: the key of a message, and what fills its places.
///
/// A message with the place `{count}` may have two forms, `key.one` and `key.other`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The message's key.
    pub key: String,
    /// The places' names, with what fills them.
    pub fillings: Vec<(&'static str, Filling)>,
}

impl Phrase {
    /// Begins a phrase.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), fillings: Vec::new() }
    }

    fn with(mut self, name: &'static str, filling: Filling) -> Self {
        self.fillings.push((name, filling));
        self
    }

    /// Fills in a name, which must be harmless.
    #[must_use]
    pub fn text(self, name: &'static str, text: impl Into<String>) -> Self {
        self.with(name, Filling::Text(text.into()))
    }

    /// Fills in a whole number.
    #[must_use]
    pub fn count(self, name: &'static str, count: u64) -> Self {
        self.with(name, Filling::Count(count))
    }

    /// Fills in an amount.
    #[must_use]
    pub fn money(self, name: &'static str, money: Money) -> Self {
        self.with(name, Filling::Money(money))
    }

    /// Fills in a month.
    #[must_use]
    pub fn month(self, name: &'static str, month: Month) -> Self {
        self.with(name, Filling::Month(month))
    }

    /// Fills in another phrase.
    #[must_use]
    pub fn phrase(self, name: &'static str, own: Self) -> Self {
        self.with(name, Filling::Phrase(Box::new(own)))
    }

    /// Fills in a list.
    #[must_use]
    pub fn list(self, name: &'static str, own: Vec<Filling>) -> Self {
        self.with(name, Filling::List(own))
    }
}
