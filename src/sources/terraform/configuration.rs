//! The configuration inside a plan: which resource's expression refers to which other, and where providers stand.

use super::address::Address;
use super::callers::DEFAULT_PROVIDER;
use super::kind::{self, CALLER, CURRENT_REGION};
use super::plan::drop_computed;
use super::resource::{Provider, Resource};
use crate::domain::Setting;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What a reference to a local begins with.
const LOCAL: &str = "local";

/// The deepest chain of variables and outputs that is followed.
const DEEPEST: u32 = 32;

#[derive(Deserialize, Default)]
struct Wire<'a> {
    #[serde(borrow, default)]
    provider_config: BTreeMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    root_module: WireModule<'a>,
}

#[derive(Deserialize, Default)]
struct WireModule<'a> {
    #[serde(borrow, default)]
    resources: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    module_calls: BTreeMap<String, WireCall<'a>>,
    #[serde(borrow, default)]
    outputs: BTreeMap<String, &'a RawValue>,
}

#[derive(Deserialize, Default)]
struct WireCall<'a> {
    #[serde(borrow, default)]
    expressions: BTreeMap<String, &'a RawValue>,
    #[serde(borrow, default)]
    module: Option<Box<WireModule<'a>>>,
}

#[derive(Deserialize)]
struct WireResource<'a> {
    #[serde(borrow, default)]
    address: Cow<'a, str>,
    #[serde(borrow, default, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(default)]
    provider_config_key: Option<String>,
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct WireProvider {
    #[serde(default)]
    alias: Option<String>,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    expressions: ProviderExpressions,
}

#[derive(Deserialize, Default)]
struct ProviderExpressions {
    #[serde(default)]
    region: Option<Value>,
    #[serde(default)]
    allowed_account_ids: Option<Value>,
}

#[derive(Deserialize, Default)]
struct WireOutput {
    #[serde(default)]
    expression: Value,
}

/// A resource's expressions: what each attribute refers to.
#[derive(Debug, Default)]
struct Expressions {
    written: Vec<String>,
    references: BTreeMap<String, Vec<String>>,
    provider: Option<String>,
}

/// A provider, and where its resources stand.
struct Configured {
    provider: Provider,
    region: Option<String>,
    /// The one account that it may be used in, where there is one only.
    account: Option<String>,
}

/// The configuration of a plan.
#[derive(Default)]
pub(super) struct Configuration<'a> {
    root: WireModule<'a>,
    /// By module path and resource.
    resources: BTreeMap<(Vec<String>, String), Expressions>,
    providers: BTreeMap<String, Configured>,
}

