//! The command `kubevet`.

fn main() {
    kubevet::command::main()
}
