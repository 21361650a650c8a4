#![doc = include_str!("../README.md")]

mod area;
mod column;
mod cover;
mod nearest;
mod plane;
mod row_equality;
mod row_filter;
mod shapes;
mod sight;
mod table;
mod view;
mod visible_area;
mod within;
mod world;

pub use cover::{Cover, Covered};
pub use nearest::{Near, nearest, nearest_few};
pub use plane::{Metres, Plane};
pub use row_filter::RowFilter;
pub use shapes::{PartRole, Shape, Shapes, doubled_area};
pub use sight::{Eye, Height, Sight, Skyline};
pub use table::{Row, Table, TableBuilder};
pub use view::{RowChange, StoredState, View, collection_builder, is_mirrored};
pub use visible_area::{Sector, VisibleArea, visible_area};
pub use within::{Area, Inside, middle};
pub use world::{EQUATOR_M, WORLD_STEPS, WorldBox, WorldPoint, hilbert};
