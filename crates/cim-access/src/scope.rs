//! What one caller may see with one action: the type without which no query can be asked.

use crate::{Clearance, Reach};

/// Part of the district, for one action. Only a member that may do the action has one ([`crate::Member::may`]), and jobs of
/// our own, which nobody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reach: Reach,
}

impl Scope {
    pub(crate) const fn of(reach: Reach) -> Self {
        Self { reach }
    }

    /// Everything in the district, for what no caller asked: exports of the command line, our own jobs, tests, and a server
    /// without accounts, which only this machine reaches.
    #[must_use]
    pub const fn whole_district() -> Self {
        Self::of(Reach::whole_district(Clearance::Secret))
    }

    /// The areas, departments and clearance.
    #[must_use]
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }
}
