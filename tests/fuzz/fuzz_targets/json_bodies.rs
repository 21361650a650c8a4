//! Fuzzes `cim_server::fuzz::json_bodies`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_server::fuzz::json_bodies(bytes));
