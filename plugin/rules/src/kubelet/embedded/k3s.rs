//! k3s: its own configuration, and the flags that it gives its kubelet (k3s pkg/configfilearg/parser.go, pkg/util/args.go,
//! pkg/daemons/agent).

use alloc::string::String;
use alloc::vec::Vec;

use super::unit::{self, Shown, Word};
use super::{CommandLine, Seen, UNREAD};
use crate::collections;
use crate::kubelet::problems::Problems;
use crate::kubelet::{paths, values};
use crate::message::Words;
use crate::model::{Place, Span, Want};
use crate::text::{self, Node, Value};

/// The first k3s that gives its kubelet a drop-in directory instead of flags.
const DROP_INS: u8 = 32;

const CONFIG: &str = "/etc/rancher/k3s/config.yaml";

const DATA: &str = "/var/lib/rancher/k3s";

/// What k3s cannot read, it ends on.
const BROKEN: Words = words!("k3s cannot read", "k3s が読み取れない内容です");

/// What the configuration of k3s says about its kubelet.
#[derive(Default)]
struct Options {
    arguments: Vec<(String, Place)>,
    data: String,
}

impl CommandLine {
    pub(super) fn k3s(&mut self, seen: &Seen, name: &str) {
        self.since = DROP_INS;
        self.gap = words!(
            "k3s runs the kubelet inside itself: its arguments are put together from the configuration and the command line or unit of \
            k3s, which a restart puts into effect; variables such as `K3S_CONFIG_FILE` cannot be seen",
            "k3s は kubelet を自身の中で実行します。引数は k3s の設定と、コマンドラインまたはユニットから組み立てたもので、\
            再起動すると反映されます。`K3S_CONFIG_FILE` などの変数は確認できません"
        );
        let mut files = vec![];
        let words = self.own_words(seen, name, &mut files);
        let own = Own::of(&words);
        let is_hidden = |word: &&Word| word.span.document == seen.process_id && !own.shown.contains(&word.span);
        self.withheld.extend(words.iter().filter(is_hidden).map(|word| word.span));
        self.withhold(files, &own.shown);
        let mut options = Options::default();
        if self.wants.is_empty() {
            let path = paths::join(&seen.process.cwd, own.config.unwrap_or(CONFIG).as_bytes());
            let mut files = vec![Want::File(path.clone())];
            files.extend(self.files(seen, [&path, &b".d"[..]].concat(), &[".yaml", ".yml"]));
            for want in files {
                let Some((id, bytes)) = self.read_if_there(seen, &want) else { continue };
                if options.take(id, bytes, &mut self.withheld).is_none() {
                    self.give_up(&want, Some(id), BROKEN);
                }
            }
        }
        // What stands behind, wins (`Parse`).
        options.arguments.extend(own.arguments);
        if let Some(data) = own.data {
            if !data.starts_with('/') {
                self.give_up(&Want::Directory(data.into()), None, UNREAD);
            }
            options.data = data.into();
        }
        self.arguments(options);
    }

    /// The words behind `k3s`. It writes its name over them; its unit then has them, if that is what it was started by.
    fn own_words<'a>(&mut self, seen: &Seen<'a>, name: &str, files: &mut Vec<Shown<'a>>) -> Vec<Word> {
        let words = &seen.process.arguments;
        if words.is_empty() {
            return self.unit_words(seen, if name == "k3s-agent" { name } else { "k3s" }, files);
        }
        let word = |(part, word): (usize, &Vec<u8>)| {
            let span = Span { document: seen.process_id, part: part as u32, start: 0, end: word.len() as u32 };
            Word { text: values::text(word), span }
        };
        words.iter().enumerate().map(word).collect()
    }

    /// What the kubelet is given: the flags of k3s itself, with what is asked for, by their names.
    fn arguments(&mut self, options: Options) {
        let data = if options.data.is_empty() { DATA } else { &options.data };
        let mut all: Vec<(String, Place)> = vec![];
        for (flag, value) in [
            ("--cloud-provider=external", ""),
            ("--config-dir=", "/agent/etc/kubelet.conf.d"),
            // It is the host's own name where nothing says otherwise.
            ("--hostname-override=<node name>", ""),
            ("--kubeconfig=", "/agent/kubelet.kubeconfig"),
            ("--read-only-port=0", ""),
        ] {
            let data = if value.is_empty() { "" } else { data };
            all.push(([flag, data, value].concat(), Place::Target));
        }
        let mut asked = options.arguments.into_iter();
        while let Some((word, place)) = asked.next() {
            let word = word.strip_prefix("--").unwrap_or(&word);
            let (name, value) = word.split_once('=').unwrap_or_else(|| {
                // `extractConfigArgs` takes the next one for its value, and then forgets that.
                asked.next();
                (word, "true")
            });
            // These two are copied into the drop-in directory, and taken out.
            if matches!(name, "config" | "config-dir") {
                continue;
            }
            let flag = ["--", name.trim_end_matches(['+', '-']), "="].concat();
            let first = all.iter().position(|(word, _)| name.ends_with('-') && word.starts_with(&flag));
            all.insert(first.unwrap_or(all.len()), (flag + value, place));
        }
        let name = |at: usize| all[at].0.split('=').next();
        for at in collections::order(all.len(), &|a, b| name(a).cmp(&name(b))) {
            self.push(all[at].0.clone().into_bytes(), all[at].1);
        }
    }
}

