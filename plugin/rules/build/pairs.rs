//! Which bytes often stand side by side, for `src/pairs.rs`.

use std::collections::BTreeMap;

/// Packs texts with so many pairs, and returns these. No text may have the bytes that stand for them: 128 of them are beyond ASCII,
/// and those of further pairs begin with 0.
pub fn pack(texts: &mut [Vec<u8>], count: u8) -> Vec<[u8; 2]> {
    (0..count).map(|number| replace_commonest(texts, number.wrapping_add(0x80))).collect()
}

/// Replaces the commonest pair of bytes by this one, and returns it.
fn replace_commonest(texts: &mut [Vec<u8>], code: u8) -> [u8; 2] {
    let mut counts = BTreeMap::<[u8; 2], usize>::new();
    for pair in texts.iter().flat_map(|text| text.windows(2)) {
        *counts.entry([pair[0], pair[1]]).or_default() += 1;
    }
    let (pair, _) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap_or_default();
    for text in texts {
        let mut replaced = Vec::with_capacity(text.len());
        let mut rest = &**text;
        while let [first, others @ ..] = rest {
            let is_pair = rest.starts_with(&pair);
            replaced.push(if is_pair { code } else { *first });
            rest = if is_pair { &others[1..] } else { others };
        }
        *text = replaced;
    }
    pair
}
