//! Modules, from the root down.

use super::evaluate::{body, evaluate};
use super::files::{self, ModuleFiles, SourceFile};
use super::instances::instances;
use super::scope::{Evaluated, ModuleScope, Reference, Scope, expression, labels};
use super::types::convert;
use crate::domain::Setting;
use crate::sources::terraform::address::Address;
use crate::sources::terraform::callers::Callers;
use crate::sources::terraform::configuration::Instances;
use crate::sources::terraform::error::TerraformError;
use crate::sources::terraform::kind;
use crate::sources::terraform::resource::{ChangeAction, Document, Form, Provider, Resource};
use crate::sources::terraform::value::{Attr, Why};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, TraversalOperator};
use hcl_edit::structure::Block;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The deepest nesting of modules.
const DEEPEST: u32 = 8;
/// The most modules that are read, instances among them.
const MOST_MODULES: u32 = 2_000;
/// What to do about what is not worked out.
const GIVE_THE_PLAN: &str = "give the plan: `terraform show -json PLAN`";

/// Where a provider's resources stand.
#[derive(Debug, Clone, Default)]
struct ProviderPlace {
    region: Setting<String>,
    /// The one account that it may be used in, where there is one only.
    account: Option<String>,
}

/// Where providers are, by alias; the default one has none.
type Providers = BTreeMap<String, ProviderPlace>;

/// A module that is to be read.
struct Call {
    folder: PathBuf,
    /// The path that is shown.
    shown: String,
    modules: Vec<(String, String)>,
    given: BTreeMap<String, Evaluated>,
    providers: Providers,
    depth: u32,
}

struct Reader {
    document: Document,
    /// For each resource read, what it refers to.
    pending: Vec<Vec<Reference>>,
    modules: u32,
    /// Whether resources are taken, or only outputs worked out.
    takes: bool,
}

/// Reads a folder of `.tf` files.
pub(in crate::sources::terraform) fn read(folder: &Path) -> Result<Document, TerraformError> {
    let files = files::read(folder, "")?;
    if files.sources.is_empty() {
        let message = format!("there is no Terraform source (*.tf) in {}", folder.display());
        return Err(TerraformError::new(
            &folder.display().to_string(),
            message,
            "name a plan or another folder",
        ));
    }
    let document = Document {
        form: Form::Sources,
        before: Vec::new(),
        after: Vec::new(),
        actions: BTreeMap::new(),
        callers: Callers::default(),
        providers: Vec::new(),
        unread: Vec::new(),
    };
    let mut reader = Reader { document, pending: Vec::new(), modules: 0, takes: true };
    let root = Call {
        folder: folder.to_owned(),
        shown: String::new(),
        modules: Vec::new(),
        given: given_values(&files),
        providers: Providers::new(),
        depth: DEEPEST,
    };
    reader.module(&root, &files);
    reader.link();
    let mut document = reader.document;
    for own in &document.after {
        document.actions.insert(own.address.clone(), ChangeAction::Create);
    }
    Ok(document)
}

/// Returns the values of the root's variables that files give.
fn given_values(files: &ModuleFiles) -> BTreeMap<String, Evaluated> {
    let nothing = ModuleFiles::default();
    let empty = ModuleScope::new(&nothing, Vec::new(), BTreeMap::new());
    let each = files.values.iter().flat_map(SourceFile::attributes);
    each.map(|own| (own.key.to_string(), evaluate(&own.value, &Scope::new(&empty)))).collect()
}

impl Reader {
    fn unresolved(&mut self, what: String, place: String, remedy: &'static str) {
        if self.takes {
            self.document.unread.push((what, place, remedy));
        }
    }

    /// Reads a module and those inside it, and returns its outputs.
    fn module(&mut self, call: &Call, files: &ModuleFiles) -> BTreeMap<String, Evaluated> {
        for own in &files.skipped {
            self.unresolved(
                "a file in Terraform's JSON syntax is not read: ".to_owned(),
                own.clone(),
                GIVE_THE_PLAN,
            );
        }
        let variables = variables(files, &call.given);
        let mut scope = ModuleScope::new(files, call.modules.clone(), variables);
        let providers = self.providers(call, files, &scope);
        // A module may be given what another one puts out, whichever comes first.
        let calls =
            || files.sources.iter().flat_map(|file| file.blocks("module").map(move |own| (file, own)));
        let is_chained = calls().any(|(_, own)| own.body.attributes().any(|own| mentions_module(&own.value)));
        if is_chained {
            let takes = std::mem::replace(&mut self.takes, false);
            for (file, block) in calls() {
                let outputs = self.calls(call, file, block, &scope, &providers);
                scope.outputs.extend(outputs);
            }
            self.takes = takes;
        }
        for (file, block) in calls() {
            let outputs = self.calls(call, file, block, &scope, &providers);
            scope.outputs.extend(outputs);
        }
        if self.takes {
            for file in &files.sources {
                for block in file.blocks("resource") {
                    self.resource(file, block, &scope, &providers);
                }
            }
        }
        let outputs = files.sources.iter().flat_map(|file| file.blocks("output"));
        outputs
            .filter_map(|block| {
                let name = labels(block).first().map(|own| (*own).to_owned())?;
                Some((name, evaluate(expression(&block.body, "value")?, &Scope::new(&scope))))
            })
            .collect()
    }

