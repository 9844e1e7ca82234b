//! From files to a bill.

use super::options::Options;
use crate::domain::{Bill, Diagnostic, Diagnostics};
use std::path::PathBuf;

/// Reads exports of the bill: files, and folders of part files.
///
/// # Errors
/// What is wrong with a file, or with the files together: a kind of file that is no export, a missing column, a row that
/// cannot be read, two currencies, the same charges twice.
pub fn read(files: &[PathBuf], _options: &Options<'_>) -> Result<Bill, Diagnostics> {
    let path = files.first().map(|path| path.display().to_string()).unwrap_or_default();
    let items = vec![Diagnostic::error(&path, "exports of the bill cannot be read yet")];
    Err(Diagnostics { items, texts: Vec::new() })
}
