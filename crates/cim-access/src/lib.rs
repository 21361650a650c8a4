#![doc = include_str!("../README.md")]

mod action;
pub mod audit_chain;
pub mod checkpoint;
#[doc(hidden)]
pub mod fuzz;
pub mod lock_out;
pub mod masking;
mod membership;
pub mod password;
mod policy;
mod reach;
mod role;
mod scope;
pub mod sealing;
pub mod secret;
pub mod totp;

pub use action::{Action, UnknownAction};
pub use membership::{Member, Membership, MembershipState, NotAMember, NotGranted};
pub use policy::{Grant, grant, policy_table_markdown};
pub use reach::{Areas, Clearance, Departments, Reach};
pub use role::{Role, UnknownRole};
pub use scope::Scope;
