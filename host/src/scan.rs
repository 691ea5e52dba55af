//! The kubelets that run on a node, as targets.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::collect::Timed;
use crate::collect::files::Root;
use crate::collect::node::Node;
use crate::collect::process::{Processes, RunningProcess, Search, Sight};
use crate::command::Fatal;
use crate::target::Target;

/// How long a target's documents may take, which may lie on a network that is down. They take milliseconds.
const MAX_READING: Duration = Duration::from_secs(30);

/// The program that is looked for.
const KUBELET: &str = "kubelet";

/// Every kubelet that runs on the node whose root this is, or the one process of this number. Where the user does not
/// say the version, the node's packages may.
///
/// # Errors
/// Where there is none: what was looked for, and what to do.
pub fn targets(root: &Path, pid: Option<u32>, version: Option<&str>) -> Result<Vec<Target>, Fatal> {
    let open = || Root::open(root).map_err(|error| Fatal::new(format!("{}: {error}", root.display())));
    let processes = Processes::open(&open()?).map_err(|error| {
        Fatal::new(format!("the processes below {} cannot be seen: {error}", root.display()))
            .help("`--root` names the root directory of a running node, with its /proc")
    })?;
    let found = match pid {
        Some(pid) => vec![processes.get(pid, KUBELET).map_err(|error| Fatal::new(format!("process {pid}: {error}")))?],
        None => {
            let mut search = processes
                .find(KUBELET)
                .map_err(|error| Fatal::new(format!("the processes cannot be listed: {error}")))?;
            search.found.append(&mut search.inside);
            if search.found.is_empty() {
                return Err(none(&search));
            }
            search.found
        }
    };
    let host = hostname();
    // Below another root than ours, files that the process's own root does not let us read are read there.
    found
        .into_iter()
        .map(|process| Ok(target(process, &host, (root != Path::new("/")).then(open).transpose()?, version)))
        .collect()
}

fn target(process: RunningProcess, host: &str, instead: Option<Root>, version: Option<&str>) -> Target {
    let id = format!("kubelet {} on {host}", process.pid());
    let mut node = Node::new(KUBELET, process, instead);
    let version = match version {
        Some(version) => Some(version.to_owned()),
        None => node.look_up_version(),
    };
    Target { id, version, source: Box::new(Timed::new(Arc::new(node), MAX_READING)) }
}

fn none(search: &Search) -> Fatal {
    let mut fatal = Fatal::new(format!(
        "no kubelet runs here: looked at {} processes for one called `{KUBELET}`",
        search.looked_at
    ));
    if search.hidden > 0 || search.sight == Sight::Hidden {
        fatal = fatal.help(format!("{} processes cannot be seen: run as root", search.hidden));
    }
    if search.sight == Sight::Namespace {
        fatal = fatal.help(
            "only the processes of this container can be seen: share the node's process namespace (hostPID: true)",
        );
    }
    for embedded in &search.embedded {
        fatal =
            fatal.help(format!("process {} ({}) starts a kubelet, which does not run", embedded.pid, embedded.program));
    }
    fatal
        .help("k3s and MicroK8s run the kubelet inside another process: `k3s-server`, `k3s-agent` and `kubelite` were looked for, too")
        .help("to judge files instead: kubevet check FILE --flags \"…\"")
}

fn hostname() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "this node".into(), |name| name.trim().to_owned())
}
