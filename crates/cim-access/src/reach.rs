//! How far somebody sees: which towns, whose cases, and up to which clearance.
//!
//! Drawbacks: a reach names towns and departments by code; it does not know whether they exist, nor which village lies
//! in which town. The caller asks with the code of the town that a thing is tied to.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The towns that somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Areas {
    /// The whole district, things without a place too.
    All,
    /// The towns with these unit codes.
    Towns(BTreeSet<String>),
}

/// The departments whose cases somebody sees.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Departments {
    /// Those of every department, and those of none yet.
    All,
    /// Cases that these lead or assist in, by code.
    Only(BTreeSet<String>),
}

/// Up to which secrecy somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clearance {
    /// What is not marked. 一般
    Open,
    /// What is marked secret too. 涉密
    Secret,
}

impl Clearance {
    /// Its name in the database and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Secret => "secret",
        }
    }

    /// The clearance of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Secret].into_iter().find(|clearance| clearance.name() == name)
    }
}

/// Areas, departments and clearance together: a thing must pass all three.
///
/// An empty set sees nothing. The reach of a department is its own code and all areas; that of a town is its own code
/// and all departments.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reach {
    /// The towns.
    pub areas: Areas,
    /// The departments.
    pub departments: Departments,
    /// The secrecy.
    pub clearance: Clearance,
}

impl Reach {
    /// All areas and departments, up to this clearance.
    #[must_use]
    pub const fn whole_district(clearance: Clearance) -> Self {
        Self { areas: Areas::All, departments: Departments::All, clearance }
    }

    /// One department, in all towns.
    #[must_use]
    pub fn of_department(code: &str) -> Self {
        let departments = Departments::Only(BTreeSet::from([code.to_owned()]));
        Self { areas: Areas::All, departments, clearance: Clearance::Open }
    }

    /// One town, for all departments.
    #[must_use]
    pub fn of_town(code: &str) -> Self {
        let areas = Areas::Towns(BTreeSet::from([code.to_owned()]));
        Self { areas, departments: Departments::All, clearance: Clearance::Open }
    }

    /// Whether it sees the ground of a town. What has no town is seen by those who see all areas.
    #[must_use]
    pub fn sees_town(&self, town: Option<&str>) -> bool {
        match &self.areas {
            Areas::All => true,
            Areas::Towns(codes) => town.is_some_and(|town| codes.contains(town)),
        }
    }

    /// Whether it sees a case in a town, led or assisted by departments: the area must match, and one of the
    /// departments.
    #[must_use]
    pub fn sees_case(&self, town: Option<&str>, departments: &[&str]) -> bool {
        let concerned = match &self.departments {
            Departments::All => true,
            Departments::Only(codes) => departments.iter().any(|department| codes.contains(*department)),
        };
        concerned && self.sees_town(town)
    }

    /// Whether it sees what is marked so.
    #[must_use]
    pub fn is_cleared_for(&self, secrecy: Clearance) -> bool {
        secrecy <= self.clearance
    }

    /// What both see: never more than either.
    #[must_use]
    pub fn narrowed(&self, other: &Self) -> Self {
        let areas = match (&self.areas, &other.areas) {
            (Areas::All, one) | (one, Areas::All) => one.clone(),
            (Areas::Towns(one), Areas::Towns(two)) => Areas::Towns(one & two),
        };
        let departments = match (&self.departments, &other.departments) {
            (Departments::All, one) | (one, Departments::All) => one.clone(),
            (Departments::Only(one), Departments::Only(two)) => Departments::Only(one & two),
        };
        Self { areas, departments, clearance: self.clearance.min(other.clearance) }
    }

    /// 64 bits of SHA-256 that are equal for equal reaches: part of every cache key, so that those who see the same things
    /// share what was worked out for one of them.
    #[must_use]
    pub fn class_number(&self) -> u64 {
        let digest: [u8; 32] = Sha256::digest(self.canonical_text().as_bytes()).into();
        digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
    }

    /// One text per reach, whatever the codes contain.
    fn canonical_text(&self) -> String {
        let areas = match &self.areas {
            Areas::All => "*".to_owned(),
            Areas::Towns(codes) => code_list(codes),
        };
        let departments = match &self.departments {
            Departments::All => "*".to_owned(),
            Departments::Only(codes) => code_list(codes),
        };
        format!("areas={areas};departments={departments};clearance={}", self.clearance.name())
    }
}

