//! The attributes of a feature, worked out from its row by the layer's rules.

use cim_mirror::Row;
use cim_model::{Field, FieldType, Value};

use crate::definition::{Attribute, AttributeRule, Layer};
use crate::height::height_m;
use crate::mvt::{LayerWriter, TileValue};
use crate::name_break::break_name;
use crate::work::{is_due_soon, is_open, is_overdue};

/// How many texts an attribute remembers.
const RECENT: usize = 32;

/// One attribute of a layer with its place in the rows resolved.
#[derive(Debug)]
struct Resolved<'a> {
    name: &'a str,
    rule: AttributeRule,
    position: usize,
    field_type: FieldType,
    /// The number of its name in the layer, from its first use on.
    key: Option<u32>,
    /// Numbers of the values of texts that were met: most attributes have few different ones.
    recent: [(Option<What>, u32); RECENT],
}

/// Writes the attributes of one layer's features at one zoom.
pub(crate) struct AttributeWriter<'a> {
    attributes: Vec<Resolved<'a>>,
    now_ms: i64,
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
                key: None,
                recent: [(None, 0); RECENT],
            })
        };
        let shown = layer.attributes.iter().filter(|attribute| attribute.min_zoom <= zoom);
        Self { attributes: shown.filter_map(resolve).collect(), now_ms }
    }

    pub(crate) fn write(&mut self, row: Row<'_>, writer: &mut LayerWriter) {
        for attribute in &mut self.attributes {
            let what = what(row, attribute);
            let recent = &mut attribute.recent[what.map_or(0, slot)];
            let number = match what {
                Some(what) if recent.0 == Some(what) => Some(recent.1),
                _ => number_of(
                    row,
                    attribute.rule,
                    attribute.position,
                    attribute.field_type,
                    self.now_ms,
                    writer,
                ),
            };
            let Some(number) = number else { continue };
            if what.is_some() {
                *recent = (what, number);
            }
            let key = *attribute.key.get_or_insert_with(|| writer.key(attribute.name));
            writer.tag(key, number);
        }
    }
}

/// What a value is, without a look at its text: a text's number in its table.
type What = (usize, u32);

/// What the attribute's value is made of, where that is one text and nothing else.
fn what(row: Row<'_>, attribute: &Resolved<'_>) -> Option<What> {
    let is_text = matches!(attribute.rule, AttributeRule::Field | AttributeRule::BreakName);
    let number =
        if is_text { row.table().text_number(row.number(), attribute.position)? } else { return None };
    Some((std::ptr::from_ref(row.table()).addr(), number))
}

fn slot((_, number): What) -> usize {
    number as usize % RECENT
}

fn number_of(
    row: Row<'_>,
    rule: AttributeRule,
    position: usize,
    field_type: FieldType,
    now_ms: i64,
    writer: &mut LayerWriter,
) -> Option<u32> {
    match rule {
        AttributeRule::Height => Some(writer.value(TileValue::Float(height_m(row)?))),
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
        AttributeRule::Field => field_number(row, position, field_type, writer),
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