/// What the command line of k3s says about its kubelet.
#[derive(Default)]
struct Own<'a> {
    arguments: Vec<(String, Place)>,
    config: Option<&'a str>,
    data: Option<&'a str>,
    /// The words that say it, and the first one: the program, or what is asked of it.
    shown: Vec<Span>,
}

impl<'a> Own<'a> {
    fn of(words: &'a [Word]) -> Own<'a> {
        let mut own = Own { shown: words.iter().take(1).map(|word| word.span).collect(), ..Own::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some((name, value)) = unit::option(&word.text).filter(|(name, _)| unit::is_option(name)) else {
                continue;
            };
            own.shown.push(word.span);
            let next = if value.is_none() { words.next() } else { None };
            let (value, span) = next.map_or((value.unwrap_or_default(), word.span), |next| (&*next.text, next.span));
            own.shown.push(span);
            match name {
                "kubelet-arg" => own.arguments.push((value.into(), Place::At(span))),
                // The first one counts (`findConfigFileFlag`).
                "config" | "c" => own.config = own.config.or(Some(value)),
                _ => own.data = Some(value),
            }
        }
        own
    }
}

impl Options {
    /// Takes what a file of the configuration says, or nothing where k3s ends on it: later ones win, but for keys with a `+`.
    /// All else in it, such as the token of the cluster, is nobody's business.
    fn take(&mut self, document: u32, bytes: &[u8], withheld: &mut Vec<Span>) -> Option<()> {
        let mut problems = Problems::default();
        let mut shown = vec![];
        let taken = text::read_yaml(bytes).ok().and_then(|text| match &text.root.value {
            Value::Null => Some(()),
            Value::Object(members) => {
                for member in members.iter().filter(|member| !member.shadowed) {
                    let name = member.key.strip_suffix('+').unwrap_or(&member.key);
                    let items = match (name, &member.value.value) {
                        ("kubelet-arg", Value::Array(items)) => items,
                        ("kubelet-arg" | "data-dir" | "d", _) => core::slice::from_ref(&member.value),
                        _ => continue,
                    };
                    if name == member.key && name == "kubelet-arg" {
                        self.arguments.clear();
                    }
                    shown.push(member.key_span.clone());
                    for item in items {
                        self.option(name, document, item)?;
                        shown.push(item.span.clone());
                    }
                }
                Some(())
            }
            _ => None,
        });
        if taken.is_none() {
            shown.clear();
        }
        problems.withhold_but(document, bytes, &shown);
        withheld.extend(problems.withheld);
        taken
    }

    fn option(&mut self, name: &str, document: u32, item: &Node) -> Option<()> {
        let Value::String(text) = &item.value else { return None };
        if name == "kubelet-arg" {
            let span = Span { document, part: 0, start: item.span.start as u32, end: item.span.end as u32 };
            self.arguments.push((text.clone(), Place::At(span)));
            return Some(());
        }
        // Others begin in the home of whoever started it.
        self.data = text.clone();
        (text.is_empty() || text.starts_with('/')).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Place, Report, Status};
    use crate::support::Node;

    fn node() -> Node {
        Node::new("server").fact("embeds", "k3s-server").option("version", "1.34")
    }

    fn configured(config: &str) -> Node {
        node().file("/etc/rancher/k3s/config.yaml", config)
    }

    /// With the drop-in of k3s.
    fn defaults(node: Node, data: &str) -> Node {
        let path = [data, "/agent/etc/kubelet.conf.d/00-k3s-defaults.conf"].concat();
        node.kubelet_file(&path, "authentication: {anonymous: {enabled: false}}")
    }

