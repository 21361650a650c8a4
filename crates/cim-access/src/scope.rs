//! What one caller may see with one action: the type without which no query can be asked.

use sha2::{Digest as _, Sha256};

use crate::{Clearance, Reach};

/// Part of the district, for one action. Only a member that may do the action has one ([`crate::Member::may`]), and jobs of
/// our own, which nobody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    reach: Reach,
    class_number: u64,
}

impl Scope {
    pub(crate) fn of(reach: Reach) -> Self {
        let hash: [u8; 32] = Sha256::digest(reach.class_name()).into();
        let (first, _) = hash.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        Self { class_number: u64::from_be_bytes(*first), reach }
    }

    /// Everything in the district, for what no caller asked: exports of the command line, our own jobs, tests, and a server
    /// without accounts, which only this machine reaches.
    #[must_use]
    pub fn whole_district() -> Self {
        Self::of(Reach::whole_district(Clearance::Secret))
    }

    /// The areas, departments and clearance.
    #[must_use]
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// A number that is equal for callers who may see the same things, 64 bits of SHA-256: part of every cache key.
    #[must_use]
    pub fn class_number(&self) -> u64 {
        self.class_number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_who_see_the_same_have_one_class_and_others_another() {
        let numbers = [
            Reach::whole_district(Clearance::Secret),
            Reach::whole_district(Clearance::Open),
            Reach::of_town("320614103"),
            Reach::of_town("320614104"),
            Reach::of_department("320614103"),
        ];
        let numbers =
            numbers.map(|reach| (Scope::of(reach.clone()).class_number(), Scope::of(reach).class_number()));
        assert!(numbers.iter().all(|(one, same)| one == same));
        let different: std::collections::BTreeSet<u64> = numbers.iter().map(|(one, _)| *one).collect();
        assert_eq!(different.len(), numbers.len());
    }
}
