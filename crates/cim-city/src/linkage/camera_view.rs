//! The ground that one camera sees, as map shapes.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_mirror::visible_area;
use cim_model::Collection;
use geo_types::MultiPolygon;
use serde::Serialize;

use super::buildings::height_of;
use super::item::to_centimetre_degrees;
use super::lens::Lens;
use crate::{City, CityError};

/// A camera's field of view cut by buildings.
#[derive(Debug, Clone, PartialEq)]
pub struct CameraView {
    /// The GB/T 28181 id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub at: LonLat,
    /// Metres above the ground.
    pub mount_height_m: f64,
    /// How far it sees.
    pub range_m: f64,
    /// Where it looks; none when it turns or its direction is not known.
    pub azimuth_deg: Option<f64>,
    /// Its whole angle; none likewise.
    pub field_angle_deg: Option<f64>,
    /// The direction, the angle, the mount height or the range are assumed.
    pub is_assumed: bool,
    /// The shapes; together they are the whole sector.
    pub parts: Vec<ViewPart>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    pub snapshot: String,
}

/// One part of the field of view.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ViewPart {
    /// `clear`, `assumed` or `blocked`.
    pub sight: &'static str,
    /// Degrees of longitude and latitude.
    #[serde(skip)]
    pub shape: MultiPolygon<f64>,
}

impl City {
    /// What a camera sees of things at a height above the ground.
    pub fn camera_view(&self, scope: &Scope, gb_id: &str, height_m: f64) -> Result<CameraView, CityError> {
        let version = self.version_for(scope)?;
        let not_found = || CityError::NotFound { what: "camera", name: gb_id.to_owned() };
        let camera = version.view(Collection::Camera).with_key(gb_id).ok_or_else(not_found)?;
        let lens = Lens::of(camera).ok_or_else(not_found)?;
        let buildings = version.view(Collection::Building);
        let area = visible_area(&lens.sector(height_m), buildings, height_of(buildings));
        // Where nothing is known of the direction, no part of the circle is surely seen.
        let seen = if lens.is_direction_assumed || lens.is_reach_assumed { "assumed" } else { "clear" };
        let parts = [(seen, area.clear), ("assumed", area.assumed), ("blocked", area.blocked)];
        Ok(CameraView {
            id: gb_id.to_owned(),
            name: camera.text_of("name").unwrap_or_default().to_owned(),
            at: LonLat {
                lon: to_centimetre_degrees(lens.eye.at.lon),
                lat: to_centimetre_degrees(lens.eye.at.lat),
            },
            mount_height_m: lens.eye.height_m,
            range_m: lens.range_m,
            azimuth_deg: lens.looks.map(|(azimuth, _)| azimuth),
            field_angle_deg: lens.looks.map(|(_, half)| half * 2.0),
            is_assumed: lens.is_direction_assumed || lens.is_reach_assumed,
            parts: parts
                .into_iter()
                .filter(|(_, shape)| !shape.0.is_empty())
                .map(|(sight, shape)| ViewPart { sight, shape })
                .collect(),
            as_of: self.as_of(),
            snapshot: version.snapshot.to_string(),
        })
    }
}
