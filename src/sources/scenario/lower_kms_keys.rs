//! KMS keys that are charged by themselves, whatever they encrypt.

use super::at::At;
use super::document_storage::KmsKeyInput;
use super::lower::Lowering;
use super::lower_places::Asked;
use crate::domain::{KmsKey, nearest};
use std::collections::BTreeSet;

impl Lowering<'_> {
    pub(super) fn kms_keys(&mut self, keys: &[KmsKeyInput]) {
        let mut stated = BTreeSet::new();
        for input in keys {
            let name = &input.name.value;
            if !stated.insert(name.clone()) {
                self.error(&input.name.span, format!("the KMS key `{name}` occurs twice"));
                continue;
            }
            let asked = Asked { word: "KMS key", kind: None, name, span: &input.name.span, stated: true };
            let placed = self.placed(&asked, input.account.as_ref(), input.region.as_ref());
            let versions = match &input.versions {
                Some(own) => self.whole(own, 0..=3, "versions", "rotations after the second are not billed"),
                None => Some(1),
            };
            if let (Some((account, region)), Some(versions)) = (placed, versions) {
                self.model.inventory.kms_keys.push(KmsKey { name: name.clone(), account, region, versions });
            }
        }
        self.model.inventory.kms_keys.sort_by(|left, right| left.name.cmp(&right.name));
    }

    /// Returns the key that a bucket names; a finding where there is none of the name.
    pub(super) fn key_of_bucket(&mut self, name: Option<&At<String>>) -> Option<String> {
        let name = name?;
        let known = self.model.inventory.kms_keys.iter().map(|own| own.name.as_str());
        if known.clone().any(|own| own == name.value) {
            return Some(name.value.clone());
        }
        let near = nearest(&name.value, known).map(|near| format!("did you mean `{near}`?"));
        let finding = self.error(&name.span, format!("no KMS key is called `{}`", name.value));
        finding.label = near;
        finding.hint = Some(format!("add a [[kms_key]] with name = \"{}\"", name.value));
        None
    }
}