    /// Returns where providers are, and takes note of the literal Regions.
    fn providers(&mut self, call: &Call, files: &ModuleFiles, scope: &ModuleScope<'_>) -> Providers {
        let mut providers = call.providers.clone();
        for file in &files.sources {
            for block in file.blocks("provider").filter(|own| labels(own) == ["aws"]) {
                let alias = expression(&block.body, "alias").and_then(Expression::as_str).unwrap_or_default();
                let written = expression(&block.body, "region");
                let literal = match written {
                    None => Setting::NotSet,
                    Some(own) => Setting::known(own.as_str().map(str::to_owned)),
                };
                let found = written.map(|own| evaluate(own, &Scope::new(scope)).attr.as_text());
                let allowed = expression(&block.body, "allowed_account_ids");
                let account = allowed.and_then(|own| match evaluate(own, &Scope::new(scope)).attr {
                    Attr::List(all) if all.len() == 1 => all.first().and_then(Attr::as_text),
                    _ => None,
                });
                let region = found.map_or(Setting::NotSet, Setting::known);
                providers.insert(alias.to_owned(), ProviderPlace { region, account });
                if self.takes {
                    let place = Some(file.place(block));
                    self.document.providers.push(Provider {
                        alias: alias.to_owned(),
                        region: literal,
                        place,
                    });
                }
            }
        }
        providers
    }

    /// Reads the modules of a block, and returns their outputs.
    fn calls(
        &mut self,
        outer: &Call,
        file: &SourceFile,
        block: &Block,
        scope: &ModuleScope<'_>,
        providers: &Providers,
    ) -> BTreeMap<String, Evaluated> {
        let mut outputs = BTreeMap::new();
        let place = file.place(block);
        let Some(name) = labels(block).first().map(|own| (*own).to_owned()) else { return outputs };
        let source = expression(&block.body, "source").and_then(Expression::as_str).unwrap_or_default();
        let is_local = source.starts_with("./") || source.starts_with("../");
        if !is_local || outer.depth == 0 || self.modules >= MOST_MODULES {
            let what = format!("the module `{name}` is not in a folder beside these files, and not read: ");
            self.unresolved(what, place, GIVE_THE_PLAN);
            return outputs;
        }
        let folder = outer.folder.join(source);
        let shown = if outer.shown.is_empty() {
            source.trim_start_matches("./").to_owned()
        } else {
            format!("{}/{source}", outer.shown)
        };
        let files = match files::read(&folder, &shown) {
            Ok(files) => files,
            Err(error) => {
                self.unresolved(
                    format!("the module `{name}` cannot be read ({error}): "),
                    place,
                    GIVE_THE_PLAN,
                );
                return outputs;
            }
        };
        let (all, known) = instances(block, scope);
        if !known {
            let what = format!("how many the module `{name}` makes is not worked out, and taken as one: ");
            self.unresolved(what, place, GIVE_THE_PLAN);
        }
        for own in &all {
            self.modules += 1;
            let mut given = BTreeMap::new();
            for attribute in block.body.attributes() {
                let key = attribute.key.as_str();
                if !["source", "version", "count", "for_each", "providers", "depends_on"].contains(&key) {
                    given.insert(key.to_owned(), evaluate(&attribute.value, &own.scope));
                }
            }
            let mut modules = outer.modules.clone();
            modules.push((name.clone(), own.key.clone()));
            let call = Call {
                folder: folder.clone(),
                shown: shown.clone(),
                modules,
                given,
                providers: passed(block, providers),
                depth: outer.depth - 1,
            };
            for (output, value) in self.module(&call, &files) {
                outputs.insert(format!("{name}{}.{output}", own.key), value);
            }
        }
        outputs
    }

