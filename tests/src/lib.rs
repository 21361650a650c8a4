//! End-to-end tests live in the files beside this one; this library holds what they share.

#![expect(clippy::panic, reason = "a test that cannot go on says why and ends")]

pub mod door;
pub mod running;
pub mod schema;
pub mod tile_dump;
pub mod wire;
