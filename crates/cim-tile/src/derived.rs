//! The fields of rows that are worked out from collections rather than stored.

use cim_model::{Collection, Field, FieldType};

use crate::definition::LayerSource;

const fn field(name: &'static str, field_type: FieldType) -> Field {
    Field { name, field_type, required: false }
}

/// Units with their border at one zoom.
pub static BOUNDARY_FIELDS: &[Field] = &[
    field("code", FieldType::Text),
    field("name", FieldType::Text),
    field("kind", FieldType::Text),
    field("colour_idx", FieldType::Int),
    field("geom", FieldType::Geometry),
];

/// Label points of units.
pub static UNIT_LABEL_FIELDS: &[Field] = &[
    field("level", FieldType::Text),
    field("code", FieldType::Text),
    field("name", FieldType::Text),
    field("kind", FieldType::Text),
    field("geom", FieldType::Geometry),
];

/// Cases counted by unit.
static CASE_COUNT_FIELDS: &[Field] = &[
    field("code", FieldType::Text),
    field("name", FieldType::Text),
    field("open", FieldType::Int),
    field("overdue", FieldType::Int),
    field("closed", FieldType::Int),
    field("geom", FieldType::Geometry),
];

static FINDING_COUNT_FIELDS: &[Field] = &[
    field("code", FieldType::Text),
    field("name", FieldType::Text),
    field("open", FieldType::Int),
    field("closed", FieldType::Int),
    field("geom", FieldType::Geometry),
];

static CAMERA_COUNT_FIELDS: &[Field] = &[
    field("code", FieldType::Text),
    field("name", FieldType::Text),
    field("online", FieldType::Int),
    field("offline", FieldType::Int),
    field("unknown", FieldType::Int),
    field("geom", FieldType::Geometry),
];

/// The fields of a collection's counts: code and name of the unit, then the figures in the order of [`crate::Tally::names`].
#[must_use]
pub fn count_fields(collection: Collection) -> &'static [Field] {
    match collection {
        Collection::Finding => FINDING_COUNT_FIELDS,
        Collection::Camera => CAMERA_COUNT_FIELDS,
        _ => CASE_COUNT_FIELDS,
    }
}

impl LayerSource {
    /// The fields of its rows.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Collection(collection) => collection.spec().fields,
            Self::Boundary(_) => BOUNDARY_FIELDS,
            Self::UnitLabel => UNIT_LABEL_FIELDS,
            Self::Count(counted) => count_fields(counted.of),
        }
    }
}
