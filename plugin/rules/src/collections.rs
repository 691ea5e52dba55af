//! Maps from pairs, one after the other. The standard library sorts before it builds a map from an iterator, and that
//! sorting, once for every type of pair, would be a good part of the component.

use alloc::collections::BTreeMap;

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
