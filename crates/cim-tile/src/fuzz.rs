//! Entrances for fuzzing: any bytes in the place of a filter, a time span or a tileset definition.

use std::sync::LazyLock;

use cim_mirror::{Row, Table, TableBuilder, WorldBox};
use cim_model::{Collection, FieldType, Record, Value};
use jiff::Timestamp;

use crate::definition::LayerSource;
use crate::{Filter, TileSource, Tileset, TimeSpan};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("filter", filter), ("tileset", tileset)];

static TILESETS: LazyLock<Vec<Tileset>> = LazyLock::new(|| Tileset::built_in().unwrap_or_default());
static ROWS: LazyLock<Rows> = LazyLock::new(Rows::new);

/// A filter and a time span, a line feed between them, checked against every tileset and run over rows.
pub fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (filter, span) = text.split_once('\n').unwrap_or((&text, ""));
    let span = span.parse::<TimeSpan>().ok();
    let filter = filter.parse::<Filter>().ok();
    for tileset in TILESETS.iter() {
        if let Ok(Some(selection)) = tileset.select(filter.as_ref(), span) {
            let selected = selection.of(&*ROWS);
            for (collection, _) in &ROWS.0 {
                selected.rows(LayerSource::Collection(*collection), 14, &EVERYWHERE, &mut |_| {});
            }
        }
    }
}

/// A tileset definition.
pub fn tileset(bytes: &[u8]) {
    let _ = Tileset::parse("fuzz.toml", &String::from_utf8_lossy(bytes));
}

const EVERYWHERE: WorldBox = WorldBox { min_x: 0, min_y: 0, max_x: u32::MAX, max_y: u32::MAX };

/// A few rows of what filters choose from.
struct Rows(Vec<(Collection, Table)>);

impl Rows {
    fn new() -> Self {
        Self([Collection::Case, Collection::Camera, Collection::Building].map(few).into())
    }
}

/// A row of nothing, and one with a value everywhere.
fn few(collection: Collection) -> (Collection, Table) {
    let spec = collection.spec();
    let mut builder = TableBuilder::new(spec.fields, |_| true);
    for full in [false, true] {
        let value = |field_type: FieldType| match field_type {
            // No filter sees a place.
            FieldType::Geometry => Value::Null,
            _ if !full => Value::Null,
            FieldType::Text => Value::Text("100%_Straße\\İ".to_owned()),
            FieldType::Code(words) => Value::Text(words.first().copied().unwrap_or_default().to_owned()),
            FieldType::Texts => Value::Texts(vec!["a".to_owned()]),
            FieldType::Int => Value::Int(i64::MAX),
            FieldType::Float => Value::Float(-0.0),
            FieldType::Bool => Value::Bool(true),
            FieldType::Time => Value::Time(Timestamp::MAX),
            FieldType::Date => Value::Date(jiff::civil::Date::MIN),
        };
        let values = spec.fields.iter().map(|field| value(field.field_type)).collect();
        builder.push(i64::from(full), 0, &Record { values });
    }
    (collection, builder.finish())
}

impl TileSource for Rows {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, _: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        for (collection, table) in &self.0 {
            if source == LayerSource::Collection(*collection) {
                table.rows().for_each(&mut *take);
            }
        }
    }

    fn now_ms(&self) -> i64 {
        0
    }
}
