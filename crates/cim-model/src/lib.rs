#![doc = include_str!("../README.md")]

mod case_state;
pub mod collection;
pub mod division;
mod exclusive_policy;
mod finding;
mod fingerprint;
mod record;

pub use case_state::{
    CASE_TRANSITIONS, CaseTransition, case_events_from, case_state_after, is_open_case_state,
};
pub use collection::{Collection, CollectionSpec, Field, FieldType, GeometryKind};
pub use exclusive_policy::ExclusivePolicy;
pub use finding::{Finding, Severity};
pub use fingerprint::Fingerprint;
pub use record::{Record, Value};
