//! Accounts as administrators see and change them: one adds and stops them, another gives them role and reach.

use std::collections::BTreeSet;

use cim_access::{Areas, Clearance, Departments, Membership, MembershipState, Reach, Role};
use cim_store::{NewAccount, StoredAccount};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::invitation::Drawn;
use super::{Caller, InvitationAnswer};
use crate::error::refusal;
use crate::work::failed;
use crate::{City, CityError};

/// An account as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserAnswer {
    /// What is typed to sign in.
    pub name: String,
    /// How people call them.
    pub display_name: String,
    /// Their role.
    pub role: &'static str,
    /// Codes of the towns they see; null for all.
    pub areas: Option<BTreeSet<String>>,
    /// Codes of the departments whose work they see; null for all.
    pub departments: Option<BTreeSet<String>>,
    /// `open` or `secret`.
    pub clearance: &'static str,
    /// `invited`, `active` or `suspended`.
    pub state: &'static str,
    /// The first day on which it holds.
    pub valid_from: Option<Date>,
    /// The first day on which it holds no longer.
    pub valid_until: Option<Date>,
    /// Whether a second factor is enrolled.
    pub has_second_factor: bool,
    /// Whether they sign in at the district's identity provider.
    pub is_federated: bool,
}

impl From<StoredAccount> for UserAnswer {
    fn from(account: StoredAccount) -> Self {
        let Membership { state, from, until, role, reach } = account.membership;
        Self {
            name: account.name,
            display_name: account.display_name,
            role: role.name(),
            areas: match reach.areas {
                Areas::All => None,
                Areas::Towns(codes) => Some(codes),
            },
            departments: match reach.departments {
                Departments::All => None,
                Departments::Only(codes) => Some(codes),
            },
            clearance: reach.clearance.name(),
            state: state.name(),
            valid_from: from,
            valid_until: until,
            has_second_factor: account.totp_secret.is_some(),
            is_federated: account.identity.is_some(),
        }
    }
}

/// Somebody to be given an account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// What is typed to sign in: lower-case letters, digits, dots and dashes.
    pub name: String,
    /// How people call them.
    pub display_name: String,
}

/// What of an account is changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedUser {
    /// How people call them.
    pub display_name: Option<String>,
    /// `active` or `suspended`.
    pub state: Option<String>,
}

/// Role, reach and days that are given to somebody.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantedMembership {
    /// The role.
    pub role: String,
    /// Codes of the towns they see; null for all.
    pub areas: Option<BTreeSet<String>>,
    /// Codes of the departments whose work they see; null for all.
    pub departments: Option<BTreeSet<String>>,
    /// `open` or `secret`.
    pub clearance: String,
    /// The first day on which it holds.
    pub valid_from: Option<Date>,
    /// The first day on which it holds no longer.
    pub valid_until: Option<Date>,
}

/// An account that was added, and the link for whoever it is.
#[derive(Serialize)]
pub struct AddedUser {
    /// The account: a viewer of no town, until somebody else gives it a role.
    pub user: UserAnswer,
    /// The link.
    pub invitation: InvitationAnswer,
}

const LONGEST_DISPLAY_NAME: usize = 100;
const MOST_CODES: usize = 1_000;
const LONGEST_CODE: usize = 64;

impl City {
    /// All accounts by name.
    pub async fn list_users(&self) -> Result<Vec<UserAnswer>, CityError> {
        let found = self.inner.store.accounts().await.map_err(failed)?;
        Ok(found.into_iter().map(UserAnswer::from).collect())
    }

    /// Adds an account that may do next to nothing yet, and invites whoever it is.
    pub async fn add_user(&self, caller: &Caller, named: Named) -> Result<AddedUser, CityError> {
        let Named { name, display_name } = checked(named, "name")?;
        if self.inner.store.account(&name).await.map_err(failed)?.is_some() {
            return Err(refused("name", &name, "there is an account of this name: choose another name"));
        }
        let reach = Reach {
            areas: Areas::Towns(BTreeSet::new()),
            departments: Departments::Only(BTreeSet::new()),
            clearance: Clearance::Open,
        };
        let state = MembershipState::Invited;
        let membership = Membership { state, from: None, until: None, role: Role::Viewer, reach };
        let new =
            NewAccount { name: name.clone(), display_name, membership, password_hash: None, is_demo: false };
        let drawn = Drawn::new()?;
        self.inner.store.add_invited(&new, &drawn.stored, caller.name()).await.map_err(failed)?;
        let user = self.user(&name).await?;
        Ok(AddedUser { user, invitation: drawn.answer(name, new.membership.role.name().to_owned()) })
    }

