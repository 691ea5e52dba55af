//! The project's own policy, `kubevet.toml`: how its files are judged, and which findings it bears with, why and until when.

mod waivers;

pub use waivers::{Scope, Waivers};

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::{named, paths};

/// What the file is called.
pub const NAME: &str = "kubevet.toml";

/// Nobody writes more by hand.
const MAX_POLICY: u64 = 1 << 20;

/// What was read, as it stands there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Content {
    default: Option<Spanned<Settings>>,
    #[serde(default)]
    path: ByPath,
    #[serde(default)]
    files: FilesEntry,
    baseline: Option<PathBuf>,
    #[serde(default)]
    waiver: Vec<Spanned<WaiverEntry>>,
}

/// `[path."…"]`, in the order of the file.
#[derive(Default)]
struct ByPath(Vec<(Spanned<String>, Settings)>);

impl<'de> Deserialize<'de> for ByPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ByPath, D::Error> {
        struct Tables;

        impl<'de> Visitor<'de> for Tables {
            type Value = ByPath;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tables such as [path.\"pools/\"]")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByPath, A::Error> {
                let mut tables = vec![];
                while let Some(table) = map.next_entry()? {
                    tables.push(table);
                }
                Ok(ByPath(tables))
            }
        }

        deserializer.deserialize_map(Tables)
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FilesEntry {
    #[serde(default)]
    exclude: Vec<Pattern>,
    #[serde(default)]
    require_recognised: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WaiverEntry {
    check: String,
    path: Option<Pattern>,
    node: Option<Pattern>,
    reason: String,
    owner: String,
    expires: toml::value::Datetime,
}

/// How a file is judged: what the options of the command line of the same names say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Benchmarks, such as `aks-1.8`; empty or `auto`: by platform and version.
    #[serde(default, deserialize_with = "one_or_several")]
    pub benchmark: Vec<String>,
    /// Only sections of this level, and of those below it.
    #[serde(default, deserialize_with = "level")]
    pub level: Option<u8>,
    /// The kubelet's version.
    pub version: Option<String>,
    /// The platform, where it is not to be recognised.
    pub platform: Option<String>,
    /// Checks or sections that are not run.
    #[serde(default)]
    pub skip: Vec<String>,
    /// A secure default is not enough.
    pub require_explicit: Option<bool>,
    /// Weak defaults and problems fail.
    pub strict: Option<bool>,
}

impl Settings {
    /// These, where `stronger` says nothing else; what is skipped adds up.
    #[must_use]
    pub fn overridden_by(self, stronger: &Settings) -> Settings {
        let mut skip = self.skip;
        skip.extend(stronger.skip.iter().cloned());
        Settings {
            benchmark: if stronger.benchmark.is_empty() { self.benchmark } else { stronger.benchmark.clone() },
            level: stronger.level.or(self.level),
            version: stronger.version.clone().or(self.version),
            platform: stronger.platform.clone().or(self.platform),
            skip,
            require_explicit: stronger.require_explicit.or(self.require_explicit),
            strict: stronger.strict.or(self.strict),
        }
    }

    /// Whether weak defaults and problems fail.
    #[must_use]
    pub fn strict(&self) -> bool {
        self.strict.unwrap_or(false)
    }

    /// As the plugin's options (`describe`).
    #[must_use]
    pub fn values(&self) -> Vec<(String, String)> {
        let one = |key: &str, value: Option<String>| value.map(|value| (key.to_owned(), value));
        let several = |key: &'static str, values: &[String]| {
            values.iter().map(|value| (key.to_owned(), value.clone())).collect::<Vec<_>>()
        };
        let set = |key: &str, value: Option<bool>| one(key, value.filter(|is_set| *is_set).map(|_| "true".into()));
        let mut values = several("benchmark", &self.benchmark);
        values.extend(several("skip", &self.skip));
        values.extend(one("level", self.level.map(|level| level.to_string())));
        values.extend(one("version", self.version.clone()));
        values.extend(one("platform", self.platform.clone()));
        values.extend(set("require-explicit", self.require_explicit));
        values.extend(set("strict", self.strict));
        values
    }
}

