//! Go programs that link the kubelet's own code, for any version of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The minors in which what the oracle calls changed: each is a build tag (`since34`) from then on.
const CHANGES: [u32; 6] = [28, 30, 31, 33, 34, 36];

/// Runs Go in a folder.
pub fn go(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("go").args(arguments).current_dir(folder).stderr(Stdio::inherit()).output();
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("Go is needed to build the kubelet's code, and `go` is not in PATH (https://go.dev/dl)")
        }
        other => other.context("cannot run go")?,
    };
    if !output.status.success() {
        bail!("`go {}` failed in {}", arguments[0], folder.display());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Builds a package for a version of the kubelet, and gives the program's path. `package` is `.`, `./surface` of
/// tests/oracle, or one of the kubelet's module. What is built stays, and is built again when the sources change.
pub fn build(version: &str, minor: u32, package: &str, program: &str) -> Result<PathBuf> {
    let sources = crate::workspace().join("tests/oracle");
    let folder = crate::target().join("oracle").join(version);
    let built = folder.join(program);
    if newest(&sources)? < modified(&built) {
        return Ok(built);
    }
    println!("building {program} for kubelet {version}; the first time it takes some ten minutes");
    fs::create_dir_all(&folder)?;
    let module = folder.join("go.mod");
    if !module.exists() {
        fs::write(&module, go_mod(version, minor, &sources)?)?;
    }
    let tags: Vec<String> = CHANGES.iter().filter(|change| minor >= **change).map(|c| format!("since{c}")).collect();
    // What the kubelet's release build says of itself: the validation and `--version` look at it.
    let says = format!(
        "-X k8s.io/component-base/version.gitVersion=v{version} -X k8s.io/component-base/version.gitMajor=1 \
         -X k8s.io/component-base/version.gitMinor={minor}"
    );
    let path = |path: &Path| path.to_str().map(str::to_owned).context("a path is not UTF-8");
    let (module, output) = (format!("-modfile={}", path(&module)?), path(&built)?);
    let tags = format!("-tags={}", tags.join(","));
    go(&sources, &["build", "-mod=mod", &module, &tags, "-ldflags", &says, "-o", &output, package])?;
    Ok(built)
}

/// A go.mod with the kubelet's module and, as in its own, the staged modules of the same patch and Go's behaviours.
fn go_mod(version: &str, minor: u32, sources: &Path) -> Result<String> {
    let patch = version.rsplit('.').next().unwrap_or_default();
    let module = format!("k8s.io/kubernetes@v{version}");
    let downloaded = go(sources, &["mod", "download", "-json", &module])?;
    let downloaded: serde_json::Value = serde_json::from_str(&downloaded)?;
    let kubernetes = fs::read_to_string(downloaded["GoMod"].as_str().context("go mod download says no GoMod")?)?;
    let mut text = "module oracle\n".to_owned();
    for line in kubernetes.lines().map(str::trim) {
        if line.starts_with("go ") || line.starts_with("godebug default=") || line.starts_with("default=") {
            text += &line.replace("default=", "godebug default=").replace("godebug godebug", "godebug");
            text.push('\n');
        } else if let Some((name, _)) = line.split_once(" => ./staging/") {
            let name = name.trim_start_matches("replace ");
            text += &format!("replace {name} => {name} v0.{minor}.{patch}\n");
        }
    }
    Ok(text + &format!("require k8s.io/kubernetes v{version}\n"))
}

fn modified(file: &Path) -> std::time::SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).unwrap_or(std::time::UNIX_EPOCH)
}

/// When the newest Go file of a folder and those below it was changed.
fn newest(folder: &Path) -> Result<std::time::SystemTime> {
    let mut newest = std::time::UNIX_EPOCH;
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            newest = newest.max(self::newest(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "go") {
            newest = newest.max(modified(&path));
        }
    }
    Ok(newest)
}
