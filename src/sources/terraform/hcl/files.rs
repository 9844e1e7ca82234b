//! The files of one module.

use super::overrides;
use crate::io;
use crate::sources::terraform::error::TerraformError;
use hcl_edit::Span;
use hcl_edit::structure::{Attribute, Block, Body};
use std::path::Path;

/// Larger source files are not read.
const LARGEST_FILE: usize = 4 << 20;

/// A source file.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The name that is shown: the path below the folder that was named.
    pub(super) name: String,
    lines: Vec<usize>,
    pub(super) body: Body,
}

impl SourceFile {
    /// Returns the file and line at which something begins; of what an override file set, the file that it overrides.
    pub(super) fn place(&self, thing: &dyn Span) -> String {
        match thing.span() {
            Some(span) => {
                format!("{}:{}", self.name, self.lines.partition_point(|begin| *begin <= span.start))
            }
            None => self.name.clone(),
        }
    }

    /// Returns the blocks of a kind.
    pub(super) fn blocks<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.body.get_blocks(kind)
    }

    /// Returns the attributes of the file itself.
    pub(super) fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.body.attributes()
    }
}

/// The files of a module's folder.
#[derive(Debug, Default)]
pub(super) struct ModuleFiles {
    pub(super) sources: Vec<SourceFile>,
    /// Values of variables, in the order in which Terraform takes them.
    pub(super) values: Vec<SourceFile>,
    /// Names of files that are not read.
    pub(super) skipped: Vec<String>,
}

/// Reads a module's folder. `shown` is what its path is shown as: empty for the root.
pub(super) fn read(folder: &Path, shown: &str) -> Result<ModuleFiles, TerraformError> {
    let mut files = ModuleFiles::default();
    let mut overriding = Vec::new();
    let entries = io::entries(folder).map_err(|error| {
        TerraformError::new(&folder.display().to_string(), error.to_string(), "check the path")
    })?;
    for path in entries {
        let Some(name) = path.file_name().and_then(|own| own.to_str()) else { continue };
        let shown = if shown.is_empty() { name.to_owned() } else { format!("{shown}/{name}") };
        if overrides::is_override(name) {
            overriding.extend(parse(&path, shown)?);
        } else if name.ends_with(".tf.json") || name.ends_with(".tfvars.json") {
            files.skipped.push(shown);
        } else if Path::new(name).extension().is_some_and(|own| own == "tf") {
            if let Some(file) = parse(&path, shown)? {
                files.sources.push(file);
            }
        } else if name == "terraform.tfvars" || name.ends_with(".auto.tfvars") {
            files.values.extend(parse(&path, shown)?);
        }
    }
    for own in &overriding {
        overrides::merge(&mut files.sources, own).map_err(|missing| {
            let message = format!("`{}` overrides `{missing}`, which no other file has", own.name);
            let at = folder.display().to_string();
            TerraformError::new(&at, message, "`terraform validate` tells more")
        })?;
    }
    // `terraform.tfvars` comes before the others, whatever they are called.
    files.values.sort_by_key(|own| !own.name.ends_with("terraform.tfvars"));
    Ok(files)
}

fn parse(path: &Path, name: String) -> Result<Option<SourceFile>, TerraformError> {
    let shown = path.display().to_string();
    let text = match io::read_text(path) {
        Ok(text) => text,
        // An empty source file is a source file.
        Err(error) if matches!(error.reason, io::FileReason::Empty) => return Ok(None),
        Err(error) => {
            return Err(TerraformError::new(&shown, error.to_string(), "check the file"));
        }
    };
    if text.len() > LARGEST_FILE {
        let message = "it is larger than 4 MiB, which no source of Terraform's is";
        return Err(TerraformError::new(&shown, message, "give the plan: `terraform show -json`"));
    }
    let body = hcl_edit::parser::parse_body(&text).map_err(|error| {
        let at = error.location();
        let message = format!("line {}, column {}: {}", at.line(), at.column(), error.message());
        TerraformError::new(&shown, message, "`terraform validate` tells more")
    })?;
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    Ok(Some(SourceFile { name, lines, body }))
}
