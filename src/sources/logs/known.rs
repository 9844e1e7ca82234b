//! What a record says by its call and its end, where both were read before letter by letter: most records differ from earlier ones
//! in who called, when, and on what, and not in their service, call, category, account and Region.

use super::scan::{Found, Key, Kind, PARTS, PartNumber, Span, Text};
use crate::domain::{LogAccess, LogCategory};

/// What is counted of a record besides its sums: by call, end and access.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    numbers: (PartNumber, PartNumber),
    access: LogAccess,
    pub(super) category: LogCategory,
    pub(super) is_kms: bool,
    /// The position of its class.
    pub(super) class: u32,
    /// Of which folder and day the last such record was, and its group and row.
    at: (u32, u32),
    group: u32,
    row: u32,
}

/// Of late, by the call's place.
#[derive(Debug)]
pub(super) struct KnownRecords(Vec<Option<Known>>);

impl Default for KnownRecords {
    fn default() -> Self {
        Self(vec![None; PARTS])
    }
}

impl KnownRecords {
    /// Returns what is known of records with these parts.
    #[inline]
    pub(super) fn find(&mut self, found: &Found, access: LogAccess) -> Option<&mut Known> {
        let numbers = found.parts()?;
        let own = self.0[numbers.0.place()?].as_mut()?;
        (own.numbers == numbers && own.access == access).then_some(own)
    }

    /// Remembers what a record of this account says, where its parts say it all.
    pub(super) fn note(
        &mut self,
        text: Text<'_>,
        found: &Found,
        (access, account): (LogAccess, &[u8]),
        (category, is_kms): (LogCategory, bool),
        (class, row): (u32, u32),
        (at, group): ((u32, u32), u32),
    ) {
        let Some(numbers) = found.parts() else { return };
        let Some(place) = numbers.0.place() else { return };
        let is_plain = |own: Span| own.kind() == Kind::Plain && !own.raw(text).is_empty();
        let in_call = [Key::EventSource, Key::EventName, Key::Region].map(|key| found.get(key));
        let in_end = [Key::EventCategory, Key::RecipientAccount].map(|key| found.get(key));
        let is_all = in_call.into_iter().all(is_plain)
            && in_end.into_iter().all(|own| is_plain(own) && found.is_in_end(own))
            && found.get(Key::RecipientAccount).raw(text) == account;
        if is_all {
            self.0[place] = Some(Known { numbers, access, category, is_kms, class, at, group, row });
        }
    }
}

impl Known {
    /// Returns the row, where the record is of the same folder and day as the last one, and that is of this group.
    #[inline]
    pub(super) fn row(&self, at: (u32, u32), group: u32) -> Option<u32> {
        (self.at == at && self.group == group).then_some(self.row)
    }

    /// Remembers where the last record was counted.
    #[inline]
    pub(super) fn counted(&mut self, at: (u32, u32), group: u32, row: u32) {
        (self.at, self.group, self.row) = (at, group, row);
    }
}

#[cfg(test)]
mod tests {
    use super::super::copies::Deliveries;
    use super::super::files::FileTally;
    use super::super::merge::merge;
    use super::super::path::Location;
    use super::super::run::Worker;
    use super::super::scan::{Feed, padded};
    use super::super::tally::{FileContext, Tally};
    use super::*;
    use crate::domain::LogCounts;
    use proptest::prelude::*;
    use proptest::sample::select;

    /// Counts texts, each by a reader of its own; each worker has several.
    fn counted<'a>(workers: impl Iterator<Item = &'a [(u8, String)]>) -> LogCounts {
        let own = workers.map(|texts| {
            let mut worker = Worker::new(Tally::new(0, Deliveries::new(1_000)), FileTally::default());
            let mut feed = Feed::default();
            for (folder, text) in texts {
                let region = Some(["eu-west-1", "eu-west-2"][usize::from(folder % 2)].into());
                let folder = format!("{}", folder / 2).into();
                let location = Location { folder, region, ..Location::default() };
                let folder = worker.files.folder(&location);
                worker.tally.file = FileContext::new(folder, &location);
                feed.restart();
                feed.read(Text::new(&padded(text)), true, &mut worker.tally);
            }
            worker
        });
        merge(own.collect(), Vec::new(), FileTally::default(), false).unwrap()
    }

    /// What records share: a call, an access, resources and an end.
    fn shapes() -> impl Strategy<Value = (&'static str, &'static str, &'static str, &'static str)> {
        let call = select(vec![
            r#""eventSource":"kms.amazonaws.com","eventName":"Decrypt","awsRegion":"us-east-1""#,
            r#""eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1""#,
            r#""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"""#,
            r#""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-\u0077est-1""#,
            r#""eventSource":null,"eventName":"GetObject","awsRegion":"eu-west-1""#,
        ]);
        let access = select(vec!["true", "false", r#""true""#, "null"]);
        let resources =
            select(vec!["", r#""resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"}],"#]);
        let end = select(vec![
            r#""managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management""#,
            r#""managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"Data""#,
            r#""managementEvent":false,"recipientAccountId":"1111","eventCategory":"Data""#,
            r#""managementEvent":false,"recipientAccountId":"111122223333","eventCategory":"""#,
            r#""managementEvent":false,"recipientAccountId":"111122223333""#,
            r#""recipientAccountId":"111122223333","eventCategory":"D\u0061ta""#,
            r#""eventCategory":"Data""#,
        ]);
        (call, access, resources, end)
    }

    /// Records of few shapes, some with a field once more between call and end, or with one that takes one away.
    fn records() -> impl Strategy<Value = Vec<(u8, String)>> {
        let between = select(vec![
            "",
            "",
            "",
            r#""eventSource":"sts.amazonaws.com","#,
            r#""eventSource":null,"#,
            r#""eventName":"Other","#,
            r#""awsRegion":"sa-east-1","#,
            r#""recipientAccountId":"444455556666","#,
            r#""eventCategory":"Insight","#,
            r#""insightDetails":{"eventSource":"ec2.amazonaws.com"},"#,
            r#""errorCode":"AccessDenied","#,
        ]);
        let time = select(vec!["2026-10-01T00:00:00Z", "2026-10-01T23:59:59Z", "2026-10-02T00:00:00Z"]);
        let account = select(vec!["777788889999", "222233334444"]);
        let record = (any::<proptest::sample::Index>(), 0_u8..4, account, time, between, 0_u32..1_000_000);
        let all = (proptest::collection::vec(shapes(), 1..4), proptest::collection::vec(record, 1..60));
        all.prop_map(|(shapes, records)| {
            let of = |(shape, folder, account, time, between, id): (proptest::sample::Index, u8, _, _, _, _)| {
                let (call, access, resources, end) = shapes[shape.index(shapes.len())];
                let text = format!(
                    r#"{{"Records":[{{"eventVersion":"1.10","userIdentity":{{"accountId":"{account}"}},"eventTime":"{time}",{call},{between}"eventID":"{id:08}-0000-4000-8000-000000000000","readOnly":{access},{resources}"eventType":"AwsApiCall",{end}}}]}}"#
                );
                (folder, text)
            };
            records.into_iter().map(of).collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_known_counts_like_what_is_read_anew(records in records()) {
            prop_assert!(counted([records.as_slice()].into_iter()) == counted(records.chunks(1)));
        }
    }
}
