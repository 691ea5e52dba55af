//! Configurations of kubelets that fail checks, in many layouts: the same for the same number.

#![allow(missing_docs, dead_code, reason = "not every test needs all of it")]

use std::fmt::Write;

use fastrand::Rng;

/// A configuration file, and perhaps drop-ins over it.
pub struct Odd {
    /// `k.json` or `k.yaml`, and its text.
    pub file: (&'static str, String),
    /// Names in the drop-in directory, and their texts.
    pub drop_ins: Vec<(String, String)>,
}

#[derive(Clone)]
enum Value {
    Null,
    Bool(bool),
    Number(i64),
    Text(&'static str),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

use Value::{Bool, List, Map, Null, Number, Text};

/// The configuration of this number.
pub fn odd(number: u64) -> Odd {
    let mut rng = Rng::with_seed(number);
    let file = match rng.u8(..3) {
        0 => ("k.json", json(&mut rng, &settings(number, true))),
        _ => ("k.yaml", yaml(&mut rng, &settings(number, true), true)),
    };
    let count = if rng.u8(..10) < 3 { 1 + rng.u64(..2) } else { 0 };
    let drop_in = |at: u64| {
        let settings = settings(number ^ (at + 1) << 32, false);
        let mut rng = Rng::with_seed(number + at);
        let text = if rng.bool() { json(&mut rng, &settings) } else { yaml(&mut rng, &settings, false) };
        (format!("{at}0-odd.conf"), text)
    };
    Odd { file, drop_ins: (0..count).map(drop_in).collect() }
}

/// Some of the settings that checks look at, mostly such that they fail, and some that none does.
fn settings(seed: u64, is_whole: bool) -> Vec<(&'static str, Value)> {
    let mut rng = Rng::with_seed(seed);
    let rng = &mut rng;
    let share = if is_whole { 6 } else { 2 };
    let mut settings = vec![];
    let mut add = |rng: &mut Rng, key: &'static str, value: Value| {
        if rng.u8(..10) < share {
            settings.push((key, value));
        }
    };
    let anonymous = match rng.u8(..4) {
        0 if is_whole => Null,
        1 => Map(vec![]),
        _ => Map(vec![("enabled", Bool(true))]),
    };
    let mut authentication = vec![("webhook", Map(vec![("cacheTTL", Text("2m0s")), ("enabled", Bool(true))]))];
    authentication.insert(rng.usize(..=1), ("anonymous", anonymous));
    if is_whole {
        authentication
            .insert(rng.usize(..=2), ("x509", Map(vec![("clientCAFile", Text("/etc/kubernetes/pki/ca.crt"))])));
    }
    let mode = if rng.bool() { Text("AlwaysAllow") } else { Text("Webhook") };
    let authorization = if is_whole && rng.u8(..5) == 0 { Null } else { Map(vec![("mode", mode)]) };
    add(rng, "authorization", authorization);
    add(rng, "readOnlyPort", Number(10255));
    add(rng, "makeIPTablesUtilChains", Bool(false));
    add(rng, "seccompDefault", Bool(false));
    add(rng, "rotateCertificates", Bool(false));
    add(rng, "podPidsLimit", Number(-1));
    add(rng, "protectKernelDefaults", Bool(false));
    add(rng, "eventRecordQPS", Number(5));
    let gates = vec![("RotateKubeletServerCertificate", Bool(is_whole)), ("GracefulNodeShutdown", Bool(true))];
    if is_whole {
        add(rng, "featureGates", Map(gates));
    }
    // A list without this one ends the kubelet.
    const OF_HTTP2: &str = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    let suites = ["TLS_RSA_WITH_AES_128_CBC_SHA", OF_HTTP2, "TLS_RSA_WITH_AES_256_GCM_SHA384"];
    let mut chosen: Vec<&str> = suites.into_iter().filter(|_| rng.bool()).collect();
    if !chosen.contains(&OF_HTTP2) {
        chosen.clear();
    }
    add(rng, "tlsCipherSuites", List(chosen.into_iter().map(Text).collect()));
    add(rng, "maxPods", Number(110));
    add(rng, "clusterDNS", List(vec![Text("10.96.0.10"), Text("fd00::a")]));
    add(rng, "clusterDomain", Text("cluster.local"));
    add(rng, "evictionHard", Map(vec![("memory.available", Text("100Mi")), ("nodefs.available", Text("10%"))]));
    if is_whole || rng.bool() {
        settings.push(("authentication", Map(authentication)));
    }
    rng.shuffle(&mut settings);
    settings.insert(0, ("kind", Text("KubeletConfiguration")));
    settings.insert(rng.usize(..settings.len()), ("apiVersion", Text("kubelet.config.k8s.io/v1beta1")));
    settings
}

/// As JSON of one of several styles.
fn json(rng: &mut Rng, settings: &[(&'static str, Value)]) -> String {
    let indents = ["  ", "    ", "\t", " ", ""];
    let style = JsonStyle { indent: indents[rng.usize(..5)], colon: [": ", ":", " : "][rng.usize(..3)] };
    let mut text = String::new();
    style.write(&Map(settings.to_vec()), 0, &mut text);
    finished(rng, text, "\n")
}

struct JsonStyle {
    indent: &'static str,
    colon: &'static str,
}

impl JsonStyle {
    fn write(&self, value: &Value, depth: usize, text: &mut String) {
        let items: Vec<(Option<&str>, &Value)> = match value {
            Map(members) => members.iter().map(|(key, value)| (Some(*key), value)).collect(),
            List(items) => items.iter().map(|item| (None, item)).collect(),
            scalar => {
                *text += &plain(scalar).unwrap_or_else(|| quoted(scalar));
                return;
            }
        };
        let (open, close) = if matches!(value, Map(_)) { ('{', '}') } else { ('[', ']') };
        text.push(open);
        for (at, (key, value)) in items.iter().enumerate() {
            *text += if at > 0 { "," } else { "" };
            self.line(depth + 1, text);
            if let Some(key) = key {
                let _ = write!(text, "\"{key}\"{}", self.colon);
            }
            self.write(value, depth + 1, text);
        }
        if !items.is_empty() {
            self.line(depth, text);
        }
        text.push(close);
    }

    fn line(&self, depth: usize, text: &mut String) {
        if !self.indent.is_empty() {
            text.push('\n');
            *text += &self.indent.repeat(depth);
        }
    }
}

/// What is written without quotes.
fn plain(value: &Value) -> Option<String> {
    match value {
        Null => Some("null".into()),
        Bool(value) => Some(value.to_string()),
        Number(value) => Some(value.to_string()),
        _ => None,
    }
}

fn quoted(value: &Value) -> String {
    if let Text(text) = value { format!("\"{text}\"") } else { String::new() }
}

/// As YAML of one of several styles.
fn yaml(rng: &mut Rng, settings: &[(&'static str, Value)], is_config: bool) -> String {
    let step = [2, 4, 1, 3][rng.usize(..4)];
    let fancy = [0, 10, 30][rng.usize(..3)];
    let mut writer = Yaml { rng, step, fancy, comments: 0, before: String::new(), after: String::new(), is_config };
    let mut body = String::new();
    writer.map(settings, 0, &mut body);
    let text = writer.before + &body + &writer.after;
    let rng = writer.rng;
    let text = match rng.u8(..6) {
        0 => format!("---\n{text}"),
        1 => format!("# first\n\n---\n{text}...\n"),
        2 => format!("{text}---\nanother: document # of no meaning\n"),
        3 => format!("{text}\n\n# last\n"),
        _ => text,
    };
    let eol = if rng.u8(..4) == 0 { "\r\n" } else { "\n" };
    finished(rng, text, eol)
}

struct Yaml<'a> {
    rng: &'a mut Rng,
    step: usize,
    /// How often something is done that few people do, in percent.
    fancy: u8,
    comments: usize,
    /// Top-level lines with anchors, and those that read them.
    before: String,
    after: String,
    /// Whether a key may be given twice.
    is_config: bool,
}

impl Yaml<'_> {
    fn is_fancy(&mut self) -> bool {
        self.rng.u8(..100) < self.fancy
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# comment {}: {{[\"'", self.comments)
    }

    fn map(&mut self, members: &[(&'static str, Value)], depth: usize, text: &mut String) {
        let indent = " ".repeat(depth);
        // Some of the members may come from a mapping elsewhere.
        let merged = match members {
            [(first, value), _, ..] if depth > 0 && self.is_fancy() => {
                let name = format!("m{}", self.before.len());
                let mut flow = String::new();
                self.flow(value, &mut flow);
                let _ = writeln!(self.before, "x-{name}: &{name} {{{first}: {flow}}}");
                let _ = writeln!(text, "{indent}<<: *{name}");
                1
            }
            _ => 0,
        };
        for (key, value) in &members[merged..] {
            if self.rng.u8(..8) == 0 {
                let _ = writeln!(text, "{indent}{}", self.comment());
            }
            if self.is_config && depth > 0 && plain(value).is_some() && self.is_fancy() {
                let _ = writeln!(text, "{indent}{key}: {}", if matches!(value, Bool(_)) { "false" } else { "7" });
            }
            let quote = if self.is_fancy() { "\"" } else { "" };
            let _ = write!(text, "{indent}{quote}{key}{quote}:");
            self.value(key, value, depth, text);
        }
    }

    /// What stands behind a key, to the end of the line or of its lines.
    fn value(&mut self, key: &str, value: &Value, depth: usize, text: &mut String) {
        let name = format!("v{}{}", self.before.len(), self.after.len());
        let is_head = matches!(key, "kind" | "apiVersion");
        if !is_head && self.is_fancy() {
            let mut flow = String::new();
            self.flow(value, &mut flow);
            let _ = writeln!(self.before, "x-{name}: &{name} {flow}");
            let _ = write!(text, " *{name}");
            return self.end(text);
        }
        if !is_head && !matches!(value, Null) && self.is_fancy() {
            let _ = writeln!(self.after, "x-{name}: *{name}");
            let _ = write!(text, " &{name}");
        }
        match value {
            Map(members) if !members.is_empty() && self.rng.u8(..4) > 0 => {
                self.end(text);
                let step = self.step;
                self.map(members, depth + step, text);
            }
            List(items) if !items.is_empty() && self.rng.u8(..3) > 0 => {
                self.end(text);
                let indent = " ".repeat(depth + if self.rng.bool() { self.step } else { 0 });
                for item in items {
                    let _ = write!(text, "{indent}- ");
                    self.flow(item, text);
                    self.end(text);
                }
            }
            Null if self.rng.bool() => self.end(text),
            Text(word) if self.is_fancy() && !is_head => {
                let _ = write!(text, " |-\n{}{word}\n", " ".repeat(depth + self.step));
            }
            _ => {
                text.push(' ');
                self.flow(value, text);
                self.end(text);
            }
        }
    }

    fn end(&mut self, text: &mut String) {
        if self.rng.u8(..4) == 0 {
            let _ = write!(text, " {}", self.comment());
        }
        text.push('\n');
        if self.rng.u8(..12) == 0 {
            text.push('\n');
        }
    }

    fn flow(&mut self, value: &Value, text: &mut String) {
        match value {
            Null => *text += ["~", "null", "Null"][self.rng.usize(..3)],
            Bool(true) => *text += ["true", "yes", "on", "True"][self.rng.usize(..4)],
            Bool(false) => *text += ["false", "no", "off", "False"][self.rng.usize(..4)],
            Text(word) => {
                let quote = ["", "'", "\""][self.rng.usize(..3)];
                let quote = if quote.is_empty() && word.contains("::") { "'" } else { quote };
                let _ = write!(text, "{quote}{word}{quote}");
            }
            Map(members) => {
                text.push('{');
                for (at, (key, value)) in members.iter().enumerate() {
                    let _ = write!(text, "{}{key}: ", if at > 0 { ", " } else { "" });
                    self.flow(value, text);
                }
                *text += if !members.is_empty() && self.is_fancy() { ",}" } else { "}" };
            }
            List(items) => {
                text.push('[');
                for (at, item) in items.iter().enumerate() {
                    *text += if at > 0 { ", " } else { "" };
                    self.flow(item, text);
                }
                text.push(']');
            }
            number => *text += &plain(number).unwrap_or_default(),
        }
    }
}

/// With a line end at the end, or without, and with lines that end in this.
fn finished(rng: &mut Rng, text: String, eol: &str) -> String {
    let text = text.trim_end_matches('\n');
    let end = if rng.u8(..3) == 0 { "" } else { "\n" };
    format!("{text}{end}").replace('\n', eol)
}
