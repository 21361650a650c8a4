//! Who asks: signing in, sessions, tokens, second factors, and the log of what was done.

mod audit;
mod caller;
mod federation;
mod invitation;
mod known;
mod second_factor;
mod set_up;
mod sign_in;
mod token;
mod users;

use std::sync::Arc;

use cim_store::{Store, StoreError};
use jiff::Timestamp;
use tokio::sync::Semaphore;

pub use audit::{AuditAnswer, AuditPage};
pub use caller::{Caller, MeAnswer};
pub use federation::{FederatedPerson, FederationRefusal, FederationRules, GroupRule};
pub use invitation::{InvitationAnswer, LOCAL_WORDS, TakenInvitation, invite};
pub use second_factor::{EnrolAnswer, EnrolBody};
pub use set_up::{SetUpAnswer, SetUpBody};
pub use sign_in::{SignIn, SignedIn};
pub use token::{NewTokenBody, TokenAnswer};
pub use users::{AddedUser, ChangedUser, GrantedMembership, Named, UserAnswer};

use caller::{IDLE, LONGEST};
use known::KnownCallers;
use set_up::SetUpKey;

/// Forgets sessions that have ended by themselves.
pub(crate) async fn forget_ended_sessions(store: &Store) -> Result<u64, StoreError> {
    let now = Timestamp::now();
    store.prune_sessions(now - LONGEST, now - IDLE).await
}

/// Hashes that are worked out at once: each takes 46 MiB and 60 ms of a core, and a flood of them must not take the server.
const HASHES_AT_ONCE: usize = 2;

/// What is kept in memory about callers.
pub(crate) struct AccountDesk {
    hashing: Arc<Semaphore>,
    known: KnownCallers,
    set_up: SetUpKey,
}

impl Default for AccountDesk {
    fn default() -> Self {
        Self {
            hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)),
            known: KnownCallers::default(),
            set_up: SetUpKey::default(),
        }
    }
}
