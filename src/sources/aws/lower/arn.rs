//! Amazon resource names, taken apart. Any partition will do.

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sources) struct Arn<'a> {
    pub(in crate::sources) region: &'a str,
    pub(in crate::sources) account: &'a str,
    pub(in crate::sources) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(in crate::sources) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        let (_partition, _service) = (parts.next()?, parts.next()?);
        Some(Self { region: parts.next()?, account: parts.next()?, resource: parts.next()? })
    }

    /// Returns a log group's name: `log-group:NAME`, with or without `:*`.
    pub(in crate::sources) fn log_group(self) -> Option<&'a str> {
        let rest = self.resource.strip_prefix("log-group:")?;
        Some(rest.strip_suffix(":*").unwrap_or(rest))
    }

    /// Returns what stands behind the last slash.
    pub(super) fn last(self) -> &'a str {
        self.resource.rsplit('/').next().unwrap_or(self.resource)
    }
}

/// Returns the name that people know a thing by, whatever it was asked about by.
pub(in crate::sources) fn short_name(text: &str) -> &str {
    match Arn::parse(text) {
        None => text,
        Some(arn) => arn
            .log_group()
            .unwrap_or_else(|| arn.resource.split_once('/').map_or(arn.resource, |(_, name)| name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_arns_of_every_partition() {
        let table = [
            ("arn:aws:cloudtrail:us-east-1:111122223333:trail/main", "main"),
            ("arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/a/b", "a/b"),
            ("arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:audit/trail:*", "audit/trail"),
            ("arn:aws:logs:eu-west-1:111122223333:log-group:plain", "plain"),
            ("arn:aws:sns:us-east-1:111122223333:topic", "topic"),
            ("just-a-name", "just-a-name"),
            ("arn:aws:broken", "arn:aws:broken"),
        ];
        for (arn, name) in table {
            assert_eq!(short_name(arn), name);
        }
        let arn = Arn::parse("arn:aws:cloudtrail:eu-west-1:111122223333:trail/main").unwrap();
        assert_eq!((arn.region, arn.account, arn.last()), ("eu-west-1", "111122223333", "main"));
    }
}
