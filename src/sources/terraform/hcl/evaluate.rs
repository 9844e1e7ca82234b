//! Values of expressions.

use super::functions;
use super::instances::instances;
use super::scope::{Evaluated, Reference, Scope, expression};
use crate::domain::parse_decimal;
use crate::sources::terraform::kind;
use crate::sources::terraform::value::{Attr, Why};
use hcl_edit::expr::{
    BinaryOperator, Expression, Object, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::{Element, Template};
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Works out an expression.
pub(super) fn evaluate(own: &Expression, scope: &Scope<'_, '_>) -> Evaluated {
    Evaluator { scope }.expression(own)
}

/// Works out the attributes and blocks of a body that `wanted` names.
pub(super) fn body(
    own: &Body,
    scope: &Scope<'_, '_>,
    wanted: &dyn Fn(&str) -> bool,
    found: &mut dyn FnMut(&str, Evaluated),
) {
    Evaluator { scope }.attributes(own, wanted, found);
}

#[derive(Clone, Copy)]
struct Evaluator<'e, 's, 'a> {
    scope: &'e Scope<'s, 'a>,
}

/// The values of blocks of one name, what they refer to, and why some are not known.
type Blocks = (Vec<Attr>, Vec<Reference>, Option<Why>);

impl Evaluator<'_, '_, '_> {
    fn expression(self, own: &Expression) -> Evaluated {
        let Some(_step) = self.scope.module.effort.enter() else { return Evaluated::unresolved() };
        match own {
            Expression::Null(_) => Attr::Null.into(),
            Expression::Bool(value) => Attr::Bool(*value.value()).into(),
            Expression::Number(value) => Attr::Number(value.value().to_string()).into(),
            Expression::String(value) => Attr::Text(value.value().clone()).into(),
            Expression::Array(values) => {
                let mut references = Vec::new();
                let each = values.iter().map(|own| self.collecting(own, &mut references));
                let attr = Attr::List(each.collect());
                Evaluated { attr, references }
            }
            Expression::Object(value) => self.object(value),
            Expression::StringTemplate(value) => self.elements(value.iter()),
            Expression::HeredocTemplate(value) => {
                let mut value = value.clone();
                value.dedent();
                let template: &Template = &value.template;
                self.elements(template.iter())
            }
            Expression::Parenthesis(value) => self.expression(value.inner()),
            Expression::Conditional(value) => {
                let condition = self.expression(&value.cond_expr);
                match condition.attr.as_bool() {
                    Some(true) => self.expression(&value.true_expr),
                    Some(false) => self.expression(&value.false_expr),
                    None => Evaluated::unresolved(),
                }
            }
            Expression::FuncCall(value) => {
                let mut references = Vec::new();
                let arguments: Vec<Attr> =
                    value.args.iter().map(|own| self.collecting(own, &mut references)).collect();
                let name = if value.name.namespace.is_empty() { value.name.name.as_str() } else { "" };
                let plain = !value.args.expand_final();
                let attr = Some(()).filter(|()| plain).and_then(|()| functions::call(name, &arguments));
                Evaluated { attr: attr.unwrap_or(Attr::Unknown(Why::Expression)), references }
            }
            Expression::Traversal(value) => self.traversal(value),
            Expression::UnaryOp(value) => {
                let inner = self.expression(&value.expr);
                inner.map(|attr| match (value.operator.value(), &attr) {
                    (UnaryOperator::Not, Attr::Bool(on)) => Attr::Bool(!on),
                    (UnaryOperator::Neg, Attr::Number(number)) => Attr::Number(format!("-{number}")),
                    _ => Attr::Unknown(Why::Expression),
                })
            }
            Expression::BinaryOp(value) => {
                let (one, two) = (self.expression(&value.lhs_expr), self.expression(&value.rhs_expr));
                binary(*value.operator.value(), &one.attr, &two.attr).into()
            }
            Expression::Variable(_) | Expression::ForExpr(_) => Evaluated::unresolved(),
        }
    }

    fn collecting(self, own: &Expression, references: &mut Vec<Reference>) -> Attr {
        let found = self.expression(own);
        references.extend(found.references);
        found.attr
    }

    fn object(self, own: &Object) -> Evaluated {
        let mut references = Vec::new();
        let mut all = BTreeMap::new();
        for (key, value) in own {
            let key = match key {
                ObjectKey::Ident(name) => Some(name.to_string()),
                ObjectKey::Expression(own) => self.expression(own).attr.as_text(),
            };
            let Some(key) = key else { return Evaluated::unresolved() };
            all.insert(key, self.collecting(value.expr(), &mut references));
        }
        Evaluated { attr: Attr::Map(all), references }
    }

    fn elements<'t>(self, elements: impl Iterator<Item = &'t Element>) -> Evaluated {
        let mut text = String::new();
        let mut references = Vec::new();
        let mut unknown = None;
        for element in elements {
            match element {
                Element::Literal(own) => text.push_str(own.value()),
                Element::Interpolation(own) => {
                    let attr = self.collecting(&own.expr, &mut references);
                    match attr.as_text() {
                        Some(own) => text.push_str(&own),
                        None => unknown = unknown.or(attr.unknown_part()).or(Some(Why::Expression)),
                    }
                }
                Element::Directive(_) => unknown = Some(Why::Expression),
            }
        }
        let attr = unknown.map_or(Attr::Text(text), Attr::Unknown);
        Evaluated { attr, references }
    }

    fn traversal(self, own: &Traversal) -> Evaluated {
        let Expression::Variable(root) = &own.expr else {
            let inner = self.expression(&own.expr);
            return self.steps(inner, &own.operators);
        };
        let name = |at: usize| match own.operators.get(at).map(hcl_edit::Decorated::value) {
            Some(TraversalOperator::GetAttr(name)) => Some(name.to_string()),
            _ => None,
        };
        let Some(first) = name(0) else { return Evaluated::unresolved() };
        let rest = |from: usize| own.operators.get(from..).unwrap_or_default();
        let nothing = Evaluated::unresolved;
        match root.value().as_str() {
            "var" => {
                let found = self.scope.module.variables.get(&first).cloned();
                found.map_or_else(nothing, |found| self.steps(found, rest(1)))
            }
            "local" => {
                // A local sees the module, and not the block that uses it.
                let scope = Scope::new(self.scope.module);
                let found = self.scope.module.locals.get(&first);
                let value = found.map_or_else(nothing, |own| Evaluator { scope: &scope }.expression(own));
                self.steps(value, rest(1))
            }
            "module" => {
                let (key, at) = match own.operators.get(1).map(hcl_edit::Decorated::value) {
                    Some(TraversalOperator::Index(own)) => (key_text(&self.expression(own).attr), 2),
                    _ => (Some(String::new()), 1),
                };
                let (Some(key), Some(output)) = (key, name(at)) else { return nothing() };
                let found = self.scope.module.outputs.get(&format!("{first}{key}.{output}")).cloned();
                found.map_or_else(nothing, |found| self.steps(found, rest(at + 1)))
            }
            "data" | "path" | "terraform" | "self" => nothing(),
            root => match self.scope.names.get(&format!("{root}.{first}")).cloned() {
                Some(found) => self.steps(found, rest(1)),
                None => self.resource(&format!("{root}.{first}"), rest(1)),
            },
        }
    }

    /// Works out an attribute of a resource of this module.
    fn resource(self, name: &str, operators: &[hcl_edit::Decorated<TraversalOperator>]) -> Evaluated {
        let Some(block) = self.scope.module.resources.get(name) else { return Evaluated::unresolved() };
        let mut operators = operators.iter().map(hcl_edit::Decorated::value).peekable();
        let mut key = Some(String::new());
        if let Some(TraversalOperator::Index(own)) = operators.peek() {
            key = key_text(&self.expression(own).attr);
            operators.next();
        } else if let Some(TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_)) =
            operators.peek()
        {
            operators.next();
        }
        let modules = self.scope.module.modules.clone();
        let text = format!("{name}{}", key.clone().unwrap_or_default());
        let references = vec![Reference { path: String::new(), modules, text }];
        let after = Evaluated { attr: Attr::Unknown(Why::AfterApply), references: references.clone() };
        let (Some(key), Some(TraversalOperator::GetAttr(attribute))) = (key, operators.next()) else {
            return after;
        };
        let Some(_step) = self.scope.module.effort.enter() else { return after };
        let (all, _) = instances(block, self.scope.module);
        let own = match all.as_slice() {
            [only] if key.is_empty() => Some(only),
            several => several.iter().find(|own| own.key == key),
        };
        let Some(own) = own else { return after };
        let kind = name.split('.').next().unwrap_or_default();
        let found = Evaluator { scope: &own.scope }.attribute(block, kind, attribute.as_str());
        let rest: Vec<&TraversalOperator> = operators.collect();
        let found = rest.into_iter().fold(found, |own, operator| self.step(own, operator));
        match found.attr {
            // What is not written is worked out by the provider.
            Attr::Null | Attr::Unknown(_) => after,
            attr => Evaluated { attr, references },
        }
    }

    /// Works out an attribute as it is written; of the ids that follow from a name, the name.
    fn attribute(self, block: &Block, kind: &str, name: &str) -> Evaluated {
        let found = self.named(&block.body, name);
        if found.attr != Attr::Null {
            return found;
        }
        let own = |attribute: &str| self.named(&block.body, attribute).attr.as_text();
        match (kind, name) {
            (kind::BUCKET, "id") => own("bucket").map(Attr::Text),
            (kind::BUCKET, "arn") => own("bucket").map(|own| Attr::Text(format!("arn:aws:s3:::{own}"))),
            (kind::LOG_GROUP | kind::RULE | kind::WORKGROUP | kind::METRIC_FILTER, "id") => {
                own("name").map(Attr::Text)
            }
            _ => None,
        }
        .map_or(found, Evaluated::from)
    }

    /// Works out an attribute or the blocks of a name.
    fn named(self, own: &Body, name: &str) -> Evaluated {
        let mut found = Evaluated::from(Attr::Null);
        self.attributes(own, &|key| key == name, &mut |_, value| found = value);
        found
    }

    fn attributes(self, own: &Body, wanted: &dyn Fn(&str) -> bool, found: &mut dyn FnMut(&str, Evaluated)) {
        for attribute in own.attributes().filter(|own| wanted(own.key.as_str())) {
            let name = attribute.key.as_str();
            let mut value = self.expression(&attribute.value);
            value.references.iter_mut().for_each(|own| name.clone_into(&mut own.path));
            found(name, value);
        }
        let mut blocks: BTreeMap<String, Blocks> = BTreeMap::new();
        for block in own.blocks() {
            let dynamic = block.ident.as_str() == "dynamic";
            let name = if dynamic {
                block.labels.first().map(hcl_edit::structure::BlockLabel::as_str).unwrap_or_default()
            } else {
                block.ident.as_str()
            };
            if !wanted(name) {
                continue;
            }
            let all = blocks.entry(name.to_owned()).or_default();
            if !dynamic {
                let inner = self.block(&block.body);
                all.0.push(inner.attr);
                all.1.extend(inner.references);
            } else if self.dynamic(block, name, &mut all.0, &mut all.1).is_none() {
                all.2 = Some(Why::Expression);
            }
        }
        for (name, (values, references, unknown)) in blocks {
            let attr = unknown.map_or(Attr::List(values), Attr::Unknown);
            let references =
                references.into_iter().map(|own| Reference { path: format!("{name}.{}", own.path), ..own });
            let references = references.collect();
            found(&name, Evaluated { attr, references });
        }
    }

    /// Works out a block inside another.
    fn block(self, own: &Body) -> Evaluated {
        let mut all = BTreeMap::new();
        let mut references = Vec::new();
        let Some(_step) = self.scope.module.effort.enter() else { return Evaluated::unresolved() };
        self.attributes(own, &|_| true, &mut |name, value| {
            references.extend(value.references);
            all.insert(name.to_owned(), value.attr);
        });
        Evaluated { attr: Attr::Map(all), references }
    }

    /// Works out a dynamic block; nothing where its `for_each` cannot be.
    fn dynamic(
        self,
        block: &Block,
        name: &str,
        values: &mut Vec<Attr>,
        references: &mut Vec<Reference>,
    ) -> Option<()> {
        let content = block.body.get_blocks("content").next()?;
        let each = self.expression(expression(&block.body, "for_each")?);
        let iterator = match expression(&block.body, "iterator") {
            Some(Expression::Variable(own)) => own.value().to_string(),
            Some(_) => return None,
            None => name.to_owned(),
        };
        let pairs: Vec<(Attr, Attr)> = match each.attr {
            Attr::List(own) => {
                own.into_iter().enumerate().map(|(at, own)| (Attr::Number(at.to_string()), own)).collect()
            }
            // The key of a set's element is the element.
            Attr::Set(own) => own.into_iter().map(|own| (own.clone(), own)).collect(),
            Attr::Map(own) => own.into_iter().map(|(key, own)| (Attr::Text(key), own)).collect(),
            _ => return None,
        };
        for (key, value) in pairs {
            let value = Evaluated { attr: value, references: each.references.clone() };
            let scope = self.scope.with(&iterator, key, value);
            let inner = Evaluator { scope: &scope }.block(&content.body);
            values.push(inner.attr);
            references.extend(inner.references);
        }
        Some(())
    }

    fn steps(self, own: Evaluated, operators: &[hcl_edit::Decorated<TraversalOperator>]) -> Evaluated {
        operators.iter().fold(own, |own, operator| self.step(own, operator.value()))
    }

    fn step(self, own: Evaluated, operator: &TraversalOperator) -> Evaluated {
        let key = match operator {
            TraversalOperator::GetAttr(name) => Some(name.to_string()),
            TraversalOperator::Index(index) => self.expression(index).attr.as_text(),
            TraversalOperator::LegacyIndex(index) => Some(index.value().to_string()),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
        };
        own.map(|attr| {
            match (attr, key) {
                (Attr::Map(all), Some(key)) => all.get(&key).cloned(),
                (Attr::List(all), Some(key)) => key.parse().ok().and_then(|at: usize| all.get(at).cloned()),
                (Attr::Unknown(why), _) => Some(Attr::Unknown(why)),
                _ => None,
            }
            .unwrap_or(Attr::Unknown(Why::Expression))
        })
    }
}

