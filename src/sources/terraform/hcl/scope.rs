//! What names stand for inside a module.

use super::files::ModuleFiles;
use crate::sources::terraform::value::{Attr, Why};
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use std::cell::Cell;
use std::collections::BTreeMap;

/// A value with the resources that its expression refers to, each with the modules that it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evaluated {
    pub(super) attr: Attr,
    pub(super) references: Vec<Reference>,
}

/// A reference to a resource, such as `aws_s3_bucket.logs[0]`, inside modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// The attribute whose expression refers to it, with the blocks around it: `rule.destination.bucket`.
    pub(super) path: String,
    pub(super) modules: Vec<(String, String)>,
    pub(super) text: String,
}

impl From<Attr> for Evaluated {
    fn from(attr: Attr) -> Self {
        Self { attr, references: Vec::new() }
    }
}

impl Evaluated {
    /// A value that only Terraform can work out.
    pub(super) fn unresolved() -> Self {
        Attr::Unknown(Why::Expression).into()
    }

    /// Changes the value and keeps the references.
    pub(super) fn map(self, change: impl FnOnce(Attr) -> Attr) -> Self {
        Self { attr: change(self.attr), references: self.references }
    }
}

/// How deep, and how far, expressions of a module are followed: a cycle or a bomb ends there.
#[derive(Debug)]
pub(super) struct Effort {
    depth: Cell<u32>,
    steps: Cell<u32>,
}

impl Effort {
    /// The deepest nesting of expressions, names followed among them.
    const DEEPEST: u32 = 200;
    /// The most expressions that are worked out in a module.
    const MOST: u32 = 2_000_000;

    fn new() -> Self {
        Self { depth: Cell::new(Self::DEEPEST), steps: Cell::new(Self::MOST) }
    }

    /// Goes a step deeper, until what is returned is dropped; nothing where that is too far.
    pub(super) fn enter(&self) -> Option<Step<'_>> {
        let (depth, steps) = (self.depth.get().checked_sub(1)?, self.steps.get().checked_sub(1)?);
        self.depth.set(depth);
        self.steps.set(steps);
        Some(Step(self))
    }
}

/// A step that is being worked out.
pub(super) struct Step<'e>(&'e Effort);

impl Drop for Step<'_> {
    fn drop(&mut self) {
        self.0.depth.set(self.0.depth.get() + 1);
    }
}

/// A module with its names.
#[derive(Debug)]
pub(super) struct ModuleScope<'a> {
    /// Names and keys of the modules on the way from the root.
    pub(super) modules: Vec<(String, String)>,
    pub(super) variables: BTreeMap<String, Evaluated>,
    pub(super) locals: BTreeMap<String, &'a Expression>,
    /// Resource blocks by `type.name`.
    pub(super) resources: BTreeMap<String, &'a Block>,
    /// Values of the outputs of modules inside this one, by `name.output`; by `name[key].output` where there are several.
    pub(super) outputs: BTreeMap<String, Evaluated>,
    pub(super) effort: Effort,
}

impl<'a> ModuleScope<'a> {
    /// Takes the names of files; `given` are the values of variables.
    pub(super) fn new(
        files: &'a ModuleFiles,
        modules: Vec<(String, String)>,
        given: BTreeMap<String, Evaluated>,
    ) -> Self {
        let mut own = Self {
            modules,
            variables: given,
            locals: BTreeMap::new(),
            resources: BTreeMap::new(),
            outputs: BTreeMap::new(),
            effort: Effort::new(),
        };
        for file in &files.sources {
            for block in file.blocks("locals") {
                for attribute in block.body.attributes() {
                    own.locals.insert(attribute.key.to_string(), &attribute.value);
                }
            }
            for block in file.blocks("resource") {
                if let [kind, name] = labels(block).as_slice() {
                    own.resources.insert(format!("{kind}.{name}"), block);
                }
            }
        }
        own
    }
}

/// The names inside one block.
#[derive(Debug, Clone)]
pub(super) struct Scope<'s, 'a> {
    pub(super) module: &'s ModuleScope<'a>,
    /// `count.index`, `each.key`, `each.value`, and the iterators of dynamic blocks, by `name.part`.
    pub(super) names: BTreeMap<String, Evaluated>,
}

impl<'s, 'a> Scope<'s, 'a> {
    pub(super) fn new(module: &'s ModuleScope<'a>) -> Self {
        Self { module, names: BTreeMap::new() }
    }

    pub(super) fn with(&self, name: &str, key: Attr, value: Evaluated) -> Self {
        let mut own = self.clone();
        own.names.insert(format!("{name}.key"), key.into());
        own.names.insert(format!("{name}.value"), value);
        own
    }
}

/// Returns a block's labels.
pub(super) fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(hcl_edit::structure::BlockLabel::as_str).collect()
}

/// Returns the expression of an attribute.
pub(super) fn expression<'b>(body: &'b Body, name: &str) -> Option<&'b Expression> {
    body.get_attribute(name).map(|own| &own.value)
}
