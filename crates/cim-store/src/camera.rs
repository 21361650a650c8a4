//! The record of who looked through which camera.

use tokio_postgres::types::Type;

use crate::{Store, StoreError, query};

impl Store {
    /// Records a look through a camera and its purpose.
    pub async fn record_look_up(&self, gb_id: &str, purpose: &str) -> Result<(), StoreError> {
        let client = self.client().await?;
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
            [(&gb_id, Type::TEXT), (&purpose, Type::TEXT)];
        query::CAMERA_RECORD_LOOK_UP.execute(&client, &parameters).await?;
        Ok(())
    }
}