    fn anonymous(node: Node) -> Status {
        defaults(node, super::DATA).status("anonymous-auth")
    }

    /// The text of a file that is not withheld.
    fn shown(report: &Report, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for span in report.withheld.iter().filter(|span| span.document > 0) {
            bytes[span.start as usize..span.end as usize].fill(b'#');
        }
        String::from_utf8(bytes).unwrap().replace('#', "")
    }

    #[test]
    fn nothing_but_what_the_kubelet_gets_is_shown() {
        let config = "# by s3cret\ntoken: s3cret\nkubelet-arg:\n- v=2\n# s3cret\n- max-pods=9\ndata-dir: /data\n\
            datastore-endpoint: postgres://u:s3cret@h/db\nkubelet-arg+: [pod-max-pids=5]\n";
        let told = shown(&configured(config).report(&[]), config);
        assert!(!told.contains("s3cret") && !told.contains("token"), "{told}");
        let rest = ["kubelet-arg", "v=2", "max-pods=9", "data-dir", "/data", "kubelet-arg+", "pod-max-pids=5"];
        assert!(rest.iter().all(|part| told.contains(part)), "{told}");
        // Of an old k3s the arguments are not known, but what stands there is the same.
        let old = configured(config).option("version", "1.31").report(&[]);
        assert!(!shown(&old, config).contains("s3cret"));
    }

    #[test]
    fn what_k3s_cannot_read_is_not_known_and_not_shown() {
        for config in [
            "token: s3cret\nkubelet-arg: [\n",
            "- s3cret",
            "s3cret",
            "kubelet-arg: [{s3cret: true}]",
            "data-dir: s3cret",
        ] {
            let node = configured(config);
            let finding = node.finding("anonymous-auth");
            assert_eq!(finding.status, Status::Undetermined, "{config}");
            assert!(finding.message.text.contains("`/etc/rancher/k3s/config.yaml`"), "{}", finding.message.text);
            assert!(matches!(finding.primary.place, Place::Whole(_)));
            assert!(!shown(&node.report(&[]), config).contains("s3cret"), "{config}");
        }
        assert_eq!(anonymous(configured("")), Status::Pass);
        let denied = node().looks("/etc/rancher/k3s/config.yaml.d denied");
        assert_eq!(anonymous(denied), Status::Undetermined);
    }

    #[test]
    fn drop_ins_have_either_ending() {
        let drop_in = |name: &str| {
            let path = ["/etc/rancher/k3s/config.yaml.d/", name].concat();
            anonymous(
                configured("kubelet-arg: [anonymous-auth=false]").file(&path, "kubelet-arg+: [anonymous-auth=true]"),
            )
        };
        for (name, status) in
            [("a.yaml", Status::Fail), ("a.yml", Status::Fail), ("A.YML", Status::Fail), ("a.yaml.bak", Status::Pass)]
        {
            assert_eq!(drop_in(name), status, "{name}");
        }
    }

    #[test]
    fn arguments_are_put_together_as_k3s_does() {
        for (arguments, status) in [
            ("--anonymous-auth=true", Status::Fail),
            ("anonymous-auth", Status::Fail),
            ("anonymous-auth-=true", Status::Fail),
            ("anonymous-auth=false, anonymous-auth-=true", Status::Pass),
            ("anonymous-auth=false, anonymous-auth+=true", Status::Fail),
            ("feature-gates+=NodeSwap=true, feature-gates-=PodLevelResources=true", Status::Pass),
            // It is taken for a value.
            ("enable-server, anonymous-auth=true", Status::Pass),
            ("config, /etc/k.yaml, anonymous-auth=true", Status::Fail),
            // By name, whatever the order: a dash comes before an underscore.
            ("anonymous_auth=false, anonymous-auth=true", Status::Pass),
            ("no-such-flag=1", Status::Undetermined),
        ] {
            let config = ["kubelet-arg: [", arguments, "]"].concat();
            assert_eq!(anonymous(configured(&config)), status, "{arguments}");
        }
    }

    /// k3s has written its name over its arguments.
    fn untold() -> Node {
        Node::new("").fact("embeds", "k3s-server").option("version", "1.34")
    }

    const UNIT: &str = "/etc/systemd/system/k3s.service";

