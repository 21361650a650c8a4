//! Fuzzes `cim_load::fuzz::parser_frames`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_load::fuzz::parser_frames(bytes));
