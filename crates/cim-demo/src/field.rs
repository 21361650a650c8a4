//! The grain of the land: in which direction lanes and canals run at a place, and the built-up zones with their own.

use crate::dice::mix;
use crate::plane::{P, p};

/// A built-up zone: a town, a former township, a works village.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) name: &'static str,
    /// Town code digits 7 to 9.
    pub(crate) town: &'static str,
    pub(crate) centre: P,
    pub(crate) radius_m: f64,
    /// Rise of its east-west streets.
    pub(crate) slope: f64,
    pub(crate) rank: ZoneRank,
}

/// How big a zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ZoneRank {
    City,
    Town,
    Hamlet,
}

/// The direction field.
pub(crate) struct Field {
    pub(crate) zones: Vec<Zone>,
    seed: u64,
}

impl Field {
    pub(crate) fn new(seed: u64) -> Self {
        use ZoneRank::{City, Hamlet, Town};
        let rows: &[(&'static str, &'static str, f64, f64, f64, f64, ZoneRank)] = &[
            ("海门", "400", 121.1650, 31.8930, 3500.0, 0.035, City),
            ("三厂", "418", 121.2270, 31.9010, 1300.0, -0.16, Town),
            ("叠石桥", "416", 121.1060, 31.9740, 1600.0, 0.12, Town),
            ("海门港", "415", 121.4560, 32.1040, 1350.0, 0.22, Town),
            ("常乐", "103", 121.2470, 31.9340, 1150.0, -0.09, Town),
            ("悦来", "104", 121.4310, 31.9400, 1100.0, 0.13, Town),
            ("四甲", "105", 121.2690, 32.0110, 1050.0, 0.17, Town),
            ("余东", "106", 121.3550, 32.0160, 950.0, 0.08, Town),
            ("正余", "107", 121.3640, 32.0640, 950.0, -0.12, Town),
            ("海永", "102", 121.4270, 31.7900, 650.0, -0.20, Town),
            ("临江", "414", 121.4060, 31.8670, 1050.0, -0.11, Town),
            ("包场", "415", 121.4250, 32.0560, 1050.0, 0.19, Town),
            ("三星", "416", 121.1450, 31.9660, 750.0, -0.07, Town),
            ("德胜", "400", 121.1500, 31.9430, 600.0, 0.05, Hamlet),
            ("天补", "400", 121.0960, 31.9180, 550.0, -0.14, Hamlet),
            ("三和", "400", 121.1020, 31.8860, 600.0, 0.10, Hamlet),
            ("滨江", "400", 121.1330, 31.8190, 1100.0, 0.42, Hamlet),
            ("江心沙", "413", 121.0860, 31.8140, 420.0, 0.18, Hamlet),
            ("麒麟", "103", 121.3330, 31.9120, 600.0, 0.06, Hamlet),
            ("平山", "416", 121.1880, 31.9640, 450.0, 0.15, Hamlet),
            ("货隆", "105", 121.2710, 32.0480, 550.0, -0.10, Hamlet),
            ("王浩", "107", 121.3120, 32.0850, 450.0, 0.20, Hamlet),
            ("六甲", "415", 121.4850, 32.0560, 550.0, -0.15, Hamlet),
            ("东灶港", "415", 121.4840, 32.0930, 600.0, 0.25, Hamlet),
            ("刘浩", "415", 121.4700, 32.0110, 450.0, 0.11, Hamlet),
            ("三阳", "104", 121.4750, 31.9330, 550.0, -0.13, Hamlet),
            ("万年", "104", 121.4680, 31.9830, 500.0, 0.09, Hamlet),
            ("国强", "104", 121.3860, 31.9340, 500.0, -0.05, Hamlet),
            ("树勋", "106", 121.3700, 31.9850, 450.0, 0.14, Hamlet),
            ("青龙港", "418", 121.2480, 31.8830, 600.0, 0.34, Hamlet),
        ];
        let zones = rows
            .iter()
            .map(|&(name, town, lon, lat, radius_m, slope, rank)| Zone {
                name,
                town,
                centre: P::at(lon, lat),
                radius_m,
                slope,
                rank,
            })
            .collect();
        Self { zones, seed }
    }

    /// The zone whose built-up area holds the point; its border is ragged.
    pub(crate) fn zone_at(&self, at: P) -> Option<usize> {
        let ragged = 0.86 + 0.28 * self.noise(at, 900.0, 11);
        self.zones.iter().position(|zone| at.distance(zone.centre) < zone.radius_m * ragged)
    }

    /// East along the lanes.
    pub(crate) fn east(&self, at: P) -> P {
        let mut slope =
            0.02 + 0.20 * (self.noise(at, 6500.0, 1) - 0.5) + 0.09 * (self.noise(at, 2300.0, 2) - 0.5);
        for zone in &self.zones {
            let reach = at.distance(zone.centre) / zone.radius_m;
            if reach < 1.5 {
                let weight = ((1.5 - reach) / 0.4).clamp(0.0, 1.0);
                let weight = weight * weight * (3.0 - 2.0 * weight);
                let bend = 0.13 * (self.noise(at, 2600.0, 3) - 0.5);
                slope = slope * (1.0 - weight) + (zone.slope + bend) * weight;
                break;
            }
        }
        p(1.0, slope).unit()
    }

    /// Smooth noise from 0 to 1.
    pub(crate) fn noise(&self, at: P, scale_m: f64, topic: u64) -> f64 {
        let (x, y) = (at.x / scale_m, at.y / scale_m);
        let (x0, y0) = (x.floor(), y.floor());
        let ease = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
        let (u, v) = (ease(x - x0), ease(y - y0));
        let corner = |dx: f64, dy: f64| {
            let (ix, iy) = ((x0 + dx) as i64, (y0 + dy) as i64);
            let key = (ix as u64).wrapping_mul(0x9e37_79b9) ^ (iy as u64).wrapping_mul(0xc2b2_ae35_0000_0001);
            (mix(key ^ mix(self.seed ^ topic)) >> 11) as f64 / 9_007_199_254_740_992.0
        };
        let low = corner(0.0, 0.0) * (1.0 - u) + corner(1.0, 0.0) * u;
        let high = corner(0.0, 1.0) * (1.0 - u) + corner(1.0, 1.0) * u;
        low * (1.0 - v) + high * v
    }
}
