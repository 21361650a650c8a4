//! Fuzzes `cim_server::fuzz::batch_csv`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_server::fuzz::batch_csv(bytes));
