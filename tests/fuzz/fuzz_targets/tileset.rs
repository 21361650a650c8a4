//! Fuzzes `cim_tile::fuzz::tileset`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_tile::fuzz::tileset(bytes));
