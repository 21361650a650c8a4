//! Which properties a tileset's rows may be chosen by, and what kind of values they have.

use std::fmt;

use cim_model::FieldType;
use serde::Serialize;

use super::expression::Literal;
use crate::definition::{Attribute, AttributeRule, DefinitionError, Layer, LayerSource, Tileset};

/// What kind of values a property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Texts and codes.
    Text,
    /// Whole and measured numbers.
    Number,
    /// Yes or no.
    Bool,
    /// Times with their zone.
    Instant,
    /// Days.
    Day,
}

/// A property that rows may be chosen by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queryable {
    /// Its name in filters.
    pub name: String,
    /// What kind of values it has.
    pub kind: ValueKind,
    /// The codes that it may be; empty when it may be anything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<&'static str>,
    /// The layers that have it; in others it counts as null.
    pub layers: Vec<String>,
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text in single quotes",
            Self::Number => "a number",
            Self::Bool => "TRUE or FALSE",
            Self::Instant => "a time: TIMESTAMP('2026-03-01T08:00:00+08:00')",
            Self::Day => "a day: DATE('2026-03-01')",
        })
    }
}

impl Literal {
    pub(super) fn kind(&self) -> ValueKind {
        match self {
            Self::Text(_) => ValueKind::Text,
            Self::Number(_) => ValueKind::Number,
            Self::Bool(_) => ValueKind::Bool,
            Self::Instant(_) => ValueKind::Instant,
            Self::Day(_) => ValueKind::Day,
        }
    }
}

impl Tileset {
    /// The properties that its rows may be chosen by, as the definition lists them.
    #[must_use]
    pub fn queryables(&self) -> Vec<Queryable> {
        self.filter.iter().filter_map(|name| self.queryable(name)).collect()
    }

    /// Whether its rows may be chosen by time.
    #[must_use]
    pub fn takes_datetime(&self) -> bool {
        self.layers.iter().any(|layer| layer.time.is_some())
    }

    /// Whether it shows boundaries, which can be shown as of one moment.
    #[must_use]
    pub fn shows_boundaries(&self) -> bool {
        self.layers.iter().any(|layer| matches!(layer.source, LayerSource::Boundary(_)))
    }

    pub(crate) fn check_queryables(&self) -> Result<(), DefinitionError> {
        match self.filter.iter().find(|name| self.queryable(name).is_none()) {
            None => Ok(()),
            Some(name) => {
                Err(DefinitionError::NotQueryable { tileset: self.name.clone(), field: name.clone() })
            }
        }
    }

    /// None when no layer has such a property, or two have different ones by the same name.
    pub(super) fn queryable(&self, name: &str) -> Option<Queryable> {
        let mut found: Option<Queryable> = None;
        for layer in &self.layers {
            let Some((kind, codes)) = layer.property(name) else { continue };
            let queryable = found.get_or_insert_with(|| Queryable {
                name: name.to_owned(),
                kind,
                codes: Vec::new(),
                layers: Vec::new(),
            });
            if queryable.kind != kind {
                return None;
            }
            let missing: Vec<&str> =
                codes.iter().copied().filter(|code| !queryable.codes.contains(code)).collect();
            queryable.codes.extend(missing);
            queryable.layers.push(layer.id.clone());
        }
        found
    }
}

impl LayerSource {
    /// Whether its rows are those of a collection; what is worked out from many rows cannot be chosen by their properties.
    pub(super) fn is_collection(self) -> bool {
        matches!(self, Self::Collection(_))
    }
}

impl Layer {
    /// Kind and codes of a property of the layer's rows: one of its attributes by its name in the tile, else a field.
    fn property(&self, name: &str) -> Option<(ValueKind, &'static [&'static str])> {
        if !self.source.is_collection() {
            return None;
        }
        let attribute = self.attributes.iter().find(|attribute| attribute.name == name);
        match attribute.map(|attribute| attribute.rule) {
            Some(AttributeRule::Height) => return Some((ValueKind::Number, &[])),
            Some(AttributeRule::HeightAssumed | AttributeRule::Overdue | AttributeRule::DueSoon) => {
                return Some((ValueKind::Bool, &[]));
            }
            Some(AttributeRule::Field | AttributeRule::BreakName) | None => {}
        }
        let field = attribute.map_or(name, Attribute::field);
        let field = self.source.fields().iter().find(|known| known.name == field)?;
        match field.field_type {
            FieldType::Text => Some((ValueKind::Text, &[])),
            FieldType::Code(codes) => Some((ValueKind::Text, codes)),
            FieldType::Int | FieldType::Float => Some((ValueKind::Number, &[])),
            FieldType::Bool => Some((ValueKind::Bool, &[])),
            FieldType::Time => Some((ValueKind::Instant, &[])),
            FieldType::Date => Some((ValueKind::Day, &[])),
            FieldType::Texts | FieldType::Geometry => None,
        }
    }
}
