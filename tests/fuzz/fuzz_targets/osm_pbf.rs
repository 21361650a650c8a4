//! Fuzzes `cim_load::fuzz::osm_pbf`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::osm_pbf(bytes));
