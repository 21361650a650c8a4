//! Fuzzes `cim_server::fuzz::headers`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_server::fuzz::headers(bytes));
