//! What counts cannot tell, taken out of their JSON and CSV.

use crate::domain::CountedFrom;
use serde_json::Value;

/// Members of the document that stand for what Athena does not tell, wherever they are.
const UNTOLD: [&str; 10] = [
    "bytes",
    "digest_files",
    "empty",
    "repeated",
    "repeated_events",
    "raw_bytes",
    "gzip_files",
    "gzip_stored_bytes",
    "gzip_raw_bytes",
    "shared",
];
/// Those that a listing of the files tells.
const LISTED: [&str; 3] = ["log_files", "stored_bytes", "sizes"];

/// Puts null in the place of every figure that is not known.
pub(super) fn take_out(document: &mut Value, from: CountedFrom) {
    if from == CountedFrom::Files {
        return;
    }
    nullify(document, from.knows_files());
    // Athena is not asked for changes of what is recorded.
    for name in ["unreadable", "skipped", "causes"] {
        document[name] = Value::Null;
    }
    if !from.knows_files() {
        document["files_by_day"] = Value::Null;
        document["regions"] = Value::Null;
    }
    document["files"]["slots"] = Value::Null;
}

fn nullify(value: &mut Value, is_listed: bool) {
    match value {
        Value::Array(own) => own.iter_mut().for_each(|own| nullify(own, is_listed)),
        Value::Object(own) => {
            for (name, own) in own {
                if UNTOLD.contains(&name.as_str()) || !is_listed && LISTED.contains(&name.as_str()) {
                    *own = Value::Null;
                } else {
                    nullify(own, is_listed);
                }
            }
        }
        _ => {}
    }
}

/// Writes bytes; nothing where they are not known.
pub(super) fn bytes(own: u64, from: CountedFrom) -> String {
    if from.knows_bytes() { own.to_string() } else { String::new() }
}
