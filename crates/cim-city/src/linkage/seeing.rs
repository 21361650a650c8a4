//! Which cameras can see a point, and what stands in the way of the others.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::{Eye, Near, Row, Sight, View, nearest};
use cim_model::Collection;
use serde::Serialize;

use super::buildings::skyline;
use super::item::{name_of, to_centimetre_degrees, to_centimetres, to_tenths};
use super::lens::Lens;
use crate::version::Version;
use crate::{City, CityError};

/// What is looked at is about as high as a person, metres, unless the question says otherwise.
pub const USUAL_TARGET_HEIGHT_M: f64 = 1.5;

/// A point that is to be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct SeeingQuery {
    /// Where.
    pub at: LonLat,
    /// How high above the ground, metres.
    pub height_m: f64,
    /// At most so many cameras.
    pub limit: usize,
}

/// Cameras whose range and angle hold the point: those that see it, those that may, those that are stopped by a wall.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeeingAnswer {
    /// Clear before assumed before blocked, each nearest first.
    pub cameras: Vec<CameraSight>,
    /// More cameras have it in range than `limit` let through.
    pub more: bool,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// A camera and its view of the point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CameraSight {
    /// The GB/T 28181 id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `clear`, `blocked` or `assumed`.
    pub sight: &'static str,
    /// Why the sight is assumed: `direction`, `reach`, `building_height`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<&'static str>,
    /// Geodesic metres from the point to the camera.
    pub distance_m: f64,
    /// Degrees clockwise from north, from the point to the camera.
    pub bearing_deg: f64,
    /// Where it is.
    pub lon: f64,
    /// Where it is.
    pub lat: f64,
    /// Whether it delivers pictures.
    pub status: Option<String>,
    /// Only cleared roles may see it.
    pub secrecy: bool,
    /// The building that stands, or may stand, in the way.
    pub blocked_by: Option<BlockingBuilding>,
}

/// A building in the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockingBuilding {
    /// Its code.
    pub code: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its measured height.
    pub height_m: Option<f64>,
    /// Its floors.
    pub floors_above: Option<i64>,
}

impl City {
    /// The cameras that can see a point.
    pub fn cameras_seeing(&self, scope: &Scope, query: &SeeingQuery) -> Result<SeeingAnswer, CityError> {
        let version = self.version_for(scope)?;
        let mut cameras = sights(&version, query.at, query.height_m);
        let more = cameras.len() > query.limit;
        cameras.truncate(query.limit);
        Ok(SeeingAnswer { cameras, more, as_of: self.as_of(), snapshot: version.snapshot.to_string() })
    }
}

/// Every camera that has a point in range and angle, those that see it first.
pub(crate) fn sights(version: &Version, at: LonLat, height_m: f64) -> Vec<CameraSight> {
    let target = Eye { at, height_m };
    let (found, _) =
        nearest(version.view(Collection::Camera), at, version.camera_reach_m, usize::MAX, |_| true);
    let mut cameras: Vec<CameraSight> =
        found.into_iter().filter_map(|near| sight_of(version, &near, target)).collect();
    let order = |camera: &CameraSight| match camera.sight {
        "clear" => 0,
        "assumed" => 1,
        _ => 2,
    };
    cameras.sort_by(|a, b| {
        order(a).cmp(&order(b)).then(a.distance_m.total_cmp(&b.distance_m)).then(a.id.cmp(&b.id))
    });
    cameras
}

/// How far the farthest-seeing camera of a view sees.
pub(crate) fn camera_reach_m(cameras: &View) -> f64 {
    let reaches = cameras.rows().filter_map(|row| Lens::of(row).map(|lens| lens.range_m));
    reaches.fold(0.0, f64::max)
}

fn sight_of(version: &Version, near: &Near<'_>, target: Eye) -> Option<CameraSight> {
    let row = near.row;
    let lens = Lens::of(row)?;
    // From the camera's point of view: the way back, which over so short a distance is the opposite direction.
    if !lens.covers((near.bearing_deg + 180.0).rem_euclid(360.0), near.distance_m) {
        return None;
    }
    let (by_walls, in_the_way) = match skyline(version).sight(lens.eye, target) {
        Sight::Clear => ("clear", None),
        Sight::Blocked(row) => ("blocked", Some(row)),
        Sight::Assumed(row) => ("assumed", Some(row)),
    };
    let reasons = [
        (lens.is_direction_assumed, "direction"),
        (lens.is_reach_assumed, "reach"),
        (by_walls == "assumed", "building_height"),
    ];
    let assumed: Vec<&'static str> =
        reasons.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| why).collect();
    let sight = if by_walls == "blocked" || assumed.is_empty() { by_walls } else { "assumed" };
    Some(CameraSight {
        id: row.text_of("gb_id").unwrap_or_default().to_owned(),
        name: name_of(row).to_owned(),
        sight,
        assumed: if sight == "assumed" { assumed } else { Vec::new() },
        distance_m: to_centimetres(near.distance_m),
        bearing_deg: to_tenths(near.bearing_deg),
        lon: to_centimetre_degrees(near.at.lon),
        lat: to_centimetre_degrees(near.at.lat),
        status: row.text_of("status").map(str::to_owned),
        secrecy: row.bool_of("secrecy").unwrap_or(false),
        blocked_by: in_the_way.map(blocking),
    })
}

fn blocking(row: Row<'_>) -> BlockingBuilding {
    BlockingBuilding {
        code: row.text_of("code").unwrap_or_default().to_owned(),
        name: row.text_of("name").map(str::to_owned),
        height_m: row.float_of("height_m"),
        floors_above: row.int_of("floors_above"),
    }
}
