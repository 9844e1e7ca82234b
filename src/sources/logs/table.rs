//! Sums by names, without a word for every event.

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Keys that are told apart; hostile logs must not fill the memory with names.
const MOST_KEYS: usize = 200_000;

/// Names written one after another, so that no two lists of names look the same.
#[derive(Debug, Default)]
pub(super) struct KeyWriter(Vec<u8>);

impl KeyWriter {
    /// Begins a key.
    #[inline]
    pub(super) fn begin(&mut self) -> &mut Self {
        self.0.clear();
        self
    }

    /// Adds a name.
    #[inline]
    pub(super) fn name(&mut self, name: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.0.extend_from_slice(name);
        self
    }

    /// Adds a small number.
    #[inline]
    pub(super) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Reads what a [`KeyWriter`] wrote.
#[derive(Debug)]
pub(super) struct KeyReader<'a>(&'a [u8]);

impl<'a> KeyReader<'a> {
    pub(super) fn new(key: &'a [u8]) -> Self {
        Self(key)
    }

    /// Returns the next name.
    pub(super) fn name(&mut self) -> String {
        String::from_utf8_lossy(self.raw()).into_owned()
    }

    /// Returns the next name's bytes.
    fn raw(&mut self) -> &'a [u8] {
        let Some((length, rest)) = self.0.split_first_chunk() else { return &[] };
        let length = (u32::from_le_bytes(*length) as usize).min(rest.len());
        let (name, rest) = rest.split_at(length);
        self.0 = rest;
        name
    }

    /// Returns the next name as the number whose bytes it is.
    pub(super) fn number(&mut self) -> u32 {
        self.raw().first_chunk().map_or(0, |own| u32::from_le_bytes(*own))
    }

    /// Returns the next name as the small number whose bytes it is.
    pub(super) fn small(&mut self) -> u16 {
        self.raw().first_chunk().map_or(0, |own| u16::from_le_bytes(*own))
    }

    /// Returns the next name as the small numbers whose bytes it is.
    pub(super) fn small_numbers(&mut self) -> std::sync::Arc<[u16]> {
        self.raw().chunks_exact(2).map(|own| u16::from_le_bytes([own[0], own[1]])).collect()
    }

    /// Returns the next small number.
    pub(super) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *byte
    }
}

/// Sums by key; each key has a position.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Table<V> {
    positions: HashMap<Box<[u8]>, u32, RandomState>,
    values: Vec<V>,
    is_full: bool,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { positions: HashMap::default(), values: Vec::new(), is_full: false }
    }
}

impl<V: Default> Table<V> {
    /// Returns the position of a key, which is new where it was not there.
    #[inline]
    pub(super) fn position(&mut self, key: &[u8]) -> u32 {
        match self.positions.get(key) {
            Some(position) => *position,
            None => self.add(key),
        }
    }

    #[cold]
    fn add(&mut self, key: &[u8]) -> u32 {
        let position = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(V::default());
        self.positions.insert(key.into(), position);
        position
    }

    /// Returns the sum of a key; where there are too many keys, that of the key that `rest` writes for all others.
    #[inline]
    pub(super) fn entry(&mut self, key: &[u8], rest: impl FnOnce(&mut KeyWriter)) -> &mut V {
        let position = match self.positions.get(key) {
            Some(position) => *position,
            None if self.values.len() < MOST_KEYS => self.add(key),
            None => {
                self.is_full = true;
                let mut other = KeyWriter::default();
                rest(&mut other);
                self.position(other.bytes())
            }
        };
        &mut self.values[position as usize]
    }

    pub(super) fn value(&mut self, position: u32) -> &mut V {
        &mut self.values[position as usize]
    }

    /// Tells whether there were too many keys.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns keys and sums, in no order, with their positions.
    pub(super) fn into_entries(self) -> impl Iterator<Item = (Box<[u8]>, u32, V)> {
        let mut values: Vec<Option<V>> = self.values.into_iter().map(Some).collect();
        self.positions.into_iter().filter_map(move |(key, position)| {
            let value = values.get_mut(position as usize)?.take()?;
            Some((key, position, value))
        })
    }
}
