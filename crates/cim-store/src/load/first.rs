//! The first load of a collection: one COPY into the bare table, indexes after it.

use cim_model::{Collection, Record};
use tokio::sync::mpsc::Receiver;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use super::{CopyTarget, LoadCounts, copy};
use crate::{StoreError, query};

/// Writes the rows into a table that never held one.
pub(super) async fn write(
    client: &Client,
    collection: Collection,
    rows: &mut Receiver<Vec<Record>>,
) -> Result<LoadCounts, StoreError> {
    query::COLLECTION_BEGIN_BULK.batch_of(client, collection).await?;
    let table = format!("cim.\"{collection}\"");
    let indexes = query::LOAD_SECONDARY_INDEXES.rows(client, &[(&table, Type::TEXT)]).await?;
    for index in &indexes {
        let name: &str = index.get("name");
        query::LOAD_DROP_INDEX
            .batch_text(client, query::LOAD_DROP_INDEX.text.replace("{index}", name))
            .await?;
    }
    let loaded = copy(client, CopyTarget::Table(collection), rows).await?;
    for index in &indexes {
        // The definition is PostgreSQL's own text of the index that was there.
        query::LOAD_BUILD_INDEX
            .batch_text(client, query::LOAD_BUILD_INDEX.text.replace("{definition}", index.get("definition")))
            .await?;
    }
    query::COLLECTION_END_BULK.batch_of(client, collection).await?;
    if loaded > 0 {
        query::FEED_LOG_RELOAD.execute(client, &[(&collection.name(), Type::TEXT)]).await?;
    }
    Ok(LoadCounts { loaded, ..LoadCounts::default() })
}
