//! Cameras along a street or a drawn line, in the order in which one passes them.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::{Metres, Plane, Row, WorldBox, WorldPoint};
use cim_model::Collection;
use geo_types::LineString;
use serde::Serialize;

use super::item::{name_of, to_centimetre_degrees, to_centimetres};
use crate::{City, CityError};

/// The farthest that a camera may stand from the line.
pub const MAX_BUFFER_M: f64 = 200.0;
/// Pieces of one name that lie farther apart are different streets.
const APART_M: f64 = 400.0;

/// A way through the city.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// All roads of this name.
    Road(String),
    /// A line in degrees of longitude and latitude.
    Line(LineString<f64>),
}

/// Cameras along a way.
#[derive(Debug, Clone, PartialEq)]
pub struct AlongQuery {
    /// The way.
    pub way: Way,
    /// How far from it a camera may stand, metres.
    pub buffer_m: f64,
}

/// Cameras in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlongAnswer {
    /// The length of the way in metres.
    pub length_m: f64,
    /// The cameras, from the beginning of the way to its end.
    pub cameras: Vec<AlongCamera>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// One camera on the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlongCamera {
    /// The GB/T 28181 id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// A name that streets far apart share gives several stretches, counted from 1.
    pub stretch: usize,
    /// Metres from the beginning of the way to where the camera is passed.
    pub along_m: f64,
    /// Metres from the way to the camera.
    pub offset_m: f64,
    /// `left` or `right` of the way.
    pub side: &'static str,
    /// Whether it delivers pictures.
    pub status: Option<String>,
    /// Where it looks.
    pub azimuth_deg: Option<f64>,
    /// Where it is.
    pub lon: f64,
    /// Where it is.
    pub lat: f64,
}

impl City {
    /// The cameras along a way.
    pub fn cameras_along(&self, scope: &Scope, query: &AlongQuery) -> Result<AlongAnswer, CityError> {
        let version = self.version_for(scope)?;
        let pieces: Vec<Vec<WorldPoint>> = match &query.way {
            Way::Line(line) => {
                let world = |point: &geo_types::Coord<f64>| LonLat { lon: point.x, lat: point.y }.into();
                vec![line.0.iter().map(world).collect()]
            }
            Way::Road(name) => {
                let named = |row: &Row<'_>| row.text_of("name") == Some(name);
                let rows = version.view(Collection::Road).rows().filter(named);
                rows.flat_map(|row| row.shape().parts().map(|(_, points)| points.to_vec())).collect()
            }
        };
        if pieces.is_empty() {
            let Way::Road(name) = &query.way else { return Ok(self.nothing_along(&version)) };
            return Err(CityError::NotFound { what: "road", name: name.clone() });
        }
        let Some(way) = Walk::along(pieces) else { return Ok(self.nothing_along(&version)) };
        let bounds = way.bounds(query.buffer_m);
        let found = version.view(Collection::Camera).meeting(&bounds);
        let mut cameras: Vec<AlongCamera> =
            found.filter_map(|row| camera_on(&way, row, query.buffer_m)).collect();
        cameras.sort_by(|a, b| {
            a.along_m.total_cmp(&b.along_m).then(a.offset_m.total_cmp(&b.offset_m)).then(a.id.cmp(&b.id))
        });
        Ok(AlongAnswer { length_m: to_centimetres(way.length_m), cameras, ..self.nothing_along(&version) })
    }

    fn nothing_along(&self, version: &crate::version::Version) -> AlongAnswer {
        let (as_of, snapshot) = (self.as_of(), version.snapshot.to_string());
        AlongAnswer { length_m: 0.0, cameras: Vec::new(), as_of, snapshot }
    }
}

/// Where one passes a point.
struct Passing {
    stretch: usize,
    along_m: f64,
    offset_m: f64,
    is_right: bool,
}

/// Pieces of a way in the order in which one walks them, in metres around their first point.
struct Walk {
    plane: Plane,
    /// Each with the number of its stretch.
    pieces: Vec<(usize, Vec<Metres>)>,
    world: Vec<WorldPoint>,
    length_m: f64,
}

