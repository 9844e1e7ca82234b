//! Buckets for a reading of logs: a thread with a runtime of its own, asked and heard over channels.

use super::error::AskError;
use super::objects_body::{Fetch, body};
use super::refused::Refused;
use super::session::{Session, profile_name};
use crate::sources::aws::answers::RefusalKind;
use crate::sources::aws::options::Access;
use crate::sources::logs::{AskedOf, ObjectKey, Objects, ObjectsError, Page, PageAsk, SeenObject};
use aws_config::retry::RetryConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::types::{EncodingType, OptionalObjectAttributes};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{LocalSet, spawn_local};

/// Memory for what was fetched and not read yet, in KiB.
const ROOM: u32 = 64 << 10;
/// The least and the most of it that one object takes, in KiB.
const SHARE: (u64, u64) = (64, 4 << 10);
/// How often it is looked whether to stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the thread is asked for.
enum Ask {
    Page(PageAsk, SyncSender<Result<Page, ObjectsError>>),
    Fetch(Fetch),
}

/// Reads buckets, changing nothing. The thread behind it ends when this is dropped, or `stop` is set.
#[derive(Debug)]
pub struct BucketReader {
    asks: Option<UnboundedSender<Ask>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What both sides know.
#[derive(Debug, Default)]
struct Shared {
    failure: Mutex<Option<ObjectsError>>,
    asked: Mutex<BTreeMap<(String, String), AskedOf>>,
    /// Objects that brought no answer, one after another.
    unanswered: AtomicUsize,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Counts what was asked of a bucket.
    fn count(&self, bucket: &str, class: &str, add: impl FnOnce(&mut AskedOf)) {
        let mut asked = held(&self.asked);
        let own = asked.entry((bucket.to_owned(), class.to_owned())).or_insert_with(|| AskedOf {
            bucket: bucket.to_owned(),
            class: class.to_owned(),
            ..AskedOf::default()
        });
        add(own);
    }
}

impl BucketReader {
    /// Begins; nothing is asked of AWS yet.
    ///
    /// # Errors
    /// [`AskError::NotStarted`] when the system has no thread for it.
    pub fn start(access: Access, stop: Arc<AtomicBool>) -> Result<Self, AskError> {
        let fail = |error: std::io::Error| AskError::NotStarted { reason: error.to_string() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(fail)?;
        let (asks, asked) = unbounded_channel();
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let run = move || {
            let tasks = LocalSet::new();
            tasks.block_on(&runtime, serve(access, asked, own, &stop));
            // What is still on its way is let go, so that nobody waits for it.
            drop(tasks);
            runtime.shutdown_background();
        };
        let thread = std::thread::Builder::new().name("s3".to_owned()).spawn(run).map_err(fail)?;
        Ok(Self { asks: Some(asks), shared, thread: Some(thread) })
    }

    fn ask(&self, ask: Ask) {
        // Nobody hears it any more where the reading was stopped, which whoever waits for an answer finds out.
        if let Some(asks) = &self.asks {
            let _ = asks.send(ask);
        }
    }
}

impl Drop for BucketReader {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Objects for BucketReader {
    fn page(&self, ask: &PageAsk) -> Result<Option<Page>, ObjectsError> {
        if let Some(error) = self.failure() {
            return Err(error);
        }
        let (answer, heard) = sync_channel(1);
        self.ask(Ask::Page(ask.clone(), answer));
        match heard.recv() {
            Ok(Ok(page)) => Ok(Some(page)),
            Ok(Err(error)) => Err(error),
            Err(_) => self.failure().map_or(Ok(None), Err),
        }
    }

    fn fetch(&self, object: &ObjectKey) -> Box<dyn Read + Send> {
        let (body, fetch) = body(object.clone());
        self.ask(Ask::Fetch(fetch));
        Box::new(body)
    }

    fn failure(&self) -> Option<ObjectsError> {
        held(&self.shared.failure).clone()
    }