/// `"a"` or `["a", "b"]`.
fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a name, or a list of names")]
    enum OneOrSeveral {
        One(String),
        Several(Vec<String>),
    }
    Ok(match OneOrSeveral::deserialize(deserializer)? {
        OneOrSeveral::One(one) => vec![one],
        OneOrSeveral::Several(several) => several,
    })
}

/// 1 or 2, as on the command line.
fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u8>, D::Error> {
    let level = i64::deserialize(deserializer)?;
    let known = u8::try_from(level).ok().filter(|level| matches!(level, 1 | 2));
    known.map(Some).ok_or_else(|| serde::de::Error::custom(format!("`level` is 1 or 2, not {level}")))
}

/// A pattern for paths below the folder of the policy, or for names of nodes. `*` stays within a folder, `**` does not.
#[derive(Clone, Debug)]
struct Pattern(GlobMatcher);

impl Pattern {
    fn new(text: &str) -> Result<Pattern, String> {
        if text.is_empty() {
            return Err("a pattern is not empty".into());
        }
        // `pools/` is everything in there, as in a `.gitignore`.
        let whole = if text.ends_with('/') { format!("{text}**") } else { text.to_owned() };
        let glob = GlobBuilder::new(&whole).literal_separator(true).build().map_err(|error| error.to_string())?;
        Ok(Pattern(glob.compile_matcher()))
    }

    fn matches(&self, path: &Path) -> bool {
        self.0.is_match(path)
    }

    /// The one name that it matches, if there is no more than one.
    fn only(&self) -> Option<&str> {
        let text = self.0.glob().glob();
        (!text.contains(['*', '?', '[', '{', '\\'])).then_some(text)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pattern, D::Error> {
        let text = String::deserialize(deserializer)?;
        Pattern::new(&text).map_err(serde::de::Error::custom)
    }
}

/// Why a policy cannot be used: where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {why}")]
pub struct PolicyError {
    place: String,
    why: String,
}

impl PolicyError {
    fn new(path: &Path, line: Option<usize>, why: impl Into<String>) -> PolicyError {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        PolicyError { place: format!("{}{line}", path.display()), why: why.into() }
    }
}

/// How the files of a pattern are judged.
#[derive(Debug)]
struct ForPath {
    /// As it is written.
    text: String,
    line: usize,
    pattern: Pattern,
    settings: Settings,
}

/// A policy.
#[derive(Debug)]
pub struct Policy {
    path: PathBuf,
    /// The folder that its patterns are relative to.
    folder: PathBuf,
    default: Settings,
    /// The line of that table.
    default_line: Option<usize>,
    /// In the order of the file: a later one overrides those before it.
    by_path: Vec<ForPath>,
    excluded: GlobSet,
    require_recognised: bool,
    baseline: Option<PathBuf>,
    waivers: Waivers,
}

impl Policy {
    /// The policy of the repository that holds a folder: in that folder, or in one above it up to the repository's root. None
    /// outside of a repository, unless it is in the folder itself.
    ///
    /// # Errors
    /// One that cannot be used.
    pub fn of_repository(folder: &Path) -> Result<Option<Policy>, PolicyError> {
        let depth = folder.ancestors().position(is_root).unwrap_or(0);
        let mut candidates = folder.ancestors().take(depth + 1).map(|folder| folder.join(NAME));
        candidates.find(|path| is_there(path)).map(|path| Policy::read(&path)).transpose()
    }

    /// Reads a policy.
    ///
    /// # Errors
    /// A file that cannot be read, is not TOML, has a key that there is not, or a value of the wrong kind.
    pub fn read(path: &Path) -> Result<Policy, PolicyError> {
        let path = Policy::shown(path);
        let bytes = named::read(path, MAX_POLICY).map_err(|why| PolicyError::new(path, None, why))?;
        let too_large = || PolicyError::new(path, None, format!("has more than {MAX_POLICY} bytes"));
        let text = String::from_utf8(bytes.ok_or_else(too_large)?)
            .map_err(|error| PolicyError::new(path, None, format!("is not UTF-8: {error}")))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = fs::canonicalize(folder).map_err(|error| PolicyError::new(path, None, error.to_string()))?;
        Policy::parse(path, folder, &text)
    }

