//! Takes any arguments, as a kubelet does, and waits: the tests scan it.

fn main() {
    std::thread::sleep(std::time::Duration::from_secs(120));
}
