//! Modules in an order that packs better: what is alike stands together.
//!
//! A packer expects that what comes next depends on what came last. In the code of a module an instruction is followed by its
//! operands, which have little to do with it, nor with the next instruction. So all instructions come first, without operands,
//! and then the operands of each instruction. `web/src/sorted.ts` puts the module together again.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasm_encoder::Encode as _;
use wasmparser::{BinaryReader, FunctionBody, Operator, Parser, Payload};

/// How many heaps there are: what stands before the functions, their locals, the codes of their instructions, first and other
/// operands of each of the 256 codes, and what stands behind the functions.
const HEAPS: usize = OPERANDS + 2 * 256 + 1;

const BEFORE: usize = 0;
const LOCALS: usize = 1;
const CODES: usize = 2;
const OPERANDS: usize = 3;
const AFTER: usize = HEAPS - 1;

/// The same module sorted: its size, the size of each heap, and the heaps. The sizes are LEB128, as in the module. The sizes of
/// functions are left out: who puts the functions together knows them.
///
/// # Errors
/// Bytes that are no module with code.
pub fn sorted(module: &[u8]) -> Result<Vec<u8>> {
    let mut heaps = Heaps::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart { range, .. } => {
                // The section begins with the number of its functions, which belongs to what stands before them.
                let mut reader = BinaryReader::new(&module[range.clone()], range.start);
                reader.read_var_u32()?;
                heaps.add(BEFORE, &module[..reader.original_position()]);
                heaps.add(AFTER, &module[range.end..]);
            }
            Payload::CodeSectionEntry(body) => heaps.add_function(module, &body)?,
            _ => {}
        }
    }
    let mut sorted = vec![];
    module.len().encode(&mut sorted);
    for heap in 0..HEAPS {
        heaps.0.get(&heap).map_or(0, Vec::len).encode(&mut sorted);
    }
    sorted.extend(heaps.0.into_values().flatten());
    Ok(sorted)
}

/// What was put together, by the number of the heap.
#[derive(Default)]
struct Heaps(BTreeMap<usize, Vec<u8>>);

impl Heaps {
    fn add(&mut self, heap: usize, bytes: &[u8]) {
        self.0.entry(heap).or_default().extend(bytes);
    }

    fn add_function(&mut self, module: &[u8], body: &FunctionBody) -> Result<()> {
        let mut operators = body.get_operators_reader()?;
        let mut at = operators.original_position();
        self.add(LOCALS, &module[body.range().start..at]);
        while !operators.eof() {
            let operator = operators.read()?;
            let end = operators.original_position();
            self.add_instruction(&operator, &module[at..end])?;
            at = end;
        }
        Ok(())
    }

    fn add_instruction(&mut self, operator: &Operator, bytes: &[u8]) -> Result<()> {
        let (code, operands) = bytes.split_first().context("an instruction has a code")?;
        self.add(CODES, &[*code]);
        let heap = OPERANDS + 2 * usize::from(*code);
        // The operands of all other instructions are numbers in LEB128.
        let first = match operator {
            Operator::F32Const { .. } | Operator::F64Const { .. } => operands.len(),
            _ => operands.iter().position(|byte| byte & 0x80 == 0).map_or(0, |last| last + 1),
        };
        self.add(heap, &operands[..first]);
        self.add(heap + 1, &operands[first..]);
        Ok(())
    }
}
