//! What stands for a resource or a caller: ARNs without what differs from event to event.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Tells whether an object is one of CloudTrail's log files.
pub(super) fn is_log_file(arn: &[u8]) -> bool {
    static ROOT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"AWSLogs/"));
    static SERVICE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"/CloudTrail"));
    ROOT.find(arn).is_some_and(|at| SERVICE.find(&arn[at..]).is_some())
}

/// Returns an assumed role's ARN without the session.
#[inline]
pub(super) fn without_session(arn: &[u8]) -> &[u8] {
    // As it stands for roles of the commercial partition.
    if let (b"arn:aws:sts::", Some(b":assumed-role/")) = (&arn[..arn.len().min(13)], arn.get(25..39)) {
        return find_slash(arn, 39).map_or(arn, |end| &arn[..end]);
    }
    without_any_session(arn)
}

/// Returns where the first slash is, from a place on that is not far from it.
#[inline]
fn find_slash(text: &[u8], from: usize) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let mut at = from;
    while let Some(own) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let differ = u64::from_le_bytes(*own) ^ (EACH * u64::from(b'/'));
        // The highest bit of the lowest byte that is zero, and perhaps of higher ones.
        let zeros = differ.wrapping_sub(EACH) & !differ & EACH << 7;
        if zeros != 0 {
            return Some(at + zeros.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    Some(at + text.get(at..)?.iter().position(|own| *own == b'/')?)
}

fn without_any_session(arn: &[u8]) -> &[u8] {
    let Some(slash) = memchr::memchr(b'/', arn) else { return arn };
    if !arn[..slash].ends_with(b":assumed-role") {
        return arn;
    }
    // A role's path is not part of the ARN of its sessions.
    let role = slash + 1;
    memchr::memchr(b'/', &arn[role..]).map_or(arn, |end| &arn[..role + end])
}

/// Returns what stands for the resource: the bucket with so many leading parts of the key, the function without its
/// version, the table without its index.
#[inline]
pub(super) fn resource_name(arn: &[u8], prefix_depth: u8) -> &[u8] {
    // As it stands for buckets of the commercial partition.
    if prefix_depth == 0 && arn.starts_with(b"arn:aws:s3:::") {
        return find_slash(arn, 13).map_or(arn, |end| &arn[..end]);
    }
    any_resource_name(arn, prefix_depth)
}

fn any_resource_name(arn: &[u8], prefix_depth: u8) -> &[u8] {
    let mut parts = memchr::memchr_iter(b':', arn);
    let mut colons = [0; 5];
    for place in &mut colons {
        let Some(at) = parts.next() else { return arn };
        *place = at;
    }
    let service = &arn[colons[1] + 1..colons[2]];
    let rest = colons[4] + 1;
    match service {
        b"s3" if colons[4] == colons[2] + 2 => {
            let mut slashes = memchr::memchr_iter(b'/', &arn[rest..]);
            let mut end = match slashes.next() {
                Some(at) => rest + at,
                None => return arn,
            };
            for _ in 0..prefix_depth {
                match slashes.next() {
                    Some(at) => end = rest + at + 1,
                    None => break,
                }
            }
            &arn[..end]
        }
        b"lambda" => {
            let qualifier = parts.nth(1);
            if arn[rest..].starts_with(b"function:") { qualifier.map_or(arn, |at| &arn[..at]) } else { arn }
        }
        b"dynamodb" if arn[rest..].starts_with(b"table/") => {
            let name = rest + b"table/".len();
            memchr::memchr(b'/', &arn[name..]).map_or(arn, |at| &arn[..name + at])
        }
        _ => arn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_named_by_what_is_selected() {
        for (arn, depth, expected) in [
            ("arn:aws:s3:::bucket/a/b/c.txt", 0, "arn:aws:s3:::bucket"),
            ("arn:aws:s3:::bucket/a/b/c.txt", 1, "arn:aws:s3:::bucket/a/"),
            ("arn:aws:s3:::bucket/a/b/c.txt", 9, "arn:aws:s3:::bucket/a/b/"),
            ("arn:aws:s3:::bucket/c.txt", 3, "arn:aws:s3:::bucket"),
            ("arn:aws:s3:::bucket", 1, "arn:aws:s3:::bucket"),
            (
                "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/b",
                0,
                "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/b",
            ),
            ("arn:aws:lambda:r:1:function:name:$LATEST", 0, "arn:aws:lambda:r:1:function:name"),
            ("arn:aws:lambda:r:1:function:name", 0, "arn:aws:lambda:r:1:function:name"),
            ("arn:aws:dynamodb:r:1:table/t/index/i", 0, "arn:aws:dynamodb:r:1:table/t"),
            ("arn:aws:dynamodb:r:1:table/t", 0, "arn:aws:dynamodb:r:1:table/t"),
            ("arn:aws:sns:r:1:topic", 0, "arn:aws:sns:r:1:topic"),
            ("no arn", 0, "no arn"),
            ("", 0, ""),
        ] {
            assert_eq!(resource_name(arn.as_bytes(), depth), expected.as_bytes(), "{arn}");
        }
    }

    #[test]
    fn sessions_of_a_role_are_one_caller() {
        for (arn, expected) in [
            ("arn:aws:sts::1:assumed-role/R/session", "arn:aws:sts::1:assumed-role/R"),
            ("arn:aws:sts::1:assumed-role/R/a/b", "arn:aws:sts::1:assumed-role/R"),
            ("arn:aws:sts::1:assumed-role/R", "arn:aws:sts::1:assumed-role/R"),
            ("arn:aws:iam::1:user/a/b", "arn:aws:iam::1:user/a/b"),
        ] {
            assert_eq!(without_session(arn.as_bytes()), expected.as_bytes());
        }
        assert!(is_log_file(b"arn:aws:s3:::b/p/AWSLogs/111122223333/CloudTrail/us-east-1/x"));
        assert!(!is_log_file(b"arn:aws:s3:::b/p/AWSLogs/111122223333/elasticloadbalancing/x"));
    }
}