impl<'a> Configuration<'a> {
    /// Reads it; `variables` are those of the root module.
    pub(super) fn read(raw: &'a RawValue, variables: Option<&'a RawValue>) -> serde_json::Result<Self> {
        let wire: Wire<'a> = serde_json::from_str(raw.get())?;
        let mut own = Self { root: wire.root_module, ..Self::default() };
        let mut waiting: Vec<(Vec<String>, &WireModule<'_>)> = vec![(Vec::new(), &own.root)];
        let mut resources = BTreeMap::new();
        while let Some((path, module)) = waiting.pop() {
            for raw in &module.resources {
                if let Some((address, expressions)) = read_resource(raw) {
                    resources.insert((path.clone(), address), expressions);
                }
            }
            for (name, call) in &module.module_calls {
                if let Some(inner) = &call.module {
                    let path = path.iter().chain([name]).cloned().collect();
                    waiting.push((path, inner));
                }
            }
        }
        own.resources = resources;
        let variables: BTreeMap<String, &RawValue> =
            variables.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        for (key, raw) in &wire.provider_config {
            let Ok(provider) = serde_json::from_str::<WireProvider>(raw.get()) else { continue };
            let full = provider.full_name.as_deref().or(provider.name.as_deref()).unwrap_or_default();
            if full.rsplit('/').next() != Some("aws") {
                continue;
            }
            let region = provider.expressions.region.as_ref();
            let written = region.map(|own| own.get("constant_value").and_then(Value::as_str));
            let literal = match written {
                None => Setting::NotSet,
                Some(None) => Setting::Unknown,
                Some(Some(region)) => Setting::Is(region.to_owned()),
            };
            let resolved = literal.value().cloned().or_else(|| variable_of(region?, &variables));
            let account = provider.expressions.allowed_account_ids.as_ref();
            let account = account.and_then(|own| only_account(own, &variables));
            let alias = provider.alias.unwrap_or_default();
            let provider = Provider { alias, region: literal, place: None };
            own.providers.insert(key.to_string(), Configured { provider, region: resolved, account });
        }
        Ok(own)
    }

    /// Returns the providers.
    pub(super) fn providers(&self) -> Vec<Provider> {
        self.providers.values().map(|own| own.provider.clone()).collect()
    }

    /// Returns the provider that reads data, such as `module.a.data.aws_region.current[0]`.
    pub(super) fn provider_of(&self, data: &str) -> Option<String> {
        let address = Address::parse_data(data)?;
        self.provider_key(self.expressions(&address)?.provider.as_deref()?)
    }

    /// Returns the key of a configured provider. A module's own that is not configured there is its caller's.
    fn provider_key(&self, key: &str) -> Option<String> {
        let bare = key.rsplit(':').next().unwrap_or(key);
        let only = || self.providers.keys().next().filter(|_| self.providers.len() == 1).cloned();
        let own = [key, bare].into_iter().find(|own| self.providers.contains_key(*own)).map(str::to_owned);
        let own = own.or_else(only)?;
        let is_default = self.providers.get(&own).is_some_and(|own| own.provider.alias.is_empty());
        Some(if is_default && !own.contains(':') { DEFAULT_PROVIDER.to_owned() } else { own })
    }

    fn expressions(&self, address: &Address) -> Option<&Expressions> {
        let path: Vec<String> = address.path().into_iter().map(str::to_owned).collect();
        self.resources.get(&(path, address.resource.clone()))
    }

    /// Says which each resource's provider is, and in which Region it stands.
    pub(super) fn set_regions(&self, resources: &mut [Resource]) {
        for own in resources {
            let Some(address) = Address::parse(own.configured_address()) else { continue };
            let key = self.expressions(&address).and_then(|found| found.provider.as_deref());
            let only = || self.providers.values().next().filter(|_| self.providers.len() == 1);
            let provider = match key {
                // A module's own provider that is not configured there is its caller's.
                Some(key) => self.providers.get(key).or_else(|| {
                    let bare = key.rsplit(':').next().unwrap_or(key);
                    self.providers.get(bare).or_else(only)
                }),
                None => only(),
            };
            own.provider_region = Setting::known(provider.and_then(|own| own.region.clone()));
            own.provider_account = provider.and_then(|own| own.account.clone());
            own.provider = key.and_then(|key| self.provider_key(key));
        }
    }

    /// Adds to the resources of a plan what only the configuration tells of them.
    pub(super) fn complete(&self, resources: &mut [Resource]) {
        self.set_regions(resources);
        let addresses: Vec<Address> =
            resources.iter().filter_map(|own| Address::parse(&own.address)).collect();
        let instances = Instances::new(&addresses);
        for (own, address) in resources.iter_mut().zip(&addresses) {
            let Some(found) = self.expressions(address) else { continue };
            drop_computed(own, |key| found.written.iter().any(|written| written == key));
            for (leaf, texts) in &found.references {
                let mut all = Vec::new();
                let from = (&instances, key_of(texts, &address.key));
                for text in texts {
                    self.follow(&address.modules, text, from, DEEPEST, &mut all);
                }
                all.dedup();
                if !all.is_empty() {
                    own.references.insert(leaf.clone(), all);
                }
            }
        }
    }

    /// Finds the resources that a reference leads to, through variables and outputs. What a local stands for is not in a
    /// plan: the local itself is taken.
    fn follow(
        &self,
        modules: &[(String, String)],
        text: &str,
        from: (&Instances, &str),
        depth: u32,
        found: &mut Vec<String>,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let mut parts = text.split('.');
        match (parts.next(), parts.next()) {
            (Some("var"), Some(name)) => {
                let Some(((module, module_key), outer)) = modules.split_last() else { return };
                let name = name.split('[').next().unwrap_or(name);
                let call = self.module(outer).and_then(|own| own.module_calls.get(module));
                let raw = call.and_then(|call| call.expressions.get(name));
                let value = raw.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
                let texts: Vec<String> = value.iter().flat_map(leaf_references).collect();
                let from = (from.0, key_of(&texts, module_key));
                for text in &texts {
                    self.follow(outer, text, from, depth, found);
                }
            }
            (Some("module"), Some(part)) => {
                let name = part.split('[').next().unwrap_or(part);
                let module_key = &part[name.len()..];
                let Some(output) = parts.next() else { return };
                let output = output.split('[').next().unwrap_or(output);
                let mut inner = modules.to_vec();
                inner.push((name.to_owned(), module_key.to_owned()));
                let raw = self.module(&inner).and_then(|own| own.outputs.get(output));
                let value = raw.and_then(|raw| serde_json::from_str::<WireOutput>(raw.get()).ok());
                for text in value.iter().flat_map(|own| leaf_references(&own.expression)) {
                    self.follow(&inner, &text, (from.0, ""), depth, found);
                }
            }
            (Some(LOCAL), Some(_)) => found.push(text.to_owned()),
            (Some(_), Some(_)) => {
                if let Some(own) = from.0.find(modules, text, from.1)
                    && !found.contains(&own)
                {
                    found.push(own);
                }
            }
            _ => {}
        }
    }

    fn module(&self, path: &[(String, String)]) -> Option<&WireModule<'a>> {
        path.iter().try_fold(&self.root, |module, (name, _)| module.module_calls.get(name)?.module.as_deref())
    }
}

