//! How fast kubevet is: the readers, the rules natively and through the component, many targets, the whole command.
//!
//! `cargo bench`, or `cargo bench -- component` for some of them. On a busy machine the column `fastest` is the one to
//! compare. What is aimed at: `component` takes no more than twice as long as `native`, and 10,000 targets a second.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot be set up has to stop")]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kubevet::bundle::Bundle;
use kubevet::collect;
use kubevet::sandbox::Sandbox;
use kubevet_rules::model::{Document, Options};

/// Targets of one version, with their version.
const GOLDENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/goldens/1.34.4.jsonl");

/// A file and two flags, one of which overrides it: an ordinary target.
const TARGET: &str = r#"{"id":"ordinary","args":["--config=/etc/k.json","--make-iptables-util-chains=false","--v=2"],"files":{"/etc/k.json":CONFIG}}"#;

/// The sandbox in whose room everything is measured, as the command does all of its work in one.
static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| Sandbox::new().unwrap());

fn main() {
    SANDBOX.room(divan::main).unwrap();
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/kubelet-config.json")
}

/// The ordinary target.
fn ordinary() -> Bundle {
    let config = std::fs::read_to_string(example()).unwrap();
    Bundle::parse(&TARGET.replace("CONFIG", &serde_json::to_string(&config).unwrap())).unwrap()
}

/// Options with a version or without.
fn options(version: Option<&str>, list_settings: bool) -> Options {
    let values = version.map(|version| ("version".to_owned(), version.to_owned()));
    Options { list_settings, values: values.into_iter().collect(), ..Options::default() }
}

/// The documents of a target.
fn documents(bundle: &Bundle, options: &Options) -> Vec<Document> {
    collect::documents(bundle, |known| kubevet_rules::plan(known, options)).unwrap()
}

mod readers {
    use divan::Bencher;
    use divan::counter::BytesCount;
    use kubevet_rules::text::{read_json, read_yaml};

    /// A configuration as people have it, and one that lists many node labels.
    #[divan::bench(args = [10, 10_000])]
    fn json(bencher: Bencher<'_, '_>, members: usize) {
        let members: Vec<_> =
            (0..members).map(|at| format!("    \"key-{at}\": [\"value {at}\", {at}, true]")).collect();
        let text =
            format!("{{\n  \"kind\": \"KubeletConfiguration\",\n  \"labels\": {{\n{}\n  }}\n}}\n", members.join(",\n"));
        bencher.counter(BytesCount::of_str(&text)).bench(|| read_json(text.as_bytes()).unwrap());
    }

    #[divan::bench(args = [10, 10_000])]
    fn yaml(bencher: Bencher<'_, '_>, members: usize) {
        let members: String =
            (0..members).map(|at| format!("  key-{at}:\n  - value {at}\n  - {at}\n  - yes # why\n")).collect();
        let text = format!("kind: KubeletConfiguration\nlabels:\n{members}");
        bencher.counter(BytesCount::of_str(&text)).bench(|| read_yaml(text.as_bytes()).unwrap());
    }
}

/// A version, and none, which means all of them.
const VERSIONS: [Option<&str>; 2] = [Some("1.34.4"), None];

mod native {
    use divan::Bencher;
    use kubevet::bundle::Bundle;

    use super::{VERSIONS, documents, options, ordinary};

    /// Flags without a file.
    #[divan::bench(args = VERSIONS)]
    fn flags(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let (flags, options) = (Bundle::parse(FLAGS).unwrap(), options(version, false));
        let documents = documents(&flags, &options);
        bencher.bench(|| kubevet_rules::evaluate(&documents, &options).unwrap());
    }

    const FLAGS: &str = r#"{"id":"flags","args":["--read-only-port=0","--make-iptables-util-chains","--anonymous-auth=false","--event-qps","5","--node-labels=a=b,c=d","--v=2"]}"#;

    #[divan::bench(args = VERSIONS)]
    fn plan(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, false);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| kubevet_rules::plan(&documents[..1], &options).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn evaluate(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, false);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| kubevet_rules::evaluate(&documents, &options).unwrap());
    }

    /// With all settings.
    #[divan::bench(args = VERSIONS)]
    fn effective(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, true);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| kubevet_rules::evaluate(&documents, &options).unwrap());
    }
}

/// The same through the component, in a fresh instance for each call.
mod component {
    use divan::Bencher;
    use kubevet::sandbox::Sandbox;

