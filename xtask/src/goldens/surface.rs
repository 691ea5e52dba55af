//! The flags, fields and feature gates of a kubelet, from plugin/rules/surface.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

/// What there is to set.
pub struct Surface {
    pub flags: Vec<Flag>,
    /// The fields that are no structs, nor below a list.
    pub fields: Vec<Field>,
    /// The paths of the structs.
    pub structs: Vec<String>,
    pub gates: Vec<Gate>,
    /// What a file is given by default.
    pub defaults: Value,
}

/// A command-line flag.
pub struct Flag {
    pub name: String,
    /// Go's name for its type.
    pub kind: String,
    /// The field that it sets, if any.
    pub path: String,
}

/// A field of KubeletConfiguration.
pub struct Field {
    pub path: String,
    /// Go's name for its type, without pointers.
    pub kind: String,
}

/// A feature gate.
pub struct Gate {
    pub name: String,
    pub default: bool,
    pub locked: bool,
}

/// Flags that the kubelet's main package brings about: the programs that printed the surfaces had them not.
const LOG_JSON: [(&str, &str, &str); 2] = [
    ("log-json-split-stream", "bool", "logging.options.json.splitStream"),
    ("log-json-info-buffer-size", "quantity", "logging.options.json.infoBufferSize"),
];

/// Gates that the programs which printed the surfaces did not see, either (component-base logs/api/v1).
const LOG_GATES: [(&str, bool); 3] =
    [("ContextualLogging", true), ("LoggingAlphaOptions", false), ("LoggingBetaOptions", true)];

impl Surface {
    /// The surface of a minor version that kubevet knows.
    pub fn of(minor: u32) -> Result<Surface> {
        let folder = crate::workspace().join("plugin/rules/surface");
        let start = format!("1.{minor}.");
        let mut files = fs::read_dir(&folder)?.filter_map(Result::ok).map(|entry| entry.path());
        let file = files
            .find(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&start)))
            .with_context(|| {
            format!("kubevet does not know 1.{minor}: {} has no surface of it", folder.display())
        })?;
        let surface: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |key: &str| surface[key].as_array().cloned().unwrap_or_default();
        let mut flags: Vec<Flag> = list("flags")
            .iter()
            .map(|flag| {
                // A map's only key is what the printing program put there.
                let path = text(&flag["ConfigPaths"][0]).replace(".probe", "").replace("=value", "");
                Flag { name: text(&flag["Name"]), kind: text(&flag["Type"]), path }
            })
            .collect();
        for (name, kind, path) in LOG_JSON {
            if !flags.iter().any(|flag| flag.name == name) {
                flags.push(Flag { name: name.into(), kind: kind.into(), path: path.into() });
            }
        }
        let paths: Vec<(String, String)> = list("fields")
            .iter()
            .map(|field| (text(&field["Path"]), text(&field["Type"]).replace('*', "")))
            .filter(|(path, _)| !path.contains(['[', '{']) && path != "kind" && path != "apiVersion")
            .collect();
        let is_struct = |path: &str| paths.iter().any(|(other, _)| other.starts_with(&format!("{path}.")));
        let (structs, fields): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|(path, _)| is_struct(path));
        let printed = surface["featureGates"].as_object().into_iter().flatten().map(|(name, gate)| Gate {
            name: name.clone(),
            default: gate["default"] == true,
            locked: gate["locked"] == true,
        });
        let mut gates: Vec<Gate> = printed.collect();
        for (name, default) in LOG_GATES {
            if !gates.iter().any(|gate| gate.name == name) {
                gates.push(Gate { name: name.into(), default, locked: false });
            }
        }
        Ok(Surface {
            flags,
            fields: fields.into_iter().map(|(path, kind)| Field { path, kind }).collect(),
            structs: structs.into_iter().map(|(path, _)| path).collect(),
            gates,
            defaults: surface["defaultsFromFile"].clone(),
        })
    }
}
