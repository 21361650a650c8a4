//! Fuzzes `cim_tile::fuzz::filter`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_tile::fuzz::filter(bytes));
