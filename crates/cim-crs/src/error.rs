//! Why a coordinate system, or a coordinate in it, cannot be used.

use crate::PositionError;

/// Why a coordinate system, or a coordinate in it, cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The name is not one of ours.
    #[error("unknown coordinate system `{0}`: use wgs84, cgcs2000, gcj02, bd09 or epsg:NNNN")]
    UnknownName(String),
    /// The EPSG number is in no table.
    #[error("EPSG:{0} is unknown: check the number, or convert the file to EPSG:4490 first")]
    UnknownEpsg(u32),
    /// The system is known, but nothing here converts it.
    #[error("{system} cannot be converted here ({reason}): convert the file to EPSG:4490 first")]
    Unsupported {
        /// The system, as the user or the file names it.
        system: String,
        /// What is missing.
        reason: String,
    },
    /// A `.prj` text that is no coordinate system.
    #[error("the projection text is not readable ({0}): name the system with crs = \"epsg:NNNN\"")]
    UnreadablePrj(String),
    /// GCJ-02 and BD-09 are defined in China only.
    #[error("({x}, {y}) lies outside China, where {system} is not defined: use wgs84")]
    OutsideChina {
        /// GCJ-02 or BD-09.
        system: &'static str,
        /// The first number given.
        x: f64,
        /// The second number given.
        y: f64,
    },
    /// A projected coordinate from which no position follows.
    #[error(
        "({x}, {y}) lies outside {system}: check the zone, the order of the axes and a zone number in front of x"
    )]
    OutsideSystem {
        /// The system.
        system: String,
        /// The first number given.
        x: f64,
        /// The second number given.
        y: f64,
    },
    /// The numbers are no position on the earth.
    #[error(transparent)]
    Position(#[from] PositionError),
}
