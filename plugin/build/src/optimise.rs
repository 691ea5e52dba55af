//! Makes modules smaller.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Binaryen's optimiser, if it is there: `npm install --global binaryen`, or a distribution's package.
const OPTIMISER: &str = "wasm-opt";

/// How the optimiser works, and what the compiler uses of WebAssembly, which it has to be told. After it has done what it can, it
/// makes all control flow anew and begins again, twice: that finds some more. Below 1024 is the end of the stack, where nothing lies
/// unless it has run over. Never that traps do not happen: a defect has to end in one.
const ARGUMENTS: [&str; 18] = [
    "--low-memory-unused",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--const-hoisting",
    "--reorder-functions",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// A smaller module that does the same, where the optimiser is there; else the module itself.
///
/// # Errors
/// A module that the optimiser cannot read.
pub fn smaller(module: &Path, notice: impl Fn(&str)) -> Result<PathBuf> {
    let smaller = module.with_extension("opt.wasm");
    let ran = Command::new(OPTIMISER).args(ARGUMENTS).arg("--output").args([&smaller, &module.to_path_buf()]).status();
    match ran {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            notice("without wasm-opt (Binaryen) the component is a tenth larger than it need be");
            return Ok(module.to_owned());
        }
        status => ensure!(status.context(OPTIMISER)?.success(), "{OPTIMISER} cannot read {}", module.display()),
    }
    Ok(smaller)
}
