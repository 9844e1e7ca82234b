//! Sums by names, without a word for every event.

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::hash::{BuildHasher, Hasher};

/// Keys that are told apart; hostile logs must not fill the memory with names.
const MOST_KEYS: usize = 200_000;

/// A key: names one after another, each behind its length, so that no two lists of names look the same.
#[derive(Debug)]
pub(super) struct Key<'a>(&'a [u8]);

impl<'a> Key<'a> {
    /// Returns the next name.
    pub(super) fn name(&mut self) -> String {
        String::from_utf8_lossy(self.raw()).into_owned()
    }

    /// Returns the next name's bytes.
    #[inline]
    fn raw(&mut self) -> &'a [u8] {
        let Some((length, rest)) = self.0.split_first_chunk() else { return std::mem::take(&mut self.0) };
        let length = (u32::from_le_bytes(*length) as usize).min(rest.len());
        let (name, rest) = rest.split_at(length);
        self.0 = rest;
        name
    }

    /// Returns the next name as the number whose bytes it is.
    pub(super) fn number(&mut self) -> u32 {
        self.raw().first_chunk().map_or(0, |own| u32::from_le_bytes(*own))
    }

    /// Returns the next name as two bytes and the small numbers whose bytes are behind them.
    pub(super) fn head(&mut self) -> ([u8; 2], std::sync::Arc<[u16]>) {
        let (first, rest) = self.raw().split_first_chunk().unwrap_or((&[0; 2], &[]));
        (*first, rest.as_chunks().0.iter().map(|own| u16::from_le_bytes(*own)).collect())
    }

    /// Returns the next name as the one byte that it is.
    pub(super) fn byte(&mut self) -> u8 {
        self.raw().first().copied().unwrap_or_default()
    }
}

/// Places for keys that came of late.
const RECENT: usize = 1 << 10;

/// Sums by key; each key has a position, in the order in which they came.
#[derive(Debug)]
pub(super) struct Table<V> {
    state: RandomState,
    /// Positions of keys that came of late, by a hash that is cheap and need not be good.
    recent: Vec<u32>,
    /// Hashes and positions.
    places: HashTable<(u64, u32)>,
    /// All keys one behind another, and where each begins.
    keys: Vec<u8>,
    starts: Vec<usize>,
    values: Vec<V>,
    is_full: bool,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self {
            state: RandomState::default(),
            recent: vec![u32::MAX; RECENT],
            places: HashTable::new(),
            keys: Vec::new(),
            starts: Vec::new(),
            values: Vec::new(),
            is_full: false,
        }
    }
}

impl<V: Default> Table<V> {
    /// Returns the position of a key, which is new where it was not there.
    #[inline]
    pub(super) fn position<const N: usize>(&mut self, names: [&[u8]; N]) -> u32 {
        let place = recent_place(names);
        let recent = self.recent[place];
        if self.has(recent, names) {
            return recent;
        }
        let position = self.any_position(names);
        self.recent[place] = position;
        position
    }

    #[inline(never)]
    fn any_position<const N: usize>(&mut self, names: [&[u8]; N]) -> u32 {
        let hash = self.hash(names);
        match self.find(hash, names) {
            Some(position) => position,
            None => self.add(hash, &names),
        }
    }

    /// Returns the sum of a key; where there are too many keys, that of the key `rest`, which stands for all others.
    #[inline]
    pub(super) fn entry<const N: usize>(&mut self, names: [&[u8]; N], rest: [&[u8]; N]) -> &mut V {
        let position = self.place(names, rest);
        &mut self.values[position as usize]
    }

    /// Returns the position of a key; where there are too many keys, that of the key `rest`, which stands for all others.
    #[inline]
    pub(super) fn place<const N: usize>(&mut self, names: [&[u8]; N], rest: [&[u8]; N]) -> u32 {
        let place = recent_place(names);
        let mut position = self.recent[place];
        if !self.has(position, names) {
            position = self.any_entry(names, rest);
            self.recent[place] = position;
        }
        position
    }

    #[inline(never)]
    fn any_entry<const N: usize>(&mut self, names: [&[u8]; N], rest: [&[u8]; N]) -> u32 {
        let hash = self.hash(names);
        match self.find(hash, names) {
            Some(position) => position,
            None if self.values.len() < MOST_KEYS => self.add(hash, &names),
            None => {
                self.is_full = true;
                self.any_position(rest)
            }
        }
    }

    /// Tells whether this is the key of a position.
    #[inline]
    fn has<const N: usize>(&self, position: u32, names: [&[u8]; N]) -> bool {
        let key = self.starts.get(position as usize).and_then(|start| self.keys.get(*start..));
        let mut key = Key(key.unwrap_or_default());
        !key.0.is_empty() && names.iter().all(|name| same(key.raw(), name))
    }

    #[inline]
    fn hash<const N: usize>(&self, names: [&[u8]; N]) -> u64 {
        let mut hasher = self.state.build_hasher();
        for name in names {
            write(&mut hasher, name);
        }
        hasher.finish()
    }

    #[inline]
    fn find<const N: usize>(&self, hash: u64, names: [&[u8]; N]) -> Option<u32> {
        let is_same = |own: &(u64, u32)| own.0 == hash && self.has(own.1, names);
        self.places.find(hash, is_same).map(|own| own.1)
    }

    #[cold]
    fn add(&mut self, hash: u64, names: &[&[u8]]) -> u32 {
        let position = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(V::default());
        self.starts.push(self.keys.len());
        for name in names {
            self.keys.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
            self.keys.extend_from_slice(name);
        }
        self.places.insert_unique(hash, (hash, position), |own| own.0);
        position
    }

