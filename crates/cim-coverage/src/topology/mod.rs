//! An editable coverage: units, faces, arcs and nodes with lasting numbers, changed only by operations that keep it exact.

mod delta;
mod element;
mod operation;
mod refusal;

pub use delta::{Change, Delta, Footprint};
pub use element::{ArcNo, BorderArc, FaceNo, GroundFace, Level, NodeNo, UnitNo, UnitState};
pub use operation::{Lineage, LineageKind, Operation, USUAL_SNAP_M};
pub use refusal::{EditRule, Refusal};
