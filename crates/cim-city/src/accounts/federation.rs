//! Signing in at the district's identity provider: whose account somebody has there is here, and what their groups give them.

use std::collections::BTreeSet;

use cim_access::{Areas, Clearance, Departments, Membership, MembershipState, Reach, Role};
use cim_store::{NewAccount, StoredAccount};
use serde::Deserialize;

use super::SignedIn;
use super::users::{Named, checked};
use crate::work::failed;
use crate::{City, CityError};

/// Who gives roles by groups, in the audit log.
const PROVIDER: &str = "identity provider";

/// What a group of the provider gives.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    /// Its name there.
    pub name: String,
    /// The role here.
    #[serde(deserialize_with = "role")]
    pub role: Role,
    /// Codes of the towns that are seen; none for all.
    #[serde(default)]
    pub towns: BTreeSet<String>,
    /// Codes of the departments whose work is seen; none for all.
    #[serde(default)]
    pub departments: BTreeSet<String>,
    /// Whether secret cameras are seen.
    #[serde(default)]
    pub secret: bool,
}

fn role<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_unknown| serde::de::Error::custom(format!("no such role: `{name}`")))
}

impl GroupRule {
    fn membership(&self) -> Membership {
        let some = |codes: &BTreeSet<String>| (!codes.is_empty()).then(|| codes.clone());
        let reach = Reach {
            areas: some(&self.towns).map_or(Areas::All, Areas::Towns),
            departments: some(&self.departments).map_or(Departments::All, Departments::Only),
            clearance: if self.secret { Clearance::Secret } else { Clearance::Open },
        };
        Membership { state: MembershipState::Active, from: None, until: None, role: self.role, reach }
    }
}

/// How accounts follow from what the provider says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FederationRules {
    /// Whether somebody without an account gets one, if a group gives them a role.
    pub creates_accounts: bool,
    /// The first whose group somebody is in gives them role and reach at every sign-in; without any, accounts keep their own.
    pub groups: Vec<GroupRule>,
}

/// Somebody whom the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedPerson {
    /// Issuer and subject, which never change.
    pub identity: String,
    /// What they type there.
    pub name: String,
    /// How people call them.
    pub display_name: String,
    /// Their groups.
    pub groups: BTreeSet<String>,
    /// Whether they gave a second factor.
    pub has_second_factor: bool,
}

/// Why somebody whom the provider vouches for is not let in.
#[derive(Debug, thiserror::Error)]
pub enum FederationRefusal {
    /// Nobody here has that identity, and no account waits for that name.
    #[error("nobody here has this identity")]
    UnknownAccount,
    /// No group of theirs has a role here.
    #[error("no group of theirs has a role here")]
    NoGroup,
    /// Their role needs a second factor, and the provider asked for none.
    #[error("the role needs a second factor, and the provider asked for none")]
    SecondFactor,
    /// The account does not hold, or something failed.
    #[error(transparent)]
    City(#[from] CityError),
}

impl City {
    /// Opens a session for somebody whom the provider vouches for.
    pub async fn sign_in_federated(
        &self,
        rules: &FederationRules,
        person: FederatedPerson,
    ) -> Result<SignedIn, FederationRefusal> {
        let granted = rules.groups.iter().find(|rule| person.groups.contains(&rule.name));
        if granted.is_none() && !rules.groups.is_empty() {
            return Err(FederationRefusal::NoGroup);
        }
        let granted = granted.map(GroupRule::membership);
        let account = self.account_of(&person, granted.as_ref().filter(|_| rules.creates_accounts)).await?;
        let account = self.with_membership(account, granted).await?;
        let needs_second_factor =
            account.membership.role.needs_second_factor() || account.totp_secret.is_some();
        if needs_second_factor && !person.has_second_factor {
            return Err(FederationRefusal::SecondFactor);
        }
        Ok(self.open_session(&account, person.has_second_factor).await?)
    }

    /// The account of a person: the one of their identity, or one that was invited and waits for their name, or a new one.
    async fn account_of(
        &self,
        person: &FederatedPerson,
        new: Option<&Membership>,
    ) -> Result<StoredAccount, FederationRefusal> {
        let store = &self.inner.store;
        let known = async || store.account_of_identity(&person.identity).await.map_err(failed);
        if let Some(account) = known().await? {
            return Ok(account);
        }
        let name = person.name.trim().to_lowercase();
        let named = Named { name: name.clone(), display_name: person.display_name.clone() };
        let named = checked(named, "name").map_err(|_no_name| FederationRefusal::UnknownAccount)?;
        if let Some(membership) = new
            && store.account(&name).await.map_err(failed)?.is_none()
        {
            let membership = Membership { state: MembershipState::Invited, ..membership.clone() };
            let Named { name, display_name } = named;
            let account = NewAccount { name, display_name, membership, password_hash: None, is_demo: false };
            store.add_account(&account, PROVIDER).await.map_err(failed)?;
        }
        // Whoever has a password here is not taken over by whoever has the same name there.
        if !store.bind_identity(&name, &person.identity).await.map_err(failed)? {
            return Err(FederationRefusal::UnknownAccount);
        }
        known().await?.ok_or(FederationRefusal::UnknownAccount)
    }

    /// The account with what its groups give now; who was suspended here stays so, and keeps their days.
    async fn with_membership(
        &self,
        account: StoredAccount,
        granted: Option<Membership>,
    ) -> Result<StoredAccount, FederationRefusal> {
        let Some(granted) = granted else { return Ok(account) };
        let Membership { state, from, until, .. } = account.membership;
        let membership = Membership { state, from, until, ..granted };
        if membership != account.membership {
            let name = &account.name;
            self.inner.store.set_membership(name, &membership, PROVIDER).await.map_err(failed)?;
            self.inner.accounts.known.forget_name(name);
        }
        Ok(StoredAccount { membership, ..account })
    }
}
