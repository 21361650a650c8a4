//! Operations as clients write them: arcs, nodes and units by number, units also by code, places in degrees.

use cim_coverage::USUAL_SNAP_M;
use serde::{Deserialize, Serialize};

use super::shape::Position;

/// A unit by its number, or by its code where no other level has that code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum UnitRef {
    /// Its number.
    Number(i64),
    /// Its code.
    Code(String),
}

/// One operation of a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum OperationBody {
    /// Moves a point of an arc.
    MoveVertex {
        /// The arc.
        arc: i64,
        /// Its place, from 1 to the last but one.
        index: usize,
        /// Where to.
        to: Position,
    },
    /// Puts a point into an arc.
    InsertVertex {
        /// The arc.
        arc: i64,
        /// The place that it will have.
        index: usize,
        /// Where.
        at: Position,
    },
    /// Takes a point out of an arc.
    DeleteVertex {
        /// The arc.
        arc: i64,
        /// Its place.
        index: usize,
    },
    /// Moves a junction.
    MoveNode {
        /// The node.
        node: i64,
        /// Where to.
        to: Position,
    },
    /// Draws a part of an arc anew.
    Reshape {
        /// The arc.
        arc: i64,
        /// The line; its ends lie on the arc.
        line: Vec<Position>,
        /// How near to it they must lie.
        #[serde(default = "usual_snap_m")]
        snap_m: f64,
    },
    /// Divides a unit along a line.
    Split {
        /// The unit.
        unit: UnitRef,
        /// The line.
        line: Vec<Position>,
        /// How near to the border its ends must lie.
        #[serde(default = "usual_snap_m")]
        snap_m: f64,
        /// The name of the new unit.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The code of the new unit.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Divides units off their unit.
    SplitOff {
        /// The unit.
        unit: UnitRef,
        /// Those of its units that the new one takes.
        children: Vec<UnitRef>,
        /// The name of the new unit.
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The code of the new unit.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Makes units one.
    Merge {
        /// The unit that remains.
        into: UnitRef,
        /// The units that end.
        from: Vec<UnitRef>,
        /// Whether the result may lie in several pieces.
        #[serde(default)]
        allow_parts: bool,
    },
    /// Lays an exclusive grid over the ground in a ring.
    Carve {
        /// The ring.
        ring: Vec<Position>,
        /// The name.
        name: String,
        /// The kind.
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// The village or town it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        parent: Option<UnitRef>,
        /// The code.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Gives units to another parent beside their own.
    Reassign {
        /// The units.
        units: Vec<UnitRef>,
        /// The parent.
        to: UnitRef,
        /// Whether donor or receiver may lie in more pieces than before.
        #[serde(default)]
        allow_parts: bool,
    },
    /// Gives a unit to another parent, wherever it is.
    Reparent {
        /// The unit.
        unit: UnitRef,
        /// The parent.
        parent: UnitRef,
    },
    /// Gives a unit another code.
    Recode {
        /// The unit.
        unit: UnitRef,
        /// The code; issued when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Gives a unit another name.
    Rename {
        /// The unit.
        unit: UnitRef,
        /// The name.
        name: String,
    },
    /// Ends a unit that holds no ground of its own.
    Retire {
        /// The unit.
        unit: UnitRef,
    },
    /// Undoes a published revision.
    Revert {
        /// The revision.
        rev: i32,
    },
}

fn usual_snap_m() -> f64 {
    USUAL_SNAP_M
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_read_as_it_is_written() {
        for text in [
            r#"{"op":"move_vertex","arc":7,"index":2,"to":[121.5,31.25]}"#,
            r#"{"op":"split","unit":"320614100001Z01","line":[[121.0,31.0],[121.5,31.0]],"snap_m":0.5}"#,
            r#"{"op":"revert","rev":12}"#,
        ] {
            let body: OperationBody = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&body).unwrap(), text);
        }
    }
}
