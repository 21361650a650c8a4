//! An editable coverage: units, faces, arcs and nodes with lasting numbers, changed only by operations that keep it exact.

mod apply;
mod carve;
mod cells;
mod changed_units;
mod connection;
mod cut;
mod delta;
mod difference;
mod dissolve;
mod division;
mod drawn_line;
mod edit;
mod element;
mod ground;
mod lists;
mod local_check;
mod membership;
mod merge;
mod move_border;
mod naming;
mod operation;
mod outline;
mod refusal;
mod replace_ground;
mod reshape;
mod split;
mod state;
mod state_check;
mod unit_tree;

pub use apply::{Applied, CodeIssuer, EditContext};
pub use delta::{Change, Delta, Footprint};
pub use element::{ArcNo, BorderArc, FaceNo, GroundFace, Level, NodeNo, UnitNo, UnitState};
pub use ground::PlainCoverage;
pub use operation::{Lineage, LineageKind, Operation, USUAL_SNAP_M};
pub use refusal::{EditRule, Refusal};
pub use state::{Topology, TopologyParts};
