//! The flags of klog itself, which kubelets up to 1.25 have (component-base logs/api/v1/options.go, `unsupportedLoggingFlags`).

use super::flags::{Occurrence, Parsed};
use super::surface::{Flag, FlagKind, Version};
use super::values;

const NAMES: [&str; 11] = [
    "add-dir-header",
    "alsologtostderr",
    "log-backtrace-at",
    "log-dir",
    "log-file",
    "log-file-max-size",
    "logtostderr",
    "one-output",
    "skip-headers",
    "skip-log-headers",
    "stderrthreshold",
];

/// A flag that does not have its default in the end.
pub fn changed<'a>(parsed: &'a Parsed, version: Version) -> Option<&'a Occurrence<'a>> {
    let last = |name: &&str| parsed.flags.iter().rfind(|occurrence| occurrence.flag.name() == *name);
    NAMES.iter().filter_map(last).find(|occurrence| {
        let default = occurrence.flag.default(version).unwrap_or_default();
        !means_the_same(occurrence.flag, &occurrence.text(), default)
    })
}

fn means_the_same(flag: &Flag, text: &str, default: &str) -> bool {
    match flag.kind {
        FlagKind::Bool => values::bool(text) == values::bool(default),
        FlagKind::Uint64 => values::uint(text) == values::uint(default),
        FlagKind::Severity => values::severity(text) == values::severity(default),
        // Its default is written `:0`, and cannot be set but by nothing.
        FlagKind::TraceLocation => text.is_empty(),
        _ => text == default,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::super::flags::{self, Pass};
    use super::*;

    #[test]
    fn a_flag_counts_that_is_not_at_its_default_in_the_end() {
        let version = Version::oldest();
        let changed = |word: &str| {
            let words: Vec<_> = word.split(' ').map(|word| word.as_bytes().to_vec()).collect();
            let parsed = flags::parse(&words, version, Pass::First);
            super::changed(&parsed, version).map(|occurrence| occurrence.flag.name())
        };
        for same in [
            "--v=3",
            "--logtostderr=1",
            "--alsologtostderr --alsologtostderr=false",
            "--stderrthreshold=ERROR",
            "--log-file-max-size=0x708",
            "--log-backtrace-at=",
        ] {
            assert_eq!(changed(same), None, "{same}");
        }
        assert_eq!(changed("--logtostderr=0"), Some("logtostderr"));
        assert_eq!(changed("--v=1 --log_backtrace_at=a.go:1"), Some("log-backtrace-at"));
        assert_eq!(changed("--stderrthreshold=3"), Some("stderrthreshold"));
    }
}
