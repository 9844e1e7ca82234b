//! Override files: what they say takes the place of what the other files of a module say.
//!
//! Source: Terraform language, "Override Files".

use super::files::SourceFile;
use super::scope::{expression, labels};
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

/// Tells whether a file overrides others, by its name.
pub(super) fn is_override(name: &str) -> bool {
    name == "override.tf" || name.ends_with("_override.tf")
}

/// Merges an override file into the others of its module.
///
/// # Errors
/// What it overrides and no other file has.
pub(super) fn merge(sources: &mut [SourceFile], own: &SourceFile) -> Result<(), String> {
    for block in own.body.blocks() {
        match block.ident.as_str() {
            "locals" => locals(sources, block)?,
            "resource" | "data" | "module" | "variable" | "output" | "provider" | "terraform" => {
                let found = sources
                    .iter_mut()
                    .find_map(|file| file.body.blocks_mut().find(|base| is_same(base, block)));
                match found {
                    Some(base) => body(&mut base.body, &block.body),
                    // Settings of Terraform itself need not stand anywhere else.
                    None if block.has_ident("terraform") => {}
                    None => return Err(name(block)),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Names a block: its kind and labels.
fn name(block: &Block) -> String {
    [vec![block.ident.as_str()], labels(block)].concat().join(" ")
}

/// Tells whether a block overrides another. Providers are told apart by their aliases.
fn is_same(base: &Block, own: &Block) -> bool {
    let alias = |own: &Block| expression(&own.body, "alias").and_then(Expression::as_str).map(str::to_owned);
    let is_provider = own.has_ident("provider");
    name(base) == name(own) && (!is_provider || alias(base) == alias(own))
}

/// Overrides local values, whichever block they stand in.
fn locals(sources: &mut [SourceFile], own: &Block) -> Result<(), String> {
    for attribute in own.body.attributes() {
        let key = attribute.key.as_str();
        let mut all = sources.iter_mut().flat_map(|file| file.body.get_blocks_mut("locals"));
        let base = all.find(|base| base.body.has_attribute(key)).ok_or_else(|| format!("local.{key}"))?;
        set(&mut base.body, attribute);
    }
    Ok(())
}

/// Overrides attributes one by one, and blocks of a name all together.
fn body(base: &mut Body, own: &Body) {
    for attribute in own.attributes() {
        set(base, attribute);
    }
    for block in own.blocks() {
        let is_replaced =
            |own: &Structure| own.as_block().is_some_and(|own| block_name(own) == block_name(block));
        loop {
            let found = base.iter().position(is_replaced);
            let Some(at) = found else { break };
            base.remove(at);
        }
    }
    for block in own.blocks() {
        // A copy keeps no place: that of the override file is none of the base's.
        let mut copy = Block::new(block.ident.clone());
        copy.labels.clone_from(&block.labels);
        copy.body.clone_from(&block.body);
        base.push(copy);
    }
}

/// Returns the name of a block, or of those that a dynamic block makes.
fn block_name(own: &Block) -> &str {
    if own.has_ident("dynamic") {
        labels(own).first().copied().unwrap_or_default()
    } else {
        own.ident.as_str()
    }
}

/// Sets an attribute, without a place.
fn set(base: &mut Body, own: &Attribute) {
    base.remove_attribute(own.key.as_str());
    base.push(Attribute::new(own.key.clone(), own.value.clone()));
}
