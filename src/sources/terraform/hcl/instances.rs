//! The instances that `count` and `for_each` make of a block.

use super::evaluate::evaluate;
use super::scope::{Evaluated, ModuleScope, Scope, expression};
use crate::sources::terraform::value::Attr;
use hcl_edit::structure::Block;

/// More instances than this are not made of a block.
const MOST: u32 = 10_000;

/// An instance of a block.
#[derive(Debug, Clone)]
pub(super) struct Instance<'s, 'a> {
    /// The key with its brackets; empty without `count` and `for_each`.
    pub(super) key: String,
    pub(super) scope: Scope<'s, 'a>,
}

/// Returns a block's instances, and whether their number is known. Of an unknown number one is taken.
pub(super) fn instances<'s, 'a>(block: &Block, module: &'s ModuleScope<'a>) -> (Vec<Instance<'s, 'a>>, bool) {
    let plain = Scope::new(module);
    let alone = || vec![Instance { key: String::new(), scope: Scope::new(module) }];
    if let Some(own) = expression(&block.body, "count") {
        let count = evaluate(own, &plain).attr.as_text().and_then(|own| own.parse::<u32>().ok());
        let Some(count) = count.filter(|own| *own <= MOST) else { return (alone(), false) };
        let each = (0..count).map(|at| {
            let mut scope = plain.clone();
            scope.names.insert("count.index".to_owned(), Attr::Number(at.to_string()).into());
            Instance { key: format!("[{at}]"), scope }
        });
        return (each.collect(), true);
    }
    let Some(own) = expression(&block.body, "for_each") else { return (alone(), true) };
    let each = evaluate(own, &plain);
    let pairs: Option<Vec<(String, Attr)>> = match each.attr {
        Attr::Map(own) => Some(own.into_iter().collect()),
        Attr::List(own) | Attr::Set(own) => {
            own.into_iter().map(|own| own.as_text().map(|key| (key.clone(), Attr::Text(key)))).collect()
        }
        _ => None,
    };
    let Some(pairs) = pairs.filter(|own| own.len() <= MOST as usize) else { return (alone(), false) };
    let made = pairs.into_iter().map(|(key, value)| Instance {
        scope: plain.with(
            "each",
            Attr::Text(key.clone()),
            Evaluated { attr: value, references: each.references.clone() },
        ),
        key: format!("[{}]", serde_json::Value::String(key)),
    });
    (made.collect(), true)
}
