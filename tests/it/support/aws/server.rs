//! The server: who asks, whether they may, and what to do to them.

use super::http::{Request, Response};
use super::signature::Signed;
use super::world::{Principal, World};
use super::{athena, cbor, json_services, objects, xml_services};
use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Throttled,
    ServerError,
    HungUp,
    /// It is carried out, and the answer is lost.
    Unheard,
    Denied,
    /// No answer for a minute.
    Silent,
    /// The answer breaks off after so many bytes of its body.
    BrokenOff(usize),
}

/// Something that goes wrong with an operation, so many times.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Such as `DescribeTrails`.
    pub(crate) operation: String,
    /// Every Region if absent.
    pub(crate) region: Option<String>,
    /// What the path ends with; every path if empty.
    pub(crate) path: String,
    /// How often it goes well before.
    pub(crate) after: usize,
    pub(crate) trouble: Trouble,
    pub(crate) times: usize,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// The service's name in signatures, such as `cloudtrail`.
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) region: String,
    pub(crate) account: String,
    /// The IAM action; empty where none is needed.
    pub(crate) action: String,
    /// The path, as it was sent.
    pub(crate) path: String,
    pub(crate) range: String,
    pub(crate) at: Duration,
    /// Whether it was carried out.
    pub(crate) answered: bool,
}

/// What one request asks for.
pub(super) struct Asked<'a> {
    pub(super) request: &'a Request,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
}

/// An operation that the server knows: its name, the IAM action, and the resource the action is on.
pub(super) struct Known {
    pub(super) operation: String,
    pub(super) action: String,
    pub(super) resource: String,
}

/// How a service writes errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    Json,
    Cbor,
    Query,
    S3,
}

pub(super) fn error(protocol: Protocol, status: u16, code: &str) -> Response {
    let message = "as the test wants it";
    match protocol {
        Protocol::Json => {
            let body = serde_json::json!({ "__type": code, "message": message }).to_string();
            Response::new(status, "application/x-amz-json-1.1", body).with("x-amzn-errortype", code)
        }
        Protocol::Cbor => cbor::error(status, code, message),
        Protocol::Query => {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
            );
            Response::new(status, "text/xml", body)
        }
        Protocol::S3 => {
            let body = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
            Response::new(status, "application/xml", body)
        }
    }
}

struct Shared {
    world: Mutex<World>,
    faults: Mutex<Vec<Fault>>,
    calls: Mutex<Vec<Call>>,
    problems: Mutex<Vec<String>>,
    begun: Instant,
    stopped: AtomicBool,
}

/// The running server; it stops when it goes out of scope, and fails the test if something was asked that may not be.
pub(crate) struct Emulator {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    pub(crate) fn start(world: World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            world: Mutex::new(world),
            faults: Mutex::default(),
            calls: Mutex::default(),
            problems: Mutex::default(),
            begun: Instant::now(),
            stopped: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let own = Arc::clone(&own);
                std::thread::spawn(move || serve(&own, stream.unwrap()));
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn trouble(&self, operation: &str, region: Option<&str>, trouble: Trouble, times: usize) {
        self.shared.faults.lock().unwrap().push(Fault {
            operation: operation.to_owned(),
            region: region.map(str::to_owned),
            path: String::new(),
            after: 0,
            trouble,
            times,
        });
    }

    /// Lets requests for objects fail, from the one after so many on, where the key ends so.
    pub(crate) fn trouble_with_objects(&self, path: &str, after: usize, trouble: Trouble, times: usize) {
        self.shared.faults.lock().unwrap().push(Fault {
            operation: "GetObject".to_owned(),
            region: None,
            path: path.to_owned(),
            after,
            trouble,
            times,
        });
    }

    /// Lets everything go well from now on.
    pub(crate) fn no_more_trouble(&self) {
        self.shared.faults.lock().unwrap().clear();
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }

    pub(crate) fn calls_of(&self, operation: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|own| own.operation == operation).collect()
    }

    /// Changes what there is.
    pub(crate) fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.shared.world.lock().unwrap());
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        if !std::thread::panicking() {
            let problems = self.shared.problems.lock().unwrap();
            assert!(problems.is_empty(), "{}", problems.join("\n"));
        }
    }
}

fn serve(shared: &Shared, stream: TcpStream) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader) {
        match answer(shared, &request) {
            // Whoever waits for it finds that the connection stays open and silent.
            Some(response) if response.status == 598 => {
                while !shared.stopped.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(20));
                }
                return;
            }
            Some(response) if response.write(&mut writer).is_ok() => {}
            _ => {
                let _ = writer.shutdown(std::net::Shutdown::Both);
                return;
            }
        }
    }
}

fn problem(shared: &Shared, text: String) {
    shared.problems.lock().unwrap().push(text);
}

