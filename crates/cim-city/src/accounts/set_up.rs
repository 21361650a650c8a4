//! The first accounts of a server that has none: three separated administrators, named by whoever has the link that the
//! server printed.

use std::sync::{Mutex, PoisonError};

use cim_access::secret::{Secret, SecretDigest};
use cim_access::{Clearance, Membership, MembershipState, Reach, Role};
use cim_store::{NewAccount, NewInvitation};
use serde::{Deserialize, Serialize};

use super::InvitationAnswer;
use super::invitation::Drawn;
use super::users::{Named, checked};
use crate::error::refusal;
use crate::work::failed;
use crate::{City, CityError};

/// Who does what is done with the link.
const SET_UP: &str = "set-up";

/// The three people who govern accounts: none of them can do alone what harms others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUpBody {
    /// What stands behind `#` in the link.
    pub key: String,
    /// Who adds and stops accounts.
    pub system_admin: Named,
    /// Who gives roles and reach.
    pub security_admin: Named,
    /// Who reads what was done.
    pub auditor: Named,
}

/// The links by which the three choose their passwords.
#[derive(Serialize)]
pub struct SetUpAnswer {
    /// One for each, to be passed on.
    pub invitations: Vec<InvitationAnswer>,
}

/// The key of the link, which ends with the server.
#[derive(Default)]
pub(super) struct SetUpKey(Mutex<Option<SecretDigest>>);

impl SetUpKey {
    fn is(&self, digest: &SecretDigest) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref() == Some(digest)
    }

    fn set(&self, digest: Option<SecretDigest>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = digest;
    }
}

impl City {
    /// Whether nobody could sign in.
    pub async fn has_no_accounts(&self) -> Result<bool, CityError> {
        self.inner.store.has_accounts().await.map(|has| !has).map_err(failed)
    }

    /// The path of the link with which the first accounts are made, in the place of any before.
    pub fn set_up_link(&self) -> Result<String, CityError> {
        let key = Secret::generate().map_err(|source| CityError::Internal {
            doing: "making of the set-up link",
            source: Box::new(source),
        })?;
        self.inner.accounts.set_up.set(Some(key.digest()));
        Ok(format!("/set-up#{}", *key.reveal()))
    }

    /// Makes the first accounts, once.
    pub async fn set_up(&self, body: SetUpBody) -> Result<SetUpAnswer, CityError> {
        let digest = Secret::parse(&body.key).map_err(|_malformed| CityError::LinkRefused)?.digest();
        if !self.inner.accounts.set_up.is(&digest) {
            return Err(CityError::LinkRefused);
        }
        let people = [
            (Role::SystemAdmin, body.system_admin),
            (Role::SecurityAdmin, body.security_admin),
            (Role::Auditor, body.auditor),
        ];
        let mut drawn = Vec::new();
        for (role, named) in people {
            let named = checked(named, role.name())?;
            if drawn.iter().any(|(account, _): &(NewAccount, Drawn)| account.name == named.name) {
                let message = "three people have three names: nobody governs alone";
                return Err(CityError::Refused(vec![refusal(role.name(), &named.name, message)]));
            }
            drawn.push((invited(named, role), Drawn::new()?));
        }
        let first: Vec<(NewAccount, NewInvitation)> =
            drawn.iter().map(|(account, drawn)| (account.clone(), drawn.stored)).collect();
        if !self.inner.store.add_first_accounts(&first, SET_UP).await.map_err(failed)? {
            return Err(CityError::LinkRefused);
        }
        self.inner.accounts.set_up.set(None);
        let answer = |(account, drawn): (NewAccount, Drawn)| {
            drawn.answer(account.name, account.membership.role.name().to_owned())
        };
        Ok(SetUpAnswer { invitations: drawn.into_iter().map(answer).collect() })
    }
}

fn invited(named: Named, role: Role) -> NewAccount {
    NewAccount {
        name: named.name,
        display_name: named.display_name,
        membership: Membership {
            state: MembershipState::Invited,
            from: None,
            until: None,
            role,
            reach: Reach::whole_district(Clearance::Open),
        },
        password_hash: None,
        is_demo: false,
    }
}
