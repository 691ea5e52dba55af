//! Texts in about half of their bytes: what often stands side by side is one byte that no text has. ("Byte pair encoding".)

/// The first byte that stands for a pair. Those of further pairs follow, after 255 from 0 on.
pub const FIRST: u8 = 0x80;

/// Hands the bytes of a packed text to `visit`, until that does not want more. Pairs are made of bytes and of pairs before them.
pub fn expand(packed: &[u8], pairs: &[[u8; 2]], visit: &mut dyn FnMut(u8) -> bool) -> bool {
    packed.iter().all(|byte| match pairs.get(usize::from(byte.wrapping_sub(FIRST))) {
        Some(pair) => expand(pair, pairs, visit),
        None => visit(*byte),
    })
}
