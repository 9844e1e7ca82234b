//! Listing a bucket: page by page, and only the folders of some days where that is all that is wanted.

use super::objects::{ObjectPlace, Objects, Page, PageAsk, SeenObject};
use super::options::LogsError;

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

/// Lists what is under a place, by key, after a key. `meet` gets each object with the folder that the place stands for,
/// and says whether to go on.
///
/// # Errors
/// What `meet` says, or when the bucket cannot be listed.
pub(super) fn list(
    objects: &dyn Objects,
    place: &ObjectPlace,
    after: Option<&str>,
    _days: Option<(u32, u32)>,
    meet: &mut Meet<'_>,
) -> Result<Kept, LogsError> {
    let root = place.to_string();
    let mut listing = Listing { objects, place, after, is_empty: true };
    if !listing.prefix(&place.folder(), &mut |own| meet(own, &root))? {
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

impl Listing<'_> {
    /// Lists all keys that begin so; tells whether to go on.
    fn prefix(
        &mut self,
        prefix: &str,
        meet: &mut dyn FnMut(SeenObject) -> Result<bool, LogsError>,
    ) -> Result<bool, LogsError> {
        let mut token = None;
        loop {
            let Some(page) = self.page(prefix, token.take(), false)? else { return Ok(false) };
            for own in page.objects {
                self.is_empty = false;
                if !meet(own)? {
                    return Ok(false);
                }
            }
            match page.token {
                Some(own) => token = Some(own),
                None => return Ok(true),
            }
        }
    }

    fn page(&self, prefix: &str, token: Option<String>, folders: bool) -> Result<Option<Page>, LogsError> {
        let ask = PageAsk {
            bucket: self.place.bucket.clone(),
            prefix: prefix.to_owned(),
            after: self.after.map(str::to_owned),
            token,
            folders,
            most: PAGE,
        };
        Ok(self.objects.page(&ask)?)
    }
}
