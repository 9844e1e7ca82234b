//! Terraform: what fragments share, and the fragments as one configuration.

use super::artefacts::Artefacts;
use super::hcl::{Item, Value, quote};
use super::names::plain;
use super::resource::Place;
use crate::domain::{AccountId, RegionCode};
use std::collections::BTreeSet;

/// Says how what stands once for each account is applied.
const ONE_OF_EACH_ACCOUNT: &str = "# One of these stands for many accounts. Either apply this configuration once for each of them, with a workspace and a\n\
    # profile of its own (terraform workspace select ACCOUNT; terraform apply -var profile_each_account=PROFILE), or put the\n\
    # resources below in a module and call it once for each account, with a provider alias for each\n\
    # (providers = { aws.each_account = aws.account_ACCOUNT }).\n";

/// Returns the name of the provider configuration for a place.
fn alias(place: &Place) -> String {
    match place {
        Place::Account(id) => format!("account_{id}"),
        Place::EachAccount(_) => "each_account".to_owned(),
        Place::Organization => "organization".to_owned(),
    }
}

/// Returns the arguments that say in which account and Region a resource is.
pub(super) fn place(place: &Place, region: &RegionCode) -> Vec<Item> {
    vec![
        Item::set("provider", Value::raw(format!("aws.{}", alias(place)))),
        Item::set("region", Value::text(region.as_str())),
    ]
}

/// Returns the block that leaves alone what the model does not know.
pub(super) fn keeps(arguments: &[&str]) -> Item {
    let names = arguments.iter().map(|&own| own.to_owned()).collect();
    Item::block("lifecycle", vec![Item::set("ignore_changes", Value::Raws(names))])
}

impl Artefacts {
    /// Returns every fragment in one configuration, with the providers that they name.
    ///
    /// The resources exist: they are to be merged into the configuration that manages them, or imported.
    pub fn terraform(&self) -> String {
        let used: BTreeSet<(String, String)> = self
            .changes
            .iter()
            .map(|own| (alias(&own.resource.place), own))
            .filter(|(name, own)| own.terraform.contains(&format!("= aws.{name}\n")))
            .map(|(name, own)| (name, own.resource.place.to_string()))
            .collect();
        let required = Item::block(
            "aws",
            vec![
                Item::set("source", Value::text("hashicorp/aws")),
                Item::set("version", Value::text(">= 6.0")),
            ],
        );
        let mut text = String::from(
            "# The changed resources as they should be. They exist already: merge their arguments into the configuration that\n\
             # manages them, or import them. A plan must show the changes listed above each, and nothing else.\n\n",
        );
        text.push_str(&super::hcl::render(&[Item::block("terraform", vec![braced(&required)])]));
        let mut described = BTreeSet::new();
        for (name, place) in used {
            if !described.insert(name.clone()) {
                continue;
            }
            let items = vec![
                Item::set("alias", Value::text(&name)),
                Item::set("profile", Value::raw(format!("var.profile_{name}"))),
            ];
            let variable = vec![
                Item::set("description", Value::text(format!("The AWS CLI profile for {place}"))),
                Item::set("type", Value::raw("string")),
                Item::set("default", Value::raw("null")),
            ];
            text.push('\n');
            if name == alias(&Place::EachAccount(Vec::new())) {
                text.push_str(ONE_OF_EACH_ACCOUNT);
            }
            text.push_str(&super::hcl::render(&[
                Item::block("provider \"aws\"", items),
                Item::Block(format!("variable {}", quote(&format!("profile_{name}"))), variable),
            ]));
        }
        for change in self.changes.iter().filter(|own| !own.terraform.is_empty()) {
            text.push_str(&format!("\n# ---- {}\n", plain(&change.resource.describe())));
            for line in &change.what {
                text.push_str(&format!("# {line}\n"));
            }
            if let Place::EachAccount(accounts) = &change.resource.place {
                let list: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
                let list = if list.is_empty() { "every account".to_owned() } else { list.join(", ") };
                text.push_str(&format!(
                    "# There is one of it in each account: this stands once for each of {list}.\n"
                ));
            }
            text.push('\n');
            text.push_str(&change.terraform);
        }
        text
    }
}

/// Returns `required_providers`, whose entry is an object and not a block.
fn braced(provider: &Item) -> Item {
    let (Item::Block(name, items), pad) = (provider, "    ") else {
        return Item::block("required_providers", Vec::new());
    };
    let inner = super::hcl::render(items);
    let lines: Vec<String> = inner.lines().map(|own| format!("{pad}  {own}\n")).collect();
    let object = format!("{{\n{}{pad}}}", lines.concat());
    Item::block("required_providers", vec![Item::set(name, Value::Raw(object))])
}
