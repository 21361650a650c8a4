//! The demo district, written and read back.

mod district;
mod pack;
mod small;
