//! The record of who looked through which camera.

use tokio_postgres::types::Type;

use crate::{Store, StoreError, query};

impl Store {
    /// Records who looks through a camera and for what, also in the audit log.
    pub async fn record_look_up(&self, gb_id: &str, purpose: &str, actor: &str) -> Result<(), StoreError> {
        let client = self.client_for(crate::pool::Work::Accounts).await?;
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 3] =
            [(&gb_id, Type::TEXT), (&purpose, Type::TEXT), (&actor, Type::TEXT)];
        query::CAMERA_RECORD_LOOK_UP.row(&client, &parameters).await.map(drop)
    }
}
