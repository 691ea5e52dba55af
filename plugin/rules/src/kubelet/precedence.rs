//! Flags take effect: what each value means, and that it wins over the files.
//!
//! Follows the flag types of pflag, component-base cli/flag and pkg/util/flag, as cmd/kubelet/app/options binds them.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::config::{Claim, Config, Leaf};
use super::flags::{Occurrence, Words};
use super::surface::{FLAGS, Flag, FlagGroup, FlagKind, Version};
use super::{quantity, values};
use crate::collections::{Map, map, map_of_all};
use crate::json::Json;
use crate::message;
use crate::model::{Origin, Place};

/// Flags that have no place in a configuration file.
#[derive(Clone, Debug, Default)]
pub struct NodeFlags {
    /// Those that are set, by name.
    leaves: Vec<(&'static str, Leaf)>,
    /// `--config` and `--config-dir` in the bytes that the kubelet opens.
    pub config: Vec<u8>,
    /// See `config`.
    pub config_dir: Vec<u8>,
}

impl NodeFlags {
    /// The flags of a version, in the order of their names.
    pub fn of(version: Version) -> impl Iterator<Item = &'static Flag> {
        // A kubelet that knows no drop-ins is one without any: every version shows `configDir`.
        let shown = move |flag: &&Flag| version.is_in(flag.versions) || flag.name() == "config-dir";
        FLAGS.iter().filter(|flag| flag.group == FlagGroup::Kubelet).filter(shown)
    }

    /// The value of a flag, or its default.
    pub fn value(&self, name: &str, version: Version) -> Option<Json> {
        let set = self.get(name).and_then(|leaf| leaf.value.clone());
        set.or_else(|| default(NodeFlags::of(version).find(|flag| flag.name() == name)?, version))
    }

    fn leaf(&mut self, flag: &Flag) -> &mut Leaf {
        let known = self.leaves.iter().position(|(name, _)| *name == flag.name());
        let at = known.unwrap_or_else(|| {
            self.leaves.push((flag.name(), Leaf::default()));
            self.leaves.len() - 1
        });
        &mut self.leaves[at].1
    }

    /// A flag that is set, by name.
    pub fn get(&self, name: &str) -> Option<&Leaf> {
        self.leaves.iter().find(|(flag, _)| *flag == name).map(|(_, leaf)| leaf)
    }
}

/// A flag's default; the kubelet prints it as a text.
pub fn default(flag: &Flag, version: Version) -> Option<Json> {
    meaning(flag, flag.default(version)?).ok().map(|meaning| match meaning {
        Meaning::Value(value) => value,
        Meaning::List(items) => Json::List(items),
        Meaning::Keys(keys) => Json::Map(keys),
        Meaning::Detach => Json::Text(String::new()),
    })
}

/// A value that its flag does not take: what it must be.
#[derive(Debug)]
pub struct ValueError(pub message::Words);

/// What a flag's value does.
enum Meaning {
    /// It replaces what is there.
    Value(Json),
    /// It is added to the list; the first one in a parse replaces it.
    List(Vec<Json>),
    /// It is added to the map; the first one in a parse replaces it.
    Keys(Map<Json>),
    /// An empty text cuts the flag off from its field: nothing changes, and a further value is a crash.
    Detach,
}

fn meaning(flag: &Flag, text: &str) -> Result<Meaning, ValueError> {
    let as_it_is = || Json::Text(text.to_owned());
    let value = match flag.kind {
        FlagKind::Bool => values::bool(text).map(Json::Bool),
        FlagKind::Text | FlagKind::Version => Some(as_it_is()),
        FlagKind::Int32 => values::int(text).filter(|value| i32::try_from(*value).is_ok()).map(Json::Int),
        FlagKind::Int64 => values::int(text).map(Json::Int),
        FlagKind::Duration => values::duration(text).map(|value| Json::Text(values::format_duration(value))),
        FlagKind::Ip | FlagKind::ReservedMemory if text.is_empty() => return Ok(Meaning::Detach),
        FlagKind::Ip => values::is_ip(text).then(as_it_is),
        FlagKind::Taints => taints(text),
        FlagKind::Level => values::verbosity(text).map(Json::Int),
        FlagKind::Quantity => quantity::read(text).map(|quantity| Json::Text(quantity.kept(text))),
        FlagKind::Uint64 => values::uint(text).map(|_| as_it_is()),
        FlagKind::Severity => values::severity(text).map(|_| as_it_is()),
        FlagKind::TraceLocation => values::is_trace_location(text).then(as_it_is),
        kind => return meaning_of_many(kind, text).ok_or(ValueError(expected(kind))),
    };
    value.map(Meaning::Value).ok_or(ValueError(expected(flag.kind)))
}

