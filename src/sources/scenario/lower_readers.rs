//! Readers: who reads logs, how often, and how much.

use super::document_storage::{HowInput, LogsInput, ReaderInput, RestoreInput};
use super::lower::Lowering;
use super::lower_places::Asked;
use super::quantity_text::Expected;
use crate::domain::{
    Age, Amount, AmountValue, Bucket, LifecycleAction, Provenance, ProvenanceKind, Quantity, ReadScope,
    Reader, ReaderKind, RestoreTier, StorageClass,
};
use std::collections::BTreeSet;

impl Lowering<'_> {
    /// Reads the readers; the buckets are there already.
    pub(super) fn readers(&mut self, readers: &[ReaderInput]) {
        let mut seen = BTreeSet::new();
        for input in readers {
            if !seen.insert(&input.name.value) {
                self.error(&input.name.span, format!("the reader `{}` occurs twice", input.name.value));
            }
            if let Some(reader) = self.reader(input) {
                self.model.inventory.readers.push(reader);
            }
        }
        self.model.inventory.readers.sort_by(|left, right| left.name.cmp(&right.name));
    }

    fn reader(&mut self, input: &ReaderInput) -> Option<Reader> {
        let kind = match input.how.value {
            HowInput::Get => ReaderKind::Get,
            HowInput::Athena => ReaderKind::Athena,
        };
        let mut bucket: Option<Bucket> = None;
        if let Some(name) = &input.bucket {
            let known = self.bucket_names.clone();
            if !self.known_bucket(name, &known) {
                return None;
            }
            // One that could not be read has its own error.
            bucket = Some(self.model.inventory.buckets.iter().find(|own| own.name == name.value)?.clone());
        }
        let scope = self.read_scope(input, kind);
        let times = match &input.times {
            Some(times) => self.amount(times, Expected::Number),
            None => self.assume("reader_times").parse().ok().map(|count| Amount {
                value: AmountValue::Known(Quantity::from_count(count)),
                provenance: Provenance { kind: ProvenanceKind::Assumed, place: self.place(&input.name.span) },
            }),
        };
        let restore = self.restore(input, bucket.as_ref(), scope.as_ref());
        let restore_days = if let Some(days) = &input.restore_days {
            self.whole(days, 1..=3_650, "restore_days", "")
        } else {
            if bucket.as_ref().is_some_and(|own| self.model.inventory.archives(own)) {
                self.assume("restore_days");
            }
            self.default_count("restore_days")
        };
        let (account, region) = if let Some(own) = &bucket {
            let account = match &input.account {
                Some(text) => self.account_id(text),
                None => Some(own.account.clone()),
            };
            let region = match &input.region {
                Some(text) => self.region(text),
                None => Some(own.region.clone()),
            };
            (account?, region?)
        } else {
            let asked = Asked {
                word: "reader",
                kind: None,
                name: &input.name.value,
                span: &input.name.span,
                stated: true,
            };
            self.placed(&asked, input.account.as_ref(), input.region.as_ref())?
        };
        Some(Reader {
            name: input.name.value.clone(),
            account,
            region,
            bucket: bucket.map(|own| own.name),
            kind,
            times: times?,
            scope: scope?,
            restore,
            restore_days: restore_days?,
        })
    }

    fn read_scope(&mut self, input: &ReaderInput, kind: ReaderKind) -> Option<ReadScope> {
        let name = &input.name;
        let given = [&input.files, &input.bytes, &input.uncompressed_bytes].iter().any(|own| own.is_some());
        if let Some(logs) = &input.logs {
            if given {
                self.error(&logs.span, "`logs` beside files or bytes says twice what is read".to_owned())
                    .hint = Some("give either logs, or files and bytes".to_owned());
                return None;
            }
            if input.bucket.is_none() {
                self.error(&logs.span, "`logs` are those of a bucket".to_owned()).hint =
                    Some("add bucket = \"…\"".to_owned());
                return None;
            }
            return self.logs(&logs.value);
        }
        if let (Some(_), Some(second)) = (&input.bytes, &input.uncompressed_bytes) {
            self.error(&second.span, "`uncompressed_bytes` beside `bytes` says the same twice".to_owned())
                .hint = Some("keep the one that was measured".to_owned());
            return None;
        }
        let files = self.optional_amount(input.files.as_ref(), Expected::Count);
        let stored = self.optional_amount(input.bytes.as_ref(), Expected::Bytes);
        let plain = self.optional_amount(input.uncompressed_bytes.as_ref(), Expected::Bytes);
        let no_bytes = input.bytes.is_none() && input.uncompressed_bytes.is_none();
        let missing = match kind {
            ReaderKind::Get if input.files.is_none() => {
                Some(("files", "add logs = { from = \"0d\", to = \"30d\" }, or files = \"1M\""))
            }
            ReaderKind::Athena if no_bytes => {
                Some(("bytes", "add logs = { from = \"0d\", to = \"30d\" }, or bytes = \"3 TiB\""))
            }
            _ => None,
        };
        if let (Some((what, hint)), false) = (missing, self.misshapen) {
            self.error(&name.span, format!("nothing says which {what} `{}` reads", name.value)).hint =
                Some(hint.to_owned());
            return None;
        }
        if kind == ReaderKind::Get && input.bucket.is_none() && !self.misshapen {
            self.error(&name.span, format!("nothing says which bucket `{}` reads from", name.value)).hint =
                Some("add bucket = \"…\"".to_owned());
            return None;
        }
        let uncompressed = plain.is_some();
        Some(ReadScope::Given { files, bytes: stored.or(plain), uncompressed })
    }

    fn logs(&mut self, logs: &LogsInput) -> Option<ReadScope> {
        let from = match &logs.from {
            Some(from) => self.days(from)?,
            None => Age::from_days(0),
        };
        let Some(text) = &logs.to else {
            return Some(ReadScope::Logs { from, to: None });
        };
        let to = self.days(text)?;
        if to <= from {
            self.error(
                &text.span,
                "no log file is younger than this and at least as old as `from`".to_owned(),
            )
            .label = Some(format!("later than {from}"));
            return None;
        }
        Some(ReadScope::Logs { from, to: Some(to) })
    }

    fn restore(
        &mut self,
        input: &ReaderInput,
        bucket: Option<&Bucket>,
        scope: Option<&ReadScope>,
    ) -> RestoreTier {
        let Some(restore) = &input.restore else {
            return RestoreTier::Standard;
        };
        if restore.value == RestoreInput::Expedited
            && let (Some(bucket), Some(ReadScope::Logs { to, .. })) = (bucket, scope)
        {
            let deep = bucket
                .lifecycle
                .iter()
                .find(|own| own.action == LifecycleAction::Transition(StorageClass::DeepArchive));
            if let Some(step) = deep
                && to.is_none_or(|to| to > step.after)
            {
                let after = step.after;
                self.error(&restore.span, "nothing comes back expedited from DEEP_ARCHIVE".to_owned())
                    .label = Some(format!("`{}` moves logs there at {after}", bucket.name));
                if let Some(last) = self.found.items.last_mut() {
                    last.hint = Some(format!("use \"standard\" or \"bulk\", or read logs up to {after}"));
                }
            }
        }
        match restore.value {
            RestoreInput::Expedited => RestoreTier::Expedited,
            RestoreInput::Standard => RestoreTier::Standard,
            RestoreInput::Bulk => RestoreTier::Bulk,
        }
    }
}
