//! The operations of a draft: add, undo, do again. Every write is kept at once.

use jiff::Timestamp;
use serde_json::Value as Json;
use tokio_postgres::types::{ToSql, Type};

use super::record::ChangesetWrite;
use crate::{Store, StoreError, query};

/// One operation of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesetOp {
    /// Its place, from 1.
    pub seq: i32,
    /// What was meant.
    pub operation: Json,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// All operations of a draft, those that were undone too.
    pub async fn changeset_ops(&self, id: i64) -> Result<Vec<ChangesetOp>, StoreError> {
        let client = self.client().await?;
        let rows = query::CHANGESET_OPS.rows(&client, &[(&id, Type::INT8)]).await?;
        Ok(rows
            .iter()
            .map(|row| ChangesetOp {
                seq: row.get("seq"),
                operation: row.get("operation"),
                actor: row.get("actor"),
                at: row.get("at"),
            })
            .collect())
    }

    /// Adds an operation after the last that holds; what was undone before is gone.
    pub async fn append_changeset_op(
        &self,
        id: i64,
        version: i32,
        operation: &Json,
        actor: &str,
    ) -> Result<ChangesetWrite, StoreError> {
        let rest: [(&(dyn ToSql + Sync), Type); 2] = [(operation, Type::JSONB), (&actor, Type::TEXT)];
        self.write_changeset(query::CHANGESET_APPEND_OP, id, version, &rest).await
    }

    /// So many operations hold from now on, at most those that are there.
    pub async fn move_changeset_cursor(
        &self,
        id: i64,
        version: i32,
        op_count: i32,
    ) -> Result<ChangesetWrite, StoreError> {
        let rest: [(&(dyn ToSql + Sync), Type); 1] = [(&op_count, Type::INT4)];
        self.write_changeset(query::CHANGESET_MOVE_CURSOR, id, version, &rest).await
    }

    /// Sets a draft on another revision; at most so many operations hold from now on, and what was undone is gone.
    pub async fn rebase_changeset(
        &self,
        id: i64,
        version: i32,
        base_rev: i32,
        actor: &str,
        op_count: i32,
    ) -> Result<ChangesetWrite, StoreError> {
        let rest: [(&(dyn ToSql + Sync), Type); 3] =
            [(&base_rev, Type::INT4), (&actor, Type::TEXT), (&op_count, Type::INT4)];
        self.write_changeset(query::CHANGESET_REBASE, id, version, &rest).await
    }
}
