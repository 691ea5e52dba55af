//! Sorting, and maps from pairs, in a way that keeps the component small: what is generic is compiled again for every type.
//! The standard library even sorts before it builds a map from an iterator.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The numbers below `length` in order; those that `compare` finds equal stay as they are. Whoever has items to sort sorts
/// their numbers: one sort then serves all types of item.
pub fn order(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    numbers.sort_unstable_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
    numbers
}

/// A map of pairs; the last one of a key counts.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// A map of pairs, unless there is one that is none.
pub fn map_of_all<K: Ord, V>(pairs: impl IntoIterator<Item = Option<(K, V)>>) -> Option<BTreeMap<K, V>> {
    let mut map = BTreeMap::new();
    for pair in pairs {
        let (key, value) = pair?;
        map.insert(key, value);
    }
    Some(map)
}
