#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kubevet_fuzz_targets::inputs(bytes));
