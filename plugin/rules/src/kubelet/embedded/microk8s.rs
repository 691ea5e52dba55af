//! MicroK8s: what kubelite reads of an arguments file (`ReadArgsFromFile`, cmd/kubelite/app/options/options.go).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{CommandLine, Seen};
use crate::kubelet::values;
use crate::message::Words;
use crate::model::{Place, Span, Want};

/// The file that kubelite reads where it is told nothing.
const FILE: &[u8] = b"/var/snap/microk8s/current/args/kubelet";

const UNKNOWN: Words = words!("has a variable that is not known", "値の分からない変数が含まれています");

impl CommandLine {
    pub(super) fn microk8s(&mut self, seen: &Seen) {
        self.gap = words!(
            "MicroK8s runs the kubelet inside kubelite: these are the arguments of its file, which a restart puts into effect",
            "MicroK8s は kubelet を kubelite の中で実行します。これは引数ファイルの内容で、再起動すると反映されます"
        );
        let path = file_of(&seen.process.arguments);
        let variables = variables(path);
        let want = Want::File(path.to_vec());
        let Some((id, bytes)) = self.read(seen, &want) else { return };
        let mut start = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let mut at = start + line.len() - line.trim_ascii_start().len();
            start += line.len();
            let line = line.trim_ascii();
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            for part in line.split(|byte| *byte == b' ') {
                let span = Span { document: id, part: 0, start: at as u32, end: (at + part.len()) as u32 };
                at += part.len() + 1;
                match expanded(part, &variables) {
                    Some(word) => self.push(word, Place::At(span)),
                    None => self.give_up(&want, Some(id), UNKNOWN),
                }
            }
        }
    }
}

/// What `--kubelet-args-file` names.
fn file_of(arguments: &[Vec<u8>]) -> &[u8] {
    let mut file = FILE;
    let mut arguments = arguments.iter();
    while let Some(word) = arguments.next() {
        match word.strip_prefix(b"--kubelet-args-file") {
            Some([]) => file = arguments.next().map_or(file, Vec::as_slice),
            Some([b'=', path @ ..]) => file = path,
            _ => {}
        }
    }
    file
}

/// The snap's variables, for a file such as `/var/snap/microk8s/7731/args/kubelet`.
fn variables(file: &[u8]) -> Vec<(&'static str, String)> {
    let Some(end) = file.windows(6).position(|part| part == b"/args/") else { return vec![] };
    let data = values::text(&file[..end]);
    let common = data.rsplit_once('/').map_or("", |(snap, _)| snap).to_owned() + "/common";
    let snap = data.strip_prefix("/var").unwrap_or_default().into();
    vec![("SNAP_DATA", data), ("SNAP_COMMON", common), ("SNAP", snap)]
}

/// A word without quotes, and with the variables of the snap; nothing where it has others.
fn expanded(word: &[u8], variables: &[(&str, String)]) -> Option<Vec<u8>> {
    let word: Vec<u8> = word.iter().copied().filter(|byte| !matches!(byte, b'"' | b'\'')).collect();
    let mut parts = word.split(|byte| *byte == b'$');
    let mut out = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        let name = |bytes: &[u8]| bytes.iter().take_while(is_of_name).count();
        let (name, rest) = match part.strip_prefix(b"{") {
            Some(braced) => {
                let (name, rest) = braced.split_at(name(braced));
                (name, rest.strip_prefix(b"}")?)
            }
            None => part.split_at(name(part)),
        };
        let (_, value) = variables.iter().find(|(known, _)| known.as_bytes() == name)?;
        out.extend(value.as_bytes());
        out.extend(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use crate::model::Status::{self, Fail, Pass, Undetermined};
    use crate::support::Node;

    const ARGUMENTS: &str = "--kubeconfig=${SNAP_DATA}/credentials/kubelet.config\n--anonymous-auth=false\n";

    fn status(arguments: &[&str], path: &str, lines: &str, check: &str) -> Status {
        let node = Node::new("").fact("embeds", "kubelite").option("version", "1.30");
        let node = arguments.iter().fold(node, |node, word| node.argument(word));
        node.file(path, &[ARGUMENTS, lines].concat()).status(check)
    }

    #[test]
    fn the_file_is_read_as_kubelite_reads_it() {
        for (lines, expected) in [
            ("", Pass),
            ("--root-dir=/x --anonymous-auth=true\n", Fail),
            ("  --anonymous-auth='true'\r\n", Fail),
            ("--anonymous-auth=\"tr'ue\"\n", Fail),
            ("# --anonymous-auth=true\n\n", Pass),
            ("--root-dir /x\n", Pass),
            // An empty word is no flag.
            ("--v=2  --root-dir=/x\n", Undetermined),
            ("--root-dir\t/x\n", Undetermined),
            ("--root-dir=$SNAP_COMMON/x --cert-dir=${SNAP}/y\n", Pass),
            ("--root-dir=$SNAP_COMMONS\n", Undetermined),
            ("--root-dir=${SNAP_DATA\n", Undetermined),
            ("$MORE\n", Undetermined),
        ] {
            let path = "/var/snap/microk8s/7731/args/kubelet";
            let found =
                status(&["--kubelet-args-file=/var/snap/microk8s/7731/args/kubelet"], path, lines, "anonymous-auth");
            assert_eq!(found, expected, "{lines}");
        }
    }

    #[test]
    fn the_file_is_that_which_kubelite_reads() {
        let default = "/var/snap/microk8s/current/args/kubelet";
        let other = "/var/snap/microk8s/1/args/kubelet";
        for (arguments, path) in [
            (&[][..], default),
            (&["--kubelet-args-file", other], other),
            (&["--kubelet-args-file=/x", "--kubelet-args-file=/var/snap/microk8s/1/args/kubelet"], other),
        ] {
            assert_eq!(status(arguments, path, "", "anonymous-auth"), Pass, "{arguments:?}");
        }
        assert_eq!(status(&[], other, "", "anonymous-auth"), Undetermined);
    }

    #[test]
    fn the_variables_of_the_snap() {
        let variables = super::variables(b"/var/snap/microk8s/7731/args/kubelet");
        let values: Vec<_> = variables.iter().map(|(_, value)| &**value).collect();
        assert_eq!(values, ["/var/snap/microk8s/7731", "/var/snap/microk8s/common", "/snap/microk8s/7731"]);
    }
}
