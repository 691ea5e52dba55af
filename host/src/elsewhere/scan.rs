//! There are kubelets to scan for on Linux only.

use std::path::Path;

use kubevet_rules::Language;

use crate::command::Fatal;
use crate::target::Target;

/// As on Linux.
///
/// # Errors
/// Always.
pub fn targets(
    _root: &Path,
    _pid: Option<u32>,
    _version: Option<&str>,
    _language: Language,
) -> Result<Vec<Target>, Fatal> {
    Err(Fatal::new("scan looks at running processes through /proc, which only Linux has")
        .help("to judge files instead: kubevet check FILE --flags \"…\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_so() {
        let said = targets(Path::new("/"), None, None, Language::English).err().unwrap().to_string();
        assert!(said.starts_with("error: scan looks at running processes through /proc, which only Linux has\n"));
    }
}