/// Each code is preceded by its length, so that no code can look like the end of a list.
fn code_list(codes: &BTreeSet<String>) -> String {
    codes.iter().fold(String::new(), |mut list, code| {
        let _ = write!(list, "{}:{code},", code.len());
        list
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    fn codes() -> impl Strategy<Value = BTreeSet<String>> {
        btree_set("[a-d]|[,:;*]{1,2}|1:a,", 0..4)
    }

    fn reaches() -> impl Strategy<Value = Reach> {
        let areas = prop_oneof![Just(Areas::All), codes().prop_map(Areas::Towns)];
        let departments = prop_oneof![Just(Departments::All), codes().prop_map(Departments::Only)];
        let clearance = prop_oneof![Just(Clearance::Open), Just(Clearance::Secret)];
        (areas, departments, clearance).prop_map(|(areas, departments, clearance)| Reach {
            areas,
            departments,
            clearance,
        })
    }

    #[test]
    fn a_department_sees_its_cases_in_all_towns_and_nothing_else() {
        let housing = Reach::of_department("housing");
        assert!(housing.sees_case(Some("320614103"), &["housing"]));
        assert!(housing.sees_case(Some("320614400"), &["police", "housing"]));
        assert!(housing.sees_case(None, &["housing"]));
        assert!(!housing.sees_case(Some("320614103"), &["police"]));
        assert!(!housing.sees_case(Some("320614103"), &[]));
    }

    #[test]
    fn a_town_sees_the_cases_of_all_departments_on_its_own_ground() {
        let town = Reach::of_town("320614103");
        assert!(town.sees_case(Some("320614103"), &["housing"]));
        assert!(town.sees_case(Some("320614103"), &[]));
        assert!(!town.sees_case(Some("320614400"), &["housing"]));
        assert!(!town.sees_case(None, &["housing"]));
        assert!(!town.sees_case(Some("320614103001"), &[]), "a village is no town");
    }

    #[test]
    fn the_clearance_is_ordered() {
        let open = Reach::whole_district(Clearance::Open);
        assert!(open.is_cleared_for(Clearance::Open) && !open.is_cleared_for(Clearance::Secret));
        assert!(Reach::whole_district(Clearance::Secret).is_cleared_for(Clearance::Secret));
        assert_eq!(Clearance::from_name("secret"), Some(Clearance::Secret));
        assert_eq!(Clearance::from_name("top"), None);
    }

    #[test]
    fn a_class_number_is_the_beginning_of_the_hash_of_the_whole_reach() {
        assert_eq!(Reach::of_town("320614103").class_number(), 0xc52a_d507_2975_dadb);
        let nothing = Reach { areas: Areas::Towns(BTreeSet::new()), ..Reach::of_town("x") };
        assert_ne!(nothing.class_number(), Reach::whole_district(Clearance::Open).class_number());
    }

    proptest! {
        #[test]
        fn narrowing_never_shows_more(
            one in reaches(),
            two in reaches(),
            town in proptest::option::of("[a-d]"),
            departments in vec("[a-d]", 0..3),
        ) {
            let both = one.narrowed(&two);
            let departments: Vec<&str> = departments.iter().map(String::as_str).collect();
            let sees = |reach: &Reach| reach.sees_case(town.as_deref(), &departments);
            prop_assert!(!sees(&both) || (sees(&one) && sees(&two)));
            let stands = |reach: &Reach| reach.sees_town(town.as_deref());
            prop_assert_eq!(stands(&both), stands(&one) && stands(&two));
            prop_assert_eq!(both.clearance, one.clearance.min(two.clearance));
        }

        #[test]
        fn narrowing_has_no_order_and_ends(one in reaches(), two in reaches(), three in reaches()) {
            prop_assert_eq!(one.narrowed(&two), two.narrowed(&one));
            prop_assert_eq!(one.narrowed(&one), one.clone());
            prop_assert_eq!(one.narrowed(&two).narrowed(&three), one.narrowed(&two.narrowed(&three)));
            prop_assert_eq!(Reach::whole_district(Clearance::Secret).narrowed(&one), one);
        }

        #[test]
        fn class_numbers_are_equal_exactly_for_equal_reaches(one in reaches(), two in reaches()) {
            prop_assert_eq!(one.class_number() == two.class_number(), one == two);
            prop_assert_eq!(one.canonical_text() == two.canonical_text(), one == two);
        }

        #[test]
        fn a_case_is_seen_where_area_and_department_both_match(
            reach in reaches(),
            town in proptest::option::of("[a-d]"),
            departments in vec("[a-d]", 0..3),
        ) {
            let area = match &reach.areas {
                Areas::All => true,
                Areas::Towns(codes) => town.iter().any(|town| codes.contains(town)),
            };
            let concerned = match &reach.departments {
                Departments::All => true,
                Departments::Only(codes) => departments.iter().any(|code| codes.contains(code)),
            };
            let departments: Vec<&str> = departments.iter().map(String::as_str).collect();
            prop_assert_eq!(reach.sees_case(town.as_deref(), &departments), area && concerned);
        }
    }
}
