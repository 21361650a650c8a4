//! Sending records to PostgreSQL as they come, in bounded memory.

use std::pin::pin;

use bytes::{Bytes, BytesMut};
use cim_model::{Collection, Record};
use futures_util::SinkExt;
use tokio::sync::mpsc::Receiver;
use tokio_postgres::{Client, CopyInSink};

use crate::query::Query;
use crate::{StoreError, copy_format, query};

/// Rows are sent in pieces of about this size.
const PIECE_BYTES: usize = 256 * 1024;

/// Where rows go.
#[derive(Debug, Clone, Copy)]
pub(super) enum CopyTarget {
    /// Straight into the collection's table.
    Table(Collection),
    /// Beside it.
    Staging(Collection),
}

/// Copies all rows that arrive until the channel closes, and says how many they were.
pub(super) async fn copy(
    client: &Client,
    target: CopyTarget,
    rows: &mut Receiver<Vec<Record>>,
) -> Result<u64, StoreError> {
    let (statement, collection) = match target {
        CopyTarget::Table(collection) => (query::COLLECTION_COPY_IN, collection),
        CopyTarget::Staging(collection) => (query::COLLECTION_COPY_STAGING, collection),
    };
    let spec = collection.spec();
    let mut sink = pin!(open(client, statement, &statement.of(collection)).await?);
    let mut piece = BytesMut::with_capacity(2 * PIECE_BYTES);
    copy_format::begin(&mut piece);
    while let Some(records) = rows.recv().await {
        for record in &records {
            copy_format::row(spec, record, &mut piece)?;
            if piece.len() >= PIECE_BYTES {
                let full = std::mem::replace(&mut piece, BytesMut::with_capacity(2 * PIECE_BYTES));
                sink.send(full.freeze()).await.map_err(|source| statement.refused(source))?;
            }
        }
    }
    copy_format::end(&mut piece);
    sink.send(piece.freeze()).await.map_err(|source| statement.refused(source))?;
    sink.finish().await.map_err(|source| statement.refused(source))
}

/// Opens a COPY; a sink that is dropped unfinished makes PostgreSQL refuse the whole of it.
pub(crate) async fn open(
    client: &Client,
    statement: Query,
    text: &str,
) -> Result<CopyInSink<Bytes>, StoreError> {
    client.copy_in(text).await.map_err(|source| statement.refused(source))
}
