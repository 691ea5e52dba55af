//! The command `kubevet`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kubevet::command::main()
}
