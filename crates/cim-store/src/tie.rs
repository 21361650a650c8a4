//! Reading ties: where a row belongs now, where it belonged when it was accepted, and what could not be tied.

use cim_model::Collection;
use jiff::Timestamp;
use tokio_postgres::types::Type;

use crate::{Store, StoreError, query};

/// Where a row belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// `tied`, `failed` or `not_needed`.
    pub state: String,
    /// Why it could not be tied: `no_position`, `text_not_found` or `outside_the_city`.
    pub reason: Option<String>,
    /// How its place was found.
    pub method: Option<String>,
    /// How far its real place may be, metres.
    pub accuracy_m: Option<f64>,
    /// The units that cover it now.
    pub units: TiedUnits,
    /// The building that covers it, else the nearest within 10 m, and how far it is.
    pub building: Option<(String, f64)>,
    /// The nearest address within 30 m, and how far it is.
    pub address: Option<(String, f64)>,
    /// The units that covered it when it was accepted.
    pub accepted: Option<TiedUnits>,
}

/// Codes of units and the boundary revision that they are of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TiedUnits {
    /// Micro grid.
    pub micro_grid_code: Option<String>,
    /// Comprehensive grid.
    pub comprehensive_grid_code: Option<String>,
    /// Exclusive grid.
    pub exclusive_grid_code: Option<String>,
    /// Village.
    pub village_code: Option<String>,
    /// Town.
    pub town_code: Option<String>,
    /// The revision under which it was tied.
    pub revision: Option<i64>,
}

/// A row that could not be tied.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedTie {
    /// Its collection's name.
    pub collection: String,
    /// Its id.
    pub row_id: i64,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Its business key.
    pub key: Option<String>,
    /// Its name or title.
    pub name: Option<String>,
    /// The place as the caller said it.
    pub raw_location: Option<String>,
    /// Where it is, when it lies outside.
    pub at: Option<(f64, f64)>,
}

impl Store {
    /// The tie of a row, if it has one.
    pub async fn tie_of(&self, collection: Collection, id: i64) -> Result<Option<Tie>, StoreError> {
        let client = self.client().await?;
        let name = collection.name();
        let rows = query::TIE_OF_ROW.rows(&client, &[(&name, Type::TEXT), (&id, Type::INT8)]).await?;
        Ok(rows.first().map(tie))
    }

    /// What could not be tied, after the row named, in a lasting order.
    pub async fn failed_ties(
        &self,
        after: Option<(&str, i64)>,
        limit: i64,
    ) -> Result<Vec<FailedTie>, StoreError> {
        let (collection, id) = after.unwrap_or(("", 0));
        let client = self.client().await?;
        let rows = query::TIE_FAILED
            .rows(&client, &[(&collection, Type::TEXT), (&id, Type::INT8), (&limit, Type::INT8)])
            .await?;
        Ok(rows.iter().map(failed_tie).collect())
    }
}

fn tie(row: &tokio_postgres::Row) -> Tie {
    let with_distance = |code: &str, distance: &str| {
        let code: Option<String> = row.get(code);
        code.zip(row.get::<_, Option<f64>>(distance))
    };
    let accepted: Option<serde_json::Value> = row.get("accepted");
    Tie {
        state: row.get("state"),
        reason: row.get("reason"),
        method: row.get("method"),
        accuracy_m: row.get("accuracy_m"),
        units: TiedUnits {
            micro_grid_code: row.get("micro_grid_code"),
            comprehensive_grid_code: row.get("comprehensive_grid_code"),
            exclusive_grid_code: row.get("exclusive_grid_code"),
            village_code: row.get("village_code"),
            town_code: row.get("town_code"),
            revision: row.get("revision"),
        },
        building: with_distance("building_code", "building_distance_m"),
        address: with_distance("address_code", "address_distance_m"),
        accepted: accepted.as_ref().map(accepted_units),
    }
}

fn accepted_units(units: &serde_json::Value) -> TiedUnits {
    let code = |name: &str| units[name].as_str().map(str::to_owned);
    TiedUnits {
        micro_grid_code: code("micro_grid_code"),
        comprehensive_grid_code: code("comprehensive_grid_code"),
        exclusive_grid_code: code("exclusive_grid_code"),
        village_code: code("village_code"),
        town_code: code("town_code"),
        revision: units["revision"].as_i64(),
    }
}

fn failed_tie(row: &tokio_postgres::Row) -> FailedTie {
    let at: (Option<f64>, Option<f64>) = (row.get("lon"), row.get("lat"));
    FailedTie {
        collection: row.get("collection"),
        row_id: row.get("row_id"),
        reason: row.get("reason"),
        since: row.get("tied_at"),
        key: row.get("business_key"),
        name: row.get("name"),
        raw_location: row.get("raw_location"),
        at: at.0.zip(at.1),
    }
}
