//! What changed hands, counted by PostGIS: the micro grid that covers each thing, before and after.

use std::collections::BTreeMap;

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

/// By collection, from which unit to which, how many.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Moves(pub(super) BTreeMap<(String, String, String), i64>);

impl Moves {
    pub(super) fn things(&self) -> i64 {
        self.0.values().sum()
    }

    /// What the two do not agree on.
    pub(super) fn differing(&self, counted: &Self) -> Vec<String> {
        let keys = self.0.keys().chain(counted.0.keys()).collect::<std::collections::BTreeSet<_>>();
        let pairs = keys.into_iter().map(|key| (key, self.0.get(key), counted.0.get(key)));
        pairs
            .filter(|(_, told, counted)| told != counted)
            .map(|(key, told, counted)| format!("{key:?}: told {told:?}, counted {counted:?}"))
            .collect()
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
    let sql = "drop table bench.covering_before; alter table bench.covering_after rename to covering_before";
    Ok(client.batch_execute(sql).await?)
}
