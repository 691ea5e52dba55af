//! The face of the rules towards WASM hosts: conversions only.
