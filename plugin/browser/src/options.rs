//! What is asked, as JavaScript says it.

use std::collections::BTreeMap;
use std::fmt;

use kubevet_rules::model;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// The options of `wit/scanner.wit`; everything may be absent.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    pub language: String,
    pub checks: Vec<String>,
    pub list_settings: bool,
    /// By the keys that `describe` declares.
    pub values: BTreeMap<String, Values>,
}

/// One value, or several.
pub struct Values(Vec<String>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        struct OneOrSeveral;
        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an array of strings")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Values, E> {
                Ok(Values(vec![value.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Values, A::Error> {
                let mut several = vec![];
                while let Some(value) = values.next_element()? {
                    several.push(value);
                }
                Ok(Values(several))
            }
        }
        deserializer.deserialize_any(OneOrSeveral)
    }
}

impl From<Options> for model::Options {
    fn from(options: Options) -> model::Options {
        let Options { language, checks, list_settings, values } = options;
        let pairs = |(key, Values(values)): (String, Values)| values.into_iter().map(move |value| (key.clone(), value));
        model::Options { language, checks, list_settings, values: values.into_iter().flat_map(pairs).collect() }
    }
}
