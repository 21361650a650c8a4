//! Builds a coverage from the polygons of a layer, when they are an exact partition.

use crate::arrangement::{Arrangement, uses_of};
use crate::assembly::assemble;
use crate::coverage::Coverage;
use crate::finding::CoverageFinding;
use crate::layer::LayerUnit;
use crate::planar_graph::as_number;
use crate::resolution::{LATTICE_WIDTH_M, Layers, examine, examine_outside, examine_units, resolve};

/// The outcome of [`build`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Built {
    /// The partition; none when the layer is unclean.
    pub coverage: Option<Coverage>,
    /// Every gap, overlap and crossing, each with its area; notes too when the layer is clean.
    pub findings: Vec<CoverageFinding>,
}

/// Enclosed ground without a unit is a gap when it is narrower than this on average, and an enclave when it is wider.
pub(crate) const GAP_WIDTH_M: f64 = 20.0;

/// Builds the coverage of `base`, the finest partition, and splits its faces where a border of `overlay` cuts through.
///
/// The base must be an exact partition of its ground; a vertex that lies exactly on a neighbour's edge is inserted there.
/// The overlay need not cover all ground, but its units must not overlap. Where an overlay's border crosses one of the
/// base, the crossing is put on the lattice and both borders pass through it (at most 1 mm beside the straight line).
#[must_use]
pub fn build(base: &[LayerUnit], overlay: &[LayerUnit]) -> Built {
    let mut findings = examine_units(base);
    findings.extend(examine_units(overlay));
    let base_only = arrange(base, &[]);
    findings.extend(examine(&base_only, Layers { base, overlay: &[] }, GAP_WIDTH_M));
    let mut settled = base_only.settled;
    if overlay.is_empty() {
        let coverage = assembled(settled, &findings, &base_only, Layers { base, overlay });
        return Built { coverage, findings };
    }
    let overlay_only = arrange(overlay, &[]);
    settled &= overlay_only.settled;
    let of_overlay = examine(&overlay_only, Layers { base: overlay, overlay: &[] }, 0.0);
    // Ground between exclusive grids belongs to none of them by right.
    findings.extend(of_overlay.into_iter().filter(|finding| !finding.rule.is_note()));
    let layers = Layers { base, overlay };
    let both = arrange(base, overlay);
    settled &= both.settled;
    findings.extend(examine_outside(&both, layers, &resolve(&both, layers, LATTICE_WIDTH_M)));
    Built { coverage: assembled(settled, &findings, &both, layers), findings }
}

fn assembled(
    settled: bool,
    findings: &[CoverageFinding],
    arrangement: &Arrangement,
    layers: Layers<'_>,
) -> Option<Coverage> {
    let clean = settled && findings.iter().all(|finding| finding.rule.is_note());
    clean.then(|| assemble(&arrangement.graph, &resolve(arrangement, layers, LATTICE_WIDTH_M)))
}

pub(crate) fn arrange(base: &[LayerUnit], overlay: &[LayerUnit]) -> Arrangement {
    let mut uses = Vec::new();
    uses_of(base, 0, &mut uses);
    uses_of(overlay, as_number(base.len()), &mut uses);
    Arrangement::new(uses)
}
