//! What sources tell of how a project is kept: constraints on versions, the backend, Regions that are written out, policies.

use super::files::{self, ModuleFiles, SourceFile};
use super::policies::{open_statements, statements};
use super::scope::{expression, labels};
use crate::domain::{BackendSettings, OpenStatement, PolicyStatement, Setting, VersionConstraint};
use crate::sources::terraform::error::TerraformError;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Block, Body};
use std::path::Path;

/// The deepest nesting of modules that is looked into.
const DEEPEST: u32 = 4;

/// What the sources of a project tell.
#[derive(Debug, Default)]
pub(in crate::sources::terraform) struct Kept {
    pub(in crate::sources::terraform) versions: Vec<VersionConstraint>,
    pub(in crate::sources::terraform) backend: Option<BackendSettings>,
    pub(in crate::sources::terraform) policies: Vec<PolicyStatement>,
    pub(in crate::sources::terraform) open_policies: Vec<OpenStatement>,
    pub(in crate::sources::terraform) literal_regions: Vec<(String, String)>,
}

/// Reads a folder of sources and the local modules that it calls.
pub(in crate::sources::terraform) fn project(folder: &Path) -> Result<Kept, TerraformError> {
    let root = files::read(folder, "")?;
    let mut kept = Kept { backend: backend(&root), versions: versions(&root), ..Kept::default() };
    texts(folder, "", &root, DEEPEST, &mut kept)?;
    Ok(kept)
}

fn terraform_blocks(files: &ModuleFiles) -> impl Iterator<Item = (&SourceFile, &Block)> {
    files.sources.iter().flat_map(|file| file.blocks("terraform").map(move |own| (file, own)))
}

fn backend(files: &ModuleFiles) -> Option<BackendSettings> {
    let named = |kind: &'static str| {
        terraform_blocks(files)
            .flat_map(move |(file, own)| own.body.get_blocks(kind).map(move |own| (file, own)))
            .next()
    };
    let own = named("backend")
        .map(|(file, own)| (labels(own).first().map_or("", |own| own).to_owned(), file.place(own)));
    let own = own.or_else(|| named("cloud").map(|(file, own)| ("cloud".to_owned(), file.place(own))));
    own.map(|(kind, place)| BackendSettings { kind, place })
}

/// Returns the constraint on Terraform, and those on the providers that are named or used.
fn versions(files: &ModuleFiles) -> Vec<VersionConstraint> {
    let Some(first) = files.sources.first() else { return Vec::new() };
    let mut terraform = VersionConstraint {
        of: "terraform".to_owned(),
        constraint: Setting::NotSet,
        place: terraform_blocks(files)
            .next()
            .map_or_else(|| format!("{}:1", first.name), |(file, own)| file.place(own)),
    };
    let mut providers: Vec<VersionConstraint> = Vec::new();
    for (file, block) in terraform_blocks(files) {
        if let Some(own) = block.body.get_attribute("required_version") {
            terraform.constraint = text(&own.value);
            terraform.place = file.place(own);
        }
        for own in block.body.get_blocks("required_providers").flat_map(|own| own.body.attributes()) {
            providers.push(VersionConstraint {
                of: own.key.to_string(),
                constraint: constraint(&own.value),
                place: file.place(own),
            });
        }
    }
    let uses_aws = files.sources.iter().find_map(|file| {
        let mut used = file.blocks("resource");
        let own = used.find(|own| labels(own).first().is_some_and(|kind| kind.starts_with("aws_")))?;
        Some(file.place(own))
    });
    if let Some(place) = uses_aws.filter(|_| !providers.iter().any(|own| own.of == "aws")) {
        providers.push(VersionConstraint { of: "aws".to_owned(), constraint: Setting::NotSet, place });
    }
    providers.sort();
    let mut all = vec![terraform];
    all.extend(providers);
    all
}

/// Reads `{ source = "hashicorp/aws", version = "~> 5.0" }`, or the version alone.
fn constraint(own: &Expression) -> Setting<String> {
    let Expression::Object(object) = own else { return text(own) };
    let version = object.iter().find(|(key, _)| match key {
        ObjectKey::Ident(own) => own.as_str() == "version",
        ObjectKey::Expression(own) => own.as_str() == Some("version"),
    });
    version.map_or(Setting::NotSet, |(_, value)| text(value.expr()))
}

/// Takes a literal text; what is none is unknown.
fn text(own: &Expression) -> Setting<String> {
    Setting::known(own.as_str().map(str::to_owned))
}

/// Reads what stands in the texts of a module and those below it.
fn texts(
    folder: &Path,
    shown: &str,
    files: &ModuleFiles,
    depth: u32,
    kept: &mut Kept,
) -> Result<(), TerraformError> {
    for file in &files.sources {
        kept.policies.extend(statements(file));
        kept.open_policies.extend(open_statements(file));
        for own in file.blocks("resource").chain(file.blocks("module")) {
            regions(file, &own.body, kept);
        }
        for own in file.blocks("module") {
            let source = expression(&own.body, "source").and_then(Expression::as_str);
            let Some(source) = source.filter(|own| own.starts_with("./") && depth > 0) else { continue };
            let below = folder.join(source);
            let name = format!("{shown}{}/", source.trim_start_matches("./").trim_end_matches('/'));
            let inner = files::read(&below, name.trim_end_matches('/'))?;
            texts(&below, &name, &inner, depth - 1, kept)?;
        }
    }
    Ok(())
}

/// Takes the Regions that a block names as literals.
fn regions(file: &SourceFile, body: &Body, kept: &mut Kept) {
    for own in body.attributes().filter(|own| ["region", "home_region"].contains(&own.key.as_str())) {
        if let Some(region) = own.value.as_str() {
            kept.literal_regions.push((file.place(own), region.to_owned()));
        }
    }
}
