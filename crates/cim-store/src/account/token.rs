//! API tokens: keys of programs.

use std::collections::BTreeSet;

use cim_access::Action;
use cim_access::secret::{SecretDigest, TokenId};
use jiff::Timestamp;
use tokio_postgres::types::{ToSql, Type};

use super::record::{StoredAccount, account_of};
use crate::pool::Work;
use crate::{Store, StoreError, query};

/// A token to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewToken {
    /// The part that may be shown.
    pub id: TokenId,
    /// Of the secret part.
    pub digest: SecretDigest,
    /// What it is for.
    pub title: String,
    /// What it may do.
    pub actions: BTreeSet<Action>,
    /// Its end, at most a year from now.
    pub expires_at: Timestamp,
}

/// A token and whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredToken {
    /// Of the secret part.
    pub digest: SecretDigest,
    /// What it may do.
    pub actions: BTreeSet<Action>,
    /// Its end.
    pub expires_at: Timestamp,
    /// Whose it is, as the account is now.
    pub account: StoredAccount,
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenLine {
    /// The part that may be shown.
    pub id: String,
    /// What it is for.
    pub title: String,
    /// What it may do.
    pub actions: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its end.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Adds a token; false where there is no such account.
    pub async fn add_api_token(
        &self,
        account: &str,
        new: &NewToken,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let actions: Vec<&str> = new.actions.iter().map(|action| action.name()).collect();
        let given: [(&(dyn ToSql + Sync), Type); 7] = [
            (&new.id.to_string(), Type::TEXT),
            (&account, Type::TEXT),
            (&new.digest.as_bytes().as_slice(), Type::BYTEA),
            (&new.title, Type::TEXT),
            (&actions, Type::TEXT_ARRAY),
            (&new.expires_at, Type::TIMESTAMPTZ),
            (&actor, Type::TEXT),
        ];
        Ok(!query::API_TOKEN_ADD.rows(&self.client_for(Work::Accounts).await?, &given).await?.is_empty())
    }

    /// The token of an id, unless it was revoked.
    pub async fn api_token(&self, id: &TokenId) -> Result<Option<StoredToken>, StoreError> {
        let rows = query::API_TOKEN_FIND
            .rows(&self.client_for(Work::Accounts).await?, &[(&id.to_string(), Type::TEXT)])
            .await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let digest = <[u8; 32]>::try_from(row.get::<_, &[u8]>("digest"));
        let unknown =
            |column: &'static str, word: &str| StoreError::UnknownWord { column, word: word.to_owned() };
        let actions: Vec<&str> = row.get("actions");
        Ok(Some(StoredToken {
            digest: SecretDigest::from_bytes(digest.map_err(|_length| unknown("digest", "…"))?),
            // An action that is no more cannot be done.
            actions: actions.iter().filter_map(|name| name.parse().ok()).collect(),
            expires_at: row.get("expires_at"),
            account: account_of(row)?,
        }))
    }

    /// The tokens of an account, the latest first.
    pub async fn api_tokens(&self, account: &str) -> Result<Vec<TokenLine>, StoreError> {
        let rows = query::API_TOKEN_LIST
            .rows(&self.client_for(Work::Accounts).await?, &[(&account, Type::TEXT)])
            .await?;
        Ok(rows
            .iter()
            .map(|row| TokenLine {
                id: row.get("id"),
                title: row.get("title"),
                actions: row.get("actions"),
                created_at: row.get("created_at"),
                expires_at: row.get("expires_at"),
                used_at: row.get("used_at"),
            })
            .collect())
    }

    /// A token was used.
    pub async fn see_api_token(&self, id: &TokenId) -> Result<(), StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&id.to_string(), Type::TEXT)];
        query::API_TOKEN_SEE.execute(&self.client_for(Work::Accounts).await?, &given).await.map(drop)
    }

    /// Revokes a token, of one account where that is named; false where there was none.
    pub async fn revoke_api_token(
        &self,
        id: &TokenId,
        account: Option<&str>,
        actor: &str,
    ) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 3] =
            [(&id.to_string(), Type::TEXT), (&account, Type::TEXT), (&actor, Type::TEXT)];
        Ok(!query::API_TOKEN_REVOKE.rows(&self.client_for(Work::Accounts).await?, &given).await?.is_empty())
    }
}
