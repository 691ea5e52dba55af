//! The options of the chores that compare with the kubelet.

use anyhow::{Context, Result, bail};

/// What the command line says.
pub struct Options {
    pub version: String,
    pub count: usize,
    pub seed: u64,
    pub keep: bool,
}

impl Options {
    /// Reads `--name=value` and `--name value`; `known` names the options that this chore has.
    pub fn parse(mut words: impl Iterator<Item = String>, count: usize, known: &[&str]) -> Result<Options> {
        let mut options = Options { version: "1.37.2".into(), count, seed: fastrand::u64(..1_000_000), keep: false };
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (word, None),
            };
            if !known.contains(&name.as_str()) {
                bail!("`{name}` is not an option of this chore; it has {}", known.join(", "));
            }
            if name == "--keep" {
                options.keep = true;
                continue;
            }
            let value = value.or_else(|| words.next()).with_context(|| format!("{name} needs a value"))?;
            let number = || value.parse::<u64>().with_context(|| format!("{name} needs a number, not `{value}`"));
            match name.as_str() {
                "--count" => options.count = usize::try_from(number()?)?,
                "--seed" => options.seed = number()?,
                _ => options.version = value.trim_start_matches('v').to_owned(),
            }
        }
        Ok(options)
    }

    /// The minor: 37 for 1.37.2.
    pub fn minor(&self) -> Result<u32> {
        let minor = self.version.strip_prefix("1.").and_then(|rest| rest.split_once('.'));
        minor
            .and_then(|(minor, _)| minor.parse().ok())
            .with_context(|| format!("`{}` is not a version such as 1.37.2", self.version))
    }
}
