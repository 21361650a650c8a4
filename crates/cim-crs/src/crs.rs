//! The names of coordinate systems as users write them.

use std::fmt;
use std::str::FromStr;

/// A coordinate system by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crs {
    /// WGS 84 longitude, latitude.
    Wgs84,
    /// CGCS2000 longitude, latitude (EPSG:4490).
    Cgcs2000,
    /// The obfuscated system of Chinese web maps; only defined inside China.
    Gcj02,
    /// Baidu's further shift of GCJ-02.
    Bd09,
    /// Any other system, by its EPSG number; x east, y north.
    Epsg(u32),
}

/// Why a coordinate system or a coordinate in it cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrsError {
    /// The name is not one of ours.
    #[error("unknown coordinate system `{0}`: use wgs84, cgcs2000, gcj02, bd09 or epsg:NNNN")]
    UnknownName(String),
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(name: &str) -> Result<Self, CrsError> {
        let lower = name.trim().to_ascii_lowercase();
        match lower.as_str() {
            "wgs84" | "epsg:4326" => Ok(Self::Wgs84),
            "cgcs2000" | "epsg:4490" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            other => other
                .strip_prefix("epsg:")
                .and_then(|number| number.parse().ok())
                .map(Self::Epsg)
                .ok_or_else(|| CrsError::UnknownName(name.to_owned())),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wgs84 => f.write_str("wgs84"),
            Self::Cgcs2000 => f.write_str("cgcs2000"),
            Self::Gcj02 => f.write_str("gcj02"),
            Self::Bd09 => f.write_str("bd09"),
            Self::Epsg(number) => write!(f, "epsg:{number}"),
        }
    }
}
