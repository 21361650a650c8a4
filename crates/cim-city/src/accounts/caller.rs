//! Who asks, and what they may see with each action.

use std::collections::BTreeSet;
use std::sync::Arc;

use cim_access::secret::{ApiToken, SecretDigest, SessionId};
use cim_access::{Action, Areas, Departments, Member, Reach, Scope};
use cim_store::{StoreError, StoredAccount};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::responsible::china_today;
use crate::work::failed;
use crate::{City, CityError};

/// A session that was not used for so long has ended.
pub(super) const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Nobody works longer than a shift without signing in again.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    name: String,
    display_name: String,
    standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// The server has no accounts: whoever reaches it is on this machine.
    Open,
    Member(Member),
    /// The role needs a second factor, and none is enrolled yet.
    MustEnrol(Member),
}

/// Who somebody is and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeAnswer {
    /// What is typed to sign in.
    pub name: String,
    /// How people call them.
    pub display_name: String,
    /// Their role; null where the server has no accounts.
    pub role: Option<&'static str>,
    /// Codes of the towns they see; null for all.
    pub areas: Option<BTreeSet<String>>,
    /// Codes of the departments whose work they see; null for all.
    pub departments: Option<BTreeSet<String>>,
    /// `open` or `secret`.
    pub clearance: &'static str,
    /// What they may do.
    pub actions: Vec<&'static str>,
    /// Whether they have to enrol a second factor before anything else.
    pub must_enrol_second_factor: bool,
    /// Whether a program asks with a token.
    pub is_token: bool,
    /// Whether the server has no accounts.
    pub is_open: bool,
}

impl Caller {
    /// Whoever reaches a server without accounts.
    #[must_use]
    pub fn open() -> Self {
        Self { name: "open".to_owned(), display_name: "open".to_owned(), standing: Standing::Open }
    }

    /// A member today, by an account; a second factor that was given to the identity provider is one.
    pub(super) fn of_account(account: &StoredAccount, has_second_factor: bool) -> Result<Self, CityError> {
        let member = account.membership.member_on(china_today()).map_err(CityError::NotAMember)?;
        let has_second_factor = has_second_factor || account.totp_secret.is_some();
        let must_enrol = member.role().needs_second_factor() && !has_second_factor && !account.is_demo;
        let standing = if must_enrol { Standing::MustEnrol(member) } else { Standing::Member(member) };
        Ok(Self { name: account.name.clone(), display_name: account.display_name.clone(), standing })
    }

    /// The name under which what they do is kept.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the server has no accounts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.standing == Standing::Open
    }

    /// What they may see with an action.
    pub fn may(&self, action: Action) -> Result<Scope, CityError> {
        match &self.standing {
            Standing::Open => Ok(Scope::whole_district()),
            Standing::Member(member) => member.may(action).map_err(CityError::NotGranted),
            Standing::MustEnrol(member) if action == Action::OwnAccount => {
                member.may(action).map_err(CityError::NotGranted)
            }
            Standing::MustEnrol(_) => Err(CityError::MustEnrolSecondFactor),
        }
    }

    /// Who they are.
    #[must_use]
    pub fn me(&self) -> MeAnswer {
        let member = match &self.standing {
            Standing::Open => None,
            Standing::Member(member) | Standing::MustEnrol(member) => Some(member),
        };
        let scopes = Action::ALL.into_iter().filter_map(|action| Some((action, self.may(action).ok()?)));
        let scopes: Vec<(Action, Scope)> = scopes.collect();
        // Things are what a reach limits; who may not see things has none worth telling.
        let things = scopes.iter().find(|(action, _)| *action == Action::ReadThings);
        let reach: Option<&Reach> = things.map(|(_, scope)| scope.reach());
        MeAnswer {
            name: self.name.clone(),
            display_name: self.display_name.clone(),
            role: member.map(|member| member.role().name()),
            areas: reach.and_then(|reach| match &reach.areas {
                Areas::All => None,
                Areas::Towns(codes) => Some(codes.clone()),
            }),
            departments: reach.and_then(|reach| match &reach.departments {
                Departments::All => None,
                Departments::Only(codes) => Some(codes.clone()),
            }),
            clearance: reach.map_or("open", |reach| reach.clearance.name()),
            actions: scopes.iter().map(|(action, _)| action.name()).collect(),
            must_enrol_second_factor: matches!(self.standing, Standing::MustEnrol(_)),
            is_token: member.is_some_and(Member::is_token),
            is_open: self.is_open(),
        }
    }

    /// The same caller through a token of theirs.
    fn through(self, actions: &BTreeSet<Action>) -> Result<Self, CityError> {
        match &self.standing {
            Standing::Member(member) => {
                let reach = Reach::whole_district(cim_access::Clearance::Secret);
                let standing = Standing::Member(member.narrowed(actions, &reach));
                Ok(Self { standing, ..self })
            }
            // Nobody has a token of a server without accounts; a token is no way around the second factor.
            Standing::Open | Standing::MustEnrol(_) => Err(CityError::NotSignedIn),
        }
    }
}

impl City {
    /// Whose session it is. While the database is away, who was known a short while ago stays known.
    pub async fn caller_of_session(&self, id: &SessionId) -> Result<Arc<Caller>, CityError> {
        let digest = id.digest();
        let found = async {
            let Some(session) = self.inner.store.session(&digest).await? else { return Ok(None) };
            let now = Timestamp::now();
            let is_over = now.duration_since(session.created_at) >= LONGEST
                || now.duration_since(session.seen_at) >= IDLE;
            if is_over {
                return Ok(None);
            }
            self.inner.store.see_session(&digest).await?;
            Ok(Some(Caller::of_account(&session.account, session.has_second_factor)))
        };
        self.known_or(&digest, found).await
    }

    /// Whose token it is.
    pub async fn caller_of_token(&self, token: &ApiToken) -> Result<Arc<Caller>, CityError> {
        let digest = token.digest();
        let found = async {
            let Some(stored) = self.inner.store.api_token(&token.id()).await? else { return Ok(None) };
            if stored.digest != digest || stored.expires_at <= Timestamp::now() {
                return Ok(None);
            }
            self.inner.store.see_api_token(&token.id()).await?;
            Ok(Some(
                Caller::of_account(&stored.account, stored.account.identity.is_some())
                    .and_then(|caller| caller.through(&stored.actions)),
            ))
        };
        self.known_or(&digest, found).await
    }

    async fn known_or(
        &self,
        digest: &SecretDigest,
        found: impl Future<Output = Result<Option<Result<Caller, CityError>>, StoreError>>,
    ) -> Result<Arc<Caller>, CityError> {
        let known = &self.inner.accounts.known;
        if let Some(caller) = known.fresh(digest) {
            return Ok(caller);
        }
        match found.await {
            Ok(Some(caller)) => {
                let caller = Arc::new(caller.inspect_err(|_no_member| known.forget(digest))?);
                known.keep(digest, &caller);
                Ok(caller)
            }
            Ok(None) => {
                known.forget(digest);
                Err(CityError::NotSignedIn)
            }
            Err(error) if error.is_away() => known.any(digest).ok_or_else(|| failed(error)),
            Err(error) => Err(failed(error)),
        }
    }
}
