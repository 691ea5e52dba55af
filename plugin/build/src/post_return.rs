//! Fits modules for a host that throws an instance away after one call: nobody need free what it has answered.

use anyhow::Result;
use wasm_encoder::{ExportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// How functions are called that free what a call has answered.
/// Source: the component model's `BuildTargets.md`.
const POST_RETURN: &str = "cabi_post_";

/// The same module without the functions that free what a call has answered.
///
/// # Errors
/// Bytes that are no module.
pub fn remove(module: &[u8]) -> Result<Vec<u8>> {
    let mut rewritten = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::ExportSection(exports) = payload {
            let mut kept = ExportSection::new();
            for export in exports {
                let export = export?;
                if !export.name.starts_with(POST_RETURN) {
                    kept.export(export.name, export.kind.into(), export.index);
                }
            }
            rewritten.section(&kept);
        } else if let Some((id, range)) = payload.as_section() {
            rewritten.section(&RawSection { id, data: &module[range] });
        }
    }
    Ok(rewritten.finish())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CodeSection, ExportKind, Function, FunctionSection, TypeSection};

    use super::*;

    /// A module with a function that goes by these names.
    fn module(names: &[&str]) -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([], []);
        functions.function(0);
        let mut exports = ExportSection::new();
        for name in names {
            exports.export(name, ExportKind::Func, 0);
        }
        let mut function = Function::new([]);
        function.instructions().end();
        let mut code = CodeSection::new();
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn nothing_else_changes() {
        assert_eq!(
            remove(&module(&["ask", "cabi_post_ask", "cabi_realloc"])).unwrap(),
            module(&["ask", "cabi_realloc"])
        );
        assert_eq!(remove(&module(&["ask"])).unwrap(), module(&["ask"]));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(remove(b"junk").is_err());
    }
}
