//! Writing the derived rows of single units: what maps and queries read of them.

use cim_model::{Collection, GeometryKind};
use geo_types::MultiPolygon;
use serde_json::{Map, Value as Json, json};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::{StoreError, ewkb, query};

/// A unit as its derived row shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct DerivedUnit {
    /// Its number.
    pub id: i64,
    /// Its level.
    pub level: Collection,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Option<String>,
    /// Its class.
    pub class: Option<String>,
    /// The code of the unit it belongs to.
    pub parent_code: Option<String>,
    /// Its polygons; none for a unit without ground.
    pub polygons: Option<MultiPolygon<f64>>,
}

/// Writes those that differ, and removes those that are gone.
pub(super) async fn write(
    client: &Client,
    present: &[DerivedUnit],
    gone: &[(Collection, i64)],
) -> Result<(), StoreError> {
    query::COVERAGE_BEGIN_DERIVING.batch(client).await?;
    for level in Collection::UNITS.iter().copied() {
        let ids: Vec<i64> = gone.iter().filter(|(of, _)| *of == level).map(|(_, id)| *id).collect();
        if !ids.is_empty() {
            let statement = query::COLLECTION_DERIVE_GONE;
            client
                .execute_typed(&statement.of(level), &[(&ids, Type::INT8_ARRAY)])
                .await
                .map_err(|source| statement.refused(source))?;
        }
        let rows: Vec<Json> = present.iter().filter(|unit| unit.level == level).map(row).collect();
        if rows.is_empty() {
            continue;
        }
        let rows = Json::Array(rows);
        for statement in [query::COLLECTION_DERIVE_CHANGED, query::COLLECTION_DERIVE_NEW] {
            client
                .execute_typed(&statement.of(level), &[(&rows, Type::JSONB)])
                .await
                .map_err(|source| statement.refused(source))?;
        }
    }
    query::COVERAGE_END_DERIVING.batch(client).await
}

fn row(unit: &DerivedUnit) -> Json {
    let mut row = Map::new();
    let texts = [
        ("code", Some(&unit.code)),
        ("name", Some(&unit.name)),
        ("kind", unit.kind.as_ref()),
        ("urban_rural_class", unit.class.as_ref()),
        ("parent_code", unit.parent_code.as_ref()),
    ];
    row.insert("id".to_owned(), unit.id.into());
    row.extend(texts.into_iter().map(|(name, text)| (name.to_owned(), json!(text))));
    // Polygons are always of the kind that their column holds.
    let geom =
        unit.polygons.clone().and_then(|polygons| ewkb::hex(&polygons.into(), GeometryKind::Polygon).ok());
    row.insert("geom".to_owned(), json!(geom));
    Json::Object(row)
}
