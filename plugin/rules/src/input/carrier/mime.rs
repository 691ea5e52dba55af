//! User data of several parts, as MIME has them (RFC 2046, 5.1), read as nodeadm does (amazon-eks-ami,
//! nodeadm/internal/configprovider/mime.go) and cloud-init.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::script::Says;
use super::user_data::OTHER_INPUT;
use super::{Carried, cloud_init, commands, script};
use crate::input::base::NODEADM;
use crate::input::source::Source;
use crate::input::{File, Form, Found, Input, MAX_INPUTS, node_config, tree};
use crate::message::Words;
use crate::model::Severity;

pub static FORM: Form = Form { id: "mime", sign: "", platform: "", find };

/// The type of nodeadm's parts.
const OF_NODEADM: &str = "application/node.eks.aws";

/// Whether a text begins with the headers of one; blank lines may stand before them by mistake.
pub fn is_one(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start();
    let head = head.get(..head.len().min(MAX_HEADERS)).unwrap_or_default();
    let (headers, _) = Headers::read(head);
    headers.is_multipart() && headers.boundary().is_some()
}

/// How long headers are at most.
const MAX_HEADERS: usize = 4_000;

/// A part of such a text.
struct Part {
    headers: Headers,
    text: Result<Source<'static>, Words>,
    /// Where its headers stand in the file.
    at: Range<usize>,
}

/// All parts of nodeadm's type make one input. Scripts and others speak for themselves.
fn find(file: &File, found: &mut Found) {
    if is_one(&file.text.bytes) {
        let blank = file.text.bytes.len() - file.text.bytes.trim_ascii_start().len();
        let (parts, is_whole) = parts(&file.text, blank);
        let mut all = Archive::default();
        parts.into_iter().for_each(|part| all.add(file, part));
        let mut theirs = all.together(file);
        theirs.inputs.iter_mut().for_each(|input| spoil(file, input, blank, is_whole));
        found.extend(theirs.inputs.into_iter());
        found.secrets.extend(theirs.secrets);
    }
}

/// What the parts say.
#[derive(Default)]
struct Archive {
    /// The NodeConfig that nodeadm makes of its parts.
    node: Option<Input>,
    /// Scripts.
    says: Says,
    /// Others.
    others: Found,
}

impl Archive {
    fn add(&mut self, file: &File, part: Part) {
        let Part { headers, text, at } = part;
        let is_of_nodeadm = headers.is(OF_NODEADM);
        match text {
            Ok(text) if !is_of_nodeadm && (script::is_one(&text.bytes) || headers.is("text/x-shellscript")) => {
                self.says.read(file, &text, 0);
            }
            Ok(text) => {
                let writes_files = cloud_init::is_one(&text.bytes);
                if writes_files {
                    let mut theirs = Says::default();
                    cloud_init::read(&File::new(file.name, file.bytes, text.clone(), &[], file.limits), &mut theirs);
                    self.says.with(theirs);
                }
                let name = headers.value("filename").unwrap_or_else(|| file.name.to_owned());
                let inside = file.look_into(&[Carried { name, text }]);
                self.others.secrets.extend(inside.secrets);
                for mut input in inside.inputs {
                    let is_node = input.form == node_config::FORM.id;
                    if is_node && is_of_nodeadm {
                        self.merge(input);
                        continue;
                    }
                    if is_node && !writes_files {
                        input.refuse("part-type", PART_TYPE, &at);
                    }
                    self.others.push(input);
                }
            }
            Err(reason) if is_of_nodeadm => {
                let mut input = Input::new(&node_config::FORM, &NODEADM, at.clone(), at.clone());
                input.give_up_packed(reason, &at);
                self.merge(input);
            }
            Err(_) => {}
        }
    }

    /// Maps are merged, lists replaced, and flags come one after the other (nodeadm/internal/api/merge.go).
    fn merge(&mut self, input: Input) {
        match &mut self.node {
            None => self.node = Some(input),
            Some(node) => {
                node.span.end = node.span.end.max(input.span.end);
                node.add(input);
            }
        }
    }

    /// All of it: where other parts write files for the same kubelet, it is not known what comes of both.
    fn together(self, file: &File) -> Found {
        let Archive { node, says, mut others } = self;
        says.note_changed(&mut others.inputs);
        let mut all = Found { secrets: others.secrets, ..Found::default() };
        let Some(mut node) = node else {
            all.extend(others.inputs.into_iter());
            match all.inputs.is_empty() {
                true => says.finish(file, &mut all),
                false => says.finish_beside(file, &mut all),
            }
            return all;
        };
        let mut beside = vec![];
        for input in others.inputs {
            if [script::FORM.id, cloud_init::FORM.id].contains(&input.form) {
                node.add(input);
                continue;
            }
            if ![commands::EKS.id, node_config::FORM.id].contains(&input.form) {
                node.give_up_files("other-input", OTHER_INPUT, &input.head);
            }
            beside.push(input);
        }
        says.cloud_with_files(&mut node);
        note_variable(&mut node, &says);
        all.push(node);
        all.extend(beside.into_iter());
        says.finish_beside(file, &mut all);
        all
    }
}

const PART_TYPE: Words = words!(
    "nodeadm reads parts of the type `application/node.eks.aws` alone, and none that stand in other parts",
    "nodeadm が読み込むのは `application/node.eks.aws` 型のパートだけであり、他のパートの中にあるものは読み込みません"
);

