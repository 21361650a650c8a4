//! From a point to the addresses around it and the road it lies at.

use cim_crs::{LonLat, bearing_deg, distance_m};
use geo_index::rtree::RTreeIndex;

use crate::gazetteer::Gazetteer;

/// Addresses farther away than this are not those of a point.
const ADDRESS_REACH_M: f32 = 5_000.0;
/// The nearest road is looked for within these distances, one after the other.
const ROAD_REACHES_M: [f64; 3] = [100.0, 500.0, 3_000.0];

/// An address near a point.
#[derive(Debug, Clone, PartialEq)]
pub struct ReverseAddress {
    /// Its code.
    pub address_code: String,
    /// Its whole text.
    pub full_text: String,
    /// Its building.
    pub building_code: Option<String>,
    /// Where its door is.
    pub at: LonLat,
    /// How far it is from the point, on the ellipsoid.
    pub distance_m: f64,
    /// The direction from the point to it, clockwise from north.
    pub bearing_deg: f64,
    /// The named road nearest to the point, the same for every address of an answer.
    pub road: Option<NearRoad>,
}

/// The named road or water nearest to a point.
#[derive(Debug, Clone, PartialEq)]
pub struct NearRoad {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Where it is nearest.
    pub at: LonLat,
    /// How far that is.
    pub distance_m: f64,
    /// The direction from the point to it, clockwise from north.
    pub bearing_deg: f64,
}

impl Gazetteer {
    /// The addresses nearest to a point, the nearest first.
    #[must_use]
    pub fn reverse(&self, at: LonLat, limit: usize) -> Vec<ReverseAddress> {
        let Some(tree) = self.row_tree.as_ref().filter(|_| limit > 0) else { return Vec::new() };
        let road = self.nearest_road(at);
        let (x, y) = self.lines.frame().to_metres(at);
        // A few more than asked for: the tree keeps metres in single precision.
        let near = tree.neighbors(x as f32, y as f32, Some(limit + 4), Some(ADDRESS_REACH_M));
        let mut found: Vec<ReverseAddress> = near
            .into_iter()
            .map(|row| {
                let door = self.rows.at(row);
                let building = self.rows.building_code.get(row);
                ReverseAddress {
                    address_code: self.rows.code.get(row).to_owned(),
                    full_text: self.rows.full_text.get(row).to_owned(),
                    building_code: (!building.is_empty()).then(|| building.to_owned()),
                    at: door,
                    distance_m: distance_m(at, door),
                    bearing_deg: bearing_deg(at, door),
                    road: road.clone(),
                }
            })
            .collect();
        found.sort_by(|a, b| {
            a.distance_m.total_cmp(&b.distance_m).then_with(|| a.address_code.cmp(&b.address_code))
        });
        found.truncate(limit);
        found
    }

    /// The named road nearest to a point, within three kilometres.
    #[must_use]
    pub fn nearest_road(&self, at: LonLat) -> Option<NearRoad> {
        let tree = self.piece_tree.as_ref()?;
        let frame = self.lines.frame();
        let (x, y) = frame.to_metres(at);
        for reach in ROAD_REACHES_M {
            let (low, high) = ((x - reach) as f32, (x + reach) as f32);
            let pieces = tree.search(low, (y - reach) as f32, high, (y + reach) as f32);
            let nearest = pieces
                .into_iter()
                .filter(|&piece| self.pieces.get(piece as usize).is_some_and(|piece| piece.1.is_some()))
                .filter_map(|piece| Some((piece, self.lines.nearest_on_piece(piece, (x, y))?)))
                .filter(|(_, (_, distance))| *distance <= reach)
                .min_by(|a, b| a.1.1.total_cmp(&b.1.1).then_with(|| a.0.cmp(&b.0)));
            if let Some((piece, (foot, _))) = nearest {
                let (name, code) = self.pieces.get(piece as usize)?;
                let foot = frame.to_lonlat(foot.0, foot.1);
                return Some(NearRoad {
                    name: self.names.shown(*name).to_owned(),
                    code: code.as_deref().map(str::to_owned),
                    at: foot,
                    distance_m: distance_m(at, foot),
                    bearing_deg: bearing_deg(at, foot),
                });
            }
        }
        None
    }
}
