//! From any coordinate system to the stored longitude and latitude, and back.

use crate::gauss_kruger;
use crate::gcj02;
use crate::other_projection::OtherProjection;
use crate::prj::{self, PrjSystem};
use crate::transverse_mercator::TransverseMercator;
use crate::web_mercator::{from_web_mercator, to_web_mercator};
use crate::{Crs, CrsError, CrsPoint, LonLat};

/// A conversion between one coordinate system and CGCS2000 longitude, latitude. Made once, used for millions of points.
///
/// WGS 84, CGCS2000, ETRS89 and NAD83 are taken as one datum: they differ by less than two metres, and no file says by how much.
#[derive(Debug, Clone)]
pub struct Transform {
    name: String,
    method: Method,
}

#[derive(Debug, Clone)]
enum Method {
    LonLat,
    Gcj02,
    Bd09,
    WebMercator,
    TransverseMercator(Box<TransverseMercator>),
    Other(Box<OtherProjection>),
}

impl Transform {
    /// The conversion of a named system.
    pub fn new(crs: Crs) -> Result<Self, CrsError> {
        let method = match crs {
            Crs::Wgs84 | Crs::Cgcs2000 | Crs::Epsg(4326 | 4490) => Method::LonLat,
            Crs::Gcj02 => Method::Gcj02,
            Crs::Bd09 => Method::Bd09,
            Crs::Epsg(3857) => Method::WebMercator,
            Crs::Epsg(number) => match gauss_kruger::zone(number) {
                Some(zone) => Method::TransverseMercator(Box::new(TransverseMercator::new(zone))),
                None => Method::Other(Box::new(OtherProjection::from_epsg(number)?)),
            },
        };
        Ok(Self { name: crs.to_string(), method })
    }

    /// The conversion of the system that a Shapefile's `.prj` text describes.
    pub fn from_prj(text: &str) -> Result<Self, CrsError> {
        match prj::read(text)? {
            PrjSystem::Known(crs) => Self::new(crs),
            PrjSystem::TransverseMercator { name, zone } => {
                Ok(Self { name, method: Method::TransverseMercator(Box::new(TransverseMercator::new(zone))) })
            }
            PrjSystem::Proj { name, definition } => {
                let other = OtherProjection::from_definition(&name, &definition)?;
                Ok(Self { name, method: Method::Other(Box::new(other)) })
            }
        }
    }

    /// The system's name: `epsg:4549`, `gcj02`, or the name in the `.prj` text.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The position of x east, y north.
    pub fn to_lonlat(&self, x: f64, y: f64) -> Result<LonLat, CrsError> {
        let outside = || CrsError::OutsideSystem { system: self.name.clone(), x, y };
        let (lon, lat) = match &self.method {
            Method::LonLat => (x, y),
            // NaN and infinity are told as such, and not as a place outside China.
            _ if !x.is_finite() || !y.is_finite() => (x, y),
            Method::Gcj02 => gcj02::gcj02_to_wgs84(x, y)?,
            Method::Bd09 => gcj02::bd09_to_wgs84(x, y)?,
            Method::WebMercator => from_web_mercator(x, y),
            Method::TransverseMercator(zone) => zone.unproject(x, y).ok_or_else(outside)?,
            Method::Other(projection) => projection.unproject(x, y).ok_or_else(outside)?,
        };
        match LonLat::new(lon, lat) {
            Ok(position) => Ok(position),
            Err(crate::PositionError::OutsideWorld { .. }) if !matches!(self.method, Method::LonLat) => {
                Err(outside())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// x east, y north of a position.
    pub fn from_lonlat(&self, position: LonLat) -> Result<(f64, f64), CrsError> {
        let LonLat { lon, lat } = position;
        match &self.method {
            Method::LonLat => Ok((lon, lat)),
            Method::Gcj02 => gcj02::wgs84_to_gcj02(lon, lat),
            Method::Bd09 => gcj02::wgs84_to_bd09(lon, lat),
            Method::WebMercator => Ok(to_web_mercator(position)),
            Method::TransverseMercator(zone) => Ok(zone.project(lon, lat)),
            Method::Other(projection) => projection
                .project(lon, lat)
                .ok_or_else(|| CrsError::OutsideSystem { system: self.name.clone(), x: lon, y: lat }),
        }
    }

    /// Many coordinates at once, in place: `[x, y]` becomes `[lon, lat]`. Stops at the first that has no position and
    /// says which; those before it are converted already.
    pub fn batch_to_lonlat(&self, coordinates: &mut [[f64; 2]]) -> Result<(), (usize, CrsError)> {
        for (index, coordinate) in coordinates.iter_mut().enumerate() {
            let position = self.to_lonlat(coordinate[0], coordinate[1]).map_err(|error| (index, error))?;
            *coordinate = [position.lon, position.lat];
        }
        Ok(())
    }
}

impl CrsPoint {
    /// The stored position of this point. To convert many points of one system, make one [`Transform`].
    pub fn to_lonlat(self) -> Result<LonLat, CrsError> {
        Transform::new(self.crs)?.to_lonlat(self.x, self.y)
    }
}
