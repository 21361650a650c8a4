//! Fuzzes `cim_city::fuzz::boundary_ops`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_city::fuzz::boundary_ops(bytes));
