//! The artefacts of the difference of two models.

use super::command::Command;
use super::draft::{Draft, File, Turn};
use super::names::Names;
use super::pairs::pairs;
use super::resource::Resource;
use super::{alerting, bucket, direct_delivery, event_data_store, log_group, trail};
use crate::domain::{AccountId, Inventory, Model};

/// What changes at one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceChange {
    /// The resource.
    pub resource: Resource,
    /// What changes, in plain sentences without full stops, such as `management events: all → none`.
    pub what: Vec<String>,
    /// The files that the commands read, for applying and for undoing.
    pub files: Vec<File>,
    /// The commands that make the change, in order.
    pub apply: Vec<Command>,
    /// The commands that undo it, in order.
    pub undo: Vec<Command>,
    /// The resource in Terraform as it should be after the change.
    pub terraform: String,
    /// What must be known before: what cannot be undone, what no command can do.
    pub notes: Vec<String>,
}

/// Everything to be applied, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Artefacts {
    /// The changes: first what trails deliver to, then trails, then what ends.
    pub changes: Vec<ResourceChange>,
    /// The organization's management account, where the model knows it: the payer that all accounts share.
    pub management_account: Option<AccountId>,
}

impl Artefacts {
    /// Returns every file to be written below one folder: `apply.sh`, `undo.sh`, `main.tf` where Terraform has something to
    /// say, and the JSON that the scripts read. Nothing where nothing changes.
    pub fn files(&self) -> Vec<File> {
        if self.changes.is_empty() {
            return Vec::new();
        }
        let file = |path: &str, text| File { path: path.to_owned(), text };
        let mut files = vec![file("apply.sh", self.script()), file("undo.sh", self.undo_script())];
        if self.changes.iter().any(|own| !own.terraform.is_empty()) {
            files.push(file("main.tf", self.terraform()));
        }
        files.extend(self.changes.iter().flat_map(|own| own.files.iter().cloned()));
        files
    }
}

/// The two inventories, and what is shared while changes are written.
pub(super) struct Difference<'a> {
    pub(super) before: &'a Inventory,
    pub(super) after: &'a Inventory,
    pub(super) accounts: Vec<AccountId>,
    pub(super) names: Names,
    pub(super) drafts: Vec<Draft>,
}

/// Returns the payer that the accounts share, which in an organization is its management account (AWS Organizations user guide,
/// "Consolidated billing for AWS Organizations"); nothing where none is stated, or several are.
fn management_account(model: &Model) -> Option<AccountId> {
    let mut payers = model.inventory.accounts.iter().filter_map(|own| own.payer.as_ref());
    let first = payers.next()?;
    payers.all(|own| own == first).then(|| first.clone())
}

/// Returns the artefacts that turn what is configured in the first model into what is configured in the second.
///
/// Only what is configured counts: volumes, prices and assumptions of the two are not compared.
pub fn artefacts(before: &Model, after: &Model) -> Artefacts {
    let accounts = pairs(&before.inventory.accounts, &after.inventory.accounts, |old, new| old.id == new.id)
        .into_iter()
        .filter_map(|(old, new)| new.or(old))
        .map(|own| own.id.clone())
        .collect();
    let mut difference = Difference {
        before: &before.inventory,
        after: &after.inventory,
        accounts,
        names: Names::default(),
        drafts: Vec::new(),
    };
    bucket::changes(&mut difference);
    log_group::changes(&mut difference);
    trail::changes(&mut difference);
    event_data_store::changes(&mut difference);
    direct_delivery::changes(&mut difference);
    alerting::changes(&mut difference);
    let mut done: Vec<(Turn, ResourceChange)> =
        difference.drafts.into_iter().filter_map(Draft::finish).collect();
    done.sort_by_key(|(turn, _)| *turn);
    let changes = done.into_iter().map(|(_, change)| change).collect();
    Artefacts { changes, management_account: management_account(before) }
}
