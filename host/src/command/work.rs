//! What there is to judge: one target that is put together from its parts, recorded targets, or files as a repository has them.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use kubevet_report::escape;
use kubevet_rules::model::Span;

use super::arguments::{InputArgs, RecognitionArgs};
use super::{Fatal, tell};
use crate::bundle::{Bundle, MAX_BUNDLE_LINE};
use crate::collect::MAX_FILE;
use crate::collect::arguments::{split_file, split_line};
use crate::configz::WithLive;
use crate::inquiry::Inquiry;
use crate::named;
use crate::offline::{Inputs, Offline};
use crate::paths;
use crate::policy;
use crate::search;
use crate::target::Target;

/// The form of a file that a kubelet takes as it is.
const OWN_FORM: &str = "kubelet-configuration";

/// What there is to judge.
pub enum Work {
    /// Targets that are at hand: a kubelet's parts, the kubelets of a node.
    Targets(Vec<Target>),
    /// Recorded targets, and where they are from.
    Bundles(String, Vec<Result<Bundle, String>>),
    /// Files, folders and patterns.
    Files {
        /// As the user names them.
        names: Vec<PathBuf>,
    },
}

impl InputArgs {
    /// What is named.
    ///
    /// # Errors
    /// Words that do not fit together, or name what cannot be read.
    pub fn work(&self, recognition: &RecognitionArgs, inquiry: &Inquiry<'_>) -> Result<Work, Fatal> {
        if let Some(path) = &self.bundle {
            return bundles(path);
        }
        if self.is_empty() {
            return repository().ok_or_else(nothing_to_judge);
        }
        let named = || Work::Files { names: self.files.clone() };
        if !self.has_parts() && (recognition.require_recognised || recognition.skip_unrecognised) {
            return Ok(named());
        }
        match self.files.as_slice() {
            [] => Ok(Work::Targets(vec![self.target(None, None, inquiry)?])),
            [file] if self.has_parts() => Ok(Work::Targets(vec![self.target(Some(file), None, inquiry)?])),
            [file] => {
                let content = ahead(file);
                match is_own_form(file, content.as_deref(), inquiry) {
                    true => Ok(Work::Targets(vec![self.target(Some(file), content, inquiry)?])),
                    false => Ok(named()),
                }
            }
            _ if self.has_parts() => {
                Err(Fatal::new("flags, drop-ins and what runs belong to one file, and several are named"))
            }
            _ => Ok(named()),
        }
    }

    /// The one file that is named, if any.
    ///
    /// # Errors
    /// Several.
    pub fn only_file(&self) -> Result<Option<&Path>, Fatal> {
        match self.files.as_slice() {
            [] => Ok(None),
            [file] => Ok(Some(file)),
            _ => Err(Fatal::new("several files are named, and this is done for one")),
        }
    }

    fn target(&self, file: Option<&Path>, content: Option<Vec<u8>>, inquiry: &Inquiry<'_>) -> Result<Target, Fatal> {
        let live = self.live.read()?;
        if let (Some(live), Some(path), true) = (&live, &self.live.configz, self.is_live_alone()) {
            let source = Box::new(WithLive::alone(live.clone()));
            return Ok(Target { id: paths::text(path), version: None, source });
        }
        let source = Box::new(self.offline(file, content, inquiry)?);
        let mut target = Target { id: self.id(), version: None, source };
        if let Some(live) = live {
            target.set_live(live);
        }
        Ok(target)
    }

    fn is_live_alone(&self) -> bool {
        self.files.is_empty() && self.config_dir.is_none() && self.flags.is_none() && self.args_file.is_none()
    }

    /// What the target is called.
    pub fn id(&self) -> String {
        let path = self.files.first().or(self.config_dir.as_ref()).or(self.args_file.as_ref());
        path.map_or_else(|| "flags".to_owned(), |path| paths::text(path))
    }

    /// The parts that are named, as they make one kubelet; `content` is what was read of the file [`ahead`].
    ///
    /// # Errors
    /// What cannot be read.
    pub fn offline(
        &self,
        file: Option<&Path>,
        content: Option<Vec<u8>>,
        inquiry: &Inquiry<'_>,
    ) -> Result<Offline, Fatal> {
        let arguments = self.arguments()?;
        if self.is_empty() {
            return Err(nothing_to_judge());
        }
        let inputs = Inputs {
            flags_unknown: self.live.configz.is_some() && arguments.is_none(),
            arguments: arguments.unwrap_or_default(),
            file: file.map(Path::to_owned),
            content,
            config_dir: self.config_dir.clone(),
        };
        let plan = |documents: &[_]| inquiry.plan(documents).unwrap_or_default();
        Offline::new(inputs, plan).map_err(|unusable| Fatal::new(unusable.to_string()))
    }

