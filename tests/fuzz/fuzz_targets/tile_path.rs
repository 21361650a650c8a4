//! Fuzzes `cim_server::fuzz::tile_path`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_server::fuzz::tile_path(bytes));
