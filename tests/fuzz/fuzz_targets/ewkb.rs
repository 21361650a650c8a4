//! Fuzzes `cim_store::fuzz::ewkb`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_store::fuzz::ewkb(bytes));
