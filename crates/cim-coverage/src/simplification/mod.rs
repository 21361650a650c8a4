//! Fewer points for small scales: every arc once, so that neighbours always share the same line.

mod bounds;
mod judging;
mod net;
mod part;
mod rounds;
mod thinned;
mod thinning;
mod wrong;

use std::sync::Arc;

use cim_crs::LatticePoint;

use crate::coverage::{Coverage, FaceId};
use crate::validation::{ArcView, defects};

pub use net::ArcNet;
pub use thinned::ThinnedArcs;

impl Coverage {
    /// The points of every arc, in the order of `arcs`, thinned (Douglas-Peucker) so that no dropped point lies farther
    /// than `tolerance_m` from the line. Nodes stay, and the result is a valid partition with the same faces: where
    /// thinned lines would cross, or an island would change sides, the arcs concerned keep more of their points.
    #[must_use]
    pub fn simplify_arcs(&self, tolerance_m: f64) -> Vec<Vec<LatticePoint>> {
        let net = ArcNet::new(self.arcs.iter().cloned().map(Some));
        ThinnedArcs::new(&net, tolerance_m).lines().iter().map(|line| line.to_vec()).collect()
    }
}

/// Defects between arcs that have all their points come from others that cut through: an island that changed sides.
/// All arcs of the faces concerned get their points back until the partition holds.
fn with_originals_around_defects(
    net: &ArcNet,
    mut thinned: Vec<Arc<[LatticePoint]>>,
) -> Vec<Arc<[LatticePoint]>> {
    let originals = net.lines();
    loop {
        let places: Vec<u32> = net.arcs().map(|(number, _)| number).collect();
        let views: Vec<ArcView<'_>> = net
            .arcs()
            .map(|(number, arc)| ArcView {
                points: &thinned[number as usize],
                left: arc.left,
                right: arc.right,
            })
            .collect();
        let found = defects(&views);
        let mut faces: Vec<Option<FaceId>> = found
            .iter()
            .flat_map(|defect| defect.arcs)
            .filter_map(|arc| net.arc(places[arc as usize]))
            .flat_map(|arc| [arc.left, arc.right])
            .collect();
        faces.sort_unstable();
        faces.dedup();
        let mut has_changed = false;
        for (number, arc) in net.arcs() {
            let is_concerned =
                faces.binary_search(&arc.left).is_ok() || faces.binary_search(&arc.right).is_ok();
            let place = number as usize;
            if is_concerned && thinned[place].len() < originals[place].len() {
                thinned[place] = Arc::clone(&originals[place]);
                has_changed = true;
            }
        }
        if found.is_empty() {
            return thinned;
        }
        if !has_changed {
            return originals;
        }
    }
}
