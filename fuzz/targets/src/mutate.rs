//! Small changes to seeds, from a number: the same number makes the same input. It knows nothing of coverage; that is what
//! cargo-fuzz is for.

/// The longest input, in bytes: what takes more than linear time shows here already.
const LONGEST: usize = 1 << 15;

/// Makes inputs.
pub struct Mutator {
    seeds: Vec<Vec<u8>>,
    words: Vec<String>,
    random: Random,
}

impl Mutator {
    /// From seeds, of which there has to be one, and words to put in.
    pub fn new(seeds: Vec<Vec<u8>>, words: Vec<String>, number: u64) -> Mutator {
        assert!(!seeds.is_empty() && !words.is_empty());
        Mutator { seeds, words, random: Random(number) }
    }

    /// The next input: a seed after a few changes.
    pub fn input(&mut self) -> Vec<u8> {
        let mut bytes = self.seed().to_vec();
        for _ in 0..=self.random.below(4) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn seed(&mut self) -> &[u8] {
        let at = self.random.below(self.seeds.len());
        &self.seeds[at]
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let start = self.random.below(bytes.len() + 1);
        let longest = 1 << self.random.below(8);
        let end = bytes.len().min(start + self.random.below(longest));
        match self.random.below(10) {
            0 => bytes.iter_mut().skip(start).take(1).for_each(|byte| *byte ^= 1 << self.random.below(8)),
            1 => bytes.insert(start, self.random.below(256) as u8),
            2 => drop(bytes.drain(start..end)),
            3 => self.copy_within(bytes, start..end),
            4 => bytes.truncate(start),
            5 => self.repeat(bytes, start..end),
            6 => self.splice(bytes, start..end),
            7 => self.swap_lines(bytes),
            _ => {
                let word = &self.words[self.random.below(self.words.len())];
                let end = if self.random.below(2) == 0 { start } else { end };
                bytes.splice(start..end, word.bytes());
            }
        }
    }

    fn copy_within(&mut self, bytes: &mut Vec<u8>, from: std::ops::Range<usize>) {
        let to = self.random.below(bytes.len() + 1);
        let piece = bytes[from].to_vec();
        bytes.splice(to..to, piece);
    }

    /// Seldom many times: for what is deep, and for what takes too long.
    fn repeat(&mut self, bytes: &mut Vec<u8>, piece: std::ops::Range<usize>) {
        let most = if self.random.below(16) == 0 { LONGEST / (piece.len() + 1) } else { 8 };
        let repeated = bytes[piece.clone()].repeat(self.random.below(most));
        bytes.splice(piece.end..piece.end, repeated);
    }

    /// A piece of another seed.
    fn splice(&mut self, bytes: &mut Vec<u8>, range: std::ops::Range<usize>) {
        let at = self.random.below(self.seeds.len());
        let other = &self.seeds[at];
        let start = self.random.below(other.len() + 1);
        let end = other.len().min(start + self.random.below(128));
        bytes.splice(range, other[start..end].iter().copied());
    }

    fn swap_lines(&mut self, bytes: &mut Vec<u8>) {
        let separator = *b"\n\0,\x1e".get(self.random.below(4)).unwrap_or(&b'\n');
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == separator).collect();
        let (a, b) = (self.random.below(lines.len()), self.random.below(lines.len()));
        lines.swap(a, b);
        *bytes = lines.join(&separator);
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this one, which is not 0; a little uneven, which does not matter here.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
