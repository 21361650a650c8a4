//! Belonging to a city for a time, and the proof of it that every guarded call takes.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::{Action, Grant, Reach, Role, Scope, grant};

/// What an account was made to be, by people. That it has run out follows from its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MembershipState {
    /// Asked in, but has not yet chosen a password. 已邀请
    Invited,
    /// In force between its days. 有效
    Active,
    /// Stopped by an administrator. 已停用
    Suspended,
}

impl MembershipState {
    /// Its name in the database and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Suspended].into_iter().find(|state| state.name() == name)
    }
}

/// Somebody's place in a city as it is stored. It allows nothing: only a [`Member`] may do things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// What it was made to be.
    pub state: MembershipState,
    /// The first day on which it holds; none: since ever.
    pub from: Option<Date>,
    /// The first day on which it holds no longer; none: until somebody ends it.
    pub until: Option<Date>,
    /// What the account is for.
    pub role: Role,
    /// How far it sees.
    pub reach: Reach,
}

/// Why somebody with an account is not a member on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAMember {
    /// The invitation was not taken up.
    #[error("the invitation has not been taken up: open the link in it and choose a password")]
    Invited,
    /// An administrator stopped it.
    #[error("the account is suspended: ask the system administrator")]
    Suspended,
    /// The first day is still to come.
    #[error("the account is valid from {from}")]
    NotYet {
        /// The first day.
        from: Date,
    },
    /// The last day is over.
    #[error("the account was valid until {until}: ask the system administrator to extend it")]
    Expired {
        /// The first day on which it holds no longer.
        until: Date,
    },
}

impl Membership {
    /// The member that this makes on a day, which is a day of the city's own calendar.
    ///
    /// Ask again for each request: a member is a statement about one day.
    pub fn member_on(&self, day: Date) -> Result<Member, NotAMember> {
        match (self.state, self.from, self.until) {
            (MembershipState::Suspended, ..) => Err(NotAMember::Suspended),
            (MembershipState::Invited, ..) => Err(NotAMember::Invited),
            (MembershipState::Active, _, Some(until)) if until <= day => Err(NotAMember::Expired { until }),
            (MembershipState::Active, Some(from), _) if day < from => Err(NotAMember::NotYet { from }),
            (MembershipState::Active, ..) => {
                Ok(Member { role: self.role, reach: self.reach.clone(), limits: None })
            }
        }
    }
}

/// Somebody whose membership was in force when it was looked at; nothing but [`Membership::member_on`] makes one.
///
/// ```compile_fail,E0451
/// let reach = cim_access::Reach::of_town("320614103");
/// let forged = cim_access::Member { role: cim_access::Role::Commander, reach, limits: None };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    role: Role,
    reach: Reach,
    limits: Option<Limits>,
}

/// What a token leaves of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Limits {
    actions: BTreeSet<Action>,
    reach: Reach,
}

/// The policy gives the member no such right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the role {role} does not include {action}, or the token was not made for it")]
pub struct NotGranted {
    /// What was asked.
    pub action: Action,
    /// Who asked.
    pub role: Role,
}

impl Member {
    /// What the account is for.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether it acts through an API token.
    #[must_use]
    pub const fn is_token(&self) -> bool {
        self.limits.is_some()
    }

    /// What the member may see with this action: the one question that a guard asks.
    ///
    /// A grant of all lifts areas and departments, but neither the clearance nor the limits of a token.
    pub fn may(&self, action: Action) -> Result<Scope, NotGranted> {
        self.reach_for(action).map(Scope::of)
    }

    fn reach_for(&self, action: Action) -> Result<Reach, NotGranted> {
        let full = match grant(action, self.role) {
            Grant::Deny => return Err(NotGranted { action, role: self.role }),
            Grant::Scope => self.reach.clone(),
            Grant::All => Reach::whole_district(self.reach.clearance),
        };
        match &self.limits {
            None => Ok(full),
            Some(limits) if limits.actions.contains(&action) => Ok(full.narrowed(&limits.reach)),
            Some(_) => Err(NotGranted { action, role: self.role }),
        }
    }

