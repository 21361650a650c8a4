//! How a property is read from a row of one source: by place, without looking up its name.

use cim_mirror::Row;
use cim_model::FieldType;

use crate::definition::{Attribute, AttributeRule, Layer, LayerSource};
use crate::work::{is_due_soon, is_open, is_overdue};

/// Where a value of a row stands, or what it is worked out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// The source has no such property: it is null everywhere.
    Nothing,
    Text(usize),
    /// Whole numbers, instants in milliseconds and days since 1970.
    Whole(usize),
    Measured(usize),
    Bool(usize),
    Height {
        height_m: usize,
        floors: Option<usize>,
    },
    HeightAssumed {
        height_m: usize,
    },
    Overdue {
        state: usize,
        due_at: usize,
    },
    DueSoon {
        state: usize,
        due_at: usize,
    },
}

impl Reading {
    /// How the rows of a source show a property. The layers are those that show the source.
    pub(super) fn of<'a>(
        source: LayerSource,
        mut layers: impl Iterator<Item = &'a Layer>,
        name: &str,
    ) -> Self {
        let position = |name: &str| source.fields().iter().position(|field| field.name == name);
        let attribute =
            layers.find_map(|layer| layer.attributes.iter().find(|attribute| attribute.name == name));
        let read = match attribute.map(|attribute| attribute.rule) {
            Some(AttributeRule::Height) => position("height_m")
                .map(|height_m| Self::Height { height_m, floors: position("floors_above") }),
            Some(AttributeRule::HeightAssumed) => {
                position("height_m").map(|height_m| Self::HeightAssumed { height_m })
            }
            Some(AttributeRule::Overdue) => {
                work(position).map(|(state, due_at)| Self::Overdue { state, due_at })
            }
            Some(AttributeRule::DueSoon) => {
                work(position).map(|(state, due_at)| Self::DueSoon { state, due_at })
            }
            Some(AttributeRule::Field | AttributeRule::BreakName) | None => {
                let field = attribute.map_or(name, Attribute::field);
                position(field).and_then(|place| match source.fields()[place].field_type {
                    FieldType::Text | FieldType::Code(_) => Some(Self::Text(place)),
                    FieldType::Int | FieldType::Time | FieldType::Date => Some(Self::Whole(place)),
                    FieldType::Float => Some(Self::Measured(place)),
                    FieldType::Bool => Some(Self::Bool(place)),
                    FieldType::Texts | FieldType::Geometry => None,
                })
            }
        };
        read.unwrap_or(Self::Nothing)
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact for 285,000 years")]
    pub(super) fn number(self, row: Row<'_>) -> Option<f64> {
        match self {
            Self::Whole(place) => row.int(place).map(|whole| whole as f64),
            Self::Measured(place) => row.float(place),
            Self::Height { height_m, floors } => crate::height::height_m(row, height_m, floors),
            _ => None,
        }
    }

    pub(super) fn bool(self, row: Row<'_>, now_ms: i64) -> Option<bool> {
        match self {
            Self::Bool(place) => row.bool(place),
            Self::HeightAssumed { height_m } => Some(row.float(height_m).is_none()),
            Self::Overdue { state, due_at } => {
                Some(is_open(row.text(state)) && is_overdue(row.int(due_at), now_ms))
            }
            Self::DueSoon { state, due_at } => {
                Some(is_open(row.text(state)) && is_due_soon(row.int(due_at), now_ms))
            }
            _ => None,
        }
    }

    pub(super) fn is_null(self, row: Row<'_>, now_ms: i64) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(place) => row.text(place).is_none(),
            Self::Whole(_) | Self::Measured(_) | Self::Height { .. } => self.number(row).is_none(),
            Self::Bool(_) | Self::HeightAssumed { .. } | Self::Overdue { .. } | Self::DueSoon { .. } => {
                self.bool(row, now_ms).is_none()
            }
        }
    }
}

fn work(position: impl Fn(&str) -> Option<usize>) -> Option<(usize, usize)> {
    position("state").zip(position("due_at"))
}
