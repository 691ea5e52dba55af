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
