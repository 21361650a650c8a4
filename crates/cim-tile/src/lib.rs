#![doc = include_str!("../README.md")]

mod address;
mod attribute;
mod boundary;
mod clip;
mod definition;
mod derived;
mod draw;
mod filter;
mod inner_point;
mod matrix_definition;
mod matrix_geographic;
mod matrix_set;
mod mvt;
mod name_break;
mod neighbours;
mod order;
mod render;
mod simplify;
mod source;
mod tilejson;
mod value_table;
mod work;

pub use address::{BUFFER, EXTENT, MAX_ZOOM, OutsideMatrix, TileAddress};
pub use boundary::{Boundaries, CityCoverage};
pub use definition::{
    Attribute, AttributeRule, DefinitionError, FirstZoomBy, Layer, LayerSource, LayerTime, Priority,
    Simplify, Tileset,
};
pub use derived::{BOUNDARY_FIELDS, CASE_COUNT_FIELDS, UNIT_LABEL_FIELDS};
pub use filter::{
    DatetimeError, Filter, FilterError, Queryable, Selected, Selection, SelectionError, TimeSpan, ValueKind,
};
pub use matrix_geographic::GeographicSquare;
pub use matrix_set::{MatrixSet, UnknownMatrixSet};
pub use name_break::break_name;
pub use render::{RenderedTile, Renderer};
pub use source::{TileSource, Warp};
pub use tilejson::tilejson;
pub use work::{is_due_soon, is_open, is_overdue};
