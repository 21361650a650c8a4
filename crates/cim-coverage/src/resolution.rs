//! Decides whose ground each region is, and tells where that was in doubt.

use cim_crs::LatticePoint;

use crate::arrangement::{Arrangement, shared_border_m};
use crate::coverage::Face;
use crate::finding::{CoverageFinding, CoverageRule};
use crate::layer::LayerUnit;
use crate::planar_graph::{UNBOUNDED, as_number};

/// Narrower regions come from rounding to the lattice: they tell of a vertex that one side lacks.
pub(crate) const LATTICE_WIDTH_M: f64 = 0.003;

/// The layers that an arrangement was made of: units of the base come first, those of the overlay follow.
#[derive(Clone, Copy)]
pub(crate) struct Layers<'a> {
    pub(crate) base: &'a [LayerUnit],
    pub(crate) overlay: &'a [LayerUnit],
}

impl Layers<'_> {
    fn is_base(self, unit: u32) -> bool {
        (unit as usize) < self.base.len()
    }

    pub(crate) fn keys(self, units: &[u32]) -> Vec<String> {
        let key = |unit: u32| {
            let unit = unit as usize;
            self.base
                .get(unit)
                .or_else(|| self.overlay.get(unit - self.base.len()))
                .map(|unit| unit.key.clone())
        };
        let mut keys: Vec<String> = units.iter().filter_map(|unit| key(*unit)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

/// What is wrong with the regions of an arrangement of one layer (`overlay` empty or `base` empty).
pub(crate) fn examine(
    arrangement: &Arrangement,
    layers: Layers<'_>,
    gap_width_m: f64,
) -> Vec<CoverageFinding> {
    let mut findings = Vec::new();
    for region in 1..as_number(arrangement.cover.len()) {
        let cover = &arrangement.cover[region as usize];
        if let [(_, 1)] = cover[..] {
            continue;
        }
        let (area_m2, width_m) = arrangement.size_of(region);
        let mut finding = |rule: CoverageRule, units: &[u32]| {
            findings.push(CoverageFinding {
                rule,
                units: layers.keys(units),
                at: arrangement.place_of(region),
                area_m2,
                width_m,
            });
        };
        for (unit, count) in cover {
            if *count != 1 {
                finding(CoverageRule::SelfIntersection, &[*unit]);
            }
        }
        let over: Vec<u32> = cover.iter().map(|entry| entry.0).collect();
        let sliver = width_m < LATTICE_WIDTH_M;
        if over.len() > 1 {
            finding(if sliver { CoverageRule::TJunction } else { CoverageRule::Overlap }, &over);
        } else if over.is_empty() {
            let around: Vec<u32> = arrangement
                .neighbours(region)
                .flat_map(|(_, other)| arrangement.cover[other as usize].iter().map(|entry| entry.0))
                .collect();
            let rule = match () {
                () if sliver => CoverageRule::TJunction,
                () if width_m < gap_width_m => CoverageRule::Gap,
                () => CoverageRule::Enclave,
            };
            finding(rule, &around);
        }
    }
    findings
}

/// The overlay's ground that has no base under it.
pub(crate) fn examine_outside(
    arrangement: &Arrangement,
    layers: Layers<'_>,
    label_of: &[Option<Face>],
) -> Vec<CoverageFinding> {
    let mut findings = Vec::new();
    for region in 1..as_number(arrangement.cover.len()) {
        let over: Vec<u32> = arrangement.cover[region as usize].iter().map(|entry| entry.0).collect();
        if label_of[region as usize].is_none()
            && !over.is_empty()
            && !over.iter().any(|unit| layers.is_base(*unit))
        {
            let (area_m2, width_m) = arrangement.size_of(region);
            if width_m >= LATTICE_WIDTH_M {
                findings.push(CoverageFinding {
                    rule: CoverageRule::OutsideBase,
                    units: layers.keys(&over),
                    at: arrangement.place_of(region),
                    area_m2,
                    width_m,
                });
            }
        }
    }
    findings
}

/// The owner of every region: the one unit over it, or, where there are several or none, the one with the longest border.
/// Bounded ground without a unit is given away when it is narrower than `gap_width_m`.
pub(crate) fn resolve(arrangement: &Arrangement, layers: Layers<'_>, gap_width_m: f64) -> Vec<Option<Face>> {
    let of_layer = |base: bool| {
        let candidates: Vec<Vec<u32>> = arrangement
            .cover
            .iter()
            .map(|cover| {
                cover.iter().map(|entry| entry.0).filter(|unit| layers.is_base(*unit) == base).collect()
            })
            .collect();
        owners(arrangement, &candidates, if base { gap_width_m } else { 0.0 })
    };
    let (base, overlay) = (of_layer(true), of_layer(false));
    base.into_iter()
        .zip(overlay)
        .map(|(base, overlay)| {
            let overlay = overlay.map(|unit| unit - as_number(layers.base.len()));
            base.map(|base| Face { base, overlay })
        })
        .collect()
}

fn owners(arrangement: &Arrangement, candidates: &[Vec<u32>], gap_width_m: f64) -> Vec<Option<u32>> {
    let mut owner: Vec<Option<u32>> =
        candidates.iter().map(|units| if let [only] = units[..] { Some(only) } else { None }).collect();
    let is_narrow = |region: u32| arrangement.size_of(region).1 < gap_width_m;
    let mut open: Vec<u32> = (1..as_number(candidates.len()))
        .filter(|&region| match candidates[region as usize].len() {
            0 => gap_width_m > 0.0 && region != UNBOUNDED && is_narrow(region),
            1 => false,
            _ => true,
        })
        .collect();
    // Each pass gives away what borders on settled ground; what never does goes to the first candidate.
    while !open.is_empty() {
        let choices: Vec<(u32, Option<u32>)> = open
            .iter()
            .map(|&region| (region, best_neighbour(arrangement, candidates, &owner, region)))
            .collect();
        let stuck = choices.iter().all(|choice| choice.1.is_none());
        for &(region, choice) in &choices {
            owner[region as usize] =
                choice.or_else(|| if stuck { candidates[region as usize].first().copied() } else { None });
        }
        open.retain(|&region| owner[region as usize].is_none());
        if stuck {
            break;
        }
    }
    owner
}

fn best_neighbour(
    arrangement: &Arrangement,
    candidates: &[Vec<u32>],
    owner: &[Option<u32>],
    region: u32,
) -> Option<u32> {
    let allowed = &candidates[region as usize];
    let borders = shared_border_m(arrangement, region, |other| {
        owner[other as usize].filter(|unit| allowed.is_empty() || allowed.contains(unit))
    });
    // The lower number wins between equal lengths, so that the order of a hash map is never seen.
    borders
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1).then_with(|| other.0.cmp(&one.0)))
        .map(|entry| entry.0)
}

