//! Fuzzes `cim_load::fuzz::geopackage`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::geopackage(bytes));