impl Walk {
    /// Orders the pieces: from the end that lies farthest from the middle, each next one is the nearest that is left.
    fn along(pieces: Vec<Vec<WorldPoint>>) -> Option<Self> {
        let world: Vec<WorldPoint> = pieces.iter().flatten().copied().collect();
        let plane = Plane::around(LonLat::from(*world.first()?));
        let in_metres = |piece: Vec<WorldPoint>| piece.into_iter().map(|point| plane.metres(point)).collect();
        let mut left: Vec<Vec<Metres>> =
            pieces.into_iter().filter(|piece| piece.len() > 1).map(in_metres).collect();
        let mut here = start_of(&left)?;
        let mut ordered: Vec<(usize, Vec<Metres>)> = Vec::with_capacity(left.len());
        let mut stretch = 1;
        while let Some((place, is_reversed, away_m)) = nearest_piece(&left, here) {
            let mut piece = left.swap_remove(place);
            if is_reversed {
                piece.reverse();
            }
            stretch += usize::from(away_m > APART_M);
            here = *piece.last()?;
            ordered.push((stretch, piece));
        }
        let length_m = ordered
            .iter()
            .flat_map(|(_, piece)| piece.windows(2))
            .map(|pair| between(pair[0], pair[1]))
            .sum();
        Some(Self { plane, pieces: ordered, world, length_m })
    }

    fn bounds(&self, buffer_m: f64) -> WorldBox {
        let around = self.world.iter().map(|point| WorldBox::around_circle(LonLat::from(*point), buffer_m));
        around.reduce(WorldBox::union).unwrap_or(WorldBox::WORLD)
    }

    /// The nearest place of the way to a point.
    fn passing(&self, point: Metres) -> Passing {
        let mut best = Passing { stretch: 1, along_m: 0.0, offset_m: f64::INFINITY, is_right: false };
        let mut walked = 0.0;
        let pairs = self
            .pieces
            .iter()
            .flat_map(|(stretch, piece)| piece.windows(2).map(|pair| (*stretch, pair[0], pair[1])));
        for (stretch, a, b) in pairs {
            let length = between(a, b);
            let (east, south) = (b.east - a.east, b.south - a.south);
            let (to_east, to_south) = (point.east - a.east, point.south - a.south);
            let squared = length * length;
            let part = if squared > 0.0 {
                ((to_east * east + to_south * south) / squared).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let nearest = Metres { east: a.east + east * part, south: a.south + south * part };
            let away = between(nearest, point);
            if away < best.offset_m {
                // With y southwards a positive turn is to the right.
                let is_right = east * to_south - south * to_east > 0.0;
                best = Passing { stretch, along_m: walked + length * part, offset_m: away, is_right };
            }
            walked += length;
        }
        best
    }
}

fn between(a: Metres, b: Metres) -> f64 {
    (b.east - a.east).hypot(b.south - a.south)
}

/// Of all ends the one farthest from the middle of all; of equal ones the westernmost.
fn start_of(pieces: &[Vec<Metres>]) -> Option<Metres> {
    if let [only] = pieces {
        return only.first().copied();
    }
    let ends = || pieces.iter().flat_map(|piece| [piece.first(), piece.last()]).flatten().copied();
    #[expect(clippy::cast_precision_loss, reason = "few pieces")]
    let count = ends().count() as f64;
    let middle = Metres {
        east: ends().map(|end| end.east).sum::<f64>() / count,
        south: ends().map(|end| end.south).sum::<f64>() / count,
    };
    ends().max_by(|a, b| {
        between(*a, middle)
            .total_cmp(&between(*b, middle))
            .then(b.east.total_cmp(&a.east))
            .then(b.south.total_cmp(&a.south))
    })
}

/// The piece with the end nearest to a place, whether that is its last one, and how far it is.
fn nearest_piece(pieces: &[Vec<Metres>], here: Metres) -> Option<(usize, bool, f64)> {
    let ends = pieces
        .iter()
        .enumerate()
        .flat_map(|(place, piece)| [(place, false, piece.first()), (place, true, piece.last())]);
    let nearest = ends
        .filter_map(|(place, is_last, end)| Some((between(*end?, here), is_last, place)))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)))?;
    Some((nearest.2, nearest.1, nearest.0))
}

fn camera_on(way: &Walk, row: Row<'_>, buffer_m: f64) -> Option<AlongCamera> {
    let point = row.shape().as_point()?;
    let passing = way.passing(way.plane.metres(point));
    let at = LonLat::from(point);
    (passing.offset_m <= buffer_m).then(|| AlongCamera {
        id: row.text_of("gb_id").unwrap_or_default().to_owned(),
        name: name_of(row).to_owned(),
        stretch: passing.stretch,
        along_m: to_centimetres(passing.along_m),
        offset_m: to_centimetres(passing.offset_m),
        side: if passing.is_right { "right" } else { "left" },
        status: row.text_of("status").map(str::to_owned),
        azimuth_deg: row.float_of("azimuth_deg"),
        lon: to_centimetre_degrees(at.lon),
        lat: to_centimetre_degrees(at.lat),
    })
}
