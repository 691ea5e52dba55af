//! Writes the corpora to begin with and the dictionary, for cargo-fuzz: `fuzz/corpus/*` and `fuzz/kubelet.dict`.

use std::fs;
use std::io::Result;
use std::path::Path;

use kubevet_fuzz_targets::{TARGETS, seeds};

fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for target in TARGETS {
        let corpus = folder.join("corpus").join(target.name);
        fs::create_dir_all(&corpus)?;
        for (at, seed) in (target.seeds)().into_iter().enumerate() {
            fs::write(corpus.join(format!("seed-{at:04}")), seed)?;
        }
    }
    let lines = seeds::words().iter().map(|word| format!("\"{}\"\n", quoted(word))).collect::<String>();
    fs::write(folder.join("kubelet.dict"), lines)
}

/// A word as a dictionary of libFuzzer has it.
fn quoted(word: &str) -> String {
    let quoted = |byte: u8| match byte {
        b'"' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    word.bytes().map(quoted).collect()
}