    #[test]
    fn the_command_line_of_k3s_counts() {
        let config = "kubelet-arg: [anonymous-auth=true]";
        for (words, status) in [
            ("--kubelet-arg=anonymous-auth=false", Status::Pass),
            ("--kubelet-arg anonymous-auth=false --v=2", Status::Pass),
            ("-kubelet-arg=anonymous-auth=false", Status::Pass),
            ("--config=/none --token kubelet-arg", Status::Pass),
            ("-c /none", Status::Pass),
            ("--node-name=a", Status::Fail),
            ("--data-dir=~/a", Status::Undetermined),
        ] {
            let node = configured(config);
            let told = words.split(' ').fold(node, |node, word| node.argument(word));
            assert_eq!(anonymous(told), status, "{words}");
            let unit = ["[Service]\nExecStart=/usr/local/bin/k3s server ", words, "\n"].concat();
            let unit = untold().file("/etc/rancher/k3s/config.yaml", config).file(UNIT, &unit);
            assert_eq!(anonymous(unit), status, "{words}");
        }
        assert_eq!(anonymous(untold()), Status::Undetermined);
        let elsewhere = defaults(node().argument("-d=/data"), "/data");
        assert_eq!(elsewhere.status("anonymous-auth"), Status::Pass);
    }

    #[test]
    fn a_unit_is_read_as_systemd_does() {
        let installed = "[Unit]\n[Service]\nExecStartPre=/bin/sh -xc '! false'\nExecStart=/usr/local/bin/k3s \\\n    server \\\n# a\n\
            \t'--kubelet-arg=anonymous-auth=true' \\\n\t'--token' \\\n\t's3cret' \\\n\nTasksMax=infinity\n";
        assert_eq!(anonymous(untold().file(UNIT, installed)), Status::Fail);
        let told = shown(&untold().file(UNIT, installed).report(&[]), installed);
        assert!(!told.contains("s3cret") && told.contains("anonymous-auth=true"), "{told}");
        for (start, status) in [
            ("ExecStart=/usr/local/bin/k3s server --token=${TOKEN} --node-name %H", Status::Pass),
            ("ExecStart = /usr/local/bin/k3s server --token ${TOKEN}", Status::Pass),
            ("# ExecStart=/usr/local/bin/k3s server $MORE\nExecStart=/usr/local/bin/k3s server", Status::Pass),
            ("ExecStart=/a\nExecStart=\nExecStart=-/usr/local/bin/k3s server", Status::Pass),
            ("ExecStart=/usr/local/bin/k3s server $MORE", Status::Undetermined),
            ("ExecStart=/usr/local/bin/k3s server --token $MORE", Status::Undetermined),
            ("ExecStart=/usr/local/bin/k3s server ${MORE}", Status::Undetermined),
            ("ExecStart=/usr/local/bin/k3s server --kubelet-arg=${MORE}", Status::Undetermined),
            ("ExecStart=/usr/local/bin/k3s server --kubelet-arg %i", Status::Undetermined),
            ("ExecStart=/usr/local/bin/k3s server '--kubelet-arg=v=1", Status::Undetermined),
            ("ExecStart=/bin/sh -c 'k3s server'", Status::Undetermined),
            ("ExecStart=", Status::Undetermined),
        ] {
            assert_eq!(anonymous(untold().file(UNIT, start)), status, "{start}");
        }
        let drop_in = |text: &str| {
            anonymous(untold().file(UNIT, installed).file("/etc/systemd/system/k3s.service.d/a.conf", text))
        };
        assert_eq!(drop_in("[Service]\nExecStart=\nExecStart=/usr/local/bin/k3s server\n"), Status::Pass);
        assert_eq!(drop_in("[Service]\nRestart=always\n"), Status::Fail);
        assert_eq!(
            anonymous(untold().looks(&[UNIT, ".d denied"].concat()).file(UNIT, installed)),
            Status::Undetermined
        );
        let agent = Node::new("").fact("embeds", "k3s-agent").option("version", "1.34");
        assert_eq!(anonymous(agent.file("/etc/systemd/system/k3s-agent.service", installed)), Status::Fail);
    }

    #[test]
    fn data_may_lie_elsewhere() {
        let node = defaults(configured("data-dir: /opt/k3s\n"), "/opt/k3s");
        assert_eq!(node.status("anonymous-auth"), Status::Pass);
        assert_eq!(anonymous(configured("data-dir: /opt/k3s\n")), Status::Undetermined);
    }

    #[test]
    fn the_name_of_the_node_is_given() {
        assert_eq!(defaults(node(), super::DATA).status("hostname-override"), Status::Manual);
    }
}
