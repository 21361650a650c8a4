#![doc = include_str!("../README.md")]

mod crs;
mod error;
#[doc(hidden)]
pub mod fuzz;
mod gauss_kruger;
mod gcj02;
mod geodesic;
mod lattice;
mod local_frame;
mod other_projection;
mod position;
mod prj;
mod shift;
mod transform;
mod transverse_mercator;
mod web_mercator;
mod wkt;

pub use crs::Crs;
pub use error::CrsError;
pub use geodesic::{bearing_deg, destination, distance_m, metres_per_degree, near_distance_m};
pub use lattice::{LATTICE_PER_DEGREE, LatticePoint};
pub use local_frame::LocalFrame;
pub use position::{CrsPoint, LonLat, PositionError};
pub use shift::{Reference, ShiftVerdict, detect_shift};
pub use transform::Transform;
pub use web_mercator::{WEB_MERCATOR_HALF_WORLD_M, WEB_MERCATOR_MAX_LATITUDE_DEG, to_web_mercator};
