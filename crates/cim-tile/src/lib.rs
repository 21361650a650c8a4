#![doc = include_str!("../README.md")]

mod address;
mod attribute;
mod blocks;
mod boundary;
mod clip;
mod cluster;
mod definition;
mod derived;
mod draw;
mod filter;
#[doc(hidden)]
pub mod fuzz;
mod height;
mod inner_point;
mod matrix_definition;
mod matrix_geographic;
mod matrix_set;
mod mvt;
mod name_break;
mod neighbours;
mod order;
mod outline;
mod quick_map;
mod render;
mod rule_book;
mod rules;
mod simplify;
mod source;
mod tally;
mod tilejson;
mod value_table;
mod work;

pub use address::{BUFFER, EXTENT, MAX_ZOOM, OutsideMatrix, TileAddress};
pub use boundary::{
    BorderLine, Boundaries, BoundaryChange, CityCoverage, FaceUnits, GroundChange, UnitTable, UnitsChanged,
};
pub use definition::{
    Attribute, AttributeRule, Counted, DefinitionError, Layer, LayerSource, LayerTime, Tileset,
};
pub use derived::{BOUNDARY_FIELDS, UNIT_LABEL_FIELDS, count_fields};
pub use filter::{
    DatetimeError, Filter, FilterError, Queryable, Selected, Selection, SelectionError, TimeSpan, ValueKind,
};
pub use matrix_geographic::GeographicSquare;
pub use matrix_set::{MatrixSet, UnknownMatrixSet};
pub use name_break::break_name;
pub use render::{RenderedTile, Renderer};
pub use rule_book::rule_book;
pub use rules::{Cluster, FirstZoomBy, Merge, Priority, Simplify};
pub use source::{TileSource, Warp};
pub use tally::Tally;
pub use tilejson::tilejson;
pub use work::{is_due_soon, is_open, is_overdue};