    fn asked(&self) -> Vec<AskedOf> {
        held(&self.shared.asked).values().cloned().collect()
    }
}

/// Answers until nobody asks any more, or the reading is stopped.
async fn serve(access: Access, mut asks: UnboundedReceiver<Ask>, shared: Arc<Shared>, stop: &AtomicBool) {
    let session = Session::unasked(&access).await;
    let region = access.region.clone().unwrap_or_else(|| session.region());
    let s3 = Rc::new(S3 { session, access, region, clients: Mutex::default(), shared });
    let (fetches, to_fetch) = unbounded_channel();
    let fetching = spawn_local(fetch_all(Rc::clone(&s3), to_fetch));
    loop {
        match tokio::time::timeout(LOOK_EVERY, asks.recv()).await {
            Ok(None) => break,
            Err(_) if stop.load(Ordering::Relaxed) => break,
            Err(_) => {}
            Ok(Some(Ask::Fetch(own))) => {
                let _ = fetches.send(own);
            }
            Ok(Some(Ask::Page(ask, answer))) => {
                let s3 = Rc::clone(&s3);
                spawn_local(async move {
                    let _ = answer.send(s3.page(&ask).await);
                });
            }
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    fetching.abort();
}

/// Fetches objects in the order in which they were asked for, so that whoever is read first has room first.
async fn fetch_all(s3: Rc<S3>, mut fetches: UnboundedReceiver<Fetch>) {
    let at_once = Arc::new(Semaphore::new(s3.access.concurrency.max(1)));
    let room = Arc::new(Semaphore::new(ROOM as usize));
    while let Some(own) = fetches.recv().await {
        let share = (own.object.size >> 10).clamp(SHARE.0, SHARE.1);
        let share = u32::try_from(share).unwrap_or(1);
        let one = Arc::clone(&at_once).acquire_owned().await;
        let (Ok(one), Ok(share)) = (one, Arc::clone(&room).acquire_many_owned(share).await) else { return };
        if own.is_unwanted() {
            continue;
        }
        *held(&own.room) = Some((one, share));
        let s3 = Rc::clone(&s3);
        spawn_local(async move { s3.fetch(&own).await });
    }
}

/// Whoever asks S3.
struct S3 {
    session: Session,
    access: Access,
    /// Where a bucket is looked for first.
    region: String,
    /// By bucket.
    clients: Mutex<HashMap<String, (String, Client)>>,
    shared: Arc<Shared>,
}

/// Counts requests, repeated ones included.
#[derive(Debug)]
struct Count {
    shared: Arc<Shared>,
    bucket: String,
    /// The storage class, for an object.
    class: Option<String>,
    region: String,
}

impl Intercept for Count {
    fn name(&self) -> &'static str {
        "Count"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.shared.count(&self.bucket, self.class.as_deref().unwrap_or_default(), |own| {
            own.region.clone_from(&self.region);
            if self.class.is_some() {
                own.gets += 1;
            } else {
                own.lists += 1;
            }
        });
        Ok(())
    }
}

impl S3 {
    fn client(&self, bucket: &str) -> (String, Client) {
        let mut clients = held(&self.clients);
        let new = || (self.region.clone(), self.client_of(&self.region));
        clients.entry(bucket.to_owned()).or_insert_with(new).clone()
    }

    /// Repeats with jitter and doubling waits. The number of requests is not throttled here, as it is where settings are
    /// asked for: one refusal among thousands would make all that follow wait for seconds.
    fn client_of(&self, region: &str) -> Client {
        let retries = RetryConfig::standard()
            .with_max_attempts(self.access.max_attempts.max(1))
            .with_initial_backoff(Duration::from_millis(self.access.first_backoff_ms))
            .with_max_backoff(Duration::from_secs(20));
        let config = self.session.s3(region).config().to_builder().retry_config(retries).build();
        Client::from_conf(config)
    }

    fn counting(&self, bucket: &str, region: &str, class: Option<&str>) -> Count {
        let (bucket, class) = (bucket.to_owned(), class.map(str::to_owned));
        Count { shared: Arc::clone(&self.shared), bucket, class, region: region.to_owned() }
    }

    /// Goes where S3 says that a bucket is; tells whether that is elsewhere.
    async fn follow(&self, bucket: &str, refused: &Refused) -> bool {
        let (region, client) = self.client(bucket);
        let elsewhere = [
            "PermanentRedirect",
            "TemporaryRedirect",
            "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException",
        ];
        let mut there = refused.bucket_region.clone();
        if there.is_none() && elsewhere.contains(&refused.code.as_str()) {
            there = match client.head_bucket().bucket(bucket).send().await {
                Ok(own) => own.bucket_region().map(str::to_owned),
                Err(error) => Refused::from(error).bucket_region,
            };
        }
        let Some(there) = there.filter(|own| *own != region) else { return false };
        let client = self.client_of(&there);
        held(&self.clients).insert(bucket.to_owned(), (there, client));
        true
    }

    async fn page(&self, ask: &PageAsk) -> Result<Page, ObjectsError> {
        let mut followed = false;
        loop {
            let (region, client) = self.client(&ask.bucket);
            let request = client
                .list_objects_v2()
                .bucket(&ask.bucket)
                .prefix(&ask.prefix)
                .max_keys(i32::from(ask.most))
                // Some keys cannot stand in XML as they are.
                .encoding_type(EncodingType::Url)
                .optional_object_attributes(OptionalObjectAttributes::RestoreStatus)
                .set_start_after(ask.after.clone().filter(|_| ask.token.is_none()))
                .set_continuation_token(ask.token.clone())
                .set_delimiter(ask.folders.then(|| "/".to_owned()));
            let count = self.counting(&ask.bucket, &region, None);
            match request.customize().interceptor(count).send().await {
                Ok(own) => return page(&own).ok_or_else(|| strange(&ask.bucket)),
                Err(error) => {
                    let refused = Refused::from(error);
                    if !followed && self.follow(&ask.bucket, &refused).await {
                        followed = true;
                        continue;
                    }
                    return Err(self.error(&ask.bucket, &refused));
                }
            }
        }
    }

    /// Says why a bucket cannot be listed, or nothing can be fetched any more.
    fn error(&self, bucket: &str, refused: &Refused) -> ObjectsError {
        let code = &refused.code;
        let (message, hint) = match (refused.kind, code.as_str()) {
            (RefusalKind::Absent, _) => (
                format!("there is no bucket {bucket} ({code})"),
                "correct the bucket's name; it is looked for in the partition of the profile's Region"
                    .to_owned(),
            ),
            (RefusalKind::Denied, _) => (
                format!(
                    "AWS denied listing the bucket {bucket} ({})",
                    if code.is_empty() { "403" } else { code.as_str() }
                ),
                format!(
                    "allow s3:ListBucket on arn:aws:s3:::{bucket}, in the bucket's policy too where it is another account's: the same command with --print-policy prints what is needed"
                ),
            ),
            (RefusalKind::Other, _) if !code.is_empty() => (
                format!("AWS does not list the bucket {bucket}: {code}"),
                "name the bucket's Region with --region".to_owned(),
            ),
            _ => {
                let profile = profile_name(self.access.profile.as_deref());
                let endpoint = self.session.endpoint();
                let error = AskError::of_identity(refused, profile.as_deref(), endpoint.as_deref());
                (error.to_string(), error.hint())
            }
        };
        ObjectsError { message, hint }
    }

    async fn fetch(&self, own: &Fetch) {
        let ObjectKey { bucket, key, class, .. } = &own.object;
        if held(&self.shared.failure).is_some() {
            own.fail(crate::sources::logs::ObjectFault::NotFetched).await;
            return;
        }
        // What the listing does not say is the standard class (API reference, ListObjectsV2).
        let class = if class.is_empty() { "STANDARD" } else { class };
        let get = async |at: u64, etag: Option<&str>| {
            let (region, client) = self.client(bucket);
            let request = client
                .get_object()
                .bucket(bucket)
                .key(key)
                .set_if_match(etag.map(str::to_owned))
                .set_range((at > 0).then(|| format!("bytes={at}-")));
            let count = self.counting(bucket, &region, Some(class));
            let got = request.customize().interceptor(count).send().await;
            if got.is_ok() {
                self.shared.unanswered.store(0, Ordering::Relaxed);
            }
            got
        };
        let came = |bytes: u64| self.shared.count(bucket, class, |own| own.bytes += bytes);
        let wait = Duration::from_millis(self.access.first_backoff_ms);
        if let Err(refused) = own.run(self.access.max_attempts.max(1), wait, get, came).await {
            let most = self.access.concurrency.max(1) * 2;
            let is_over = refused.kind == RefusalKind::Credentials
                || self.shared.unanswered.fetch_add(1, Ordering::Relaxed) + 1 >= most;
            if is_over {
                held(&self.shared.failure).get_or_insert_with(|| self.error(bucket, &refused));
            }
        }
    }
}

fn strange(bucket: &str) -> ObjectsError {
    ObjectsError {
        message: format!("the listing of the bucket {bucket} cannot be understood"),
        hint: "name the bucket's own address, not a server between".to_owned(),
    }
}

/// Reads a page; nothing where keys are not what they are said to be.
fn page(own: &ListObjectsV2Output) -> Option<Page> {
    let is_encoded = own.encoding_type() == Some(&EncodingType::Url);
    let decoded = |text: &str| {
        if !is_encoded {
            return Some(text.to_owned());
        }
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    };
    let mut page = Page::default();
    for object in own.contents() {
        let class = object.storage_class().map(|own| own.as_str().to_owned()).unwrap_or_default();
        let is_restored = object.restore_status().is_some_and(|own| {
            own.is_restore_in_progress() != Some(true) && own.restore_expiry_date().is_some()
        });
        page.objects.push(SeenObject {
            key: decoded(object.key()?)?,
            size: u64::try_from(object.size().unwrap_or(0)).unwrap_or(0),
            etag: object.e_tag().map(str::to_owned),
            is_archived: ["GLACIER", "DEEP_ARCHIVE"].contains(&class.as_str()) && !is_restored,
            class,
        });
    }
    for folder in own.common_prefixes() {
        page.folders.push(decoded(folder.prefix()?)?);
    }
    page.token =
        own.next_continuation_token().filter(|_| own.is_truncated() == Some(true)).map(str::to_owned);
    Some(page)
}