    fn resource(&mut self, file: &SourceFile, block: &Block, scope: &ModuleScope<'_>, providers: &Providers) {
        let [name, own] = labels(block)[..] else { return };
        let Some(kind) = kind::find(name) else { return };
        let place = file.place(block);
        let (all, known) = instances(block, scope);
        let modules: Vec<String> =
            scope.modules.iter().map(|(name, key)| format!("module.{name}{key}.")).collect();
        let modules = modules.concat();
        if !known {
            let what = format!("how many {modules}{name}.{own} makes is not worked out, and taken as one: ");
            self.unresolved(what, place.clone(), GIVE_THE_PLAN);
        }
        let alias = provider_alias(block);
        let provider = providers.get(&alias).cloned().unwrap_or_default();
        let mut places = BTreeMap::new();
        // What an override file set stands where the resource does.
        for attribute in block.body.attributes().filter(|own| own.span().is_some()) {
            places.insert(attribute.key.to_string(), file.place(attribute));
        }
        for inner in block.body.blocks().filter(|own| own.span().is_some()) {
            let is_dynamic = inner.ident.as_str() == "dynamic";
            let name = if is_dynamic { labels(inner).first().copied() } else { None };
            places
                .entry(name.unwrap_or(inner.ident.as_str()).to_owned())
                .or_insert_with(|| file.place(inner));
        }
        for instance in &all {
            let mut attributes = BTreeMap::new();
            let mut references = Vec::new();
            let wanted = |key: &str| kind.attributes.contains(&key) || kind.presence.contains(&key);
            body(&block.body, &instance.scope, &wanted, &mut |key, value| {
                references.extend(value.references);
                let attr = match value.attr {
                    Attr::Null => return,
                    _ if kind.presence.contains(&key) => Attr::Bool(true),
                    own => own.without_sets(),
                };
                attributes.insert(key.to_owned(), attr);
            });
            self.pending.push(references);
            let address = format!("{modules}{name}.{own}{}", instance.key);
            self.document.after.push(Resource {
                place: Some(place.clone()),
                places: places.clone(),
                provider_region: provider.region.clone(),
                provider_account: provider.account.clone(),
                ..Resource::new(address, kind, attributes)
            });
        }
    }

    /// Finds the resources that references mean, once all are there.
    fn link(&mut self) {
        let addresses: Vec<Option<Address>> =
            self.document.after.iter().map(|own| Address::parse(&own.address)).collect();
        let known = Instances::new(addresses.iter().flatten());
        for ((own, address), pending) in self.document.after.iter_mut().zip(&addresses).zip(&self.pending) {
            let key = address.as_ref().map_or("", |own| own.key.as_str());
            for reference in pending {
                if let Some(found) = known.find(&reference.modules, &reference.text, key) {
                    let all = own.references.entry(reference.path.clone()).or_default();
                    if !all.contains(&found) {
                        all.push(found);
                    }
                }
            }
        }
    }
}

/// Returns the values of a module's variables.
fn variables(files: &ModuleFiles, given: &BTreeMap<String, Evaluated>) -> BTreeMap<String, Evaluated> {
    let nothing = ModuleFiles::default();
    let empty = ModuleScope::new(&nothing, Vec::new(), BTreeMap::new());
    let mut all = BTreeMap::new();
    for block in files.sources.iter().flat_map(|file| file.blocks("variable")) {
        let Some(name) = labels(block).first().map(|own| (*own).to_owned()) else { continue };
        let is_off = |key: &str| expression(&block.body, key).and_then(Expression::as_bool) == Some(false);
        // A variable that may not be null takes its default in the place of null.
        let given = given.get(&name).filter(|own| own.attr != Attr::Null || !is_off("nullable"));
        let value = match (given, expression(&block.body, "default")) {
            (Some(own), _) => own.clone(),
            (None, Some(own)) => evaluate(own, &Scope::new(&empty)),
            (None, None) => Evaluated::unresolved(),
        };
        let default = |own: &Expression| evaluate(own, &Scope::new(&empty)).attr;
        let value = match expression(&block.body, "type") {
            Some(of) => value.map(|own| convert(own, of, &default)),
            None => value,
        };
        let is_sensitive =
            matches!(expression(&block.body, "sensitive"), Some(own) if own.as_bool() == Some(true));
        let value = if is_sensitive { value.map(|_| Attr::Unknown(Why::Sensitive)) } else { value };
        all.insert(name, value);
    }
    all
}

/// Tells whether an expression refers to another module.
fn mentions_module(own: &Expression) -> bool {
    own.to_string().contains("module.")
}

/// Returns the alias of the provider that a block names: `provider = aws.west`.
fn provider_alias(block: &Block) -> String {
    expression(&block.body, "provider").and_then(alias_of).unwrap_or_default()
}

fn alias_of(own: &Expression) -> Option<String> {
    let Expression::Traversal(own) = own else { return None };
    match own.operators.first().map(hcl_edit::Decorated::value) {
        Some(TraversalOperator::GetAttr(alias)) => Some(alias.to_string()),
        _ => None,
    }
}

/// Returns the providers that a module gets: those it is passed, or the default one.
fn passed(block: &Block, providers: &Providers) -> Providers {
    let Some(Expression::Object(own)) = expression(&block.body, "providers") else {
        return providers.clone();
    };
    let mut all = Providers::new();
    for (key, value) in own {
        let inner = match key {
            hcl_edit::expr::ObjectKey::Ident(_) => Some(String::new()),
            hcl_edit::expr::ObjectKey::Expression(own) => alias_of(own),
        };
        let outer = alias_of(value.expr()).unwrap_or_default();
        if let Some(place) = providers.get(&outer) {
            all.insert(inner.unwrap_or_default(), place.clone());
        }
    }
    all
}
