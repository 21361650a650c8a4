//! The person behind a case: taken out of what a source gives, sealed, shown masked, revealed with a reason, forgotten in time.

mod intake;
mod reporter;
mod retention;
mod reveal;

use std::sync::Arc;
use std::time::Duration;

use cim_access::sealing::SealingKey;

pub use reporter::GivenReporter;
pub use reveal::{CasesOfPhone, PhoneBody, RevealBody, RevealedPerson};

pub(crate) use retention::forget_people;

/// How personal data are kept.
#[derive(Debug, Clone, Default)]
pub struct PersonalOptions {
    /// What they are sealed with. Without it none are taken in.
    pub key: Option<Arc<SealingKey>>,
    /// How long after the end of a case the person behind it is known; without it nobody is forgotten.
    pub keep: Option<Duration>,
}

/// What a field of a case is sealed for: it opens for no other case and no other field.
fn purpose(source_system: &str, source_no: &str, field: cim_store::PersonField) -> String {
    format!("case {}:{source_system} {}:{source_no} {}", source_system.len(), source_no.len(), field.name())
}
