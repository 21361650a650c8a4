//! Fuzzes `cim_city::fuzz::given_rows`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_city::fuzz::given_rows(bytes));