    /// Gives an account another display name, stops it, or lets it in again.
    pub async fn change_user(
        &self,
        caller: &Caller,
        name: &str,
        change: ChangedUser,
    ) -> Result<UserAnswer, CityError> {
        let display_name = change.display_name.as_deref().map(checked_display_name).transpose()?;
        let state = match change.state.as_deref() {
            None => None,
            Some("active") => Some(MembershipState::Active),
            Some("suspended") if name == caller.name() => {
                return Err(refused(
                    "state",
                    "suspended",
                    "nobody stops their own account: ask somebody else",
                ));
            }
            Some("suspended") => Some(MembershipState::Suspended),
            Some(other) => return Err(refused("state", other, "one of active, suspended")),
        };
        let changed = self.inner.store.change_account(name, display_name, state, caller.name());
        self.known_if(changed.await.map_err(failed)?, name)?;
        self.user(name).await
    }

    /// Gives an account its role, reach and days; its sessions end.
    pub async fn grant_membership(
        &self,
        caller: &Caller,
        name: &str,
        granted: GrantedMembership,
    ) -> Result<UserAnswer, CityError> {
        if name == caller.name() {
            return Err(refused("name", name, "nobody gives themselves a role: ask somebody else"));
        }
        let stored = self.inner.store.account(name).await.map_err(failed)?;
        let state = stored.ok_or_else(|| no_user(name))?.membership.state;
        let membership = granted.membership(state)?;
        let set = self.inner.store.set_membership(name, &membership, caller.name());
        self.known_if(set.await.map_err(failed)?, name)?;
        self.user(name).await
    }

    /// Takes the second factor of an account away, whose owner lost it.
    pub async fn remove_second_factor(&self, caller: &Caller, name: &str) -> Result<(), CityError> {
        if name == caller.name() {
            return Err(refused(
                "name",
                name,
                "nobody takes their own second factor away: ask somebody else",
            ));
        }
        let removed = self.inner.store.set_second_factor(name, None, None, caller.name());
        self.known_if(removed.await.map_err(failed)?, name)
    }

    async fn user(&self, name: &str) -> Result<UserAnswer, CityError> {
        let stored = self.inner.store.account(name).await.map_err(failed)?;
        stored.map(UserAnswer::from).ok_or_else(|| no_user(name))
    }

    fn known_if(&self, is_there: bool, name: &str) -> Result<(), CityError> {
        self.inner.accounts.known.forget_name(name);
        if is_there { Ok(()) } else { Err(no_user(name)) }
    }
}

impl GrantedMembership {
    fn membership(self, state: MembershipState) -> Result<Membership, CityError> {
        let role: Role = self.role.parse().map_err(|_unknown| {
            refused("role", &self.role, "no such role: docs/ROLES.md and /v1/users name them")
        })?;
        let clearance = Clearance::from_name(&self.clearance)
            .ok_or_else(|| refused("clearance", &self.clearance, "one of open, secret"))?;
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && until <= from
        {
            let message = "the first day on which it holds no longer comes after the first on which it holds";
            return Err(refused("valid_until", &until.to_string(), message));
        }
        let reach = Reach {
            areas: codes(self.areas, "areas")?.map_or(Areas::All, Areas::Towns),
            departments: codes(self.departments, "departments")?.map_or(Departments::All, Departments::Only),
            clearance,
        };
        Ok(Membership { state, from: self.valid_from, until: self.valid_until, role, reach })
    }
}

fn codes(given: Option<BTreeSet<String>>, field: &str) -> Result<Option<BTreeSet<String>>, CityError> {
    let Some(given) = given else { return Ok(None) };
    let is_code = |code: &String| (1..=LONGEST_CODE).contains(&code.chars().count()) && !code.contains('\0');
    if given.len() > MOST_CODES || !given.iter().all(is_code) {
        return Err(refused(field, "", "at most 1,000 codes of 1 to 64 characters, or null for all"));
    }
    Ok(Some(given))
}

/// A name that may be typed, and how people call whoever it is.
pub(super) fn checked(named: Named, field: &str) -> Result<Named, CityError> {
    let is_plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || "._-".contains(char);
    let is_name = named.name.starts_with(|char: char| char.is_ascii_lowercase())
        && named.name.len() <= super::sign_in::LONGEST_NAME
        && named.name.chars().all(is_plain);
    if !is_name {
        let message = "up to 63 lower-case letters, digits, dots, dashes and underscores, the first a letter";
        return Err(refused(field, &named.name, message));
    }
    let display_name = checked_display_name(&named.display_name)?.to_owned();
    Ok(Named { display_name, ..named })
}

fn checked_display_name(text: &str) -> Result<&str, CityError> {
    let is_short = text.chars().count() <= LONGEST_DISPLAY_NAME;
    if is_short && !text.trim().is_empty() && !text.chars().any(char::is_control) {
        return Ok(text.trim());
    }
    Err(refused("display_name", "", "1 to 100 characters on one line"))
}

fn refused(field: &str, value: &str, message: &str) -> CityError {
    CityError::Refused(vec![refusal(field, value, message)])
}

pub(super) fn no_user(name: &str) -> CityError {
    CityError::NotFound { what: "user", name: name.to_owned() }
}
