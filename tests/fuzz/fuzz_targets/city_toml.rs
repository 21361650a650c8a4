//! Fuzzes `cim_load::fuzz::city_toml`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::city_toml(bytes));
