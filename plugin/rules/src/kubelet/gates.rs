//! Feature gates: which are known, and which are on (component-base featuregate/feature_gate.go).

use alloc::string::String;

use super::surface::{GATE_DEPENDENCIES, Gate, GateStage, GateState, Version};
use crate::collections::Map;
use crate::json::Json;
use crate::message::Text;

/// What stands for all gates of a stage (`setUnsetAlphaGates`, `setUnsetBetaGates`).
const GROUPS: [&str; 2] = ["AllAlpha", "AllBeta"];

/// What some sources set, over the defaults.
#[derive(Clone, Debug, Default)]
pub struct Gates(Map<Json>);

/// A gate that the kubelet refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateError {
    /// No gate of this version has this name.
    Unknown(String),
    /// The gate cannot be set otherwise.
    Locked(String, bool),
    /// The first gate is on, and needs the second one, which is off.
    Needs(String, String),
}

impl GateError {
    /// The gate's name.
    pub fn name(&self) -> &str {
        match self {
            GateError::Unknown(name) | GateError::Locked(name, _) | GateError::Needs(name, _) => name,
        }
    }

    /// What is wrong, for people.
    pub fn text(&self, version: Version) -> Text {
        match self {
            GateError::Unknown(name) => {
                let near = Gate::all().filter(|gate| gate.in_version(version).is_some());
                let near = near.map(Gate::name).find(|known| known.eq_ignore_ascii_case(name));
                let hint = near.map_or(Text::NONE, |near| {
                    text!("; did you mean `{near}`?", "。`{near}` の間違いではありませんか?", near = &*near)
                });
                text!(
                    "the kubelet has no feature gate `{gate}`{hint}",
                    "kubelet にフィーチャーゲート `{gate}` はありません{hint}",
                    gate = &**name,
                    hint
                )
            }
            GateError::Locked(name, value) => text!(
                "the feature gate `{gate}` is locked to {value}",
                "フィーチャーゲート `{gate}` は {value} に固定されています",
                gate = &**name,
                value = if *value { "true" } else { "false" }
            ),
            GateError::Needs(name, need) => text!(
                "the feature gate `{gate}` is on, but needs `{need}`, which is off",
                "フィーチャーゲート `{gate}` には `{need}` が必要ですが、無効です",
                gate = &**name,
                need = &**need
            ),
        }
    }
}

impl Gates {
    /// Sets gates over those that are set already, as `SetFromMap` does: nothing changes where one is refused.
    pub fn set(&mut self, map: Option<&Json>, version: Version) -> Result<(), GateError> {
        let Some(Json::Map(map)) = map else { return Ok(()) };
        for (name, value) in map.iter() {
            let value = *value == Json::Bool(true);
            let state = Gate::state(name, version).ok_or_else(|| GateError::Unknown(name.clone()))?;
            if state.locked && state.default != value {
                return Err(GateError::Locked(name.clone(), state.default));
            }
        }
        for (name, value) in map.iter() {
            // A group sets what is not set yet, so that the first word on it stays for all of its gates.
            if !(GROUPS.contains(&name.as_str()) && self.0.get(name).is_some()) {
                self.0.insert(name.clone(), value.clone());
            }
        }
        if self.0.is_empty() { Ok(()) } else { self.check_dependencies(version) }
    }

    fn check_dependencies(&self, version: Version) -> Result<(), GateError> {
        let known = GATE_DEPENDENCIES.iter().filter(|(.., versions)| version.is_in(*versions));
        let mut pairs = known.map(|(gate, need, _)| (Gate::at((*gate).into()), Gate::at((*need).into())));
        let is_on = |gate: Gate| {
            let own = self.0.iter().find(|(name, _)| gate.is(name));
            gate.in_version(version).is_some_and(|state| self.is_on(state, own.map(|(_, value)| value)))
        };
        let broken = pairs.find(|(gate, need)| is_on(*gate) && !is_on(*need));
        broken.map_or(Ok(()), |(gate, need)| Err(GateError::Needs(gate.name(), need.name())))
    }

    /// Whether a gate is on.
    pub fn enabled(&self, name: &str, version: Version) -> bool {
        Gate::state(name, version).is_some_and(|state| self.is_on(state, self.0.get(name)))
    }

    /// Whether a gate is on that was set to a value of its own, or not: then `AllAlpha` and `AllBeta` stand in.
    fn is_on(&self, state: GateState, own: Option<&Json>) -> bool {
        let group = match state.stage {
            GateStage::Alpha => self.0.get("AllAlpha"),
            GateStage::Beta => self.0.get("AllBeta"),
            GateStage::Stable | GateStage::Deprecated => None,
        };
        own.or(group).map_or(state.default, |value| *value == Json::Bool(true))
    }
}
