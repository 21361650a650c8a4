//! Places of borders as `GeoJSON` geometries, exact to the lattice.

use cim_coverage::LatticePolygon;
use cim_crs::{LatticePoint, LonLat};
use serde::Serialize;

/// Longitude and latitude.
pub type Position = [f64; 2];

/// The place that a client wrote; none where it is no longitude and latitude.
pub(super) fn place([lon, lat]: Position) -> Option<LonLat> {
    let is_place = lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0;
    is_place.then_some(LonLat { lon, lat })
}

/// A `GeoJSON` geometry in CGCS2000 longitude and latitude.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", content = "coordinates")]
pub enum DrawnShape {
    /// One place.
    Point(Position),
    /// One line.
    LineString(Vec<Position>),
    /// Several lines.
    MultiLineString(Vec<Vec<Position>>),
    /// Areas.
    MultiPolygon(Vec<Vec<Vec<Position>>>),
}

impl DrawnShape {
    /// A line.
    #[must_use]
    pub fn line(points: &[LatticePoint]) -> Self {
        Self::LineString(positions(points))
    }

    /// Lines, those of one point as a line of no length; a single point as a point.
    #[must_use]
    pub fn lines(lines: &[Vec<LatticePoint>]) -> Option<Self> {
        match lines {
            [] => None,
            [one] if one.len() == 1 => Some(Self::Point(position(one[0]))),
            [one] => Some(Self::line(one)),
            many => Some(Self::MultiLineString(many.iter().map(|line| positions(line)).collect())),
        }
    }

    /// Areas; rings are closed as `GeoJSON` wants them.
    #[must_use]
    pub fn areas(polygons: &[LatticePolygon]) -> Self {
        let closed = |ring: &Vec<LatticePoint>| {
            let mut ring = positions(ring);
            ring.extend(ring.first().copied());
            ring
        };
        let rings = |polygon: &LatticePolygon| {
            std::iter::once(&polygon.outer).chain(&polygon.holes).map(closed).collect()
        };
        Self::MultiPolygon(polygons.iter().map(rings).collect())
    }
}

/// The lattice in degrees: eight places give back exactly what is stored.
#[must_use]
pub(super) fn position(point: LatticePoint) -> Position {
    let place = LonLat::from(point);
    [place.lon, place.lat]
}

fn positions(points: &[LatticePoint]) -> Vec<Position> {
    points.iter().map(|point| position(*point)).collect()
}