/// Writes an index as it stands in an address.
fn key_text(own: &Attr) -> Option<String> {
    match own {
        Attr::Number(own) => Some(format!("[{own}]")),
        Attr::Text(own) => Some(format!("[{}]", serde_json::Value::String(own.clone()))),
        _ => None,
    }
}

fn number(own: &Attr) -> Option<Decimal> {
    match own {
        Attr::Number(text) | Attr::Text(text) => parse_decimal(text).ok(),
        _ => None,
    }
}

fn binary(operator: BinaryOperator, one: &Attr, two: &Attr) -> Attr {
    let known = one.unknown_part().is_none() && two.unknown_part().is_none();
    let order = || Some(number(one)?.cmp(&number(two)?));
    let found = match (operator, one.as_bool(), two.as_bool()) {
        (BinaryOperator::Eq, ..) if known => Some(one == two),
        (BinaryOperator::NotEq, ..) if known => Some(one != two),
        (BinaryOperator::Less, ..) => order().map(Ordering::is_lt),
        (BinaryOperator::LessEq, ..) => order().map(Ordering::is_le),
        (BinaryOperator::Greater, ..) => order().map(Ordering::is_gt),
        (BinaryOperator::GreaterEq, ..) => order().map(Ordering::is_ge),
        (BinaryOperator::And, Some(one), Some(two)) => Some(one && two),
        (BinaryOperator::Or, Some(one), Some(two)) => Some(one || two),
        _ => None,
    };
    found.map_or(Attr::Unknown(Why::Expression), Attr::Bool)
}
