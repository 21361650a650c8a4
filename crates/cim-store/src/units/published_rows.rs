//! The rows of a new revision: elements that end and begin, and lines of descent.

use bytes::BytesMut;
use cim_coverage::{BorderArc, Change, Delta};
use cim_model::Collection;
use serde_json::{Value as Json, json};
use tokio_postgres::types::{ToSql, Type};

use super::faces::send;
use super::level::collection_of;
use super::publication::{NewLineage, Publication};
use crate::query::Query;
use crate::{StoreError, copy_format, query};

impl Publication {
    pub(super) async fn write_units(&self, rev: i32, delta: &Delta) -> Result<(), StoreError> {
        self.end(query::COVERAGE_END_UNITS, rev, ended(&delta.units, |no| no.0)).await?;
        let rows: Vec<Json> = delta
            .units
            .iter()
            .filter_map(|change| Some((change.no, change.after.as_ref()?)))
            .map(|(no, unit)| {
                json!({
                    "id": no.0,
                    "level": collection_of(unit.level).map(Collection::name),
                    "code": unit.code,
                    "name": unit.name,
                    "kind": unit.kind,
                    "urban_rural_class": unit.class,
                    "parent_id": unit.parent.map(|parent| parent.0),
                    "parent_code": unit.parent_code,
                })
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let given: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.city_code, Type::TEXT), (&rev, Type::INT4), (&Json::Array(rows), Type::JSONB)];
        query::COVERAGE_WRITE_UNITS.execute(&self.client, &given).await.map(drop)
    }

    pub(super) async fn write_ground(&self, rev: i32, delta: &Delta) -> Result<(), StoreError> {
        self.end(query::COVERAGE_CLOSE_FACES, rev, ended(&delta.faces, |no| no.0)).await?;
        self.end(query::COVERAGE_CLOSE_NODES, rev, ended(&delta.nodes, |no| no.0)).await?;
        self.end(query::COVERAGE_CLOSE_ARCS, rev, ended(&delta.arcs, |no| no.0)).await?;
        self.begin(
            query::COVERAGE_COPY_FACES,
            5,
            rev,
            &delta.faces,
            |no| no.0,
            |face, out| {
                copy_format::int(Some(face.base.0), out);
                copy_format::int(face.overlay.map(|unit| unit.0), out);
            },
        )
        .await?;
        self.begin(
            query::COVERAGE_COPY_NODES,
            5,
            rev,
            &delta.nodes,
            |no| no.0,
            |at, out| {
                copy_format::int(Some(at.x), out);
                copy_format::int(Some(at.y), out);
            },
        )
        .await?;
        self.begin(query::COVERAGE_COPY_ARCS, 8, rev, &delta.arcs, |no| no.0, |arc, out| write_arc(arc, out))
            .await
    }

    async fn end(&self, statement: Query, rev: i32, numbers: Vec<i64>) -> Result<(), StoreError> {
        if numbers.is_empty() {
            return Ok(());
        }
        statement.execute(&self.client, &[(&numbers, Type::INT8_ARRAY), (&rev, Type::INT4)]).await.map(drop)
    }

    async fn begin<N: Copy, T>(
        &self,
        statement: Query,
        columns: usize,
        rev: i32,
        changes: &[Change<N, T>],
        number: impl Fn(N) -> i64,
        write: impl Fn(&T, &mut BytesMut),
    ) -> Result<(), StoreError> {
        match self.rows(columns, rev, changes, number, write) {
            Some(rows) => send(&self.client, statement, rows).await,
            None => Ok(()),
        }
    }

    /// The elements that begin, as COPY takes them; none when there are none.
    fn rows<N: Copy, T>(
        &self,
        columns: usize,
        rev: i32,
        changes: &[Change<N, T>],
        number: impl Fn(N) -> i64,
        write: impl Fn(&T, &mut BytesMut),
    ) -> Option<BytesMut> {
        let mut out = BytesMut::new();
        copy_format::begin(&mut out);
        let mut is_empty = true;
        for change in changes {
            let Some(state) = &change.after else { continue };
            is_empty = false;
            copy_format::row_head(columns, &mut out);
            copy_format::int(Some(number(change.no)), &mut out);
            copy_format::revisions_from(rev, &mut out);
            copy_format::text(Some(&self.city_code), &mut out);
            write(state, &mut out);
        }
        copy_format::end(&mut out);
        (!is_empty).then_some(out)
    }

    pub(super) async fn write_lineage(&self, rev: i32, lineage: &[NewLineage]) -> Result<(), StoreError> {
        if lineage.is_empty() {
            return Ok(());
        }
        let kinds: Vec<&str> = lineage.iter().map(|line| line.kind).collect();
        let from: Vec<i64> = lineage.iter().map(|line| line.from).collect();
        let to: Vec<i64> = lineage.iter().map(|line| line.to).collect();
        let shares: Vec<Option<f64>> = lineage.iter().map(|line| line.area_share).collect();
        let given: [(&(dyn ToSql + Sync), Type); 5] = [
            (&rev, Type::INT4),
            (&kinds, Type::TEXT_ARRAY),
            (&from, Type::INT8_ARRAY),
            (&to, Type::INT8_ARRAY),
            (&shares, Type::FLOAT8_ARRAY),
        ];
        query::REVISION_ADD_LINEAGE.execute(&self.client, &given).await.map(drop)
    }
}

/// The numbers of the elements that were there before.
fn ended<N: Copy, T>(changes: &[Change<N, T>], number: impl Fn(N) -> i64) -> Vec<i64> {
    changes.iter().filter(|change| change.before.is_some()).map(|change| number(change.no)).collect()
}

fn write_arc(arc: &BorderArc, out: &mut BytesMut) {
    copy_format::int(Some(arc.start.0), out);
    copy_format::int(Some(arc.end.0), out);
    copy_format::int(arc.left.map(|face| face.0), out);
    copy_format::int(arc.right.map(|face| face.0), out);
    let numbers: Vec<i64> = arc.points.iter().flat_map(|point| [point.x, point.y]).collect();
    copy_format::ints(numbers.into_iter(), out);
}
