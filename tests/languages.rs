//! What people read, in the language that they ask for or that their locale says.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Runs the command in a locale.
fn kubevet(arguments: &[&str], locale: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kubevet"))
        .args(arguments)
        .env_remove("LC_MESSAGES")
        .env_remove("LC_ALL")
        .env("LANG", locale)
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A node as AKS ships it, with a few things changed by hand.
fn failing_node() -> tempfile::NamedTempFile {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/nodes/aks.json");
    let mut node: Value = serde_json::from_slice(&std::fs::read(shipped).unwrap()).unwrap();
    let arguments = node["args"].as_array_mut().unwrap();
    let added = ["--make-iptables-util-chains=false", "--read-only-port=10255"];
    arguments.extend(added.map(Value::from));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), node.to_string()).unwrap();
    file
}

#[test]
fn a_failing_node_in_every_language() {
    let node = failing_node();
    for language in ["en", "ja"] {
        let path = node.path().to_str().unwrap();
        let arguments = ["check", "--bundle", path, "--benchmark=aks-1.8", "--show=all", "--lang", language];
        insta::assert_snapshot!(format!("failing_node_{language}"), kubevet(&arguments, "C"));
    }
}

#[test]
fn the_locale_decides_where_nobody_asks() {
    let explained = |locale, arguments: &[&str]| {
        let arguments: Vec<_> = ["explain", "read-only-port"].iter().chain(arguments).copied().collect();
        kubevet(&arguments, locale)
    };
    let (english, japanese) = (explained("C", &[]), explained("C", &["--lang=ja"]));
    assert_ne!(english, japanese);
    for locale in ["ja_JP.UTF-8", "ja_JP", "ja"] {
        assert_eq!(explained(locale, &[]), japanese, "{locale}");
    }
    for locale in ["", "C.UTF-8", "en_US.UTF-8", "de_DE", "jam_JM"] {
        assert_eq!(explained(locale, &[]), english, "{locale}");
    }
    assert_eq!(explained("ja_JP.UTF-8", &["--lang=en"]), english);
}

/// What is said of a run beside its targets, and of a process by who found it.
#[test]
fn what_is_said_of_a_run_is_in_japanese() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("pods")).unwrap();
    write("a.yaml", "kind: Pod\n");
    write("pods/a.yaml", "kind: Pod\n");
    write("k.yaml", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
    let waiver = |check: &str, day: &str| {
        format!("[[waiver]]\ncheck = '{check}'\npath = 'k.yaml'\nreason = '理由'\nowner = '担当'\nexpires = {day}\n")
    };
    write("kubevet.toml", &(waiver("read-only-port", "2999-01-01") + &waiver("anonymous-auth", "2020-01-01")));
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
        let output = command.args(arguments).arg("--lang=ja").current_dir(folder.path()).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let policy = "--policy=kubevet.toml";
    let own = &*format!("--pid={}", std::process::id());
    for (arguments, said) in [
        (
            &["check", "a.yaml", "k.yaml"][..],
            "note[not-recognised]: 判定していません: kubelet を設定する形式ではありません",
        ),
        (&["check", "a.yaml", "--require-recognised"], "error: a.yaml: 判定していません: kubelet を設定する形式"),
        (&["check", "no.yaml", "k.yaml"], "error: no.yaml: 判定していません: ファイルまたはディレクトリがありません"),
        (&["check", "pods"], "error: 判定対象がありません: このファイルは"),
        (&["check", "no*.yaml", "k.yaml"], "error: no*.yaml: 判定していません: 一致するファイルがありません"),
        (&["check", "k.yaml", policy], "warning[waiver-unused]: `read-only-port` の許容は不要です"),
        (&["check", "k.yaml", policy], "warning[waiver-expired]: `anonymous-auth` の許容期限は 2020-01-01 に切れて"),
        (&["check", "k.yaml", "--benchmark=cis-1.12", "--check=4.2.4", "--skip=read-only-port"], "除外されています"),
        (
            &["scan", own, "--kubelet-version=1.34"],
            "このプロセスはノードの kubelet ではない可能性があります: プログラムが ",
        ),
    ] {
        let output = run(arguments);
        assert!(output.contains(said), "{arguments:?}: {output}");
    }
}

/// A text that was forgotten would be English in Japanese, too.
#[test]
fn every_text_of_every_check_is_in_japanese() {
    let is_japanese = |text: &str| text.chars().any(|c| matches!(c, 'ぁ'..='ヿ' | '一'..='龯'));
    let list: Value = serde_json::from_str(&kubevet(&["list", "--format=json"], "ja_JP.UTF-8")).unwrap();
    for check in list.as_array().unwrap() {
        let name = check["check"].as_str().unwrap();
        assert!(is_japanese(check["title"].as_str().unwrap()), "{check}");
        let explained = kubevet(&["explain", name], "ja_JP.UTF-8");
        for paragraph in explained.split("\n\n") {
            assert!(is_japanese(paragraph), "{name}: {paragraph}");
        }
    }
}
