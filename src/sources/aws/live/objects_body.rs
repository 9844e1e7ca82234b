//! One object on its way: fetched ahead of its reader as far as there is room, and asked for again from where it broke off.

use super::refused::Refused;
use crate::sources::aws::answers::RefusalKind;
use crate::sources::logs::{ObjectFault, ObjectKey};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes of an object that are handed over at once.
const PIECE: usize = 64 << 10;
/// Pieces of an object that wait for its reader, at most: 4 MiB.
const PIECES: usize = 64;
/// How long nothing may come of an object that is being fetched.
const STALL: Duration = Duration::from_secs(20);

/// What is handed over.
#[derive(Debug)]
enum Handed {
    Bytes(Vec<u8>),
    End,
    Fault(ObjectFault),
}

/// Room in memory and among what is fetched at once; it is free again when neither side needs it.
pub(super) type Room = Arc<Mutex<Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>>>;

/// The reader's side.
#[derive(Debug)]
pub(super) struct Body {
    handed: Receiver<Handed>,
    piece: Vec<u8>,
    at: usize,
    end: Option<Result<(), ObjectFault>>,
    _room: Room,
}

/// The other side.
#[derive(Debug)]
pub(super) struct Fetch {
    pub(super) object: ObjectKey,
    out: Sender<Handed>,
    pub(super) room: Room,
}

/// Returns both sides.
pub(super) fn body(object: ObjectKey) -> (Body, Fetch) {
    let (out, handed) = channel(PIECES);
    let room = Room::default();
    let body = Body { handed, piece: Vec::new(), at: 0, end: None, _room: Arc::clone(&room) };
    (body, Fetch { object, out, room })
}

impl Read for Body {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() {
            match self.end {
                Some(Ok(())) => return Ok(0),
                Some(Err(fault)) => return Err(io::Error::other(fault)),
                None => match self.handed.blocking_recv() {
                    Some(Handed::Bytes(own)) => (self.piece, self.at) = (own, 0),
                    Some(Handed::End) => self.end = Some(Ok(())),
                    Some(Handed::Fault(fault)) => self.end = Some(Err(fault)),
                    // The whole reading was stopped.
                    None => self.end = Some(Err(ObjectFault::NotFetched)),
                },
            }
        }
        let count = into.len().min(self.piece.len() - self.at);
        into[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// What a request for an object, or for the rest of it, brought.
pub(super) type Got = Result<GetObjectOutput, SdkError<GetObjectError, HttpResponse>>;

/// What is wrong with an object, or with everything.
#[derive(Debug)]
pub(super) enum Trouble {
    Object(ObjectFault),
    /// S3 is busy, or failed.
    Busy,
    /// Credentials that do not serve, or no answer at all.
    Everything(Refused),
}

/// Tells what a refusal means.
pub(super) fn trouble(error: SdkError<GetObjectError, HttpResponse>) -> Trouble {
    let code = error.code().unwrap_or_default().to_owned();
    let names_key = error.message().is_some_and(|own| own.contains("kms:"));
    let status = error.raw_response().map_or(0, |own| own.status().as_u16());
    let refused = Refused::from(error);
    let fault = match (code.as_str(), status) {
        ("NoSuchKey", _) => ObjectFault::Gone,
        ("InvalidObjectState", _) => ObjectFault::Archived,
        ("PreconditionFailed", _) | (_, 412) => ObjectFault::Changed,
        (own, _) if own.starts_with("KMS.") => ObjectFault::KeyDenied,
        _ => match refused.kind {
            RefusalKind::Credentials => return Trouble::Everything(refused),
            RefusalKind::Denied if names_key => ObjectFault::KeyDenied,
            RefusalKind::Denied => ObjectFault::Denied,
            RefusalKind::Unavailable if code.is_empty() && status == 0 => {
                return Trouble::Everything(refused);
            }
            RefusalKind::Unavailable => return Trouble::Busy,
            _ => ObjectFault::NotFetched,
        },
    };
    Trouble::Object(fault)
}

impl Fetch {
    /// Tells whether nobody waits for it any more.
    pub(super) fn is_unwanted(&self) -> bool {
        self.out.is_closed()
    }

    /// Ends with a fault.
    pub(super) async fn fail(&self, fault: ObjectFault) {
        let _ = self.out.send(Handed::Fault(fault)).await;
    }

    /// Fetches the object, asking with `get` for what comes after a place. `came` is told how many bytes came.
    ///
    /// # Errors
    /// When nothing can be fetched, not only this one; the reader is told, too.
    pub(super) async fn run(
        &self,
        attempts: u32,
        first_wait: Duration,
        get: impl AsyncFn(u64, Option<&str>) -> Got,
        came: impl Fn(u64),
    ) -> Result<(), Refused> {
        let mut etag = self.object.etag.clone();
        let (mut at, mut piece) = (0_u64, Vec::new());
        let (mut tries, mut tried_at) = (0, 0);
        loop {
            match get(at, etag.as_deref()).await {
                Err(error) => match trouble(error) {
                    Trouble::Busy => {}
                    Trouble::Object(fault) => {
                        self.fail(fault).await;
                        return Ok(());
                    }
                    Trouble::Everything(refused) => {
                        self.fail(ObjectFault::NotFetched).await;
                        return Err(refused);
                    }
                },
                Ok(own) => {
                    etag = etag.or_else(|| own.e_tag().map(str::to_owned));
                    // Whoever knows no ranges begins anew.
                    let begins =
                        own.content_range().is_some_and(|own| own.starts_with(&format!("bytes {at}-")));
                    let mut passed_over = if begins { 0 } else { at };
                    let mut source = own.body;
                    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(STALL, source.next()).await {
                        came(bytes.len() as u64);
                        let skip = usize::try_from(passed_over).unwrap_or(usize::MAX).min(bytes.len());
                        passed_over -= skip as u64;
                        at += (bytes.len() - skip) as u64;
                        if !self.hand(&bytes[skip..], &mut piece).await {
                            return Ok(());
                        }
                    }
                }
            }
            if at >= self.object.size {
                if !piece.is_empty() {
                    let _ = self.out.send(Handed::Bytes(piece)).await;
                }
                let _ = self.out.send(Handed::End).await;
                return Ok(());
            }
            // It broke off, or did not begin: some way on, it is as good as new.
            if at >= tried_at + PIECE as u64 {
                (tries, tried_at) = (0, at);
            }
            tries += 1;
            if tries >= attempts {
                self.fail(ObjectFault::NotFetched).await;
                return Ok(());
            }
            tokio::time::sleep(first_wait * 2_u32.saturating_pow(tries - 1)).await;
        }
    }

    /// Hands bytes over in pieces of one size; tells whether anybody waits for more.
    async fn hand(&self, mut bytes: &[u8], piece: &mut Vec<u8>) -> bool {
        while !bytes.is_empty() {
            if piece.capacity() == 0 {
                let room = usize::try_from(self.object.size).unwrap_or(PIECE).clamp(1, PIECE);
                piece.reserve_exact(room);
            }
            let count = bytes.len().min(PIECE - piece.len());
            piece.extend_from_slice(&bytes[..count]);
            bytes = &bytes[count..];
            if piece.len() == PIECE && self.out.send(Handed::Bytes(std::mem::take(piece))).await.is_err() {
                return false;
            }
        }
        true
    }
}
