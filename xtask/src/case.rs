//! A case: a command line and the files that the kubelet finds.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::Result;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};

/// See the bundle of `judge/src/bundle`: this is one, as a golden is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    pub id: String,
    pub args: Vec<String>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub dirs: Vec<String>,
    pub links: BTreeMap<String, String>,
    /// Names of the environment variables that are set.
    pub env: Vec<String>,
}

impl Case {
    /// The case as a bundle.
    pub fn bundle(&self, version: &str) -> Value {
        let mut bundle = json!({"id": self.id, "version": version, "args": self.args});
        let (mut texts, mut bytes) = (BTreeMap::new(), BTreeMap::new());
        for (path, content) in &self.files {
            match std::str::from_utf8(content) {
                Ok(text) => drop(texts.insert(path, text)),
                Err(_) => drop(bytes.insert(path, BASE64_STANDARD.encode(content))),
            }
        }
        bundle["files"] = json!(texts);
        bundle["dirs"] = json!(self.dirs);
        if !bytes.is_empty() {
            bundle["files64"] = json!(bytes);
        }
        if !self.links.is_empty() {
            bundle["links"] = json!(self.links);
        }
        bundle["env"] = json!(self.env);
        bundle
    }

    /// A golden as a case.
    pub fn of(golden: &Value) -> Result<Case> {
        let texts = |key: &str| -> Vec<String> {
            golden[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let pairs = |key: &str| -> Vec<(String, String)> {
            let pairs = golden[key].as_object().into_iter().flatten();
            pairs.map(|(path, text)| (path.clone(), text.as_str().unwrap_or_default().to_owned())).collect()
        };
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        files.extend(pairs("files").into_iter().map(|(path, text)| (path, text.into_bytes())));
        for (path, base64) in pairs("files64") {
            files.insert(path, BASE64_STANDARD.decode(base64)?);
        }
        Ok(Case {
            id: golden["id"].as_str().unwrap_or_default().to_owned(),
            args: texts("args"),
            files,
            dirs: texts("dirs"),
            links: pairs("links").into_iter().collect(),
            env: texts("env"),
        })
    }

    /// Writes the files below a folder, which is the case's root.
    pub fn populate(&self, root: &Path) -> Result<()> {
        let below = |path: &str| -> Result<PathBuf> {
            let below = root.join(path.trim_start_matches('/'));
            fs::create_dir_all(below.parent().unwrap_or(root))?;
            Ok(below)
        };
        for dir in &self.dirs {
            fs::create_dir_all(below(dir)?)?;
        }
        for (path, content) in &self.files {
            fs::write(below(path)?, content)?;
        }
        for (path, to) in &self.links {
            symlink(to, below(path)?)?;
        }
        Ok(())
    }
}