/// What the value of a list or a map does.
fn meaning_of_many(kind: FlagKind, text: &str) -> Option<Meaning> {
    let keys = match kind {
        FlagKind::List => {
            let items = values::csv(text)?.into_iter().map(Json::Text);
            return Some(Meaning::List(items.collect()));
        }
        FlagKind::ReservedMemory => return reserved_memory(text).map(Meaning::List),
        FlagKind::VModule => return vmodule(text).map(Meaning::List),
        FlagKind::MapNoSplit => one_pair(text, '='),
        FlagKind::MapLess => pairs(text.split(','), '<'),
        FlagKind::Labels => Some(labels(text)),
        FlagKind::Gates => gates(text),
        FlagKind::Multimap => headers(text),
        _ => pairs(text.split(','), '='),
    };
    keys.map(Meaning::Keys)
}

/// What a value must be.
fn expected(kind: FlagKind) -> message::Words {
    match kind {
        FlagKind::Bool => words!(
            "true or false (or 1, t, T, TRUE, True, 0, f, F, FALSE, False)",
            "true か false（または 1、t、T、TRUE、True、0、f、F、FALSE、False）"
        ),
        FlagKind::Text | FlagKind::Version | FlagKind::Labels => words!("a text", "文字列"),
        FlagKind::Int32 => words!("a whole number of 32 bits", "32 ビットの整数"),
        FlagKind::Int64 => words!("a whole number", "整数"),
        FlagKind::Duration => words!("a duration such as 1h30m or 0", "1h30m や 0 のような期間"),
        FlagKind::Ip => words!("an IP address", "IP アドレス"),
        FlagKind::List => {
            words!("a list, separated by commas and quoted as CSV", "コンマで区切り CSV 形式で引用したリスト")
        }
        FlagKind::Map => words!("key=value, separated by commas", "コンマで区切った key=value の列"),
        FlagKind::MapNoSplit => words!("one key=value", "1 つの key=value の組"),
        FlagKind::MapLess => words!("key<value, separated by commas", "コンマで区切った key<value の列"),
        FlagKind::Gates => {
            words!("Gate=true or Gate=false, separated by commas", "コンマで区切った Gate=true や Gate=false の列")
        }
        FlagKind::Multimap => words!("name:value, separated by commas", "コンマで区切った name:value の列"),
        FlagKind::Taints => words!(
            "taints such as key=value:NoSchedule, separated by commas",
            "コンマで区切った key=value:NoSchedule のような Taint の列"
        ),
        FlagKind::ReservedMemory => words!("such as 0:memory=1Gi;1:memory=2Gi", "0:memory=1Gi;1:memory=2Gi のような値"),
        FlagKind::VModule => words!("pattern=number, separated by commas", "コンマで区切った pattern=number の列"),
        FlagKind::Level | FlagKind::Uint64 => words!("a whole number that is not negative", "負でない整数"),
        FlagKind::Quantity => words!("a quantity such as 10Mi", "10Mi のような数量"),
        FlagKind::Severity => {
            words!("INFO, WARNING, ERROR, FATAL or a whole number", "INFO、WARNING、ERROR、FATAL、または整数")
        }
        FlagKind::TraceLocation => words!("a place such as file.go:234", "file.go:234 のような場所"),
    }
}

/// Pairs, trimmed; empty items do not count.
fn pairs<'a>(items: impl Iterator<Item = &'a str>, separator: char) -> Option<Map<Json>> {
    map_of_all(items.filter(|item| !item.is_empty()).map(|item| pair(item, separator)))
}

/// Headers may be given several times: each has a list of values.
fn headers(text: &str) -> Option<Map<Json>> {
    let mut headers = Map::new();
    for item in text.split(',').filter(|item| !item.is_empty()) {
        let (name, value) = pair(item, ':')?;
        append(headers.or_insert(name, Json::Null), vec![value]);
    }
    Some(headers)
}

/// Adds to a list; what is no list becomes one.
fn append(list: &mut Json, items: Vec<Json>) {
    match list {
        Json::List(before) => before.extend(items),
        other => *other = Json::List(items),
    }
}

fn one_pair(text: &str, separator: char) -> Option<Map<Json>> {
    map_of_all([pair(text, separator)])
}

