//! What a command line decides of which some words are not known: the last flag of a name wins, so what stands behind all
//! that is not known is decided, and nothing else is.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::command_line::{Arg, FILLED_IN};
use crate::input::{Input, Word};
use crate::kubelet::laid_out::Doubt;
use crate::kubelet::surface::{FLAGS, Flag, FlagGroup};
use crate::kubelet::values;
use crate::message::{Text, message};

/// More words than any kubelet is given.
const MAX_WORDS: usize = 5_000;

/// Gives an input these arguments. What the words that are not known may decide is not known either.
pub fn settle(input: &mut Input, args: &[Arg]) {
    if args.len() > MAX_WORDS {
        let text = words!("there are too many words for a command line", "コマンドラインとしては単語が多すぎます");
        return input.give_up("too-long", text, &input.head.clone());
    }
    let last_gap = args.iter().rev().find_map(|arg| match arg {
        Arg::Gap(why, span) => Some((why, span)),
        _ => None,
    });
    let mut words = vec![];
    let mut settled: Vec<&str> = vec![];
    let mut is_open = false;
    for (at, arg) in args.iter().enumerate().rev() {
        match arg {
            Arg::Gap(..) => is_open = true,
            Arg::Value(name, span) => {
                for flag in of_name(name).filter(|flag| !settled.contains(&flag.name())) {
                    doubt(input, flag, &FILLED_IN.into());
                    if matches!(flag.name(), "config" | "config-dir") {
                        input.give_up_files("filled-in", FILLED_IN, span);
                    }
                }
            }
            Arg::Word(bytes, span) => {
                let (name, has_value) = named(bytes);
                let takes_next = of_name(&name).any(|flag| !flag.is_switch()) && !has_value;
                if takes_next && matches!(args.get(at + 1), Some(Arg::Gap(..) | Arg::Value(..))) {
                    of_name(&name).for_each(|flag| doubt(input, flag, &FILLED_IN.into()));
                    continue;
                }
                for flag in of_name(&name) {
                    match (flag.adds_up(), last_gap) {
                        _ if settled.contains(&flag.name()) => {}
                        (true, Some((why, _))) => doubt(input, flag, why),
                        (false, Some((why, _))) if is_open => doubt(input, flag, why),
                        (false, _) => settled.push(flag.name()),
                        _ => {}
                    }
                }
                words.push(Word { bytes: bytes.clone(), span: span.clone() });
            }
        }
    }
    words.reverse();
    input.words = words;
    if let Some((why, span)) = last_gap {
        input.give_up_files("elsewhere", why.clone(), span);
        let others = FLAGS.iter().filter(|flag| flag.group == FlagGroup::Kubelet && !settled.contains(&flag.name()));
        others.for_each(|flag| doubt(input, flag, why));
    }
}

/// The name of a flag, and whether its value stands in the same word.
fn named(word: &[u8]) -> (String, bool) {
    let text = values::text(word);
    let Some(flag) = text.strip_prefix("--") else { return (String::new(), true) };
    let (name, has_value) = flag.split_once('=').map_or((flag, false), |(name, _)| (name, true));
    (name.to_owned(), has_value)
}

fn of_name(name: &str) -> impl Iterator<Item = &'static Flag> {
    let name = name.replace('_', "-");
    FLAGS.iter().filter(move |flag| flag.name() == name)
}

/// The flags that words name, each once.
pub fn flags(args: &[Arg]) -> Vec<&'static str> {
    let mut flags: Vec<&str> = vec![];
    for arg in args.iter().take(MAX_WORDS) {
        let name = match arg {
            Arg::Word(bytes, _) => named(bytes).0,
            Arg::Value(name, _) => name.clone(),
            Arg::Gap(..) => continue,
        };
        for flag in of_name(&name).filter(|flag| !flags.contains(&flag.name())).collect::<Vec<_>>() {
            flags.push(flag.name());
        }
    }
    flags
}

fn doubt(input: &mut Input, flag: &Flag, why: &Text) {
    let path = flag.setting();
    if !input.doubts.iter().any(|known| known.path == path) {
        input.doubts.push(Doubt { path, why: message("elsewhere", why.clone()), always: true });
    }
}

