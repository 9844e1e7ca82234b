//! Resource addresses: `module.a["x"].aws_cloudtrail.main[0]`.

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Names and keys of the modules on the way, from the root.
    pub(super) modules: Vec<(String, String)>,
    /// Type and name, such as `aws_cloudtrail.main`.
    pub(super) resource: String,
    /// The key with its brackets, such as `["x"]` or `[0]`; empty for a resource without `count` and `for_each`.
    pub(super) key: String,
}

impl Address {
    /// Takes an address apart; nothing where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (modules, parts) = parts(text)?;
        let [(kind, _), (name, key)] = parts.as_slice() else {
            return None;
        };
        if kind == "module" {
            return None;
        }
        Some(Self { modules, resource: format!("{kind}.{name}"), key: key.clone() })
    }

    /// Takes the address of data apart: `module.a.data.aws_region.current`.
    pub(super) fn parse_data(text: &str) -> Option<Self> {
        let (modules, parts) = parts(text)?;
        let [(mode, _), (kind, _), (name, key)] = parts.as_slice() else {
            return None;
        };
        (mode == "data").then(|| Self { modules, resource: format!("data.{kind}.{name}"), key: key.clone() })
    }

    /// Returns the modules' names without keys: where the module stands in the configuration.
    pub(super) fn path(&self) -> Vec<&str> {
        self.modules.iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// A name with its key, which may be empty.
type Part = (String, String);

/// Takes the modules on the way apart from the rest.
fn parts(text: &str) -> Option<(Vec<Part>, Vec<Part>)> {
    let mut parts = split(text)?;
    let mut modules = Vec::new();
    while parts.len() > 2 && parts[0].0 == "module" {
        let (name, key) = parts[1].clone();
        modules.push((name, key));
        parts.drain(..2);
    }
    Some((modules, parts))
}

/// Splits at the dots outside brackets; each part with the key that follows it.
fn split(text: &str) -> Option<Vec<Part>> {
    let mut parts = vec![(String::new(), String::new())];
    let mut in_key = false;
    let mut in_quotes = false;
    let mut escaped = false;
    for own in text.chars() {
        let (name, key) = parts.last_mut()?;
        if in_key {
            key.push(own);
            match own {
                _ if escaped => escaped = false,
                '\\' if in_quotes => escaped = true,
                '"' => in_quotes = !in_quotes,
                ']' if !in_quotes => in_key = false,
                _ => {}
            }
        } else if own == '[' {
            key.push(own);
            in_key = true;
        } else if own == '.' {
            parts.push((String::new(), String::new()));
        } else {
            name.push(own);
        }
    }
    (!in_key && parts.iter().all(|(name, _)| !name.is_empty())).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let own = Address::parse("module.a[\"x.y[\\\"1\"].module.b.aws_cloudtrail.main[0]").unwrap();
        assert_eq!(own.path(), ["a", "b"]);
        assert_eq!(own.modules[0].1, "[\"x.y[\\\"1\"]");
        assert_eq!((own.resource.as_str(), own.key.as_str()), ("aws_cloudtrail.main", "[0]"));
        let data = Address::parse_data("module.data.data.aws_region.current[0]").unwrap();
        assert_eq!((data.path(), data.resource.as_str()), (vec!["data"], "data.aws_region.current"));
        assert_eq!(Address::parse_data("aws_s3_bucket.logs"), None);
        let plain = Address::parse("aws_s3_bucket.logs").unwrap();
        assert!(plain.modules.is_empty() && plain.key.is_empty());
        for bad in ["", "aws_s3_bucket", "a..b", "aws_s3_bucket.x[0", "module.a"] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
    }
}
