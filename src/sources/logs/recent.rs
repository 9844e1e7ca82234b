//! Groups that records are counted in, of late.

use super::table::same;

/// Places for groups that came of late.
const GROUPS: usize = 1 << 4;

/// Groups that came of late, with their rows: events of several groups stand side by side in a file, and the next file is of the
/// same mostly.
#[derive(Debug)]
pub(super) struct Recent {
    groups: Vec<OfGroup>,
    /// The place of the record's at hand.
    at: usize,
}

impl Default for Recent {
    fn default() -> Self {
        Self { groups: (0..GROUPS).map(|_| OfGroup::default()).collect(), at: 0 }
    }
}

impl Recent {
    /// Returns the group of the record at hand.
    #[inline]
    pub(super) fn now(&self) -> &OfGroup {
        &self.groups[self.at % GROUPS]
    }

    /// Goes to a group's place.
    #[inline]
    pub(super) fn turn_to(&mut self, place: usize) {
        self.at = place % GROUPS;
    }

    #[inline]
    pub(super) fn now_mut(&mut self) -> &mut OfGroup {
        &mut self.groups[self.at % GROUPS]
    }
}

/// A group, with its rows.
#[derive(Debug, Default)]
pub(super) struct OfGroup {
    is_set: bool,
    folder: u32,
    day: u32,
    pub(super) account: Vec<u8>,
    pub(super) region: Vec<u8>,
    /// The position of account and Region.
    pub(super) place: u32,
    pub(super) group: u32,
    /// By class: the row; none where it was not looked for.
    rows: Vec<u32>,
}

impl OfGroup {
    #[inline]
    pub(super) fn is(&self, folder: u32, day: u32, account: &[u8], region: &[u8]) -> bool {
        self.is_set
            && self.day == day
            && self.folder == folder
            && same(&self.account, account)
            && same(&self.region, region)
    }

    /// Begins another group, of which no row is known.
    pub(super) fn set(&mut self, folder: u32, day: u32, account: &[u8], region: &[u8]) {
        (self.is_set, self.day, self.folder) = (true, day, folder);
        self.account.clear();
        self.account.extend_from_slice(account);
        self.region.clear();
        self.region.extend_from_slice(region);
        self.rows.clear();
    }

    /// Returns the row of a class, where it was looked for.
    #[inline]
    pub(super) fn row(&self, class: u32) -> Option<u32> {
        self.rows.get(class as usize).copied().filter(|own| *own != u32::MAX)
    }

    /// Remembers the row of a class.
    pub(super) fn set_row(&mut self, class: u32, row: u32) {
        let at = class as usize;
        if at >= self.rows.len() {
            self.rows.resize(at + 1, u32::MAX);
        }
        self.rows[at] = row;
    }
}
