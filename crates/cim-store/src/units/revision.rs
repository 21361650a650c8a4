//! Published states of boundaries: which there are, and which one held when.

use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::RunsStatements;
use crate::query::Query;
use crate::{Store, StoreError, query};

/// A published state of a city's boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number, rising over all cities.
    pub rev: i32,
    /// The state it followed.
    pub parent: Option<i32>,
    /// The division code of the city.
    pub city_code: String,
    /// `load`, `publish`, `revert` or `correction`.
    pub kind: String,
    /// Whether it is an exact partition; otherwise editing is locked.
    pub clean: bool,
    /// The name of the finest level.
    pub base_level: String,
    /// Since when it is known.
    pub published_at: Timestamp,
    /// The day from which it holds.
    pub effective_from: Date,
    /// Since when maps and answers show it; none until then.
    pub activated_at: Option<Timestamp>,
    /// Who published it.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
    /// SHA-256 over all units and borders in canonical order.
    pub state_hash: Vec<u8>,
    /// The draft it came from.
    pub changeset: Option<i64>,
}

/// What became of a unit with a revision.
#[derive(Debug, Clone, PartialEq)]
pub struct LineageRow {
    /// The revision.
    pub rev: i32,
    /// `split`, `merge`, `carve`, `reparent`, `recode`, `rename`, `retire`, `reshape`.
    pub kind: String,
    /// Level and code of the unit that was there.
    pub from: Option<(String, String)>,
    /// Level and code of the unit that is there.
    pub to: Option<(String, String)>,
    /// The part of the old unit's ground that the other has now.
    pub area_share: Option<f64>,
}

impl Store {
    /// The cities that have boundaries.
    pub async fn boundary_cities(&self) -> Result<Vec<String>, StoreError> {
        let rows = query::REVISION_CITIES.rows(&self.client().await?, &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// One revision.
    pub async fn revision(&self, rev: i32) -> Result<Option<Revision>, StoreError> {
        first(&self.client().await?, query::REVISION_FIND, &[(&rev, Type::INT4)]).await
    }

    /// Revisions before one, the latest first.
    pub async fn revisions(
        &self,
        before: i32,
        city_code: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Revision>, StoreError> {
        let client = self.client().await?;
        let rows = query::REVISION_LIST
            .rows(&client, &[(&before, Type::INT4), (&city_code, Type::TEXT), (&limit, Type::INT8)])
            .await?;
        Ok(rows.iter().map(of_row).collect())
    }

    /// The latest revision of a city, whether its day has come or not.
    pub async fn head_revision(&self, city_code: &str) -> Result<Option<Revision>, StoreError> {
        head(&self.client().await?, city_code).await
    }

    /// The revision of a city that maps and answers show.
    pub async fn active_revision(&self, city_code: &str) -> Result<Option<Revision>, StoreError> {
        active(&self.client().await?, city_code).await
    }

    /// Whether a city has a revision that does not hold yet although its day has come.
    pub async fn has_due_revision(&self, city_code: &str, today: Date) -> Result<bool, StoreError> {
        let given: [(&(dyn ToSql + Sync), Type); 2] = [(&city_code, Type::TEXT), (&today, Type::DATE)];
        Ok(first(&self.client().await?, query::REVISION_DUE, &given).await?.is_some())
    }

    /// The revision of a city that held on a day, as far as was known at a time.
    pub async fn revision_as_of(
        &self,
        city_code: &str,
        day: Date,
        known_at: Timestamp,
    ) -> Result<Option<Revision>, StoreError> {
        let asked: [(&(dyn ToSql + Sync), Type); 3] =
            [(&city_code, Type::TEXT), (&day, Type::DATE), (&known_at, Type::TIMESTAMPTZ)];
        first(&self.client().await?, query::REVISION_AS_OF, &asked).await
    }

    /// What became of units with a revision.
    pub async fn lineage_of(&self, rev: i32) -> Result<Vec<LineageRow>, StoreError> {
        let rows = query::REVISION_LINEAGE_OF.rows(&self.client().await?, &[(&rev, Type::INT4)]).await?;
        Ok(rows.iter().map(|row| lineage(row, rev)).collect())
    }

    /// What became of a unit through all revisions, the latest first.
    pub async fn lineage_of_unit(&self, unit: i64) -> Result<Vec<LineageRow>, StoreError> {
        let client = self.client().await?;
        let rows = query::REVISION_LINEAGE_OF_UNIT.rows(&client, &[(&unit, Type::INT8)]).await?;
        Ok(rows.iter().map(|row| lineage(row, row.get("rev"))).collect())
    }
}

pub(super) async fn head(
    client: &impl RunsStatements,
    city_code: &str,
) -> Result<Option<Revision>, StoreError> {
    first(client, query::REVISION_HEAD, &[(&city_code, Type::TEXT)]).await
}

pub(super) async fn active(
    client: &impl RunsStatements,
    city_code: &str,
) -> Result<Option<Revision>, StoreError> {
    first(client, query::REVISION_ACTIVE, &[(&city_code, Type::TEXT)]).await
}

pub(super) async fn first(
    client: &impl RunsStatements,
    statement: Query,
    parameters: &[(&(dyn ToSql + Sync), Type)],
) -> Result<Option<Revision>, StoreError> {
    Ok(statement.rows(client, parameters).await?.first().map(of_row))
}

fn of_row(row: &Row) -> Revision {
    Revision {
        rev: row.get("rev"),
        parent: row.get("parent"),
        city_code: row.get("city_code"),
        kind: row.get("kind"),
        clean: row.get("clean"),
        base_level: row.get("base_level"),
        published_at: row.get("published_at"),
        effective_from: row.get("effective_from"),
        activated_at: row.get("activated_at"),
        actor: row.get("actor"),
        reason: row.get("reason"),
        doc_no: row.get("doc_no"),
        state_hash: row.get("state_hash"),
        changeset: row.get("changeset_id"),
    }
}

fn lineage(row: &Row, rev: i32) -> LineageRow {
    let unit = |level: &str, code: &str| {
        let level: Option<String> = row.get(level);
        level.zip(row.get::<_, Option<String>>(code))
    };
    LineageRow {
        rev,
        kind: row.get("kind"),
        from: unit("from_level", "from_code"),
        to: unit("to_level", "to_code"),
        area_share: row.get("area_share"),
    }
}
