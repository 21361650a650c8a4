//! A draft's own row: begin, find, list.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::{RunsStatements, Work};
use crate::query::Query;
use crate::{Publication, Store, StoreError, Xid, query};

/// How far a draft has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangesetState {
    /// It is being drawn.
    Draft,
    /// It waits for a review.
    Submitted,
    /// It may be published.
    Approved,
    /// It was sent back.
    Rejected,
    /// It is a revision now.
    Published,
    /// It was given up.
    Abandoned,
}

impl ChangesetState {
    const ALL: [Self; 6] =
        [Self::Draft, Self::Submitted, Self::Approved, Self::Rejected, Self::Published, Self::Abandoned];

    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Published => "published",
            Self::Abandoned => "abandoned",
        }
    }

    /// The state with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether operations may be added and undone.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Rejected)
    }
}

/// A draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Changeset {
    /// Its number.
    pub id: i64,
    /// The division code of the city.
    pub city_code: String,
    /// What it is for.
    pub title: String,
    /// How far it has come.
    pub state: ChangesetState,
    /// Who drew it.
    pub author: String,
    /// The published state that its operations begin from.
    pub base_rev: i32,
    /// How many of its operations hold.
    pub op_count: i32,
    /// Rises with every write.
    pub version: i32,
    /// Whether it may move the outline of the city.
    pub opens_outline: bool,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last written.
    pub changed_at: Timestamp,
    /// When it was given to be reviewed.
    pub submitted_at: Option<Timestamp>,
    /// Who reviewed it.
    pub reviewer: Option<String>,
    /// When that was.
    pub reviewed_at: Option<Timestamp>,
    /// The day from which it is to hold.
    pub effective_from: Option<Date>,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
    /// What changes hands, as it was when it was submitted.
    pub impact: Option<Json>,
    /// The revision it became.
    pub rev: Option<i32>,
}

/// The answer to a write on a draft.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangesetWrite {
    /// Written; the draft as it is now.
    Written {
        /// The draft.
        changeset: Box<Changeset>,
        /// The writing transaction.
        xid: Option<Xid>,
    },
    /// It is not the version any more that the caller saw, or its state does not allow the write.
    Refused(Box<Changeset>),
    /// There is no such draft.
    NoSuchChangeset,
}

impl Store {
    /// Begins a draft, with its first operation where one is given.
    pub async fn create_changeset(
        &self,
        city_code: &str,
        title: &str,
        author: &str,
        base_rev: i32,
        opens_outline: bool,
        first: Option<&Json>,
    ) -> Result<(Changeset, Option<Xid>), StoreError> {
        let client = self.client_for(Work::Writes).await?;
        let given: [(&(dyn ToSql + Sync), Type); 6] = [
            (&city_code, Type::TEXT),
            (&title, Type::TEXT),
            (&author, Type::TEXT),
            (&base_rev, Type::INT4),
            (&opens_outline, Type::BOOL),
            (&first, Type::JSONB),
        ];
        let row = query::CHANGESET_CREATE.row(&client, &given).await?;
        Ok((of_row(&row), xid_of(&row)))
    }

    /// One draft.
    pub async fn changeset(&self, id: i64) -> Result<Option<Changeset>, StoreError> {
        find(&self.client().await?, query::CHANGESET_FIND, id).await
    }

    /// Drafts before one, the latest first.
    pub async fn changesets(
        &self,
        before: i64,
        limit: i64,
        state: Option<ChangesetState>,
        author: Option<&str>,
    ) -> Result<Vec<Changeset>, StoreError> {
        let client = self.client().await?;
        let given: [(&(dyn ToSql + Sync), Type); 4] = [
            (&before, Type::INT8),
            (&limit, Type::INT8),
            (&state.map(ChangesetState::name), Type::TEXT),
            (&author, Type::TEXT),
        ];
        let rows = query::CHANGESET_LIST.rows(&client, &given).await?;
        Ok(rows.iter().map(of_row).collect())
    }

    /// Runs a statement whose first parameters are the draft and the version read, and says what became of it.
    pub(super) async fn write_changeset(
        &self,
        statement: Query,
        id: i64,
        version: i32,
        rest: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<ChangesetWrite, StoreError> {
        write(&self.client_for(Work::Writes).await?, statement, id, version, rest).await
    }
}

impl Publication {
    /// The draft, held until this transaction ends.
    pub async fn changeset(&self, id: i64) -> Result<Option<Changeset>, StoreError> {
        find(&self.client, query::CHANGESET_FIND_TO_PUBLISH, id).await
    }

    /// Marks a draft as published with a revision.
    pub async fn mark_published(
        &self,
        id: i64,
        version: i32,
        rev: i32,
        actor: &str,
    ) -> Result<ChangesetWrite, StoreError> {
        let rest: [(&(dyn ToSql + Sync), Type); 2] = [(&rev, Type::INT4), (&actor, Type::TEXT)];
        write(&self.client, query::CHANGESET_PUBLISH, id, version, &rest).await
    }
}

async fn write(
    client: &impl RunsStatements,
    statement: Query,
    id: i64,
    version: i32,
    rest: &[(&(dyn ToSql + Sync), Type)],
) -> Result<ChangesetWrite, StoreError> {
    let mut given: Vec<(&(dyn ToSql + Sync), Type)> = vec![(&id, Type::INT8), (&version, Type::INT4)];
    given.extend(rest.iter().map(|(value, of)| (*value, of.clone())));
    if let Some(row) = statement.rows(client, &given).await?.first() {
        return Ok(ChangesetWrite::Written { changeset: Box::new(of_row(row)), xid: xid_of(row) });
    }
    let found = find(client, query::CHANGESET_FIND, id).await?;
    Ok(found.map_or(ChangesetWrite::NoSuchChangeset, |found| ChangesetWrite::Refused(Box::new(found))))
}

async fn find(
    client: &impl RunsStatements,
    statement: Query,
    id: i64,
) -> Result<Option<Changeset>, StoreError> {
    Ok(statement.rows(client, &[(&id, Type::INT8)]).await?.first().map(of_row))
}

pub(super) fn xid_of(row: &Row) -> Option<Xid> {
    row.get::<_, Option<&str>>("xid").and_then(|number| number.parse().ok()).map(Xid)
}

fn of_row(row: &Row) -> Changeset {
    Changeset {
        id: row.get("id"),
        city_code: row.get("city_code"),
        title: row.get("title"),
        // The schema knows no other.
        state: ChangesetState::from_name(row.get("state")).unwrap_or(ChangesetState::Abandoned),
        author: row.get("author"),
        base_rev: row.get("base_rev"),
        op_count: row.get("op_count"),
        version: row.get("version"),
        opens_outline: row.get("opens_outline"),
        created_at: row.get("created_at"),
        changed_at: row.get("changed_at"),
        submitted_at: row.get("submitted_at"),
        reviewer: row.get("reviewer"),
        reviewed_at: row.get("reviewed_at"),
        effective_from: row.get("effective_from"),
        doc_no: row.get("doc_no"),
        impact: row.get("impact"),
        rev: row.get("rev"),
    }
}
