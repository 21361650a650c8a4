//! Fuzzes `cim_load::fuzz::flat_geobuf`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::flat_geobuf(bytes));