/// Rings without area or that touch themselves, and keys that occur twice.
pub(crate) fn examine_units(units: &[LayerUnit]) -> Vec<CoverageFinding> {
    let mut findings = Vec::new();
    let mut keys: Vec<&str> = units.iter().map(|unit| unit.key.as_str()).collect();
    keys.sort_unstable();
    let origin = LatticePoint { x: 0, y: 0 };
    let mut finding = |rule: CoverageRule, key: &str, at: LatticePoint| {
        findings.push(CoverageFinding { rule, units: vec![key.to_owned()], at, area_m2: 0.0, width_m: 0.0 });
    };
    for group in keys.chunk_by(|one, other| one == other).filter(|group| group.len() > 1) {
        finding(CoverageRule::DuplicateKey, group[0], origin);
    }
    for unit in units {
        for polygon in &unit.polygons {
            for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
                if crate::predicate::doubled_ring_area(ring) == 0 {
                    finding(CoverageRule::RingCollapsed, &unit.key, ring.first().copied().unwrap_or(origin));
                } else if let Some(at) = touching_point(ring) {
                    finding(CoverageRule::SelfTouch, &unit.key, at);
                }
            }
        }
    }
    findings
}

/// The first point that a ring passes twice, other than by repeating it at once.
fn touching_point(ring: &[LatticePoint]) -> Option<LatticePoint> {
    let mut points = ring.to_vec();
    points.dedup();
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points.sort_unstable();
    points.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
