//! The command `kubevet`.

fn main() {}