    fn arguments(&self) -> Result<Option<Vec<Vec<u8>>>, Fatal> {
        match (&self.flags, &self.args_file) {
            (Some(line), _) => split_line(line).map(Some).map_err(|error| Fatal::new(format!("--flags: {error}"))),
            (None, Some(path)) => read_all(path, MAX_BUNDLE_LINE as u64).map(|bytes| Some(split_file(&bytes))),
            (None, None) => Ok(None),
        }
    }
}

/// What a file holds, read before it is known what it is; none of standard input, a folder, and what cannot be read.
pub fn ahead(file: &Path) -> Option<Vec<u8>> {
    if named::is_standard(file) { None } else { named::read(file, MAX_FILE).ok().flatten() }
}

/// Whether a kubelet would take a file with this content as it is. So it is with one that cannot be read, or that nothing
/// recognises, unless its name says that it is another language: it stands for the file of `--config`, and the kubelet says what is
/// wrong with it.
pub fn is_own_form(file: &Path, content: Option<&[u8]>, inquiry: &Inquiry<'_>) -> bool {
    let Some(bytes) = content else { return !file.is_dir() && !search::is_pattern(file) };
    match inquiry.recognise(&paths::bytes(file), bytes).unwrap_or_default().as_slice() {
        [] => search::may_be_configuration(file),
        [input] => input.form == OWN_FORM && is_all(input.span, bytes),
        _ => false,
    }
}

/// Whether there is nothing beside a part of a file but comments: otherwise the file carries that part.
fn is_all(span: Span, bytes: &[u8]) -> bool {
    let [start, end] = [span.start, span.end].map(|at| bytes.len().min(at as usize));
    let is_comment = |line: &[u8]| matches!(line.trim_ascii(), [] | [b'#', ..] | b"---" | b"...");
    let is_quiet = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').all(is_comment);
    is_quiet(&bytes[..start]) && is_quiet(&bytes[end.max(start)..])
}

/// All that there is in the repository that this is.
fn repository() -> Option<Work> {
    let here = std::env::current_dir().ok()?;
    let is_project = policy::repository(&here).is_some() || policy::is_there(&here.join(policy::NAME));
    is_project.then(|| Work::Files { names: vec![PathBuf::from(".")] })
}

fn nothing_to_judge() -> Fatal {
    Fatal::new("nothing to judge")
        .help("name a configuration file: kubevet check kubelet-config.json")
        .help("or give the kubelet's flags: kubevet check --flags \"--read-only-port=0\"")
        .help("or what runs: kubevet check --configz http://127.0.0.1:8001/api/v1/nodes/NODE/proxy/configz")
        .help("in a repository, `kubevet check` alone judges all that configures a kubelet there")
        .help("`kubevet scan` judges the kubelets that run on this node")
}

/// A file that the user named, or standard input.
pub fn read_all(path: &Path, limit: u64) -> Result<Vec<u8>, Fatal> {
    let unreadable = |why: String| Fatal::new(format!("{}: {why}", path.display()));
    let bytes = named::read(path, limit).map_err(|why| unreadable(why.into()))?;
    bytes.ok_or_else(|| unreadable(format!("has more than {limit} bytes")))
}

/// The targets that a file records.
///
/// # Errors
/// A file that cannot be read, or holds none.
pub fn bundles(path: &Path) -> Result<Work, Fatal> {
    let bytes = read_all(path, MAX_BUNDLE_LINE as u64)?;
    let text = String::from_utf8(bytes).map_err(|error| Fatal::new(format!("{}: {error}", path.display())))?;
    let name = path.display().to_string();
    let bundles = Bundle::parse_all(&text);
    if bundles.is_empty() {
        return Err(Fatal::new(format!("{name}: holds no bundle")));
    }
    let bundles = bundles.into_iter().map(|bundle| bundle.map_err(|error| format!("{name}: {error}"))).collect();
    Ok(Work::Bundles(name, bundles))
}

/// A recorded target. What is odd about it is told.
pub fn recorded(name: &str, bundle: Bundle) -> Target {
    for note in bundle.notes() {
        tell(&format!("note: {}: {note}", escape::text(name)));
    }
    let (id, version) = (bundle.id().to_owned(), bundle.version().map(str::to_owned));
    Target { id, version, source: Box::new(bundle) }
}

/// For what needs a target's own parts later.
pub fn shared(offline: Offline, id: String) -> (Rc<Offline>, Target) {
    let source = Rc::new(offline);
    let target = Target { id, version: None, source: Box::new(Rc::clone(&source)) };
    (source, target)
}
