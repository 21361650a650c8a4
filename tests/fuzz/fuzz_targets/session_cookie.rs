//! Fuzzes `cim_server::fuzz::session_cookie`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cim_server::fuzz::session_cookie(bytes));