    fn parse(path: &Path, folder: PathBuf, text: &str) -> Result<Policy, PolicyError> {
        let refused = |error: toml::de::Error| {
            let line = error.span().map(|span| line_of(text, span.start));
            PolicyError::new(path, line, error.message().trim_end())
        };
        let content: Content = toml::from_str(text).map_err(refused)?;
        let by_path = content.path.0.into_iter().map(|(name, settings)| {
            let line = line_of(text, name.span().start);
            let name = name.into_inner();
            let refused = |why: String| PolicyError::new(path, Some(line), format!("[path.\"{name}\"]: {why}"));
            Ok(ForPath { pattern: Pattern::new(&name).map_err(refused)?, text: name, line, settings })
        });
        let by_path = by_path.collect::<Result<_, _>>()?;
        let mut excluded = GlobSetBuilder::new();
        for pattern in content.files.exclude {
            excluded.add(pattern.0.glob().clone());
        }
        let excluded = excluded.build().map_err(|error| PolicyError::new(path, None, error.to_string()))?;
        Ok(Policy {
            path: path.to_owned(),
            default_line: content.default.as_ref().map(|default| line_of(text, default.span().start)),
            default: content.default.map(Spanned::into_inner).unwrap_or_default(),
            by_path,
            excluded,
            require_recognised: content.files.require_recognised,
            baseline: content.baseline.map(|baseline| folder.join(baseline)),
            waivers: Waivers::new(path, text, content.waiver)?,
            folder,
        })
    }

    /// How a file is judged that no command line says more about.
    #[must_use]
    pub fn settings(&self, path: &Path) -> Settings {
        let path = self.relative(path);
        let matching = self.by_path.iter().filter(|own| own.pattern.matches(&path));
        matching.fold(self.default.clone(), |settings, stronger| settings.overridden_by(&stronger.settings))
    }

    /// How what is no file is judged.
    #[must_use]
    pub fn default_settings(&self) -> Settings {
        self.default.clone()
    }

    /// All settings that there are, each with where it stands: the file, the line, the table.
    pub fn all_settings(&self) -> impl Iterator<Item = (String, Settings)> {
        let file = self.path.display();
        let line = self.default_line.map(|line| format!(":{line}")).unwrap_or_default();
        let default = (format!("{file}{line}: [default]"), self.default.clone());
        let by_path = self.by_path.iter().map(|own| {
            let place = format!("{}:{}: [path.\"{}\"]", self.path.display(), own.line, own.text);
            (place, self.default.clone().overridden_by(&own.settings))
        });
        std::iter::once(default).chain(by_path)
    }

    /// Whether a search leaves a file out. A file that is named is judged all the same.
    #[must_use]
    pub fn excludes(&self, path: &Path) -> bool {
        let path = self.relative(path);
        let is_excluded = self.excluded.is_match(&path);
        if is_excluded {
            self.waivers.leave_out(&path);
        }
        is_excluded
    }

    /// Whether a file that nothing recognises is an error.
    #[must_use]
    pub fn requires_recognised(&self) -> bool {
        self.require_recognised
    }

    /// An earlier report, whose findings are known.
    #[must_use]
    pub fn baseline(&self) -> Option<&Path> {
        self.baseline.as_deref()
    }

    /// The findings that the project bears with.
    #[must_use]
    pub fn waivers(&self) -> &Waivers {
        &self.waivers
    }

    /// A path as people see it from where they are.
    fn shown(path: &Path) -> &Path {
        let here = std::env::current_dir().ok();
        here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
    }

    /// A path as the policy's patterns see it: below its folder, with `/`.
    #[must_use]
    pub fn relative(&self, path: &Path) -> PathBuf {
        paths::below(&self.folder, path)
    }

    /// The folder that its patterns are relative to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Whether there is something of this name, be it a link to nothing: only what is not there says nothing.
#[must_use]
pub fn is_there(path: &Path) -> bool {
    !path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The root of the repository that a folder is in.
#[must_use]
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| is_root(folder))
}

/// Whether a folder is the root of a repository.
fn is_root(folder: &Path) -> bool {
    folder.join(".git").exists()
}

/// The line of a byte, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
