//! Tags of an account as FOCUS has them: a JSON object of texts.

use crate::report::clean::visible;
use std::collections::BTreeMap;

/// Writes tags as FOCUS 1.2 asks, keys in order, without anything that steers a terminal or a page; nothing where there are none.
///
/// Source: FOCUS specification 1.2, column Tags: key-value format, a JSON object whose values are texts.
pub(super) fn tags_json(tags: &BTreeMap<String, String>) -> Option<String> {
    if tags.is_empty() {
        return None;
    }
    let clean: BTreeMap<String, String> =
        tags.iter().map(|(key, value)| (visible(key), visible(value))).collect();
    serde_json::to_string(&clean).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_an_object_of_texts() {
        assert_eq!(tags_json(&BTreeMap::new()), None);
        let tags = [("team", "a \"b\""), ("owner", "=cmd"), ("x", "1\n2\u{202e}")];
        let tags = tags.map(|own| (own.0.to_owned(), own.1.to_owned())).into();
        let own = tags_json(&tags).unwrap();
        assert!(own.starts_with(r#"{"owner":"=cmd","team":"a \"b\"","x":"1"#), "{own}");
        assert!(!own.contains(['\n', '\u{202e}']), "{own}");
        assert!(serde_json::from_str::<BTreeMap<String, String>>(&own).is_ok());
    }
}
