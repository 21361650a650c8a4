//! A load into a live collection: the rows are staged beside it, and only what differs is written.

use cim_model::{Collection, Record};
use tokio::sync::mpsc::Receiver;
use tokio_postgres::Client;

use super::{CopyTarget, LoadCounts, LoadMode, copy};
use crate::{StoreError, query};

/// Makes the live rows equal to the given ones.
pub(super) async fn write(
    client: &Client,
    collection: Collection,
    mode: LoadMode,
    rows: &mut Receiver<Vec<Record>>,
) -> Result<LoadCounts, StoreError> {
    query::COLLECTION_CREATE_STAGING.batch_of(client, collection).await?;
    let given = copy(client, CopyTarget::Staging(collection), rows).await?;
    query::COLLECTION_INDEX_STAGING.batch_of(client, collection).await?;
    let removed = match mode {
        LoadMode::Merge => 0,
        LoadMode::Replace => query::COLLECTION_DELETE_MISSING.execute_of(client, collection).await?,
    };
    let changed = query::COLLECTION_UPDATE_CHANGED.execute_of(client, collection).await?;
    let loaded = query::COLLECTION_INSERT_NEW.execute_of(client, collection).await?;
    query::COLLECTION_DROP_STAGING.batch_of(client, collection).await?;
    Ok(LoadCounts { loaded, changed, unchanged: given - changed - loaded, removed })
}
