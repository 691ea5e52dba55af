//! A table in which a path is found at once: the build script writes it, [`surface`](super::surface) reads it.

/// How many slots there are: a power of two, and more than twice as many as paths.
pub const COUNT: usize = 512;

/// What stands in a slot without a path.
pub const EMPTY: u16 = u16::MAX;

/// The slots in which a path may be, the likeliest first: behind an empty one it is not. A few letters tell the paths of
/// settings apart well enough, and are read faster than all of them.
pub fn of(path: &str) -> impl Iterator<Item = usize> {
    let path = path.as_bytes();
    let letter = |at: usize| path.get(at).map_or(0, |letter| usize::from(*letter));
    let length = path.len();
    let some = [letter(0), letter(length / 4), letter(length / 2), letter(length.saturating_sub(3))];
    let first = some.into_iter().fold(length, |hash, letter| hash.wrapping_mul(37).wrapping_add(letter)) % COUNT;
    (first..first + COUNT).map(|slot| slot % COUNT)
}
