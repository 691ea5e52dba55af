//! Files of the kubelet's internal version, which no file is meant to have, and which it takes all the same: the keys are
//! Go's names, and nothing gets a default.

use serde_json::Value;

use super::values::Node;

/// The keys of a configuration as Go names the fields.
pub fn renamed(tree: &mut [(String, Node)]) {
    for (key, value) in tree {
        match (key.as_str(), &mut *value) {
            // These types are the same inside and outside, or maps.
            ("logging" | "tracing" | "registerWithTaints", _) => {}
            ("featureGates" | "staticPodURLHeader", _) => {}
            (_, Node::Map(members)) => renamed(members),
            (_, Node::List(items)) => {
                for item in items {
                    if let Node::Map(members) = item {
                        renamed(members);
                    }
                }
            }
            _ => {}
        }
        *key = go_name(key);
    }
}

fn go_name(key: &str) -> String {
    const NAMES: [(&str, &str); 8] = [
        ("resolvConf", "ResolverConfig"),
        ("http", "HTTP"),
        ("tls", "TLS"),
        ("oom", "OOM"),
        ("cpu", "CPU"),
        ("qos", "QOS"),
        ("iptables", "IPTables"),
        ("ids", "IDs"),
    ];
    // Of reservations and thresholds.
    let is_map_key = key.contains(['.', '-']) || matches!(key, "cpu" | "memory" | "pid");
    if is_map_key || matches!(key, "kind" | "apiVersion") {
        return key.to_owned();
    }
    let named = NAMES.iter().find_map(|(start, go)| key.strip_prefix(start).map(|rest| [go, rest].concat()));
    named.unwrap_or_else(|| key.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(key.chars().skip(1)).collect())
}

/// A value of the surface.
pub fn node(value: &Value) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(*value),
        Value::Number(number) => Node::Number(number.to_string()),
        Value::String(text) => Node::text(text),
        Value::Array(items) => Node::List(items.iter().map(node).collect()),
        Value::Object(members) => Node::Map(members.iter().map(|(key, value)| (key.clone(), node(value))).collect()),
    }
}
