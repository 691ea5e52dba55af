//! Random words of a command line.

use fastrand::Rng;

use super::generate::Generator;
use super::values::{self, Node, chance, pick};

/// Words that are no flags, or no known ones.
pub const STRAY: [&str; 24] = [
    "--",
    "-",
    "",
    "extra",
    "--no-such-flag",
    "--no-such-flag=1",
    "-make-iptables-util-chains=false",
    "--make-iptables",
    "--=x",
    "---a",
    "--Make-iptables-util-chains=false",
    "-h",
    "--help",
    "--help=false",
    "-h=false",
    "--version",
    "--version=raw",
    "--version=false",
    "--version=v1.2.3",
    "-x",
    "-vh",
    "-test.v",
    "--config",
    "--v",
];

/// Flags that people set.
const FAVOURITES: [&str; 12] = [
    "make-iptables-util-chains",
    "anonymous-auth",
    "authentication-token-webhook",
    "protect-kernel-defaults",
    "rotate-certificates",
    "read-only-port",
    "event-qps",
    "feature-gates",
    "tls-cipher-suites",
    "node-labels",
    "cluster-dns",
    "streaming-connection-idle-timeout",
];

/// A flag with its value, in one of the ways to write it.
pub fn words(generator: &mut Generator) -> Vec<String> {
    let surface = generator.surface;
    let favourite = pick(&mut generator.rng, &FAVOURITES);
    let wanted = chance(&mut generator.rng, 0.25).then(|| surface.flags.iter().find(|flag| flag.name == favourite));
    let flag = wanted.flatten().unwrap_or_else(|| &surface.flags[generator.rng.usize(..surface.flags.len())]);
    if matches!(flag.name.as_str(), "config" | "config-dir" | "version") && !chance(&mut generator.rng, 0.1) {
        return vec![];
    }
    let value = value(generator, &flag.name, &flag.kind, &flag.path);
    let rng = &mut generator.rng;
    let name = spelt(rng, &flag.name);
    if flag.name == "v" && chance(rng, 0.6) {
        return match rng.u8(..3) {
            0 => vec![format!("-v{value}")],
            1 => vec!["-v".into(), value],
            _ => vec![format!("-v={value}")],
        };
    }
    let is_switch = flag.kind == "bool" || flag.kind == "version";
    match rng.u8(..20) {
        0..2 if is_switch => vec![format!("--{name}")],
        2 if is_switch && chance(rng, 0.2) => vec![format!("--{name}"), value],
        0..6 if !is_switch => vec![format!("--{name}"), value],
        6 => vec![format!("--{name}={value}"), format!("--{name}={value}")],
        _ => vec![format!("--{name}={value}")],
    }
}

/// The name, with some `_` in place of `-`.
pub fn spelt(rng: &mut Rng, name: &str) -> String {
    if !chance(rng, 0.08) {
        return name.to_owned();
    }
    name.chars().map(|c| if c == '-' && rng.bool() { '_' } else { c }).collect()
}

/// A value as a flag's text.
fn value(generator: &mut Generator, name: &str, kind: &str, path: &str) -> String {
    let odd = chance(&mut generator.rng, 0.07);
    if kind == "mapStringBool" {
        return gates(generator, odd);
    }
    let rng = &mut generator.rng;
    if let Some((fine, strange)) = of_kind(name, kind)
        && (odd || path.is_empty() || matches!(kind, "bool" | "Level") || rng.u8(..3) == 0)
    {
        return pick(rng, if odd { strange } else { fine }).to_owned();
    }
    // As in a file, and sometimes as it cannot be in a flag.
    let field = generator.surface.fields.iter().find(|field| field.path == path);
    let Some(field) = field else { return pick(rng, &["a", "", "/x", "a b", "--v=2", "é"]).to_owned() };
    as_text(
        &values::value(rng, path, &field.kind, 0.05),
        if name.starts_with("eviction-") { separator(name) } else { "=" },
    )
}

/// The thresholds are written with a sign of their own.
fn separator(name: &str) -> &'static str {
    if matches!(name, "eviction-hard" | "eviction-soft") { "<" } else { "=" }
}

/// A value of a file as a flag shows it.
fn as_text(node: &Node, separator: &str) -> String {
    match node {
        Node::Null => String::new(),
        Node::Bool(value) => value.to_string(),
        Node::Number(text) | Node::Text(text) => text.clone(),
        Node::List(items) => items.iter().map(|item| as_text(item, separator)).collect::<Vec<_>>().join(","),
        Node::Map(members) => {
            let pairs = members.iter().map(|(key, value)| format!("{key}{separator}{}", as_text(value, separator)));
            pairs.collect::<Vec<_>>().join(",")
        }
    }
}

fn gates(generator: &mut Generator, odd: bool) -> String {
    if odd {
        return pick(
            &mut generator.rng,
            &["", "a", "NodeSwap=maybe", ",", " AllAlpha = false ", "NodeSwap=1", "=true", "AllBeta=", "AllBeta=F,"],
        )
        .to_owned();
    }
    let pairs: Vec<String> = (0..generator.rng.usize(1..4))
        .map(|_| {
            let (name, value) = generator.gate();
            format!("{name}={}", as_text(&value, ""))
        })
        .collect();
    pairs.join(",")
}

type Words = &'static [&'static str];

