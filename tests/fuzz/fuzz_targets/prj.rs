//! Fuzzes `cim_crs::fuzz::prj`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_crs::fuzz::prj(bytes));
