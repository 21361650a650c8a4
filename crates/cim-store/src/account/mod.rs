//! Accounts, their sessions and tokens, and wrong passwords.

mod identity;
mod invitation;
mod record;
mod session;
mod token;

use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::Work;
use crate::{Store, StoreError, query};

pub use invitation::NewInvitation;
pub use record::{NewAccount, StoredAccount};
pub use session::StoredSession;
pub use token::{NewToken, StoredToken, TokenLine};

impl Store {
    /// Whether anybody could sign in.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        Ok(query::ACCOUNT_EXIST.row(&self.client_for(Work::Accounts).await?, &[]).await?.get(0))
    }

    /// The account of a name.
    pub async fn account(&self, name: &str) -> Result<Option<StoredAccount>, StoreError> {
        let rows =
            query::ACCOUNT_FIND.rows(&self.client_for(Work::Accounts).await?, &[(&name, Type::TEXT)]).await?;
        rows.first().map(record::account_of).transpose()
    }

    /// All accounts by name.
    pub async fn accounts(&self) -> Result<Vec<StoredAccount>, StoreError> {
        let rows = query::ACCOUNT_LIST.rows(&self.client_for(Work::Accounts).await?, &[]).await?;
        rows.iter().map(record::account_of).collect()
    }

    /// Adds an account; the audit log tells who did.
    pub async fn add_account(&self, new: &NewAccount, actor: &str) -> Result<(), StoreError> {
        record::add_account(&self.client_for(Work::Accounts).await?, new, actor).await
    }

    /// Gives an account another display name or state; false where there is no such account.
    pub async fn change_account(
        &self,
        name: &str,
        display_name: Option<&str>,
        state: Option<cim_access::MembershipState>,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let state = state.map(cim_access::MembershipState::name);
        let given: [(&(dyn ToSql + Sync), Type); 4] =
            [(&name, Type::TEXT), (&display_name, Type::TEXT), (&state, Type::TEXT), (&actor, Type::TEXT)];
        Ok(!query::ACCOUNT_CHANGE.rows(&self.client_for(Work::Accounts).await?, &given).await?.is_empty())
    }

    /// Gives an account another role, reach, state or dates and ends its sessions; false where there is no such account.
    pub async fn set_membership(
        &self,
        name: &str,
        membership: &cim_access::Membership,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let words = record::MembershipWords::of(membership);
        let given: [(&(dyn ToSql + Sync), Type); 9] = [
            (&name, Type::TEXT),
            (&words.role, Type::TEXT),
            (&words.areas, Type::TEXT_ARRAY),
            (&words.departments, Type::TEXT_ARRAY),
            (&words.clearance, Type::TEXT),
            (&words.state, Type::TEXT),
            (&membership.from, Type::DATE),
            (&membership.until, Type::DATE),
            (&actor, Type::TEXT),
        ];
        Ok(!query::ACCOUNT_SET_MEMBERSHIP
            .rows(&self.client_for(Work::Accounts).await?, &given)
            .await?
            .is_empty())
    }

    /// Gives an account another password and ends its sessions; false where there is no such account.
    pub async fn set_password(&self, name: &str, hash: &str, actor: &str) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 3] =
            [(&name, Type::TEXT), (&hash, Type::TEXT), (&actor, Type::TEXT)];
        Ok(!query::ACCOUNT_SET_PASSWORD
            .rows(&self.client_for(Work::Accounts).await?, &given)
            .await?
            .is_empty())
    }

    /// Enrols a second factor, or takes it away; false where there is no such account.
    pub async fn set_second_factor(
        &self,
        name: &str,
        secret: Option<&str>,
        last_step: Option<i64>,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 4] =
            [(&name, Type::TEXT), (&secret, Type::TEXT), (&last_step, Type::INT8), (&actor, Type::TEXT)];
        Ok(!query::ACCOUNT_SET_SECOND_FACTOR
            .rows(&self.client_for(Work::Accounts).await?, &given)
            .await?
            .is_empty())
    }

    /// Takes a step of a second factor; false where it was taken before, also by somebody at the same time.
    pub async fn use_step(&self, account: i64, step: i64) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&account, Type::INT8), (&step, Type::INT8)];
        Ok(query::ACCOUNT_USE_STEP.execute(&self.client_for(Work::Accounts).await?, &given).await? == 1)
    }

    /// Keeps the same password under a hash of today's cost.
    pub async fn rehash_password(&self, account: i64, hash: &str) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&account, Type::INT8), (&hash, Type::TEXT)];
        query::ACCOUNT_REHASH.execute(&self.client_for(Work::Accounts).await?, &given).await.map(drop)
    }

    /// When wrong passwords were given for a name, since the last right one and a moment.
    pub async fn sign_in_failures(&self, name: &str, since: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&name, Type::TEXT), (&since, Type::TIMESTAMPTZ)];
        let rows = query::ACCOUNT_FAILURES.rows(&self.client_for(Work::Accounts).await?, &given).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// A wrong password was given for a name.
    pub async fn add_sign_in_failure(&self, name: &str) -> Result<(), StoreError> {
        query::ACCOUNT_ADD_FAILURE
            .execute(&self.client_for(Work::Accounts).await?, &[(&name, Type::TEXT)])
            .await
            .map(drop)
    }
}
