#![doc = include_str!("../README.md")]

pub mod collection;
mod finding;
mod record;
mod scope;

pub use collection::{Collection, CollectionSpec, Field, FieldType, GeometryKind};
pub use finding::{Finding, Severity};
pub use record::{Record, Value};
pub use scope::Scope;
