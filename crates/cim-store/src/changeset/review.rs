//! The way of a draft through its review, and what is said about it.

use cim_crs::LonLat;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use super::record::{ChangesetWrite, xid_of};
use crate::pool::Work;
use crate::{Store, StoreError, Xid, query};

/// A step of a draft's way.
#[derive(Debug, Clone, PartialEq)]
pub enum NewEvent {
    /// Its author gives it to be reviewed, with what changes hands.
    Submit(Json),
    /// Its author takes it back.
    Withdraw,
    /// Another approves it, from a day on, by a decision.
    Approve(Date, Option<String>),
    /// Another sends it back for a reason.
    Reject(String),
    /// Its author gives it up.
    Abandon,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesetEvent {
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// With what.
    pub detail: Json,
}

/// Something to be said about a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct NewComment {
    /// Who says it.
    pub actor: String,
    /// What.
    pub text: String,
    /// The place it is about.
    pub at: Option<LonLat>,
    /// The arc it is about.
    pub arc: Option<i64>,
    /// The unit it is about.
    pub unit: Option<i64>,
}

/// Something that was said about a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesetComment {
    /// Its number.
    pub id: i64,
    /// When it was said.
    pub said_at: Timestamp,
    /// By whom, what and where.
    pub comment: NewComment,
}

impl Store {
    /// Takes a step of a draft's way.
    pub async fn move_changeset(
        &self,
        id: i64,
        version: i32,
        actor: &str,
        event: &NewEvent,
    ) -> Result<ChangesetWrite, StoreError> {
        let by: (&(dyn ToSql + Sync), Type) = (&actor, Type::TEXT);
        match event {
            NewEvent::Submit(impact) => {
                let rest = [(impact as &(dyn ToSql + Sync), Type::JSONB), by];
                self.write_changeset(query::CHANGESET_SUBMIT, id, version, &rest).await
            }
            NewEvent::Withdraw => self.write_changeset(query::CHANGESET_WITHDRAW, id, version, &[by]).await,
            NewEvent::Approve(day, doc_no) => {
                let rest = [by, (day as &(dyn ToSql + Sync), Type::DATE), (doc_no, Type::TEXT)];
                self.write_changeset(query::CHANGESET_APPROVE, id, version, &rest).await
            }
            NewEvent::Reject(reason) => {
                let rest = [by, (reason as &(dyn ToSql + Sync), Type::TEXT)];
                self.write_changeset(query::CHANGESET_REJECT, id, version, &rest).await
            }
            NewEvent::Abandon => self.write_changeset(query::CHANGESET_ABANDON, id, version, &[by]).await,
        }
    }

    /// What happened to a draft, oldest first.
    pub async fn changeset_events(&self, id: i64) -> Result<Vec<ChangesetEvent>, StoreError> {
        let client = self.client().await?;
        let rows = query::CHANGESET_EVENTS.rows(&client, &[(&id, Type::INT8)]).await?;
        Ok(rows
            .iter()
            .map(|row| ChangesetEvent {
                action: row.get("action"),
                actor: row.get("actor"),
                at: row.get("at"),
                detail: row.get("detail"),
            })
            .collect())
    }

    /// Says something about a draft; what was said and the transaction that wrote it, none when there is no such draft.
    pub async fn add_changeset_comment(
        &self,
        id: i64,
        comment: &NewComment,
    ) -> Result<Option<(ChangesetComment, Option<Xid>)>, StoreError> {
        let client = self.client_for(Work::Writes).await?;
        let (lon, lat) = (comment.at.map(|at| at.lon), comment.at.map(|at| at.lat));
        let given: [(&(dyn ToSql + Sync), Type); 7] = [
            (&id, Type::INT8),
            (&comment.actor, Type::TEXT),
            (&comment.text, Type::TEXT),
            (&lon, Type::FLOAT8),
            (&lat, Type::FLOAT8),
            (&comment.arc, Type::INT8),
            (&comment.unit, Type::INT8),
        ];
        let rows = query::CHANGESET_ADD_COMMENT.rows(&client, &given).await?;
        let said = |row: &Row| {
            let said =
                ChangesetComment { id: row.get("id"), said_at: row.get("at"), comment: comment.clone() };
            (said, xid_of(row))
        };
        Ok(rows.first().map(said))
    }

    /// What was said about a draft, oldest first.
    pub async fn changeset_comments(&self, id: i64) -> Result<Vec<ChangesetComment>, StoreError> {
        let client = self.client().await?;
        let rows = query::CHANGESET_COMMENTS.rows(&client, &[(&id, Type::INT8)]).await?;
        let place = |lon: Option<f64>, lat: Option<f64>| Some(LonLat { lon: lon?, lat: lat? });
        Ok(rows
            .iter()
            .map(|row| ChangesetComment {
                id: row.get("id"),
                said_at: row.get("at"),
                comment: NewComment {
                    actor: row.get("actor"),
                    text: row.get("text"),
                    at: place(row.get("lon"), row.get("lat")),
                    arc: row.get("arc_id"),
                    unit: row.get("unit_id"),
                },
            })
            .collect())
    }
}
