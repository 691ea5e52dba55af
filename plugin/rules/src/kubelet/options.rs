//! Options of the policies that give out processors and NUMA nodes: `policy_options.go` of pkg/kubelet/cm/cpumanager and of
//! pkg/kubelet/cm/topologymanager, in each version. Which of them a kubelet takes depends on its version, and on gates for those
//! that are alpha or beta.

use super::{Read, values, wanted};
use crate::message::Words;

/// An option.
pub struct PolicyOption {
    name: &'static str,
    /// The minors from which on it is there as alpha, as beta, and as stable.
    since: [u8; 3],
    read: fn(&str) -> Read,
}

/// How much an option can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maturity {
    Alpha,
    Beta,
    Stable,
}

const NEVER: u8 = u8::MAX;

pub const FULL_CORES: &str = "full-pcpus-only";
pub const ACROSS_NODES: &str = "distribute-cpus-across-numa";
pub const BY_SOCKET: &str = "align-by-socket";
pub const ACROSS_CORES: &str = "distribute-cpus-across-cores";
pub const BY_CACHE: &str = "prefer-align-cpus-by-uncorecache";

/// Of the static policy for processors.
pub const OF_PROCESSORS: [PolicyOption; 6] = [
    option(FULL_CORES, [22, 23, 33], boolean),
    option(ACROSS_NODES, [23, 33, NEVER], boolean),
    option(BY_SOCKET, [25, NEVER, NEVER], boolean),
    option(ACROSS_CORES, [31, NEVER, NEVER], boolean),
    option("strict-cpu-reservation", [32, 33, 35], boolean),
    option(BY_CACHE, [32, 34, 36], boolean),
];

/// Of those options, pairs that exclude each other.
pub const EXCLUSIVE: [[&str; 2]; 4] =
    [[FULL_CORES, ACROSS_CORES], [ACROSS_NODES, ACROSS_CORES], [BY_CACHE, ACROSS_CORES], [BY_CACHE, ACROSS_NODES]];

/// Of all policies for NUMA nodes but `none`, which does not look at them.
pub const OF_TOPOLOGY: [PolicyOption; 2] = [
    option("prefer-closest-numa-nodes", [26, 28, 32], boolean),
    option("max-allowable-numa-nodes", [31, 31, 35], number),
];

const fn option(name: &'static str, since: [u8; 3], read: fn(&str) -> Read) -> PolicyOption {
    PolicyOption { name, since, read }
}

/// How much a kubelet of this minor relies on the option of this name.
///
/// # Errors
/// It knows none of this name, or does not take the value.
pub fn read(options: &[PolicyOption], minor: u8, name: &str, value: &str) -> Result<Maturity, Words> {
    const KNOWN: Words = words!("an option that this version knows", "このバージョンにあるオプション");
    let option = options.iter().find(|option| option.name == name).ok_or(KNOWN)?;
    let maturity = match option.since {
        [_, _, stable] if minor >= stable => Maturity::Stable,
        [_, beta, _] if minor >= beta => Maturity::Beta,
        [alpha, ..] if minor >= alpha => Maturity::Alpha,
        _ => return Err(KNOWN),
    };
    (option.read)(value)?;
    Ok(maturity)
}

fn boolean(value: &str) -> Read {
    wanted(values::bool(value).is_some(), words!("`true` or `false`", "`true` または `false`"))
}

/// Not below the number that is the default.
fn number(value: &str) -> Read {
    wanted(value.parse().is_ok_and(|number: i64| number >= 8), words!("a whole number from 8 on", "8 以上の整数"))
}
