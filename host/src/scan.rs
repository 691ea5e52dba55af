//! The kubelets that run on a node, as targets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kubevet_rules::Language;

use crate::collect::Timed;
use crate::collect::files::Root;
use crate::collect::node::Node;
use crate::collect::process::{Embedding, Processes, RunningProcess, Search, Sight};
use crate::command::Fatal;
use crate::target::Target;

/// How long a target's documents may take, which may lie on a network that is down. They take milliseconds.
const MAX_READING: Duration = Duration::from_secs(30);

/// The program that is looked for.
const KUBELET: &str = "kubelet";

/// Every kubelet that runs on the node whose root this is, or the one process of this number. Where the user does not
/// say the version, the node's packages may. The language is that in which it is said that there is none.
///
/// # Errors
/// Where there is none: what was looked for, and what to do.
pub fn targets(root: &Path, pid: Option<u32>, version: Option<&str>, language: Language) -> Result<Vec<Target>, Fatal> {
    let open = || Root::open(root).map_err(|error| Fatal::new(format!("{}: {error}", root.display())));
    let processes = Processes::open(&open()?).map_err(|error| {
        Fatal::new(format!("the processes below {} cannot be seen: {error}", root.display()))
            .help("`--root` names the root directory of a running node, with its /proc")
    })?;
    let processes = processes.in_language(language);
    let found = match pid {
        Some(pid) => vec![processes.get(pid, KUBELET).map_err(|error| Fatal::new(format!("process {pid}: {error}")))?],
        None => {
            let mut search = processes
                .find(KUBELET)
                .map_err(|error| Fatal::new(format!("the processes cannot be listed: {error}")))?;
            search.found.append(&mut search.inside);
            if search.found.is_empty() {
                return Err(none(&search, language));
            }
            search.found
        }
    };
    let host = hostname();
    // Below another root than ours, files that the process's own root does not let us read are read there.
    found
        .into_iter()
        .map(|process| {
            let instead = (root != Path::new("/")).then(open).transpose()?;
            Ok(target(process, &host, instead, version, language))
        })
        .collect()
}

fn target(
    process: RunningProcess,
    host: &str,
    instead: Option<Root>,
    version: Option<&str>,
    language: Language,
) -> Target {
    let id = format!("kubelet {} on {host}", process.pid());
    let mut node = Node::new(KUBELET, process, instead);
    let version = match version {
        Some(version) => Some(version.to_owned()),
        None => node.look_up_version(language),
    };
    Target { id, version, source: Box::new(Timed::new(Arc::new(node), MAX_READING)) }
}

fn none(search: &Search, language: Language) -> Fatal {
    let Search { looked_at, hidden, .. } = search;
    let mut fatal = Fatal::new(language.choose(
        format!("no kubelet runs here: looked at {looked_at} processes for one called `{KUBELET}`"),
        format!("kubelet が動作していません: {looked_at} 個のプロセスから `{KUBELET}` を探しました"),
    ));
    if *hidden > 0 || search.sight == Sight::Hidden {
        fatal = fatal.help(language.choose(
            format!("{hidden} processes cannot be seen: run as root"),
            format!("{hidden} 個のプロセスは参照できません。root で実行してください"),
        ));
    }
    if search.sight == Sight::Namespace {
        fatal = fatal.help(language.choose(
            "only the processes of this container can be seen: share the node's process namespace (hostPID: true)",
            "このコンテナーのプロセスしか参照できません。ノードのプロセス名前空間を共有してください（hostPID: true）",
        ));
    }
    for Embedding { pid, program } in &search.embedded {
        fatal = fatal.help(language.choose(
            format!("process {pid} ({program}) starts a kubelet, which does not run"),
            format!("プロセス {pid}（{program}）が起動するはずの kubelet は動作していません"),
        ));
    }
    fatal
        .help(language.choose(
            "k3s and MicroK8s run the kubelet inside another process: `k3s-server`, `k3s-agent` and `kubelite` were looked for, too",
            "k3s と MicroK8s では kubelet が別のプロセスの中で動作するため、`k3s-server`、`k3s-agent`、`kubelite` も探しました",
        ))
        .help(language.choose(
            "to judge files instead: kubevet check FILE --flags \"…\"",
            "ファイルを判定するには: kubevet check FILE --flags \"…\"",
        ))
}

fn hostname() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "this node".into(), |name| name.trim().to_owned())
}
