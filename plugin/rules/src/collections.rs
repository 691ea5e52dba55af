//! Sorting, and maps, in a way that keeps the component small: what is generic is compiled again for every type, so that
//! what is done with keys and places is apart from the values.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// The numbers below `length` in order; those that `compare` finds equal stay as they are. Whoever has items to sort sorts
/// their numbers: one sort then serves all types of item. It merges runs, and is a tenth of the standard library's.
pub fn order(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..length).collect();
    let mut width = 1;
    while width < length {
        let mut merged = Vec::with_capacity(length);
        for runs in numbers.chunks(2 * width) {
            let (mut left, mut right) = runs.split_at(width.min(runs.len()));
            while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
                if compare(*first, *second).is_gt() {
                    merged.push(*second);
                    right = right_rest;
                } else {
                    merged.push(*first);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        numbers = merged;
        width *= 2;
    }
    numbers
}

/// For each of the numbers below `length`, whether `compare` finds it equal to one before it.
pub fn repeated(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<bool> {
    let mut repeated = vec![false; length];
    for pair in order(length, compare).windows(2) {
        repeated[pair[1]] = compare(pair[0], pair[1]).is_eq();
    }
    repeated
}

/// A map whose keys are texts, in their order. One tree for all types of value holds where each value is.
#[derive(Clone, Debug)]
pub struct Map<V> {
    places: BTreeMap<String, usize>,
    values: Vec<V>,
}

impl<V> Map<V> {
    /// Nothing is in it.
    pub const fn new() -> Map<V> {
        Map { places: BTreeMap::new(), values: Vec::new() }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.places.get(key).map(|at| &self.values[*at])
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.places.get(key).map(|at| &mut self.values[*at])
    }

    /// The value of a key, which is this one where there was none.
    pub fn or_insert(&mut self, key: String, value: V) -> &mut V {
        let at = place(&mut self.places, key);
        if at == self.values.len() {
            self.values.push(value);
        }
        &mut self.values[at]
    }

    /// Sets the value of a key; whether it is the first one.
    pub fn insert(&mut self, key: String, value: V) -> bool {
        let at = place(&mut self.places, key);
        let is_first = at == self.values.len();
        if is_first {
            self.values.push(value);
        } else {
            self.values[at] = value;
        }
        is_first
    }

    /// Sets values; the last one of a key counts.
    pub fn extend(&mut self, pairs: impl IntoIterator<Item = (String, V)>) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }

    /// The keys and values in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.places.iter().map(|(key, at)| (key, &self.values[*at]))
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The pairs in the order of the keys.
    pub fn into_pairs(self) -> impl Iterator<Item = (String, V)> {
        let mut values: Vec<_> = self.values.into_iter().map(Some).collect();
        self.places.into_iter().filter_map(move |(key, at)| Some((key, values[at].take()?)))
    }

    /// Keeps the keys that are to be kept.
    pub fn retain(&mut self, keep: impl Fn(&str, &V) -> bool) {
        let pairs = core::mem::take(self).into_pairs();
        self.extend(pairs.filter(|(key, value)| keep(key, value)));
    }
}

/// Where the value of a key is, or is to be: behind all others.
fn place(places: &mut BTreeMap<String, usize>, key: String) -> usize {
    let next = places.len();
    *places.entry(key).or_insert(next)
}

impl<V> Default for Map<V> {
    fn default() -> Map<V> {
        Map::new()
    }
}

impl<V: PartialEq> PartialEq for Map<V> {
    fn eq(&self, other: &Map<V>) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// A map of pairs; the last one of a key counts.
pub fn map<V>(pairs: impl IntoIterator<Item = (String, V)>) -> Map<V> {
    let mut map = Map::new();
    map.extend(pairs);
    map
}

/// A map of pairs, unless there is one that is none.
pub fn map_of_all<V>(pairs: impl IntoIterator<Item = Option<(String, V)>>) -> Option<Map<V>> {
    let mut map = Map::new();
    for pair in pairs {
        let (key, value) = pair?;
        map.insert(key, value);
    }
    Some(map)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn equal_numbers_stay_in_their_order() {
        for length in [0, 1, 2, 3, 7, 64, 1000] {
            let keys: Vec<usize> = (0..length).map(|n| n * 7919 % 13).collect();
            let mut sorted: Vec<usize> = (0..length).collect();
            sorted.sort_by_key(|at| keys[*at]);
            assert_eq!(order(length, &|a, b| keys[a].cmp(&keys[b])), sorted);
        }
    }
}
