//! The attributes of a feature, worked out from its row by the layer's rules.

use cim_mirror::Row;
use cim_model::{Field, FieldType, Value};

use crate::definition::{Attribute, AttributeRule, Layer};
use crate::mvt::{LayerWriter, QuickMap, TileValue};
use crate::name_break::break_name;
use crate::work::{is_due_soon, is_open, is_overdue};

const METRES_PER_FLOOR: f64 = 3.0;

/// One attribute of a layer with its place in the rows resolved.
#[derive(Debug, Clone, Copy)]
struct Resolved<'a> {
    name: &'a str,
    rule: AttributeRule,
    position: usize,
    field_type: FieldType,
}

/// Writes the attributes of one layer's features at one zoom.
pub(crate) struct AttributeWriter<'a> {
    attributes: Vec<Resolved<'a>>,
    now_ms: i64,
    /// Numbers of texts already written, by table, attribute and the text's number in its table.
    known: QuickMap<u64, u32>,
    tables: Vec<*const cim_mirror::Table>,
}

fn position(fields: &[Field], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name == name)
}

impl<'a> AttributeWriter<'a> {
    pub(crate) fn new(layer: &'a Layer, zoom: u8, now_ms: i64) -> Self {
        let fields = layer.source.fields();
        let resolve = |attribute: &'a Attribute| {
            let position = match attribute.rule {
                AttributeRule::Height | AttributeRule::HeightAssumed => position(fields, "height_m"),
                AttributeRule::Overdue | AttributeRule::DueSoon => position(fields, "due_at"),
                AttributeRule::Field | AttributeRule::BreakName => position(fields, attribute.field()),
            };
            position.map(|position| Resolved {
                name: &attribute.name,
                rule: attribute.rule,
                position,
                field_type: fields[position].field_type,
            })
        };
        let shown = layer.attributes.iter().filter(|attribute| attribute.min_zoom <= zoom);
        Self {
            attributes: shown.filter_map(resolve).collect(),
            now_ms,
            known: QuickMap::default(),
            tables: Vec::new(),
        }
    }

    pub(crate) fn write(&mut self, row: Row<'_>, writer: &mut LayerWriter) {
        let table = self.table_number(row);
        for place in 0..self.attributes.len() {
            let attribute = self.attributes[place];
            if let Some(value) = self.value_number(row, table, place, attribute, writer) {
                let key = writer.key(attribute.name);
                writer.tag(key, value);
            }
        }
    }

    fn table_number(&mut self, row: Row<'_>) -> u64 {
        let table = std::ptr::from_ref(row.table());
        let place = self.tables.iter().position(|known| *known == table).unwrap_or_else(|| {
            self.tables.push(table);
            self.tables.len() - 1
        });
        place as u64
    }

    fn value_number(
        &mut self,
        row: Row<'_>,
        table: u64,
        place: usize,
        attribute: Resolved<'_>,
        writer: &mut LayerWriter,
    ) -> Option<u32> {
        let known = row
            .table()
            .text_number(row.number(), attribute.position)
            .map(|number| table << 48 | (place as u64) << 32 | u64::from(number));
        if let Some(number) = known.and_then(|key| self.known.get(&key)) {
            return Some(*number);
        }
        let number = number_of(row, attribute, self.now_ms, writer)?;
        if let Some(key) = known {
            self.known.insert(key, number);
        }
        Some(number)
    }
}

fn number_of(row: Row<'_>, attribute: Resolved<'_>, now_ms: i64, writer: &mut LayerWriter) -> Option<u32> {
    let position = attribute.position;
    match attribute.rule {
        AttributeRule::Height => {
            let floors = row.int_of("floors_above").filter(|floors| *floors > 0);
            #[expect(clippy::cast_precision_loss, reason = "floors are few")]
            let assumed = || floors.map(|floors| floors as f64 * METRES_PER_FLOOR);
            let height = row.float(position).or_else(assumed)?;
            Some(writer.value(TileValue::Float(height)))
        }
        AttributeRule::HeightAssumed => Some(writer.value(TileValue::Bool(row.float(position).is_none()))),
        AttributeRule::Overdue => {
            let overdue = is_open(row.text_of("state")) && is_overdue(row.int(position), now_ms);
            Some(writer.value(TileValue::Bool(overdue)))
        }
        AttributeRule::DueSoon => {
            let soon = is_open(row.text_of("state")) && is_due_soon(row.int(position), now_ms);
            Some(writer.value(TileValue::Bool(soon)))
        }
        AttributeRule::BreakName => Some(writer.value(TileValue::Text(&break_name(row.text(position)?)))),
        AttributeRule::Field => field_number(row, position, attribute.field_type, writer),
    }
}

fn field_number(
    row: Row<'_>,
    position: usize,
    field_type: FieldType,
    writer: &mut LayerWriter,
) -> Option<u32> {
    let value = match field_type {
        FieldType::Text | FieldType::Code(_) => TileValue::Text(row.text(position)?),
        FieldType::Int => TileValue::Int(row.int(position)?),
        FieldType::Float => TileValue::Float(row.float(position)?),
        FieldType::Bool => TileValue::Bool(row.bool(position)?),
        FieldType::Time => TileValue::Int(row.int(position)?.div_euclid(1000)),
        FieldType::Date => return date_number(row, position, writer),
        FieldType::Texts => return texts_number(row, position, writer),
        FieldType::Geometry => return None,
    };
    Some(writer.value(value))
}

fn date_number(row: Row<'_>, position: usize, writer: &mut LayerWriter) -> Option<u32> {
    match row.value(position) {
        Value::Date(date) => Some(writer.value(TileValue::Text(&date.to_string()))),
        _ => None,
    }
}

fn texts_number(row: Row<'_>, position: usize, writer: &mut LayerWriter) -> Option<u32> {
    match row.value(position) {
        Value::Texts(texts) => Some(writer.value(TileValue::Text(&texts.join(";")))),
        _ => None,
    }
}