/// Returns the key of the instance that an expression stands in, if the expression uses it as a key.
fn key_of<'k>(texts: &[String], key: &'k str) -> &'k str {
    let uses = |own: &str| texts.iter().any(|text| text == own);
    let parts = texts.iter().any(|own| own.starts_with("each.value."));
    let is_used = uses("each.key") || uses("count.index") || (uses("each.value") && !parts);
    if is_used { key } else { "" }
}

fn read_resource(raw: &RawValue) -> Option<(String, Expressions)> {
    let wire: WireResource<'_> = serde_json::from_str(raw.get()).ok()?;
    let is_caller = [CALLER, CURRENT_REGION].contains(&wire.kind.as_ref());
    if !is_caller {
        kind::find(&wire.kind)?;
    }
    let mut own = Expressions { provider: wire.provider_config_key, ..Expressions::default() };
    let value = wire.expressions.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let Some(Value::Object(all)) = value else { return Some((wire.address.into_owned(), own)) };
    for (key, value) in &all {
        own.written.push(key.clone());
        collect(key, value, &mut own.references, DEEPEST);
    }
    Some((wire.address.into_owned(), own))
}

/// Takes the references of an expression, or of the attributes of a block, under the attribute's path.
fn collect(leaf: &str, value: &Value, found: &mut BTreeMap<String, Vec<String>>, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(own) => own.iter().for_each(|own| collect(leaf, own, found, depth)),
        Value::Object(own) => match own.get("references") {
            Some(Value::Array(_)) => {
                let all = found.entry(leaf.to_owned()).or_default();
                all.extend(leaf_references(value));
            }
            _ => own.iter().for_each(|(key, own)| collect(&format!("{leaf}.{key}"), own, found, depth)),
        },
        _ => {}
    }
}

/// Returns the references of an expression.
fn leaf_references(value: &Value) -> Vec<String> {
    let all = value.get("references").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Returns the value of the variable that an expression is, if it is a text.
fn variable_of(expression: &Value, variables: &BTreeMap<String, &RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Variable {
        value: String,
    }
    let references = leaf_references(expression);
    let [only] = references.as_slice() else { return None };
    let raw = variables.get(only.strip_prefix("var.")?)?;
    serde_json::from_str::<Variable>(raw.get()).ok().map(|own| own.value)
}

/// Returns the account of a list of account ids that has one only.
fn only_account(expression: &Value, variables: &BTreeMap<String, &RawValue>) -> Option<String> {
    match expression.get("constant_value").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => only.as_str().map(str::to_owned),
        Some(_) => None,
        None => variable_of(expression, variables),
    }
}

/// The instances of a side, to be found by what refers to them.
#[derive(Debug, Default)]
pub(super) struct Instances {
    addresses: BTreeSet<String>,
    /// By module path and resource: how many there are, and the first.
    groups: BTreeMap<(Vec<String>, String), (usize, String)>,
}

impl Instances {
    pub(super) fn new<'r>(addresses: impl IntoIterator<Item = &'r Address>) -> Self {
        let mut own = Self::default();
        for address in addresses {
            let path = address.path().into_iter().map(str::to_owned).collect();
            let text = whole(address);
            let group = own.groups.entry((path, address.resource.clone())).or_insert((0, text.clone()));
            group.0 += 1;
            own.addresses.insert(text);
        }
        own
    }

    /// Returns the one instance that a reference such as `aws_s3_bucket.logs["x"].id` means; of several without a key the
    /// one with the key of the resource that refers to it.
    pub(super) fn find(&self, modules: &[(String, String)], text: &str, key: &str) -> Option<String> {
        // Of `type.name[key].attribute` only the first two parts matter; a key may hold dots.
        let (kind, rest) = text.split_once('.')?;
        let named = match (rest.find('['), rest.find('.')) {
            (Some(open), dot) if dot.is_none_or(|dot| open < dot) => {
                let close = rest.find("].").map(|at| at + 1).or(rest.ends_with(']').then_some(rest.len()))?;
                &rest[..close]
            }
            (_, Some(dot)) => &rest[..dot],
            _ => rest,
        };
        let wanted = Address::parse(&format!("{kind}.{named}"))?;
        let at = |key: &str| {
            let own =
                Address { modules: modules.to_vec(), resource: wanted.resource.clone(), key: key.to_owned() };
            self.addresses.get(&whole(&own)).cloned()
        };
        if let Some(found) = at(&wanted.key).or_else(|| at(key).filter(|_| wanted.key.is_empty())) {
            return Some(found);
        }
        let path = modules.iter().map(|(name, _)| name.clone()).collect();
        let (count, first) = self.groups.get(&(path, wanted.resource))?;
        (*count == 1 && wanted.key.is_empty()).then(|| first.clone())
    }
}

/// Writes an address.
fn whole(own: &Address) -> String {
    let modules: Vec<String> = own.modules.iter().map(|(name, key)| format!("module.{name}{key}.")).collect();
    let modules = modules.concat();
    format!("{modules}{}{}", own.resource, own.key)
}
