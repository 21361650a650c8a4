//! Tiles for base maps in GCJ-02: every vertex is moved as the Chinese web maps move it.

use cim_crs::{Crs, LonLat, Transform};
use cim_mirror::{WorldBox, WorldPoint};
use cim_tile::Warp;

/// The shift is below 800 m everywhere in China: a kilometre at 54 degrees north is 1.7 of these at the equator.
const REACH_M_AT_EQUATOR: f64 = 1_700.0;

/// Moves points from CGCS2000 to GCJ-02.
pub(crate) struct Gcj02Warp {
    transform: Transform,
    reach: u32,
}

impl Gcj02Warp {
    pub(crate) fn new() -> Option<Self> {
        let steps = REACH_M_AT_EQUATOR / cim_mirror::EQUATOR_M * cim_mirror::WORLD_STEPS;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let reach = steps.ceil() as u32;
        Transform::new(Crs::Gcj02).ok().map(|transform| Self { transform, reach })
    }
}

impl Warp for Gcj02Warp {
    /// The point in GCJ-02; outside China, where there is no shift, the point itself.
    fn moved(&self, point: WorldPoint) -> WorldPoint {
        match self.transform.from_lonlat(LonLat::from(point)) {
            Ok((lon, lat)) => WorldPoint::from(LonLat { lon, lat }),
            Err(_outside_china) => point,
        }
    }

    fn source_of(&self, target: &WorldBox) -> WorldBox {
        WorldBox {
            min_x: target.min_x.saturating_sub(self.reach),
            min_y: target.min_y.saturating_sub(self.reach),
            max_x: target.max_x.saturating_add(self.reach),
            max_y: target.max_y.saturating_add(self.reach),
        }
    }
}

#[cfg(test)]
mod tests {
    use cim_crs::distance_m;

    use super::*;

    #[test]
    fn a_point_in_china_moves_some_hundred_metres_and_one_elsewhere_stays() {
        let warp = Gcj02Warp::new().unwrap();
        let moved = |lon, lat| {
            let point = WorldPoint::from(LonLat { lon, lat });
            distance_m(LonLat::from(point), LonLat::from(warp.moved(point)))
        };
        assert!((100.0..800.0).contains(&moved(121.17, 31.89)));
        assert!(moved(4.9, 52.37) < 0.001);
    }
}
