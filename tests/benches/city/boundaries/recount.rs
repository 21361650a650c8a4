//! What changed hands, counted by PostGIS: the micro grid that covers each thing, before and after.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use tokio_postgres::Client;

/// Collections, and how an impact names their counts. Buildings go by their middle, which PostGIS rounds otherwise.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("case", "cases"),
    ("finding", "findings"),
    ("inspection", "inspections"),
    ("camera", "cameras"),
    ("key_place", "key_places"),
    ("building", "buildings"),
];

/// A collection, the unit before and the unit after.
pub(super) type Key = (String, String, String);

/// By collection, from which unit to which, how many.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Moves(pub(super) BTreeMap<Key, i64>);

impl Moves {
    pub(super) fn things(&self) -> i64 {
        self.0.values().sum()
    }

    /// What the two do not agree on.
    pub(super) fn differing(&self, counted: &Self) -> Vec<Key> {
        let keys: BTreeSet<&Key> = self.0.keys().chain(counted.0.keys()).collect();
        keys.into_iter().filter(|key| self.0.get(*key) != counted.0.get(*key)).cloned().collect()
    }
}

/// Keeps which grid covers what, in `bench.covering_` and a name.
pub(super) async fn keep(client: &Client, name: &str) -> Result<()> {
    Ok(client.batch_execute(&include_str!("../sql/keep_covering.sql").replace("{name}", name)).await?)
}

/// What differs between before and after.
pub(super) async fn moves(client: &Client) -> Result<Moves> {
    let rows = client.query(include_str!("../sql/covering_moves.sql"), &[]).await?;
    Ok(Moves(rows.iter().map(|row| ((row.get(0), row.get(1), row.get(2)), row.get(3))).collect()))
}

/// What was after is before from now on.
pub(super) async fn advance(client: &Client) -> Result<()> {
    Ok(client.batch_execute(include_str!("../sql/advance_covering.sql")).await?)
}

/// How near to a border the things lie that the two do not agree on, in millimetres: those that were counted and told.
pub(super) async fn nearest_mm(
    client: &Client,
    differing: &[Key],
    items: &[(Key, f64, f64)],
) -> Result<Vec<f64>> {
    let mut found = Vec::new();
    let told = items.iter().filter(|(key, _, _)| differing.contains(key));
    for (_, lon, lat) in told {
        let row = client.query_one(include_str!("../sql/border_distance.sql"), &[lon, lat]).await?;
        found.push(row.get(0));
    }
    for (kind, from, to) in differing {
        let rows = client.query(include_str!("../sql/counted_near.sql"), &[kind, from, to]).await?;
        found.extend(rows.iter().map(|row| row.get::<_, f64>(0)));
    }
    Ok(found)
}
