//! Digest files: a trail writes one an hour for each account and Region that it covers.

use super::figures::ChainFigures;
use crate::domain::{Model, Trail, TrailScope};
use crate::usage::keys::Index;

/// For how many Regions digest files are written: counted once, asked for each trail.
pub(in crate::usage) struct DigestRegions {
    /// By the account's position.
    of_account: Vec<u64>,
    /// Regions of all accounts that are listed or called.
    all: u64,
    /// How many accounts these are.
    accounts: u64,
}

impl DigestRegions {
    /// Counts them; `active` holds the accounts and Regions in which something happens, by position.
    pub(in crate::usage) fn new(
        model: &Model,
        index: &Index,
        active: &[(u32, u16)],
        figures: &ChainFigures,
    ) -> Self {
        let mut active = active.to_vec();
        active.sort_unstable();
        active.dedup();
        let accounts = index.keys.accounts.len();
        let (mut called, mut stated, mut is_listed) =
            (vec![0_u64; accounts], vec![None; accounts], vec![false; accounts]);
        for (account, _) in active {
            called[account as usize] += 1;
            is_listed[account as usize] = true;
        }
        for account in &model.inventory.accounts {
            let at = index.account(&account.id) as usize;
            is_listed[at] = true;
            stated[at] = account.enabled_regions.map(u64::from).or(stated[at]);
        }
        let of_account: Vec<u64> = stated
            .iter()
            .zip(&called)
            .map(|(stated, &called)| stated.unwrap_or(figures.enabled_regions).max(called))
            .collect();
        let listed = || of_account.iter().zip(&is_listed).filter(|(_, is_listed)| **is_listed);
        let all = listed().map(|(regions, _)| regions).sum();
        let accounts = listed().map(|_| 1).sum();
        Self { of_account, all, accounts }
    }

    /// Returns the digest files that a trail writes an hour.
    pub(super) fn files_an_hour(&self, trail: &Trail, index: &Index) -> u64 {
        match (&trail.scope, trail.multi_region) {
            (TrailScope::Account(id), true) => {
                self.of_account.get(index.account(id) as usize).copied().unwrap_or_default()
            }
            (TrailScope::Account(_), false) => 1,
            (TrailScope::EachAccount | TrailScope::Organization, true) => self.all,
            (TrailScope::EachAccount | TrailScope::Organization, false) => self.accounts,
        }
    }
}