/// Values of a flag's type (Go's name of it): those that are fine, those that are odd.
fn of_kind(name: &str, kind: &str) -> Option<(Words, Words)> {
    Some(match (name, kind) {
        ("node-labels", _) => (
            &[
                "a=b",
                "a=b,c=d",
                "node.kubernetes.io/x=y",
                "kubelet.kubernetes.io/x=y",
                "topology.kubernetes.io/zone=a",
                "a",
                "",
                "kubernetes.io/os=linux",
                "beta.kubernetes.io/arch=amd64",
            ],
            &[
                "kubernetes.io/x=y",
                "a=--b",
                "=b",
                "a=b=c",
                "a b=c",
                "x/y/z=1",
                "node-role.kubernetes.io/master=",
                "k8s.io/a=b",
                "a.node.kubernetes.io/b=c",
                ",",
                " a = b ",
                "node-restriction.kubernetes.io/a=b",
                "é=1",
            ],
        ),
        ("node-ip", _) => (&["10.0.0.1", "::", "fd00::1,10.0.0.1"], &["", "x", "--v=2"]),
        ("register-with-taints", _) => (
            &["a=b:NoSchedule", "a:NoExecute", "x.io/a=:PreferNoSchedule", "a=b:NoSchedule,c=d:NoExecute"],
            &[
                "",
                "a",
                "a=b",
                "a=b:x",
                "a=b:NoSchedule,a=c:NoSchedule",
                ":NoSchedule",
                "a=b=c:NoSchedule",
                "a:NoSchedule:",
                "a b=c:NoSchedule",
                "a=b:NoSchedule-",
                ",",
                "a=b:NoSchedule,",
            ],
        ),
        ("reserved-memory", _) => (
            &["0:memory=1Gi", "0:memory=1Gi,hugepages-2Mi=4Mi;1:memory=2Gi"],
            &[
                "",
                "0",
                "0:cpu=1",
                "0:memory=0",
                "0:memory=1Gi;0:memory=2Gi",
                "x:memory=1Gi",
                "-1:memory=1Gi",
                "0:memory",
                "0:memory=x",
                "0:memory=1Gi;",
                "0:memory=-1",
                ";",
                "0:memory=1Gi,memory=2Gi",
                "00:memory=1.5Gi",
                "0 : memory = 1Gi",
            ],
        ),
        ("manifest-url-header", _) => (&["a:b", "a:b,a:c,d:e"], &["", "a", ":", "a:b:c", "a :b , c: d", "a:b,", ","]),
        ("vmodule", _) => (
            &["a=1", "a*=2,b=3", ""],
            &["a", "a=x", "=1", "a=-1", "a=4294967295", ",", "a=1,", "a=2147483648", "a=0x10"],
        ),
        (_, "bool") => (
            &["true", "false", "true", "false", "True", "FALSE", "t", "F", "1", "0"],
            &["yes", "", "no", "tRUE", " true", "on", "2"],
        ),
        (_, "int32") => (
            &["1", "5", "50"],
            &[
                "0x10",
                "1_0",
                "010",
                "-1",
                "abc",
                "",
                "2147483648",
                "+5",
                "0b11",
                "1.0",
                "1e3",
                "_1",
                "0_8",
                "09",
                "0o17",
                " 1",
                "-0",
                "0x",
                "1__0",
            ],
        ),
        (_, "int64") => {
            (&["100", "1000000"], &["9223372036854775808", "-9223372036854775808", "0x7fffffffffffffff", "", "1.5"])
        }
        (_, "duration") => (
            &["10s", "1m30s", "0", "5m"],
            &[
                "0s",
                "300",
                "-5m",
                "1.5h",
                ".5s",
                "1d",
                "",
                "+1s",
                "1us",
                "1µs",
                "1μs",
                "9223372036854775807ns",
                "9223372036854775808ns",
                "1h 2m",
                "-0",
                "1s1s",
                "s",
                "1.s",
                "0.0000000001s",
                "-9223372036854775808ns",
            ],
        ),
        (_, "ip") => (
            &["0.0.0.0", "10.1.2.3", "::"],
            &["", "x", "1.2.3", " 1.2.3.4 ", "01.2.3.4", "::ffff:1.2.3.4", "::1%eth0", "1.2.3.4/8", "0:0:0:0:0:0:0:1"],
        ),
        (_, "stringSlice") => (
            &["a", "a,b", "pods"],
            &["", "\"A,B\",C", "A, B", "\"", "a\"b", ",", "a\nb", "\"a\"\"b\"", " \"a\"", "\"a\" ", "\n"],
        ),
        (_, "mapStringString") => (
            &["a=b", "a=b,c=d", "memory.available=1Gi", "memory.available<1Gi"],
            &["", "a", "a=", "=b", ",", "a=b=c", " a = b ", "a<b=c", "a=b,a=c", "a<1,b<2", "a=b,"],
        ),
        (_, "Level") => {
            (&["0", "2", "10"], &["-1", "x", "", "4294967295", "4294967296", "0x2", "2147483648", "+1", "1_0"])
        }
        (_, "quantity") => (&["0", "0"], &["1Ki", "x", "", "-1", "1.5Gi", "0.0", "1e3", "1m", "0Ki"]),
        (_, "version") => (&["false"], &["true", "raw", "v1.2.3", "x", "", "0", "v1.37.0", "v1", "vx"]),
        _ => return None,
    })
}
