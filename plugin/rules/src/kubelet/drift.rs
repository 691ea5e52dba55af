//! Drift: what a kubelet gets at its next start is not what runs. Somebody changed a file, and did not restart the kubelet.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::config::{Config, Leaf, unset};
use super::effective;
use super::live::{self, Body, Live};
use super::surface::{Field, Version, leaves};
use super::{Documents, Kubelet, clipped};
use crate::collections::{Map, map};
use crate::json::Json;
use crate::message::{Parameter, Problem, Said, message};
use crate::model::{Origin, Place, Severity};

/// Since this minor, the kubelet asks the container runtime for the driver of cgroups before it registers what `/configz` shows
/// (`run`, cmd/kubelet/app/server.go); before, afterwards.
const SHOWS_DRIVER_OF_RUNTIME: u8 = 35;

/// Notes what differs between a kubelet at its next start and the one that runs, and keeps the latter where it matters.
pub fn compare(next: &mut Kubelet, mut body: Body, doubts: Vec<(&'static str, Said)>, documents: Documents) {
    let mut live = Live { is_known: true, misfit: body.misfit.clone(), ..Live::default() };
    let is_decided = next.refused.is_none() && next.unknown.is_none();
    if let (true, Some(config)) = (is_decided, &next.config) {
        let drifts = drifts(config, &mut body.config);
        live.drifts = drifts.len();
        next.problems.extend(drifts.into_iter().map(|drift| drift.problem(documents)));
    }
    next.problems.extend(live::other_version(&live));
    if live.drifts > 0 || !is_decided {
        let mut running = body.into_kubelet();
        running.flags = next.flags.clone();
        running.has_files = next.has_files;
        running.live.doubts = doubts;
        live.running = Some(Box::new(running));
    }
    next.live = live;
}

/// A setting that differs.
struct Drift {
    field: &'static Field,
    /// Who decides it at the next start.
    origin: Origin,
    /// Its value then; of a map, only the keys that differ.
    next: String,
    /// Its value now.
    running: String,
    place: Place,
}

/// The settings that differ. Those that do not get in `live` the sources that they have in `next`.
fn drifts(next: &Config, live: &mut Config) -> Vec<Drift> {
    let version = next.version;
    let mut drifts = vec![];
    for field in leaves(version) {
        let (of_next, of_live) = (next.leaf(field), live.leaf(field));
        let is_filled_in = is_of_runtime(field, version) || matches!(field.path(), "apiVersion" | "kind");
        if is_filled_in || is_same(field, of_next, of_live) || is_same_but_processors(field, next, live) {
            *live.leaf_mut(field) = of_next.clone();
        } else {
            drifts.push(Drift::new(field, of_next, of_live));
        }
    }
    drifts
}

fn is_of_runtime(field: &Field, version: Version) -> bool {
    field.path() == "cgroupDriver" && version.minor() >= SHOWS_DRIVER_OF_RUNTIME
}

/// Whether the kubelet's JSON would show both alike.
fn is_same(field: &Field, next: &Leaf, live: &Leaf) -> bool {
    let is_left_out = |leaf: &Leaf| leaf.is_empty(field) && (field.omit_empty || leaf.value.is_none());
    match (&next.value, &live.value) {
        _ if is_left_out(next) && is_left_out(live) => true,
        (Some(next), Some(live)) => effective::written(field, next) == effective::written(field, live),
        _ => false,
    }
}

/// `reservedSystemCPUs` takes the processors out of `kubeReserved` and puts them into `systemReserved`, in the very map that
/// `/configz` shows (`run`, cmd/kubelet/app/server.go).
fn is_same_but_processors(field: &Field, next: &Config, live: &Config) -> bool {
    const PROCESSORS: &str = "cpu";
    let reserves = next.text("reservedSystemCPUs").is_some_and(|processors| !processors.is_empty());
    if !reserves || !matches!(field.path(), "kubeReserved" | "systemReserved") {
        return false;
    }
    let others = |config: &Config| {
        let mut value = config.leaf(field).value.clone();
        if let Some(Json::Map(map)) = &mut value {
            map.retain(|key, _| key != PROCESSORS);
        }
        value.unwrap_or_else(|| unset(field))
    };
    others(next) == others(live)
}

impl Drift {
    fn new(field: &'static Field, next: &Leaf, live: &Leaf) -> Drift {
        let (mut origin, mut place) =
            next.decider().map_or((Origin::Default, Place::Target), |by| (by.origin, by.place));
        let value = |leaf: &Leaf| leaf.value.clone().unwrap_or_else(|| unset(field));
        let (mut of_next, mut of_live) = (value(next), value(live));
        if let (Json::Map(_), Json::Map(_)) | (Json::Map(_), Json::Null) | (Json::Null, Json::Map(_)) =
            (&of_next, &of_live)
        {
            (of_next, of_live) = (without(&of_next, &of_live), without(&of_live, &of_next));
            let keys = |map: &Json| {
                if let Json::Map(map) = map { map.iter().map(|(key, _)| key.clone()).collect() } else { vec![] }
            };
            if let Some(by) = keys(&of_next).first().and_then(|key| next.keys.get(key)) {
                (origin, place) = (by.origin, by.place);
            }
        }
        if place == Place::Target {
            place = live.decider().map_or(Place::Target, |by| by.place);
        }
        let shown = |value: &Json| effective::shown(field, value);
        Drift { field, origin, next: shown(&of_next), running: shown(&of_live), place }
    }

    fn problem(self, documents: Documents) -> Problem {
        let Drift { field, origin, next, running, place } = self;
        let who = match origin {
            Origin::Flag => words!("the flag says", "フラグでは"),
            Origin::DropIn => words!("the drop-in says", "ドロップインでは"),
            Origin::ConfigFile => words!("the file says", "ファイルでは"),
            Origin::Default | Origin::Live => {
                words!("nothing sets it, so the next start has", "どこにも指定がないため次の起動時は")
            }
        };
        let why = match origin {
            // A process has the flags that it was started with.
            Origin::Flag if documents.is_running() => words!(
                "this is not the answer of the kubelet that has this flag",
                "このフラグを持つ kubelet の応答ではありません"
            ),
            Origin::Flag => words!("a restart is pending", "再起動待ちです"),
            _ if documents.flags_are_known() => words!("a restart is pending", "再起動待ちです"),
            _ => words!(
                "a restart is pending, or a flag sets it, which is not given here",
                "再起動待ちか、ここに渡されていないフラグで指定されています"
            ),
        };
        let text = text!(
            "`{setting}`: {who} {then}, the running kubelet has {now}: {why}",
            "`{setting}`: {who} {then}、稼働中の kubelet では {now} です: {why}",
            setting = field.path(),
            who,
            then = in_line(&next),
            now = in_line(&running),
            why
        );
        let message = message("drift", text).with("configured", next).with("live", running);
        Problem { severity: Severity::Medium, message, place, edits: vec![] }
    }
}

/// What is in the first map and not, or otherwise, in the second.
fn without(map: &Json, other: &Json) -> Json {
    let Json::Map(first) = map else { return Json::Map(Map::new()) };
    let same =
        |key: &str, value: &Json| if let Json::Map(other) = other { other.get(key) == Some(value) } else { false };
    Json::Map(self::map(
        first.iter().filter(|(key, value)| !same(key, value)).map(|(key, value)| (key.clone(), value.clone())),
    ))
}

/// A value for a sentence.
fn in_line(json: &str) -> Parameter {
    match json {
        "\"\"" => words!("nothing", "空").into(),
        json => clipped(json).into(),
    }
}
