#![doc = include_str!("../README.md")]

mod arc_rows;
mod area;
mod arrangement;
mod assembly;
mod build;
mod colour;
mod coverage;
mod derivation;
mod finding;
mod label_point;
mod layer;
mod noding;
mod planar_graph;
mod predicate;
mod repair;
mod resolution;
mod segment_grid;
mod simplification;
mod snapping;
mod topology;
mod validation;

pub use area::{area_m2, doubled_area};
pub use build::{Built, build};
pub use colour::{COLOURS, colour_indexes};
pub use coverage::{Coverage, CoverageArc, Face, FaceId};
pub use derivation::{Walk, polygons_along};
pub use finding::{CoverageFinding, CoverageRule};
pub use label_point::label_point;
pub use layer::{LatticePolygon, LayerUnit, Ring};
pub use repair::{RepairOptions, Repaired, UnitMove, repair};
pub use simplification::{ArcNet, ThinnedArcs};
pub use topology::{
    Applied, ArcNo, BorderArc, Change, CodeIssuer, Delta, EditContext, EditRule, FaceNo, Footprint,
    GroundFace, Level, Lineage, LineageKind, NodeNo, Operation, PlainCoverage, Refusal, Topology,
    TopologyParts, USUAL_SNAP_M, UnitNo, UnitState,
};
