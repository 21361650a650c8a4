//! Fuzzes `cim_load::fuzz::wkb`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::wkb(bytes));