/// Answers a request; nothing hangs up.
fn answer(shared: &Shared, request: &Request) -> Option<Response> {
    let Some(signed) = Signed::read(request) else {
        problem(shared, format!("{} {} is not signed", request.method, request.path));
        return Some(error(Protocol::Json, 403, "MissingAuthenticationToken"));
    };
    let protocol = match signed.service.as_str() {
        "s3" => Protocol::S3,
        "sts" | "sns" => Protocol::Query,
        "monitoring" => Protocol::Cbor,
        _ => Protocol::Json,
    };
    let mut world = shared.world.lock().unwrap();
    let Some(principal) = world.principals.get(&signed.access_key).cloned() else {
        return Some(error(protocol, 403, "InvalidClientTokenId"));
    };
    if let Some(fault) = signed.fault(request, &principal.secret) {
        // A wrong secret is meant to be wrong where the test says so.
        if principal.secret != "another" {
            problem(shared, fault);
        }
        return Some(error(protocol, 403, "SignatureDoesNotMatch"));
    }
    if principal.token.as_deref().unwrap_or_default() != request.header("x-amz-security-token") {
        return Some(error(protocol, 403, "InvalidClientTokenId"));
    }
    if principal.expired {
        return Some(error(protocol, 403, "ExpiredToken"));
    }
    let asked = Asked { request, region: &signed.region, account: &principal.account };
    let known = match protocol {
        Protocol::Json if signed.service == "athena" => athena::known(&asked),
        Protocol::Json => json_services::known(&signed.service, &asked),
        Protocol::Cbor => cbor::known(&asked),
        Protocol::Query => xml_services::known_query(&signed.service, &asked),
        Protocol::S3 => objects::known(&asked).or_else(|| xml_services::known_s3(&asked)),
    };
    let Some(known) = known else {
        problem(
            shared,
            format!("{}: unknown or writing: {} {}", signed.service, request.method, request.path),
        );
        return Some(error(protocol, 400, "UnknownOperationException"));
    };
    let outcome = carry_out(shared, &mut world, &asked, &known, &principal, protocol, &signed.service);
    shared.calls.lock().unwrap().push(Call {
        service: signed.service.clone(),
        operation: known.operation,
        region: signed.region.clone(),
        account: principal.account.clone(),
        action: known.action,
        path: request.path.clone(),
        range: request.header("range").to_owned(),
        at: shared.begun.elapsed(),
        answered: outcome.as_ref().is_some_and(|own| own.status < 300),
    });
    outcome
}

fn carry_out(
    shared: &Shared,
    world: &mut World,
    asked: &Asked<'_>,
    known: &Known,
    principal: &Principal,
    protocol: Protocol,
    service: &str,
) -> Option<Response> {
    let mut faults = shared.faults.lock().unwrap();
    let fault = faults.iter_mut().find(|own| {
        own.times > 0
            && own.operation == known.operation
            && own.region.as_deref().is_none_or(|region| region == asked.region)
            && asked.request.path.ends_with(&own.path)
    });
    let (mut cut, mut is_unheard) = (None, false);
    if let Some(fault) = fault {
        if fault.after > 0 {
            fault.after -= 1;
        } else {
            fault.times -= 1;
            let denied = if service == "sns" { "AuthorizationError" } else { denied(protocol) };
            match fault.trouble {
                Trouble::Throttled if protocol == Protocol::S3 => {
                    return Some(error(protocol, 503, "SlowDown"));
                }
                Trouble::Throttled if protocol == Protocol::Query => {
                    return Some(error(protocol, 429, "Throttling"));
                }
                Trouble::Throttled => return Some(error(protocol, 400, "ThrottlingException")),
                Trouble::ServerError => return Some(error(protocol, 500, "InternalFailure")),
                Trouble::HungUp => return None,
                Trouble::Denied => return Some(error(protocol, 403, denied)),
                Trouble::Silent => return Some(error(protocol, 598, "Silent")),
                Trouble::BrokenOff(at) => cut = Some(at),
                Trouble::Unheard => is_unheard = true,
            }
        }
    }
    drop(faults);
    if !known.action.is_empty() && !principal.policy.allows(&known.action, &known.resource) {
        let code = if service == "sns" { "AuthorizationError" } else { denied(protocol) };
        return Some(error(protocol, if protocol == Protocol::Json { 400 } else { 403 }, code));
    }
    let mut response = match protocol {
        Protocol::Json if service == "athena" => {
            athena::answer(&mut world.athena, asked, &known.operation, &principal.policy)
        }
        Protocol::Json => json_services::answer(world, service, asked, &known.operation),
        Protocol::Cbor => cbor::answer(world, asked, &known.operation),
        Protocol::Query => xml_services::answer_query(world, asked, &known.operation),
        Protocol::S3 if objects::OPERATIONS.contains(&known.operation.as_str()) => {
            objects::answer(world, asked, &known.operation, principal)
        }
        Protocol::S3 => xml_services::answer_s3(world, asked, &known.operation),
    };
    response.cut = cut;
    (!is_unheard).then_some(response)
}

fn denied(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Json | Protocol::Cbor => "AccessDeniedException",
        Protocol::Query | Protocol::S3 => "AccessDenied",
    }
}

/// Cuts a page out of a list; the token is the place where the next one begins.
pub(super) fn page<T: Clone>(all: &[T], token: Option<&str>, size: usize) -> (Vec<T>, Option<String>) {
    let begin: usize = token.map_or(0, |token| token.parse().unwrap());
    let end = (begin + size.max(1)).min(all.len());
    let next = (end < all.len()).then(|| end.to_string());
    (all[begin.min(end)..end].to_vec(), next)
}
