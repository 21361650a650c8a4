//! Fuzzes `cim_access::fuzz::credentials`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_access::fuzz::credentials(bytes));
