//! Accounts of people who sign in at the district's identity provider.

use tokio_postgres::types::{ToSql, Type};

use super::record::{StoredAccount, account_of};
use crate::pool::Work;
use crate::{Store, StoreError, query};

impl Store {
    /// The account of an identity, as issuer and subject.
    pub async fn account_of_identity(&self, identity: &str) -> Result<Option<StoredAccount>, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 1] = [(&identity, Type::TEXT)];
        let rows = query::ACCOUNT_OF_IDENTITY.rows(&self.client_for(Work::Accounts).await?, &given).await?;
        rows.first().map(account_of).transpose()
    }

    /// Binds an account that was invited, and has no way to sign in yet, to an identity; false where there is none such.
    pub async fn bind_identity(&self, name: &str, identity: &str) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&name, Type::TEXT), (&identity, Type::TEXT)];
        let rows = query::ACCOUNT_BIND_IDENTITY.rows(&self.client_for(Work::Accounts).await?, &given).await?;
        Ok(!rows.is_empty())
    }
}
