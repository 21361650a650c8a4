//! Makes an exact partition of a layer that is almost one, and tells what that moved.

use crate::area::area_m2;
use crate::arrangement::{Arrangement, uses_of};
use crate::assembly::assemble;
use crate::build::{GAP_WIDTH_M, arrange, build};
use crate::coverage::Coverage;
use crate::finding::CoverageFinding;
use crate::layer::{LatticePolygon, LayerUnit};
use crate::planar_graph::as_number;
use crate::resolution::{Layers, resolve};
use crate::snapping::snap;

/// How far a repair may move things.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepairOptions {
    /// Vertices and lines of different units closer than this become one, in metres.
    pub snap_m: f64,
    /// Enclosed ground without a unit is given away when it is narrower than this on average, in metres.
    pub gap_width_m: f64,
}

impl Default for RepairOptions {
    fn default() -> Self {
        Self { snap_m: 1.0, gap_width_m: GAP_WIDTH_M }
    }
}

/// What a repair did to the ground of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitMove {
    /// The key of the unit; units of the base layer come first.
    pub key: String,
    /// Its area before, with ground that it shared with others.
    pub before_m2: f64,
    /// Its area after.
    pub after_m2: f64,
    /// Ground that it did not have before.
    pub gained_m2: f64,
    /// Ground that it has no more.
    pub lost_m2: f64,
}

/// The outcome of [`repair`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Repaired {
    /// The partition; none when even the repaired layer is not one.
    pub coverage: Option<Coverage>,
    /// What was wrong before.
    pub findings: Vec<CoverageFinding>,
    /// The units whose ground changed.
    pub moves: Vec<UnitMove>,
}

/// Repairs a layer and the overlay on it: borders closer than the snap distance become one, ground of several units goes
/// to the one that shares the longest border with it, and so does narrow ground of none. A clean layer is built as it is.
/// The same input always gives the same result.
#[must_use]
pub fn repair(base: &[LayerUnit], overlay: &[LayerUnit], options: RepairOptions) -> Repaired {
    let built = build(base, overlay);
    if built.coverage.is_some() {
        return Repaired { coverage: built.coverage, findings: built.findings, moves: Vec::new() };
    }
    let (snapped_base, snapped_overlay) = (snap(base, options.snap_m), snap(overlay, options.snap_m));
    let arrangement = arrange(&snapped_base, &snapped_overlay);
    let layers = Layers { base: &snapped_base, overlay: &snapped_overlay };
    let coverage = assemble(&arrangement.graph, &resolve(&arrangement, layers, options.gap_width_m));
    if !arrangement.settled || !coverage.validate().is_empty() {
        return Repaired { coverage: None, findings: built.findings, moves: Vec::new() };
    }
    let mut moves = moves(base, &coverage.polygons_by(base.len(), |_, face| Some(face.base)));
    moves.extend(self::moves(overlay, &coverage.polygons_by(overlay.len(), |_, face| face.overlay)));
    Repaired { coverage: Some(coverage), findings: built.findings, moves }
}

/// Compares the ground of units before and after by laying both over each other.
fn moves(before: &[LayerUnit], after: &[Vec<LatticePolygon>]) -> Vec<UnitMove> {
    let changed_units: Vec<LayerUnit> = after
        .iter()
        .map(|polygons| LayerUnit { polygons: polygons.clone(), ..LayerUnit::default() })
        .collect();
    let mut uses = Vec::new();
    uses_of(before, 0, &mut uses);
    uses_of(&changed_units, as_number(before.len()), &mut uses);
    let both = Arrangement::new(uses);
    let mut gained = vec![0.0; before.len()];
    let mut lost = vec![0.0; before.len()];
    for region in 1..as_number(both.cover.len()) {
        let (old, new): (Vec<usize>, Vec<usize>) = both.cover[region as usize]
            .iter()
            .map(|entry| entry.0 as usize)
            .partition(|unit| *unit < before.len());
        let new: Vec<usize> = new.into_iter().map(|unit| unit - before.len()).collect();
        if old == new {
            continue;
        }
        let area = both.size_of(region).0;
        for unit in new.iter().filter(|unit| !old.contains(unit)) {
            gained[*unit] += area;
        }
        for unit in old.iter().filter(|unit| !new.contains(unit)) {
            lost[*unit] += area;
        }
    }
    let total = |polygons: &[LatticePolygon]| polygons.iter().map(area_m2).sum::<f64>();
    before
        .iter()
        .zip(after)
        .zip(gained.into_iter().zip(lost))
        .filter(|(_, (gained, lost))| gained + lost > 0.0)
        .map(|((unit, after), (gained_m2, lost_m2))| UnitMove {
            key: unit.key.clone(),
            before_m2: total(&unit.polygons),
            after_m2: total(after),
            gained_m2,
            lost_m2,
        })
        .collect()
}
