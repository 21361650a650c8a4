//! The attributes of a feature, worked out from its row by the layer's rules.

use cim_mirror::Row;
use cim_model::{Field, FieldType, Value};

use crate::definition::{Attribute, AttributeRule, Layer};
use crate::height::height_m;
use crate::mvt::{LayerWriter, TileValue};
use crate::name_break::break_name;
use crate::work::{is_due_soon, is_open, is_overdue};

/// How many values an attribute remembers; a power of two.
const RECENT: usize = 256;

/// One attribute of a layer with its place in the rows resolved.
#[derive(Debug)]
struct Resolved<'a> {
    name: &'a str,
    rule: AttributeRule,
    position: usize,
    field_type: FieldType,
    /// The number of its name in the layer, from its first use on.
    key: Option<u32>,
    /// Numbers of the values that were met last: most attributes have few different ones.
    recent: [(What, u32); RECENT],
    /// The place of the floors, for heights that were not measured.
    floors: Option<usize>,
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
                // No table lies at address 0.
                recent: [((0, 0), 0); RECENT],
                floors: self::position(fields, "floors_above"),
            })
        };
        let shown = layer.attributes.iter().filter(|attribute| attribute.min_zoom <= zoom);
        Self { attributes: shown.filter_map(resolve).collect(), now_ms }
    }

    /// The places of the fields that it reads.
    pub(crate) fn positions(&self) -> Vec<usize> {
        self.attributes.iter().map(|attribute| attribute.position).collect()
    }

    pub(crate) fn write(&mut self, row: Row<'_>, writer: &mut LayerWriter) {
        for attribute in &mut self.attributes {
            let number = match attribute.look(row) {
                Look::Null => continue,
                Look::Simple(what) => attribute.number_of_simple(what, row, writer),
                Look::WorkedOut => number_of(row, attribute, self.now_ms, writer),
            };
            let Some(number) = number else { continue };
            let key = *attribute.key.get_or_insert_with(|| writer.key(attribute.name));
            writer.tag(key, number);
        }
    }
}

/// What a value is, without a look at a text: the table and the text's number in it, or the bits of a number.
type What = (usize, u64);

/// How a value is found.
enum Look {
    Null,
    /// The same `What` is the same value.
    Simple(What),
    WorkedOut,
}

/// In the place of a table's address: whole numbers and measured ones.
const WHOLE: usize = 1;
const MEASURED: usize = 2;

impl Resolved<'_> {
    #[inline]
    fn look(&self, row: Row<'_>) -> Look {
        let simple = match (self.rule, self.field_type) {
            (AttributeRule::Field | AttributeRule::BreakName, FieldType::Text | FieldType::Code(_)) => row
                .table()
                .text_number(row.number(), self.position)
                .map(|number| (std::ptr::from_ref(row.table()).addr(), u64::from(number))),
            (AttributeRule::Field, FieldType::Int) => {
                row.int(self.position).map(|number| (WHOLE, number.cast_unsigned()))
            }
            (AttributeRule::Field, FieldType::Float) => {
                row.float(self.position).map(|number| (MEASURED, number.to_bits()))
            }
            (AttributeRule::Height, _) => {
                height_m(row, self.position, self.floors).map(|number| (MEASURED, number.to_bits()))
            }
            _ => return Look::WorkedOut,
        };
        simple.map_or(Look::Null, Look::Simple)
    }

    fn number_of_simple(&mut self, what: What, row: Row<'_>, writer: &mut LayerWriter) -> Option<u32> {
        let recent = &mut self.recent[slot(what)];
        if recent.0 == what {
            return Some(recent.1);
        }
        let number = match (self.rule, what.0) {
            (AttributeRule::BreakName, _) => {
                writer.value(TileValue::Text(&break_name(row.text(self.position)?)))
            }
            (_, WHOLE) => writer.value(TileValue::Int(what.1.cast_signed())),
            (_, MEASURED) => writer.value(TileValue::Float(f64::from_bits(what.1))),
            _ => writer.value(TileValue::Text(row.text(self.position)?)),
        };
        *recent = (what, number);
        Some(number)
    }
}

/// Where a value is remembered: its bits spread over the places.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the upper bits of a product, fewer than there are places"
)]
fn slot((_, bits): What) -> usize {
    (bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - RECENT.ilog2())) as usize
}

fn number_of(row: Row<'_>, attribute: &Resolved<'_>, now_ms: i64, writer: &mut LayerWriter) -> Option<u32> {
    let position = attribute.position;
    match attribute.rule {
        AttributeRule::HeightAssumed => Some(writer.value(TileValue::Bool(row.float(position).is_none()))),
        AttributeRule::Overdue => {
            let overdue = is_open(row.text_of("state")) && is_overdue(row.int(position), now_ms);
            Some(writer.value(TileValue::Bool(overdue)))
        }
        AttributeRule::DueSoon => {
            let soon = is_open(row.text_of("state")) && is_due_soon(row.int(position), now_ms);
            Some(writer.value(TileValue::Bool(soon)))
        }
        // What `look` finds simple does not come here.
        AttributeRule::Height | AttributeRule::BreakName => None,
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
        FieldType::Bool => TileValue::Bool(row.bool(position)?),
        FieldType::Time => TileValue::Int(row.int(position)?.div_euclid(1000)),
        FieldType::Date => return date_number(row, position, writer),
        FieldType::Texts => return texts_number(row, position, writer),
        FieldType::Geometry | FieldType::Text | FieldType::Code(_) | FieldType::Int | FieldType::Float => {
            return None;
        }
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