/// The last value of a flag, and where it stands.
pub fn value(input: &Input, name: &str) -> Option<(String, Range<usize>)> {
    let words = &input.words;
    let is_one = |(at, word): (usize, &Word)| {
        let text = values::text(&word.bytes);
        let rest = text.strip_prefix("--")?.strip_prefix(name)?;
        match rest.strip_prefix('=') {
            Some(value) => Some((value.to_owned(), word.span.clone())),
            None if rest.is_empty() => {
                let next = words.get(at + 1)?;
                Some((values::text(&next.bytes), next.span.clone()))
            }
            None => None,
        }
    };
    words.iter().enumerate().rev().find_map(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::base::ARGUMENTS;
    use crate::input::systemd::UNIT;

    /// An input of these words: `?` stands for any number, `--a=?` for a value that is not known.
    fn settled(line: &str) -> Input {
        let args: Vec<Arg> = line
            .split(' ')
            .map(|word| match word.strip_suffix("=?") {
                _ if word == "?" => Arg::Gap(FILLED_IN.into(), 0..1),
                Some(flag) => Arg::Value(flag[2..].into(), 0..1),
                None => Arg::Word(word.into(), 0..1),
            })
            .collect();
        let mut input = Input::new(&UNIT, &ARGUMENTS, 0..9, 0..9);
        settle(&mut input, &args);
        input
    }

    /// The settings that are not known, without flags that have no place in a file.
    fn doubts(line: &str) -> Vec<String> {
        let is_setting = |path: &String| !path.starts_with("--");
        settled(line).doubts.into_iter().map(|doubt| doubt.path).filter(is_setting).collect()
    }

    #[test]
    fn what_stands_behind_all_that_is_not_known_is_decided() {
        assert_eq!(doubts("--read-only-port=1 ?"), ["readOnlyPort"]);
        assert_eq!(doubts("? --read-only-port=1"), [""; 0]);
        assert_eq!(doubts("--read-only-port=1 ? --read_only_port 0"), [""; 0]);
        assert_eq!(doubts("--read-only-port=1 --event-qps=?"), ["eventRecordQPS"]);
        assert_eq!(doubts("--event-qps=? --event-qps=1"), [""; 0]);
        assert_eq!(doubts("--event-qps=1 --event-qps=?"), ["eventRecordQPS"]);
    }

    #[test]
    fn lists_and_maps_are_not_known_where_words_are_not() {
        assert_eq!(doubts("? --tls-cipher-suites=a --feature-gates=B=true"), ["featureGates", "tlsCipherSuites"]);
        assert_eq!(doubts("--tls-cipher-suites=? --tls-cipher-suites=a"), ["tlsCipherSuites"]);
        assert_eq!(doubts("--tls-cipher-suites=a --tls-cipher-suites=b"), [""; 0]);
    }

    #[test]
    fn a_value_may_be_the_word_that_is_not_known() {
        let input = settled("--read-only-port ? --event-qps 1");
        assert_eq!(input.words.iter().map(|word| &*word.bytes).collect::<Vec<_>>(), [&b"--event-qps"[..], b"1"]);
        assert_eq!(doubts("--read-only-port ? --event-qps 1"), ["readOnlyPort"]);
        // A switch takes no word.
        assert_eq!(settled("--anonymous-auth ?").words.len(), 1);
    }

    #[test]
    fn flags_without_a_setting_are_not_known_either() {
        let has = |line, path: &str| settled(line).doubts.iter().any(|doubt| doubt.path == path);
        assert!(has("?", "--hostname-override") && has("--hostname-override=?", "--hostname-override"));
        assert!(!has("? --hostname-override=a", "--hostname-override") && !has("--v=1", "--hostname-override"));
    }

    #[test]
    fn files_are_not_known_where_words_are_not() {
        for (line, is_known) in
            [("--v=1", true), ("? --v=1", false), ("--config=?", false), ("--config=? --config=a", true)]
        {
            assert_eq!(settled(line).files_unknown.is_none(), is_known, "{line}");
        }
    }

    #[test]
    fn the_last_value_of_a_flag() {
        let last = |line| value(&settled(line), "config").map(|(value, _)| value);
        assert_eq!(last("--config=a --config b --config-dir=c").as_deref(), Some("b"));
        assert_eq!(last("--config=a --config=").as_deref(), Some(""));
        assert_eq!((last("--config"), last("--v=1")), (None, None));
    }

    #[test]
    fn too_many_words() {
        let input = settled(&"--v=1 ".repeat(MAX_WORDS + 1));
        assert!(input.unknown.is_some() && input.words.is_empty());
    }
}
