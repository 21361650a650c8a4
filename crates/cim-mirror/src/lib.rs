#![doc = include_str!("../README.md")]

mod area;
mod column;
mod cover;
mod nearest;
mod row_equality;
mod shapes;
mod table;
mod view;
mod world;

pub use cover::{Cover, Covered};
pub use nearest::{Near, nearest};
pub use shapes::{PartRole, Shape, Shapes, doubled_area};
pub use table::{Row, Table, TableBuilder};
pub use view::{RowChange, StoredState, View, collection_builder, is_mirrored};
pub use world::{EQUATOR_M, WORLD_STEPS, WorldBox, WorldPoint, hilbert};
