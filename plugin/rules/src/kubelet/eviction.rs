//! The thresholds of eviction, as a kubelet reads them when it has passed validation (pkg/kubelet/eviction/helpers.go).

use core::cmp::Ordering;

use super::surface::Version;
use super::{Read, quantity, values, wanted};
use crate::float;

/// From this minor on, what containers write may be a file system of its own.
const CONTAINER_FS: u8 = 29;

/// What can be watched (`validSignal`).
fn signal(name: &str, version: Version) -> Read {
    let is_known = match name {
        "allocatableMemory.available"
        | "imagefs.available"
        | "imagefs.inodesFree"
        | "memory.available"
        | "nodefs.available"
        | "nodefs.inodesFree"
        | "pid.available" => true,
        "containerfs.available" | "containerfs.inodesFree" => version.minor() >= CONTAINER_FS,
        _ => false,
    };
    wanted(is_known, words!("a signal such as memory.available", "memory.available のようなシグナル"))
}

/// Whether something is evicted at this threshold: `0%` and `100%` are ignored (`parseThresholdStatement`).
pub fn counts(threshold: &str) -> bool {
    !matches!(threshold, "0%" | "100%")
}

/// A threshold (`parseThresholdStatement`).
///
/// # Errors
/// It is none.
pub fn threshold(name: &str, text: &str, version: Version) -> Read {
    signal(name, version)?;
    let is_fine = match percentage(text) {
        Some(part) => part.is_some_and(|part| (0.0..=1.0).contains(&part)),
        None => quantity::read(text).is_some_and(|quantity| quantity.sign() == Ordering::Greater),
    };
    wanted(is_fine, words!("a quantity above 0, or 0% to 100%", "0 より大きい数量、または 0%〜100%"))
}

/// How much is freed at least (`parseMinimumReclaims`).
///
/// # Errors
/// It is no such amount.
pub fn minimum_reclaim(name: &str, text: &str, version: Version) -> Read {
    signal(name, version)?;
    let is_fine = match percentage(text) {
        Some(part) => part.is_some_and(|part| part > 0.0),
        None => quantity::read(text).is_some_and(|quantity| quantity.sign() != Ordering::Less),
    };
    wanted(is_fine, words!("a quantity, or a percentage above 0%", "数量、または 0% より大きい割合"))
}

/// How long a soft threshold is crossed before something is evicted (`parseGracePeriods`).
///
/// # Errors
/// It is no such time.
pub fn grace_period(name: &str, text: &str, version: Version) -> Read {
    signal(name, version)?;
    let is_fine = values::duration(text).is_some_and(|nanoseconds| nanoseconds >= 0);
    wanted(is_fine, words!("a duration such as 1m30s", "1m30s のような時間"))
}

/// A part of the whole, where this is a percentage; within, `None` where it is no number (`parsePercentage`). What only Go reads
/// as a number, such as `0x1p-2` and `nan`, is taken for a fine one.
fn percentage(text: &str) -> Option<Option<f32>> {
    let number = text.strip_suffix('%')?.trim_end_matches('%');
    let is_odd = number.bytes().any(|byte| matches!(byte, b'x' | b'X' | b'n' | b'N'));
    Some(if is_odd { Some(0.5) } else { float::read(number).map(|number| number as f32 / 100.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fine(read: fn(&str, &str, Version) -> Read, text: &str) -> bool {
        read("memory.available", text, Version::newest()).is_ok()
    }

    #[test]
    fn thresholds_are_read_as_the_kubelet_reads_them() {
        for text in ["1", "100Mi", "1m", "0%", "100%", "5%", "+5%", "12.5%", "1e1%", "5%%", "0.0%", "100.000001%"] {
            assert!(fine(threshold, text), "{text}");
        }
        for wrong in ["", "abc", "0", "0Gi", "-5", "-1Mi", "150%", "-1%", "%", "a%", "5 %", "10%Mi", "1e39%"] {
            assert!(!fine(threshold, wrong), "{wrong}");
        }
        assert!(counts("1%") && counts("100Mi") && !counts("0%") && !counts("100%"));
    }

    #[test]
    fn what_is_freed_may_be_nothing_but_not_no_percentage() {
        for text in ["0", "500Mi", "1%", "250%"] {
            assert!(fine(minimum_reclaim, text), "{text}");
        }
        for wrong in ["", "x", "-1", "0%", "-5%"] {
            assert!(!fine(minimum_reclaim, wrong), "{wrong}");
        }
        assert!(fine(grace_period, "0") && fine(grace_period, "1m30s"));
        assert!(!fine(grace_period, "30") && !fine(grace_period, "-1s"));
    }

    #[test]
    fn signals_come_with_versions() {
        let (old, new) = (Version::oldest(), Version::newest());
        assert!(signal("memory.available", old).is_ok() && signal("foo.bar", new).is_err());
        assert!(signal("containerfs.available", old).is_err() && signal("containerfs.available", new).is_ok());
    }
}