    use super::{SANDBOX, VERSIONS, documents, options, ordinary};

    #[divan::bench(args = VERSIONS)]
    fn plan(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, false);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| SANDBOX.plan(&documents[..1], &options).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn evaluate(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, false);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| SANDBOX.evaluate(&documents, &options).unwrap());
    }

    #[divan::bench(args = VERSIONS)]
    fn effective(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, true);
        let documents = documents(&ordinary(), &options);
        bencher.bench(|| SANDBOX.evaluate(&documents, &options).unwrap());
    }

    /// In a thread of its own, as for who asks once.
    #[divan::bench(args = VERSIONS)]
    fn evaluate_in_a_thread(bencher: Bencher<'_, '_>, version: Option<&str>) {
        let options = options(version, false);
        let (documents, sandbox) = (documents(&ordinary(), &options), Sandbox::new().unwrap());
        bencher.bench(|| sandbox.evaluate(&documents, &options).unwrap());
    }

    /// Nothing is asked for, so this is what an instance costs.
    #[divan::bench]
    fn plan_of_nothing(bencher: Bencher<'_, '_>) {
        let options = options(Some("1.34.4"), false);
        bencher.bench(|| SANDBOX.plan(&[], &options).unwrap());
    }
}

/// Some goldens of a version, from a line of a bundle to a line of the report. Only some: where other programs want the
/// processor as well, a long run is never undisturbed.
mod targets {
    use divan::Bencher;
    use divan::counter::ItemsCount;
    use kubevet::bundle::Bundle;
    use kubevet::inquiry::Inquiry;
    use kubevet::target::Target;
    use kubevet_report::{Judged, json};

    use super::{GOLDENS, SANDBOX, documents, options};

    fn lines() -> Vec<String> {
        std::fs::read_to_string(GOLDENS).unwrap().lines().step_by(40).map(str::to_owned).collect()
    }

    /// As `kubevet check --bundle` does it.
    #[divan::bench]
    fn component(bencher: Bencher<'_, '_>) {
        let lines = lines();
        bencher.counter(ItemsCount::new(lines.len())).bench(|| {
            let inquiry = Inquiry::new(&SANDBOX, options(None, false)).unwrap();
            lines.iter().map(|line| judge(&inquiry, line).len()).sum::<usize>()
        });
    }

    fn judge(inquiry: &Inquiry<'_>, line: &str) -> String {
        let bundle = Bundle::parse(line).unwrap();
        let version = bundle.version().map(str::to_owned);
        let target = Target { id: bundle.id().to_owned(), version, source: Box::new(bundle) };
        json::check(&target.judge(inquiry).judged()).unwrap()
    }

    /// Without the component.
    #[divan::bench]
    fn native(bencher: Bencher<'_, '_>) {
        let lines = lines();
        let judge = |line: &String| {
            let bundle = Bundle::parse(line).unwrap();
            let options = options(bundle.version(), false);
            let documents = documents(&bundle, &options);
            let report = kubevet_rules::evaluate(&documents, &options).unwrap();
            json::check(&Judged::new(bundle.id(), &documents, &report)).unwrap().len()
        };
        bencher.counter(ItemsCount::new(lines.len())).bench(|| lines.iter().map(judge).sum::<usize>());
    }
}

/// Whole processes.
mod process {
    use std::process::{Command, Stdio};

    use divan::Bencher;
    use divan::counter::ItemsCount;

    use super::{GOLDENS, example};

    fn run(command: &mut Command) {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    }

    /// What a process costs that does nothing.
    #[divan::bench]
    fn nothing() {
        run(&mut Command::new("/bin/true"));
    }

    #[divan::bench]
    fn check() {
        run(Command::new(KUBEVET).arg("check").arg(example()));
    }

    #[divan::bench]
    fn check_of_a_version() {
        run(Command::new(KUBEVET).args(["check", "--kubelet-version=1.34.4"]).arg(example()));
    }

    #[divan::bench(sample_count = 20)]
    fn check_of_a_bundle(bencher: Bencher<'_, '_>) {
        let targets = std::fs::read_to_string(GOLDENS).unwrap().lines().count();
        let run = || run(Command::new(KUBEVET).args(["check", "--format=json", "--bundle", GOLDENS]));
        bencher.counter(ItemsCount::new(targets)).bench(run);
    }

    const KUBEVET: &str = env!("CARGO_BIN_EXE_kubevet");
}
