//! Nodes as each platform ships them: `tests/nodes` holds a bundle of each, with the arguments, the files, and their modes. A bundle
//! is judged as it is; the same node is laid out on the disk, with a process in it, and scanned.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

const KUBEVET: &str = env!("CARGO_BIN_EXE_kubevet");

fn bundles() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/nodes");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut bundles: Vec<_> =
        files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect();
    bundles.sort();
    bundles
}

#[test]
fn a_node_of_each_platform_as_its_administrator_sees_it() {
    for (name, path) in bundles() {
        let output = Command::new(KUBEVET).args(["check", "--show=all", "--bundle"]).arg(&path).output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        insta::assert_snapshot!(name, format!("{text}exit {}", output.status.code().unwrap()));
    }
}

#[test]
fn a_node_on_the_disk_is_judged_as_its_bundle_is() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root may change the root, and mount
    }
    for (name, path) in bundles() {
        let bundle: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let node = Node::lay_out(&bundle);
        let replayed = run(Command::new(KUBEVET).args(["check", "--format=json", "--bundle"]).arg(&path));
        assert_eq!(statuses(&node.scan(&bundle)), statuses(&replayed), "{name}");
    }
}

/// Where the tool that shows it is there: it is not part of a machine that only builds.
#[test]
fn no_process_is_spawned() {
    let trace = tempfile::NamedTempFile::new().unwrap();
    let node = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/nodes/aks.json");
    let traced = Command::new("strace")
        .args(["-f", "-e", "trace=execve,execveat,fork,vfork,clone,clone3", "-o"])
        .arg(trace.path())
        .args([KUBEVET, "check", "--bundle"])
        .arg(node)
        .output();
    let Ok(output) = traced else { return };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let calls = fs::read_to_string(trace.path()).unwrap();
    let spawning = calls.lines().filter(|call| !call.contains("CLONE_THREAD") && call.contains('('));
    let spawning: Vec<_> = spawning.filter(|call| !call.contains("resumed")).collect();
    assert!(matches!(spawning[..], [first] if first.contains("execve(") && first.contains("kubevet")), "{spawning:?}");
}

/// The findings, and the platform that was recognised.
fn statuses(report: &Value) -> (String, Vec<String>) {
    let findings = report["findings"].as_array().unwrap();
    let finding = |finding: &Value| format!("{} {}: {}", finding["check"], finding["status"], finding["message"]);
    let platform = report["context"].as_array().unwrap().iter().find(|entry| entry["id"] == "platform").unwrap();
    (platform["platform"].to_string(), findings.iter().map(finding).collect())
}

fn run(command: &mut Command) -> Value {
    let output = command.stdin(Stdio::null()).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// A node's root directory, and the process that runs in it.
struct Node {
    root: TempDir,
    process: Child,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Node {
    fn lay_out(bundle: &Value) -> Node {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path.trim_start_matches('/'));
        let place = |path: &str, text: &str| {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), text).unwrap();
        };
        for (path, text) in bundle["files"].as_object().unwrap() {
            place(path, text.as_str().unwrap());
        }
        for (path, metadata) in bundle["metadata"].as_object().unwrap() {
            match metadata["kind"].as_str().unwrap() {
                "directory" => fs::create_dir_all(at(path)).unwrap(),
                _ if !at(path).exists() => place(path, ""),
                _ => {}
            }
            let mode = metadata["mode"].as_u64().unwrap().try_into().unwrap();
            fs::set_permissions(at(path), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir_all(at("/proc")).unwrap();
        // The program lies where the platform has it, under the name that tells what it is.
        let program = bundle["facts"]["exe"].as_str().unwrap();
        common::copy_with_libraries(&common::program(), root.path(), program);
        let mut command = Command::new("chroot");
        command.arg(root.path());
        let title = match bundle["facts"]["embeds"].as_str() {
            Some("k3s-server") => "/usr/local/bin/k3s",
            _ => program,
        };
        if title != program {
            fs::create_dir_all(at(title).parent().unwrap()).unwrap();
            symlink(program, at(title)).unwrap();
        }
        command.arg(title);
        command.args(bundle["args"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()));
        let process = command.spawn().unwrap();
        let seen = format!("/proc/{}/exe", process.id());
        while !fs::read_link(&seen).unwrap().ends_with(program.trim_start_matches('/')) {
            thread::sleep(Duration::from_millis(1));
        }
        common::wait_for_arguments(process.id());
        Node { root, process }
    }

    /// In a mount namespace of its own, where the node's root has the processes of the machine.
    fn scan(&self, bundle: &Value) -> Value {
        let script = "mount --bind /proc \"$1/proc\" && exec \"$2\" scan --format=json --root \"$1\" --pid \"$3\" --kubelet-version \"$4\"";
        let version = bundle["version"].as_str().unwrap();
        let pid = self.process.id().to_string();
        run(Command::new("unshare")
            .args(["--mount", "sh", "-c", script, "sh"])
            .arg(self.root.path())
            .args([KUBEVET, &pid, version]))
    }
}