/// A variable that the images of Amazon Linux 2 had, and those of nodeadm have not.
fn note_variable(node: &mut Input, says: &Says) {
    let Some(variable) = &says.variable else { return };
    let text = words!(
        "nodeadm does not look at `KUBELET_EXTRA_ARGS`: flags stand in `spec.kubelet.flags` of a NodeConfig",
        "nodeadm は `KUBELET_EXTRA_ARGS` を参照しません。フラグは NodeConfig の `spec.kubelet.flags` に書きます"
    );
    node.note(Severity::High, "ignored-variable", text, &super::shell::span(variable));
}

/// What is wrong with the whole leaves nothing of its parts.
fn spoil(file: &File, input: &mut Input, blank: usize, is_whole: bool) {
    let place = |range: Range<usize>| file.text.places.of(&range);
    if blank > 0 {
        let text = words!(
            "the headers must begin on the first line: after a blank one, nothing here is taken for parts",
            "ヘッダーは 1 行目から始まらなければなりません。空行の後にあるものはパートとして扱われません"
        );
        input.refuse("leading-blank-line", text, &tree::line(&place(blank..file.text.bytes.len()), file.bytes));
    }
    if !is_whole && input.form == node_config::FORM.id {
        let end = file.text.bytes.trim_ascii_end().len();
        let last = file.text.bytes.get(..end).unwrap_or_default().rsplit(|byte| *byte == b'\n').next();
        let text = words!(
            "the boundary with two dashes after it, which ends the last part, is missing: nodeadm takes nothing of it",
            "最後のパートを終える境界行（末尾にハイフン 2 つ）がないため、nodeadm は何も読み込みません"
        );
        input.refuse("no-final-boundary", text, &place(end - last.map_or(0, <[u8]>::len)..end));
    }
}

/// The parts, and whether the last of them is ended.
fn parts(source: &Source, start: usize) -> (Vec<Part>, bool) {
    let (headers, body) = Headers::read(source.bytes.get(start..).unwrap_or_default());
    let boundary = headers.boundary().unwrap_or_default();
    let mut parts = vec![];
    let mut begin = None;
    let mut at = start + body;
    for line in source.bytes.get(at..).unwrap_or_default().split_inclusive(|byte| *byte == b'\n') {
        let trimmed = line.trim_ascii_end();
        let rest = trimmed.strip_prefix(b"--").and_then(|rest| rest.strip_prefix(boundary.as_bytes()));
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || *rest == b"--") {
            if let Some(begin) = begin.take() {
                parts.push(part(source, begin..at));
            }
            if !rest.is_empty() || parts.len() >= MAX_INPUTS {
                return (parts, true);
            }
            begin = Some(at + line.len());
        }
        at += line.len();
    }
    parts.extend(begin.map(|begin| part(source, begin..at)));
    (parts, false)
}

/// A part, unpacked. One of parts itself keeps its headers.
fn part(source: &Source, range: Range<usize>) -> Part {
    let bytes = source.bytes.get(range.clone()).unwrap_or_default();
    let (headers, body) = Headers::read(bytes);
    let begin = if headers.is_multipart() { 0 } else { body };
    let text = source.part(range.start + begin..range.end);
    let encoding = headers.value("Content-Transfer-Encoding").unwrap_or_default();
    let text = if encoding.eq_ignore_ascii_case("base64") { text.base64() } else { Ok(text) };
    let text = text.and_then(|text| if text.is_gzip() { text.gzip() } else { Ok(text) });
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    Part { headers, text, at: source.places.of(&(range.start..range.start + line.len())) }
}

/// Headers, each on a line of its own: lines that begin with blanks belong to those before them.
struct Headers(Vec<String>);

impl Headers {
    /// The headers at the beginning of a text, and where what they speak of begins.
    fn read(bytes: &[u8]) -> (Headers, usize) {
        let mut headers: Vec<String> = vec![];
        let mut at = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            at += line.len();
            let text = core::str::from_utf8(line).unwrap_or_default().trim_end();
            if text.is_empty() || at > MAX_HEADERS {
                break;
            }
            match headers.last_mut() {
                Some(last) if text.starts_with([' ', '\t']) => last.push_str(text),
                _ => headers.push(text.to_owned()),
            }
        }
        (Headers(headers), at)
    }

    /// The value of a header without its parameters; or the value of a parameter, whichever header has it.
    fn value(&self, name: &str) -> Option<String> {
        self.0.iter().find_map(|header| {
            let (key, value) = header.split_once(':')?;
            let mut parts = value.split(';');
            let first = parts.next().unwrap_or_default();
            if key.eq_ignore_ascii_case(name) {
                return Some(first.trim().to_owned());
            }
            parts.find_map(|parameter| {
                let (key, value) = parameter.split_once('=')?;
                let value = value.trim();
                let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
                key.trim().eq_ignore_ascii_case(name).then(|| bare.to_owned())
            })
        })
    }

    fn is(&self, media_type: &str) -> bool {
        self.value("Content-Type").is_some_and(|value| value.eq_ignore_ascii_case(media_type))
    }

    fn is_multipart(&self) -> bool {
        let first = self.0.first().and_then(|header| header.split_once(':')).map(|(name, _)| name);
        let is_known = first
            .is_some_and(|name| ["MIME-Version", "Content-Type"].iter().any(|known| name.eq_ignore_ascii_case(known)));
        let media_type = self.value("Content-Type").unwrap_or_default().to_ascii_lowercase();
        is_known && media_type.starts_with("multipart/")
    }

    fn boundary(&self) -> Option<String> {
        self.value("boundary").filter(|boundary| !boundary.is_empty())
    }
}
