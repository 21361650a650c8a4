//! All other projections, by proj strings: `crs-definitions` names them, `proj4rs` computes them.

use proj4rs::Proj;
use proj4rs::transform::{Transform, TransformClosure, transform};

use crate::CrsError;

/// A projection that has no code of its own here.
#[derive(Debug, Clone)]
pub(crate) struct OtherProjection {
    projection: Proj,
    lonlat: Proj,
}

struct Coordinate(f64, f64);

impl Transform for Coordinate {
    fn transform_coordinates<F: TransformClosure>(&mut self, f: &mut F) -> proj4rs::errors::Result<()> {
        let (x, y, _) = f(self.0, self.1, 0.0)?;
        *self = Self(x, y);
        Ok(())
    }
}

impl OtherProjection {
    pub(crate) fn from_epsg(number: u32) -> Result<Self, CrsError> {
        let definition = u16::try_from(number)
            .ok()
            .and_then(crs_definitions::from_code)
            .filter(|definition| !definition.proj4.is_empty())
            .ok_or(CrsError::UnknownEpsg(number))?;
        Self::from_definition(&format!("EPSG:{number}"), definition.proj4)
    }

    pub(crate) fn from_definition(name: &str, definition: &str) -> Result<Self, CrsError> {
        let unsupported = |reason: String| CrsError::Unsupported { system: name.to_owned(), reason };
        // A grid file that is not there would silently be left out, and points would be off by up to 200 m.
        if definition.contains("nadgrids=") && !definition.contains("nadgrids=@null") {
            return Err(unsupported("its datum needs a grid file".to_owned()));
        }
        let projection =
            Proj::from_proj_string(definition).map_err(|error| unsupported(error.to_string()))?;
        let lonlat = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs")
            .map_err(|error| unsupported(error.to_string()))?;
        Ok(Self { projection, lonlat })
    }

    pub(crate) fn unproject(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let mut coordinate = if self.projection.is_latlong() {
            Coordinate(x.to_radians(), y.to_radians())
        } else {
            Coordinate(x, y)
        };
        transform(&self.projection, &self.lonlat, &mut coordinate).ok()?;
        Some((coordinate.0.to_degrees(), coordinate.1.to_degrees()))
    }

    pub(crate) fn project(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let mut coordinate = Coordinate(lon.to_radians(), lat.to_radians());
        transform(&self.lonlat, &self.projection, &mut coordinate).ok()?;
        if self.projection.is_latlong() {
            Some((coordinate.0.to_degrees(), coordinate.1.to_degrees()))
        } else {
            Some((coordinate.0, coordinate.1))
        }
    }
}
