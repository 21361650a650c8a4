//! The thinned lines of a net of arcs, and how they are kept true while arcs change.

use std::sync::Arc;

use cim_crs::LatticePoint;

use super::net::ArcNet;
use super::rounds::Rounds;
use super::thinning::Scale;

/// The points of one arc, shared between states.
pub(super) type Line = Arc<[LatticePoint]>;

/// Every arc's line for one tolerance. It depends on the arcs alone, not on the changes by which they became what they are.
#[derive(Debug, Clone)]
pub struct ThinnedArcs {
    pub(super) scale: Scale,
    /// By arc the rounds in which it was refined, one bit each.
    pub(super) steps: Vec<u64>,
    pub(super) lines: Vec<Line>,
    pub(super) rounds: u32,
    /// The rounds made a partition.
    is_settled: bool,
}

impl ThinnedArcs {
    /// Thins all arcs (Douglas-Peucker) so that no dropped point lies farther than `tolerance_m` from its line.
    #[must_use]
    pub fn new(net: &ArcNet, tolerance_m: f64) -> Self {
        let scale = Scale { tolerance_m, metres_per_degree: net.metres_per_degree() };
        let mut run = Rounds::anew(net, scale);
        let (rounds, is_settled) = run.run();
        let (steps, lines, _) = run.finish();
        let lines = if is_settled { lines } else { super::with_originals_around_defects(net, lines) };
        Self { scale, steps, lines, rounds, is_settled }
    }

    /// The lines after some arcs changed, came or went, and the numbers of the arcs whose line or sides are others.
    #[must_use]
    pub fn after(
        &self,
        net_before: &ArcNet,
        net: &ArcNet,
        changed: &[u32],
        tolerance_m: f64,
    ) -> (Self, Vec<u32>) {
        let scale = Scale { tolerance_m, metres_per_degree: net.metres_per_degree() };
        if self.is_settled && scale == self.scale {
            let mut run = Rounds::after(net, self, net_before, changed);
            if let (rounds, true) = run.run() {
                let (steps, lines, changed) = run.finish();
                // Rounds at the end in which nothing is refined any more are none.
                let rounds = rounds.min(last_round(&steps));
                return (Self { scale, steps, lines, rounds, is_settled: true }, changed);
            }
        }
        let anew = Self::new(net, tolerance_m);
        let is_other = |number: &u32| {
            changed.contains(number) || self.lines.get(*number as usize) != anew.lines.get(*number as usize)
        };
        let changed = (0..).take(net.len()).filter(is_other).collect();
        (anew, changed)
    }

    /// By arc the points of its line; none in an empty place.
    #[must_use]
    pub fn lines(&self) -> &[Arc<[LatticePoint]>] {
        &self.lines
    }
}

/// The number of rounds in which anything was refined.
fn last_round(steps: &[u64]) -> u32 {
    u64::BITS - steps.iter().fold(0, |all, one| all | one).leading_zeros()
}
