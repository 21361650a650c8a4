#![doc = include_str!("../README.md")]

mod crs;
mod lattice;
mod position;

pub use crs::{Crs, CrsError};
pub use lattice::{LATTICE_PER_DEGREE, LatticePoint};
pub use position::{LonLat, PositionError};
