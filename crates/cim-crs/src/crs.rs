//! The names of coordinate systems as users write them.

use std::fmt;
use std::str::FromStr;

use crate::CrsError;

/// A coordinate system by name. Coordinates are always given as x east, y north, whatever the system's own order.
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

impl Crs {
    /// The system with this EPSG number, by its own name when it has one.
    #[must_use]
    pub fn from_epsg(number: u32) -> Self {
        match number {
            4326 => Self::Wgs84,
            4490 => Self::Cgcs2000,
            other => Self::Epsg(other),
        }
    }

    /// The EPSG number; GCJ-02 and BD-09 have none.
    #[must_use]
    pub fn epsg(self) -> Option<u32> {
        match self {
            Self::Wgs84 => Some(4326),
            Self::Cgcs2000 => Some(4490),
            Self::Epsg(number) => Some(number),
            Self::Gcj02 | Self::Bd09 => None,
        }
    }

    /// Whether the coordinates are degrees of longitude and latitude without any projection to undo.
    #[must_use]
    pub fn is_lonlat(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Cgcs2000 | Self::Epsg(4326 | 4490))
    }
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(name: &str) -> Result<Self, CrsError> {
        let lower = name.trim().to_ascii_lowercase();
        let unknown = || CrsError::UnknownName(name.to_owned());
        match lower.as_str() {
            "wgs84" | "wgs-84" | "crs84" | "ogc:crs84" => return Ok(Self::Wgs84),
            "cgcs2000" => return Ok(Self::Cgcs2000),
            "gcj02" | "gcj-02" => return Ok(Self::Gcj02),
            "bd09" | "bd-09" => return Ok(Self::Bd09),
            _ => {}
        }
        if lower.starts_with("urn:ogc:def:crs:ogc")
            || lower.starts_with("http://www.opengis.net/def/crs/ogc/")
        {
            return if lower.ends_with("crs84") { Ok(Self::Wgs84) } else { Err(unknown()) };
        }
        let number = [
            "epsg:",
            "urn:ogc:def:crs:epsg::",
            "http://www.opengis.net/def/crs/epsg/0/",
            "https://www.opengis.net/def/crs/epsg/0/",
        ]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .ok_or_else(unknown)?;
        number.parse().ok().map(Self::from_epsg).ok_or_else(unknown)
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
