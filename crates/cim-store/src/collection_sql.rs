//! Filling a collection's names into the statements that are the same for all of them.
//!
//! The names come from the specification of the collections in `cim-model`, never from a request.

use cim_model::{Collection, FieldType};

use tokio_postgres::{Client, Row};

use crate::StoreError;
use crate::query::Query;

impl Query {
    /// The statement for one collection.
    pub(crate) fn of(self, collection: Collection) -> String {
        let spec = collection.spec();
        let columns: Vec<&str> = spec.fields.iter().map(|field| field.name).collect();
        let values: Vec<&str> = columns.iter().copied().filter(|name| !spec.key.contains(name)).collect();
        let read: Vec<String> = spec
            .fields
            .iter()
            .map(|field| match field.field_type {
                // EWKB, without a look-up of PostGIS's own type.
                FieldType::Geometry => format!("{}::bytea", quoted(field.name)),
                _ => quoted(field.name),
            })
            .collect();
        let places = spec.fields.iter().enumerate().map(|(place, field)| match field.field_type {
            FieldType::Geometry => format!("st_geomfromewkb(${})", place + 1),
            _ => format!("${}", place + 1),
        });
        let equal = |name: &&str| format!("live.{0} = given.{0}", quoted(name));
        let fill = [
            ("{table}", quoted(collection.name())),
            ("{name}", collection.name().to_owned()),
            ("{columns}", list(&columns, "")),
            ("{places}", places.collect::<Vec<_>>().join(", ")),
            ("{read_columns}", read.join(", ")),
            ("{key}", list(spec.key, "")),
            ("{live_key}", list(spec.key, "live.")),
            ("{id_field}", quoted(collection.id_field())),
            ("{kept_values}", kept(&values).map(|(_, value)| value).collect::<Vec<_>>().join(", ")),
            (
                "{kept_assignments}",
                kept(&values).map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", "),
            ),
            ("{live_columns}", list(&values, "live.")),
            ("{given_columns}", list(&columns, "given.")),
            ("{given_values}", list(&values, "given.")),
            ("{assignments}", assignments(&values)),
            ("{same_key}", spec.key.iter().map(equal).collect::<Vec<_>>().join(" and ")),
        ];
        fill.iter().fold(self.text.to_owned(), |text, (mark, names)| text.replace(mark, names))
    }
}

impl Query {
    /// Runs the collection's statement.
    pub(crate) async fn batch_of(self, client: &Client, collection: Collection) -> Result<(), StoreError> {
        self.batch_text(client, self.of(collection)).await
    }

    /// Runs the collection's statement and gives the number of rows it wrote.
    pub(crate) async fn execute_of(self, client: &Client, collection: Collection) -> Result<u64, StoreError> {
        client.execute_typed(&self.of(collection), &[]).await.map_err(|source| self.refused(source))
    }

    /// Runs the collection's statement and gives its one row.
    pub(crate) async fn row_of(self, client: &Client, collection: Collection) -> Result<Row, StoreError> {
        client.query_typed_one(&self.of(collection), &[]).await.map_err(|source| self.refused(source))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn list(names: &[&str], prefix: &str) -> String {
    names.iter().map(|name| format!("{prefix}{}", quoted(name))).collect::<Vec<_>>().join(", ")
}

/// Each name, and its given value or the live one where none is given.
fn kept<'a>(names: &'a [&'a str]) -> impl Iterator<Item = (String, String)> + 'a {
    names.iter().map(|name| (quoted(name), format!("coalesce(given.{0}, live.{0})", quoted(name))))
}

fn assignments(names: &[&str]) -> String {
    names.iter().map(|name| format!("{0} = given.{0}", quoted(name))).collect::<Vec<_>>().join(", ")
}