    /// The same member acting through a token that was made for these actions in this reach.
    ///
    /// It never gains anything: what the role may not do stays refused, what needs a person is left out, and whoever
    /// is narrowed again keeps what both allow.
    #[must_use]
    pub fn narrowed(&self, actions: &BTreeSet<Action>, reach: &Reach) -> Self {
        let mut actions: BTreeSet<Action> =
            actions.iter().copied().filter(|action| !action.needs_a_person()).collect();
        let mut reach = reach.clone();
        if let Some(limits) = &self.limits {
            actions = &actions & &limits.actions;
            reach = reach.narrowed(&limits.reach);
        }
        Self { role: self.role, reach: self.reach.clone(), limits: Some(Limits { actions, reach }) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Clearance;

    fn membership(role: Role) -> Membership {
        Membership {
            state: MembershipState::Active,
            from: Some(date(2026, 3, 1)),
            until: Some(date(2027, 3, 1)),
            role,
            reach: Reach::of_town("320614103"),
        }
    }

    fn member(role: Role) -> Member {
        membership(role).member_on(date(2026, 11, 24)).unwrap()
    }

    #[test]
    fn a_membership_holds_from_its_first_day_to_the_day_before_its_end() {
        let active = membership(Role::Viewer);
        let on = |day| active.member_on(day).map(|member| member.role());
        assert_eq!(on(date(2026, 2, 28)), Err(NotAMember::NotYet { from: date(2026, 3, 1) }));
        assert_eq!(on(date(2026, 3, 1)), Ok(Role::Viewer));
        assert_eq!(on(date(2027, 2, 28)), Ok(Role::Viewer));
        assert_eq!(on(date(2027, 3, 1)), Err(NotAMember::Expired { until: date(2027, 3, 1) }));
        let forever = Membership { from: None, until: None, ..active };
        assert!(forever.member_on(Date::MIN).is_ok() && forever.member_on(Date::MAX).is_ok());
    }

    #[test]
    fn the_state_refuses_before_the_days_are_looked_at() {
        let ended = date(2030, 1, 1);
        for (state, refusal) in [
            (MembershipState::Invited, NotAMember::Invited),
            (MembershipState::Suspended, NotAMember::Suspended),
        ] {
            let stopped = Membership { state, ..membership(Role::Commander) };
            assert_eq!(stopped.member_on(date(2026, 11, 24)), Err(refusal));
            assert_eq!(stopped.member_on(ended), Err(refusal));
            assert_eq!(MembershipState::from_name(state.name()), Some(state));
        }
    }

    #[test]
    fn days_in_the_wrong_order_make_no_member_on_any_day() {
        let never = Membership { until: Some(date(2026, 2, 1)), ..membership(Role::Viewer) };
        for day in [date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 15), date(2026, 3, 1)] {
            assert!(never.member_on(day).is_err(), "{day}");
        }
    }

    #[test]
    fn a_member_may_do_what_the_table_says_where_it_says() {
        let town = Reach::of_town("320614103");
        assert_eq!(member(Role::Viewer).reach_for(Action::ReadThings), Ok(town));
        let refused = NotGranted { action: Action::WriteCases, role: Role::Viewer };
        assert_eq!(member(Role::Viewer).reach_for(Action::WriteCases), Err(refused));
        let district = Reach::whole_district(Clearance::Open);
        assert_eq!(
            member(Role::Commander).reach_for(Action::OpenVideo),
            Ok(district),
            "never beyond the clearance"
        );
    }

    #[test]
    fn a_token_does_only_what_it_was_made_for_even_for_a_commander() {
        let actions = BTreeSet::from([Action::ReadThings, Action::ManageUsers, Action::OwnAccount]);
        let wide = Reach::whole_district(Clearance::Secret);
        let token = member(Role::Commander).narrowed(&actions, &Reach::of_department("housing"));
        assert!(token.is_token());
        assert_eq!(token.reach_for(Action::ReadThings), Ok(Reach::of_department("housing")));
        for refused in [Action::ReadMap, Action::ManageUsers, Action::OwnAccount, Action::RevealPersonalData]
        {
            assert!(token.reach_for(refused).is_err(), "{refused}");
        }
        let again = token.narrowed(&Action::ALL.into_iter().collect(), &wide);
        assert_eq!(again, token, "narrowing cannot be undone");
    }

    #[test]
    fn a_token_never_reaches_further_than_its_owner() {
        let everything: BTreeSet<Action> = Action::ALL.into_iter().collect();
        for role in Role::ALL {
            let owner = member(role);
            let token = owner.narrowed(&everything, &Reach::whole_district(Clearance::Secret));
            for action in Action::ALL {
                let expected = owner.reach_for(action).ok().filter(|_| !action.needs_a_person());
                assert_eq!(token.reach_for(action).ok(), expected, "{role} {action}");
            }
        }
    }
}