    #[inline]
    pub(super) fn value(&mut self, position: u32) -> &mut V {
        &mut self.values[position as usize]
    }

    /// Tells whether there were too many keys.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Hands keys and sums over, by their positions.
    pub(super) fn for_each(self, mut take: impl FnMut(Key<'_>, V)) {
        for (start, value) in self.starts.into_iter().zip(self.values) {
            take(Key(&self.keys[start..]), value);
        }
    }
}

/// A table as it is kept: without hashes, which are others in each process.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Table")]
struct Kept<K, S, V> {
    keys: K,
    starts: S,
    values: V,
    is_full: bool,
}

impl<V: Serialize> Serialize for Table<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (keys, starts) = (self.keys.as_slice(), self.starts.as_slice());
        Kept { keys, starts, values: self.values.as_slice(), is_full: self.is_full }.serialize(serializer)
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Table<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Kept { keys, starts, values, is_full } =
            Kept::<Vec<u8>, Vec<usize>, Vec<V>>::deserialize(deserializer)?;
        let mut own = Self { keys, values, is_full, ..Self::default() };
        let is_whole = starts.len() == own.values.len()
            && starts.is_sorted()
            && starts.last().is_none_or(|last| *last <= own.keys.len());
        if !is_whole {
            return Err(D::Error::custom("keys that are not whole"));
        }
        let ends = starts.iter().skip(1).copied().chain([own.keys.len()]);
        for ((start, end), position) in starts.iter().zip(ends).zip(0..) {
            let mut key = Key(&own.keys[*start..end]);
            let mut hasher = own.state.build_hasher();
            while !key.0.is_empty() {
                write(&mut hasher, key.raw());
            }
            let hash = hasher.finish();
            own.places.insert_unique(hash, (hash, position), |own| own.0);
        }
        own.starts = starts;
        Ok(own)
    }
}

/// Hashes a name.
#[inline]
fn write(hasher: &mut impl Hasher, name: &[u8]) {
    hasher.write(name);
    hasher.write_usize(name.len());
}

/// Returns where a key stands among the recent ones, by both ends and the lengths of its names.
#[inline]
pub(super) fn recent_place<const N: usize>(names: [&[u8]; N]) -> usize {
    let mut sum = 0_u64;
    for name in names {
        let (first, last) = ends(name);
        sum = (sum.rotate_left(5) ^ first ^ last.rotate_left(29) ^ name.len() as u64)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    (sum >> 54) as usize % RECENT
}

/// Returns the first and the last bytes of a name, eight where there are as many.
#[inline]
fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
        return (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)));
    }
    match name {
        [] => (0, 0),
        [first] => (u64::from(*first), 0),
        [first, .., last] => (u64::from(*first), u64::from(*last)),
    }
}

/// Tells whether two names are the same; most are too short for a comparison to be worth a call.
#[inline]
pub(super) fn same(one: &[u8], two: &[u8]) -> bool {
    if one.len() != two.len() {
        return false;
    }
    let word = |own: &[u8; 16]| u128::from_le_bytes(*own);
    if let (Some(one_last), Some(two_last)) = (one.last_chunk(), two.last_chunk()) {
        let (one, two) = (one.as_chunks().0, two.as_chunks().0);
        return word(one_last) == word(two_last)
            && one.iter().zip(two).all(|(one, two)| word(one) == word(two));
    }
    if one.len() >= 4 {
        return ends(one) == ends(two);
    }
    one.iter().zip(two).all(|(one, two)| one == two)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_by_each_name() {
        let mut table: Table<u32> = Table::default();
        let keys: [[&[u8]; 2]; 5] = [[b"ab", b"c"], [b"a", b"bc"], [b"abc", b""], [b"", b"abc"], [b"", b""]];
        for round in 0..3 {
            for (position, names) in (0..).zip(keys) {
                assert_eq!(table.position(names), position);
                *table.value(position) += position + round;
            }
        }
        // As it was, once it has been kept.
        let kept = serde_json::to_string(&table).unwrap();
        let mut table: Table<u32> = serde_json::from_str(&kept).unwrap();
        for (position, names) in (0..).zip(keys) {
            assert_eq!(table.position(names), position);
        }
        assert!(
            serde_json::from_str::<Table<u32>>(&kept.replace("\"starts\":[0,", "\"starts\":[999,")).is_err()
        );
        let mut found = Vec::new();
        table.for_each(|mut key, sum| found.push((key.name(), key.name(), sum)));
        let expected: Vec<_> = (0_u32..)
            .zip(keys)
            .map(|(at, [one, two])| {
                let text = |own| String::from_utf8_lossy(own).into_owned();
                (text(one), text(two), 3 * at + 3)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_of_every_length_are_compared_to_their_ends() {
        for length in 0..40 {
            let name: Vec<u8> = (0..length).collect();
            assert!(same(&name, &name.clone()));
            for at in 0..name.len() {
                let mut other = name.clone();
                other[at] ^= 0x80;
                assert!(!same(&name, &other) && !same(&name, &name[..at]));
            }
        }
    }

    #[test]
    fn names_too_many_to_tell_apart_stand_under_one() {
        let mut table: Table<u64> = Table::default();
        let rest: [&[u8]; 1] = [b"rest"];
        for at in 0..MOST_KEYS + 10 {
            *table.entry([&at.to_le_bytes()], rest) += 1;
        }
        assert!(table.is_full());
        assert_eq!(*table.entry(rest, rest), 10);
        assert_eq!(*table.entry([&7_usize.to_le_bytes()], rest), 1);
    }
}
