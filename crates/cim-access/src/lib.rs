#![doc = include_str!("../README.md")]

mod action;
mod policy;
mod role;

pub use action::{Action, UnknownAction};
pub use policy::{Grant, grant, policy_table_markdown};
pub use role::{Role, UnknownRole};