fn pair(item: &str, separator: char) -> Option<(String, Json)> {
    let (key, value) = item.split_once(separator)?;
    Some((key.trim().to_owned(), Json::Text(value.trim().to_owned())))
}

fn labels(text: &str) -> Map<Json> {
    let items = text.split(',').filter(|item| !item.is_empty());
    map(items.map(|item| pair(item, '=').unwrap_or_else(|| (item.trim().to_owned(), Json::Text(String::new())))))
}

/// Every value must be fine, also one that a later one of the same gate replaces.
fn gates(text: &str) -> Option<Map<Json>> {
    let gate = |item| {
        let (name, value) = pair(item, '=')?;
        Some((name, Json::Bool(values::bool(value.as_text()?)?)))
    };
    map_of_all(text.split(',').filter(|item| !item.is_empty()).map(gate))
}

/// `utiltaints.ParseTaints` (pkg/util/taints/taints.go); a taint that ends in `-` is to be removed, and so not there.
fn taints(text: &str) -> Option<Json> {
    if text.is_empty() {
        return Some(Json::Null);
    }
    let mut seen = Map::new();
    let mut taints = vec![];
    for item in text.split(',') {
        let (removed, item) = item.strip_suffix('-').map_or((false, item), |item| (true, item));
        let (name, effect) = item.split_once(':').unwrap_or((item, ""));
        let known = matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute");
        let (key, value) =
            if values::has(item, b':') { name.split_once('=').unwrap_or((name, "")) } else { (name, "") };
        let fine = values::is_qualified_name(key)
            && values::is_label_value(value)
            && (known || removed && !values::has(item, b':'));
        if !fine {
            return None;
        }
        if !removed {
            if !seen.insert([effect, ":", key].concat(), ()) {
                return None;
            }
            let parts = [("key", key), ("effect", effect), ("value", value)];
            let parts = parts.into_iter().filter(|(name, part)| *name != "value" || !part.is_empty());
            taints.push(Json::Map(map(parts.map(|(name, part)| (name.to_owned(), Json::Text(part.into()))))));
        }
    }
    Some(if taints.is_empty() { Json::Null } else { Json::List(taints) })
}

/// `ReservedMemoryVar.Set` (pkg/util/flag/flags.go).
fn reserved_memory(text: &str) -> Option<Vec<Json>> {
    let mut reservations = vec![];
    for reservation in text.split(';') {
        let (node, limits) = reservation.split_once(':').filter(|(_, limits)| !values::has(limits, b':'))?;
        let digits = node.strip_prefix(['+', '-']).unwrap_or(node);
        let node = digits.bytes().all(|c| c.is_ascii_digit()).then(|| node.parse::<i64>().ok())??;
        let limits = map_of_all(limits.split(',').map(memory_limit))?;
        reservations.push(object([("numaNode", Json::Int(i64::from(node as i32))), ("limits", Json::Map(limits))]));
    }
    Some(reservations)
}

fn memory_limit(limit: &str) -> Option<(String, Json)> {
    let (name, quantity) = limit.split_once('=').filter(|(_, quantity)| !values::has(quantity, b'='))?;
    let is_known = name == "memory" || name.starts_with("hugepages-");
    let quantity = quantity::read(quantity).filter(|_| is_known)?;
    Some((name.to_owned(), Json::Text(quantity.text)))
}

fn vmodule(text: &str) -> Option<Vec<Json>> {
    let mut modules = vec![];
    for item in text.split(',').filter(|item| !item.is_empty()) {
        let (pattern, level) =
            item.split_once('=').filter(|(pattern, level)| !pattern.is_empty() && !values::has(level, b'='))?;
        let level = values::verbosity(level).filter(|_| !level.is_empty())?;
        modules.push(object([("filePattern", Json::Text(pattern.into())), ("verbosity", Json::Int(level))]));
    }
    Some(modules)
}

fn object(members: [(&str, Json); 2]) -> Json {
    Json::Map(map(members.map(|(key, value)| (key.to_owned(), value))))
}

/// Sets flags one after the other, in one of the kubelet's two parses.
pub struct Setter<'a> {
    words: &'a Words,
    /// Where a word stands.
    place: &'a dyn Fn(usize) -> Place,
    /// The flags that this parse has already set.
    seen: Vec<&'static str>,
    /// The flags that an empty value has cut off.
    detached: Vec<&'static str>,
}

