//! Invitations: links with which somebody chooses a password once.

use cim_access::secret::SecretDigest;
use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::NewAccount;
use super::record::add_account;
use crate::pool::{RunsStatements, Work};
use crate::{Store, StoreError, query};

/// An invitation to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewInvitation {
    /// Of the key in the link.
    pub digest: SecretDigest,
    /// When it holds no longer.
    pub expires_at: Timestamp,
}

impl Store {
    /// Adds the first accounts with their invitations, all or none; false where there is any account already.
    pub async fn add_first_accounts(
        &self,
        accounts: &[(NewAccount, NewInvitation)],
        actor: &str,
    ) -> Result<bool, StoreError> {
        let client = self.client_for(Work::Accounts).await?;
        client.begin().await?;
        query::ACCOUNT_LOCK_ALL.row(&client, &[]).await?;
        if query::ACCOUNT_EXIST.row(&client, &[]).await?.get(0) {
            return Ok(false);
        }
        for (account, invitation) in accounts {
            add_account(&client, account, actor).await?;
            add_invitation(&client, &account.name, invitation, actor).await?;
        }
        client.commit().await?;
        Ok(true)
    }

    /// Adds an account with its invitation.
    pub async fn add_invited(
        &self,
        account: &NewAccount,
        invitation: &NewInvitation,
        actor: &str,
    ) -> Result<(), StoreError> {
        let client = self.client_for(Work::Accounts).await?;
        client.begin().await?;
        add_account(&client, account, actor).await?;
        add_invitation(&client, &account.name, invitation, actor).await?;
        client.commit().await
    }

    /// Invites an account, in the place of an invitation there was; its role, or none where there is no such account.
    pub async fn invite(
        &self,
        name: &str,
        invitation: &NewInvitation,
        actor: &str,
    ) -> Result<Option<String>, StoreError> {
        add_invitation(&self.client_for(Work::Accounts).await?, name, invitation, actor).await
    }

    /// The name of who is invited under a digest, while that holds.
    pub async fn invited(&self, digest: &SecretDigest) -> Result<Option<String>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&digest.as_bytes().as_slice(), Type::BYTEA)];
        let rows = query::INVITATION_FIND.rows(&self.client_for(Work::Accounts).await?, &given).await?;
        Ok(rows.first().map(|row| row.get("name")))
    }

    /// Takes an invitation: its account gets the password and is active. False where it does not hold.
    pub async fn take_invitation(&self, digest: &SecretDigest, hash: &str) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] =
            [(&digest.as_bytes().as_slice(), Type::BYTEA), (&hash, Type::TEXT)];
        Ok(!query::INVITATION_TAKE.rows(&self.client_for(Work::Accounts).await?, &given).await?.is_empty())
    }
}

async fn add_invitation(
    client: &impl RunsStatements,
    name: &str,
    invitation: &NewInvitation,
    actor: &str,
) -> Result<Option<String>, StoreError> {
    let given: [(&(dyn ToSql + Sync), Type); 4] = [
        (&name, Type::TEXT),
        (&invitation.digest.as_bytes().as_slice(), Type::BYTEA),
        (&invitation.expires_at, Type::TIMESTAMPTZ),
        (&actor, Type::TEXT),
    ];
    let rows = query::INVITATION_ADD.rows(client, &given).await?;
    Ok(rows.first().map(|row| row.get("role")))
}
