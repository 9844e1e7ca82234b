//! Listing a bucket: page by page, and only the folders of some days where that is all that is wanted.

use super::day;
use super::objects::{ObjectPlace, Objects, PageAsk, SeenObject};
use super::options::LogsError;
use super::path::{account_of, is_of_region, locate};

/// Keys on a page; S3 gives no more (API reference, ListObjectsV2).
const PAGE: u16 = 1_000;

/// How a listing ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Everything was listed.
    All,
    /// Everything was listed, and there was nothing.
    Nothing,
    /// It was stopped.
    Stopped,
}

type Meet<'a> = dyn FnMut(SeenObject, &str) -> Result<bool, LogsError> + 'a;

/// Folders above CloudTrail's own whose folders are looked at one by one.
const UNKNOWN: u8 = 3;

/// Lists what is under a place, by key, after a key. `meet` gets each object with the folder that the place stands for,
/// and says whether to go on. With `days`, the first and the last, only folders of these days and of the day after are
/// listed where CloudTrail has folders of days.
///
/// # Errors
/// What `meet` says, or when the bucket cannot be listed.
pub(super) fn list(
    objects: &dyn Objects,
    place: &ObjectPlace,
    after: Option<&str>,
    days: Option<(u32, u32)>,
    meet: &mut Meet<'_>,
) -> Result<Kept, LogsError> {
    let root = place.to_string();
    let mut listing = Listing { objects, place, after, is_empty: true };
    let folder = place.folder();
    let goes_on = match days {
        // Below the folder of a Region there is nothing to choose from.
        Some(days) if locate(&place.shown(&folder), "").region.is_none() || is_of_region(&folder) => {
            listing.folder(&folder, days, 0, &mut |own| meet(own, &root))?
        }
        _ => listing.prefix(&folder, None, &mut |own| meet(own, &root))?,
    };
    if !goes_on {
        return Ok(Kept::Stopped);
    }
    if listing.is_empty && after.is_none() && !place.prefix.is_empty() {
        // It may be a single object: of all keys that begin so, its own comes first.
        let ask = PageAsk {
            bucket: place.bucket.clone(),
            prefix: place.prefix.clone(),
            most: 1,
            ..PageAsk::default()
        };
        let Some(page) = objects.page(&ask)? else { return Ok(Kept::Stopped) };
        let Some(own) = page.objects.into_iter().find(|own| own.key == place.prefix) else {
            return Ok(Kept::Nothing);
        };
        let root = root.rsplit_once('/').map_or(root.as_str(), |own| own.0);
        return Ok(if meet(own, root)? { Kept::All } else { Kept::Stopped });
    }
    Ok(if listing.is_empty { Kept::Nothing } else { Kept::All })
}

struct Listing<'a> {
    objects: &'a dyn Objects,
    place: &'a ObjectPlace,
    after: Option<&'a str>,
    is_empty: bool,
}

type MeetOne<'a> = dyn FnMut(SeenObject) -> Result<bool, LogsError> + 'a;

impl Listing<'_> {
    /// Lists a folder: those of Regions by day, all else as it is. `unknown` are folders above it that are not
    /// CloudTrail's. Tells whether to go on.
    fn folder(
        &mut self,
        prefix: &str,
        days: (u32, u32),
        unknown: u8,
        meet: &mut MeetOne<'_>,
    ) -> Result<bool, LogsError> {
        if is_of_region(prefix) {
            return self.prefix(prefix, Some(days), meet);
        }
        let mut token = None;
        loop {
            let ask = self.ask(prefix, None, token.take(), true);
            let Some(page) = self.objects.page(&ask)? else { return Ok(false) };
            // Both come in the order of their keys, each by itself.
            let mut objects = page.objects.into_iter().peekable();
            for folder in page.folders {
                while let Some(own) = objects.next_if(|own| own.key < folder) {
                    if !self.one(own, meet)? {
                        return Ok(false);
                    }
                }
                self.is_empty = false;
                if self.after.is_some_and(|own| own > folder.as_str() && !own.starts_with(&folder)) {
                    continue;
                }
                let name = folder[prefix.len()..].trim_end_matches('/');
                let unknown = if is_known(name) { unknown } else { unknown + 1 };
                let goes_on = if unknown > UNKNOWN {
                    self.prefix(&folder, None, meet)?
                } else {
                    self.folder(&folder, days, unknown, meet)?
                };
                if !goes_on {
                    return Ok(false);
                }
            }
            for own in objects {
                if !self.one(own, meet)? {
                    return Ok(false);
                }
            }
            match page.token {
                Some(own) => token = Some(own),
                None => return Ok(true),
            }
        }
    }

    /// Lists all keys that begin so, or of days only; tells whether to go on.
    fn prefix(
        &mut self,
        prefix: &str,
        days: Option<(u32, u32)>,
        meet: &mut MeetOne<'_>,
    ) -> Result<bool, LogsError> {
        // Every key of a day is behind the folder's name without its last `/`.
        let begin = days.map(|own| format!("{prefix}{}", folders_of(own.0)));
        let after = self.after.map(str::to_owned).max(begin);
        let end = days.map(|own| format!("{prefix}{}0", folders_of(day::next(own.1))));
        let mut token = None;
        loop {
            let ask = self.ask(prefix, after.clone(), token.take(), false);
            let Some(page) = self.objects.page(&ask)? else { return Ok(false) };
            for own in page.objects {
                if end.as_ref().is_some_and(|end| own.key >= *end) {
                    return Ok(true);
                }
                if !self.one(own, meet)? {
                    return Ok(false);
                }
            }
            match page.token {
                Some(own) => token = Some(own),
                None => return Ok(true),
            }
        }
    }

    fn one(&mut self, own: SeenObject, meet: &mut MeetOne<'_>) -> Result<bool, LogsError> {
        self.is_empty = false;
        if self.after.is_some_and(|after| own.key.as_str() <= after) {
            return Ok(true);
        }
        meet(own)
    }

    fn ask(&self, prefix: &str, after: Option<String>, token: Option<String>, folders: bool) -> PageAsk {
        let bucket = self.place.bucket.clone();
        PageAsk { bucket, prefix: prefix.to_owned(), after, token, folders, most: PAGE }
    }
}

/// Returns a day as folders: `2023/07/10`.
fn folders_of(day: u32) -> String {
    format!("{:04}/{:02}/{:02}", day / 10_000, day / 100 % 100, day % 100)
}

/// Tells whether CloudTrail makes folders of this name, above those of Regions.
fn is_known(name: &str) -> bool {
    name == "AWSLogs"
        || name.starts_with("o-")
        || name.starts_with("CloudTrail")
        || account_of(name).is_some()
}