impl<'a> Setter<'a> {
    /// Begins a parse of words that stand at these places.
    pub fn new(words: &'a Words, place: &'a dyn Fn(usize) -> Place) -> Setter<'a> {
        Setter { words, place, seen: vec![], detached: vec![] }
    }

    /// Sets a flag that has no place in a file.
    pub fn set_node_flag(&mut self, flags: &mut NodeFlags, occurrence: &Occurrence) -> Result<(), ValueError> {
        match occurrence.flag.name() {
            "config" => flags.config = occurrence.value.to_vec(),
            "config-dir" => flags.config_dir = occurrence.value.to_vec(),
            _ => {}
        }
        match occurrence.flag.group {
            FlagGroup::Kubelet => self.set(flags.leaf(occurrence.flag), occurrence),
            _ => meaning(occurrence.flag, &occurrence.text()).map(|_| ()),
        }
    }

    /// Sets a flag that writes to a field.
    pub fn set_field(&mut self, config: &mut Config, occurrence: &Occurrence) -> Result<(), ValueError> {
        match config.at_mut(occurrence.flag.field()) {
            Some(leaf) => self.set(leaf, occurrence),
            None => meaning(occurrence.flag, &occurrence.text()).map(|_| ()),
        }
    }

    fn set(&mut self, leaf: &mut Leaf, occurrence: &Occurrence) -> Result<(), ValueError> {
        let name = occurrence.flag.name();
        let meaning = meaning(occurrence.flag, &occurrence.text())?;
        // Only an address may be empty once more.
        let goes_on = occurrence.flag.kind == FlagKind::Ip && matches!(meaning, Meaning::Detach);
        if self.detached.contains(&name) && !goes_on {
            // The kubelet panics (IPVar.Set), or says that it has no target (ReservedMemoryVar.Set).
            return Err(ValueError(words!(
                "given no further value after an empty one, or the kubelet ends",
                "空の値に続かない値（続けると kubelet が終了します）"
            )));
        }
        let first = !self.seen.contains(&name);
        if first {
            self.seen.push(name);
        }
        let claim = |value| Claim {
            origin: Origin::Flag,
            value,
            place: (self.place)(occurrence.word),
            detail: occurrence.typed(self.words),
        };
        match meaning {
            Meaning::Value(Json::Null) => {
                leaf.claim(claim(Json::Null));
                leaf.value = None;
            }
            Meaning::Value(value) => {
                // A duration that a file gives as nanoseconds stays a number (`TimeOrMetaDuration`, component-base logs/api/v1).
                let as_number = matches!(leaf.value, Some(Json::Int(_))) && occurrence.flag.kind == FlagKind::Duration;
                let number = value.as_text().filter(|_| as_number).and_then(values::duration).map(Json::Int);
                leaf.claim(claim(number.unwrap_or(value)));
            }
            Meaning::Detach => {
                self.detached.push(name);
            }
            Meaning::List(items) => {
                // --vmodule adds to what the file says, and never replaces it (component-base logs/api/v1/pflags.go).
                let adds = !first || occurrence.flag.kind == FlagKind::VModule;
                let before = leaf.value.take().filter(|_| adds);
                let mut all = if let Some(Json::List(before)) = before { before } else { vec![] };
                all.extend(items);
                if !first {
                    // The earlier occurrence is part of the list, so it was not overridden.
                    leaf.history.pop();
                }
                leaf.claim(claim(Json::List(all)));
            }
            Meaning::Keys(keys) => {
                if first && occurrence.flag.kind != FlagKind::Labels {
                    leaf.value = None;
                    leaf.keys = Map::new();
                }
                let keys = if occurrence.flag.kind == FlagKind::Multimap { with_earlier(leaf, keys) } else { keys };
                let claims = map(keys.iter().map(|(key, value)| (key.clone(), claim(value.clone()))));
                leaf.claim_keys(claim(Json::Map(keys)), claims);
            }
        }
        Ok(())
    }
}

/// The values of each header are added to those that it has.
fn with_earlier(leaf: &Leaf, headers: Map<Json>) -> Map<Json> {
    let earlier = if let Some(Json::Map(earlier)) = &leaf.value { earlier } else { &Map::new() };
    let add = |(name, values): (String, Json)| {
        let mut all = earlier.get(&name).cloned().unwrap_or(Json::Null);
        append(&mut all, if let Json::List(values) = values { values } else { vec![] });
        (name, all)
    };
    map(headers.into_pairs().map(add))
}
