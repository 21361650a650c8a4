//! Tileset definitions: which collections a tileset shows, from which zoom, with which attributes.

use std::collections::BTreeMap;

use cim_model::Collection;
use serde::{Deserialize, Serialize};

use crate::MAX_ZOOM;
use crate::rules::{Cluster, FirstZoomBy, Merge, Priority, Simplify};

/// The most bytes of a tile where a tileset says nothing else: below 500 KB, and so is every packed form.
const MAX_BYTES: usize = 490_000;

/// A tileset as `tiles/*.toml` defines it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tileset {
    /// Its name in addresses.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// The last zoom; clients overscale beyond.
    pub max_zoom: u8,
    /// The properties by which a request may choose rows: attributes by their names in tiles, and fields.
    #[serde(default)]
    pub filter: Vec<String>,
    /// A tile has at most so many bytes before it is packed.
    #[serde(default = "max_bytes")]
    pub max_bytes: usize,
    /// Its layers by importance: where a tile would be too large, the first take their room first.
    #[serde(default)]
    pub importance: Vec<String>,
    /// Its layers, in drawing order.
    #[serde(rename = "layer")]
    pub layers: Vec<Layer>,
}

/// One layer of a tileset.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Its name in the tile.
    pub id: String,
    /// What it shows.
    pub description: String,
    /// Where its rows come from.
    pub source: LayerSource,
    /// The first zoom that shows it.
    pub min_zoom: u8,
    /// The last zoom that shows it.
    #[serde(default = "deepest")]
    pub max_zoom: u8,
    /// Later first zooms for some words of a field.
    pub first_zoom_by: Option<FirstZoomBy>,
    /// Lines lose vertices that lie within so many tile steps (4096 a tile) of the line without them, up to this zoom.
    pub simplify: Option<Simplify>,
    /// Rows without this field are left out.
    pub needs: Option<String>,
    /// By which times a request may choose rows; without it rows are shown whatever time is asked for.
    pub time: Option<LayerTime>,
    /// Areas and lines are shown as one point inside them.
    #[serde(default)]
    pub as_point: bool,
    /// By zoom, the ground area below which an area is left out, or merged; a zoom without a line keeps all.
    #[serde(default)]
    pub min_area_m2: BTreeMap<u8, f32>,
    /// By zoom, how areas that are too small for it are merged into blocks.
    #[serde(default)]
    pub merge: BTreeMap<u8, Merge>,
    /// How points that lie close together are shown as one.
    pub cluster: Option<Cluster>,
    /// From which zoom on rows are counted by the units of which level; below the first line by those of the first.
    #[serde(default, deserialize_with = "levels")]
    pub count_levels: BTreeMap<u8, Collection>,
    /// In which order features stand, and which are left out last.
    #[serde(default)]
    pub priority: Priority,
    /// At most so many features in a tile.
    pub limit: Option<usize>,
    /// What features carry.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
}

/// Where a layer's rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerSource {
    /// The rows of a collection, as they are.
    #[serde(deserialize_with = "collection")]
    Collection(Collection),
    /// The units of a level, with borders that neighbours share at every zoom.
    #[serde(deserialize_with = "collection")]
    Boundary(Collection),
    /// Label points of the units of every level.
    UnitLabel,
    /// Rows of a collection counted by the units of a level.
    #[serde(deserialize_with = "counted")]
    Count(Counted),
}

/// What is counted, and by the units of which level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counted {
    /// The collection whose rows are counted.
    pub of: Collection,
    /// The level of the units; a city without such units counts by the level it works by.
    pub level: Collection,
}

fn counted<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
    Ok(Counted { of: collection(deserializer)?, level: Collection::ComprehensiveGrid })
}

fn levels<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<u8, Collection>, D::Error> {
    BTreeMap::<u8, String>::deserialize(deserializer)?
        .into_iter()
        .map(|(zoom, level)| Ok((zoom, level.parse().map_err(serde::de::Error::custom)?)))
        .collect()
}

fn collection<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Collection, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// The time from which and to which a row was there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerTime {
    /// The field with its beginning.
    pub began: String,
    /// The field with its end, the first moment without it. A row without an end is there until now, unless its state
    /// says that it is done: then it was there at its beginning only.
    pub ended: Option<String>,
}

/// One attribute of a layer's features.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name in the tile.
    pub name: String,
    /// The field it comes from, when that has another name.
    pub from: Option<String>,
    /// How its value is worked out.
    #[serde(default)]
    pub rule: AttributeRule,
    /// The first zoom that carries it.
    #[serde(default)]
    pub min_zoom: u8,
}

/// How the value of an attribute is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeRule {
    /// The field as it is; instants as seconds since 1970.
    #[default]
    Field,
    /// The text with a line break where a reader would put one.
    BreakName,
    /// The measured height, else three metres a floor.
    Height,
    /// Whether the height was not measured.
    HeightAssumed,
    /// Whether the work is open and past its due time.
    Overdue,
    /// Whether the work is open and due within a day.
    DueSoon,
}

/// A definition is wrong.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// Not the TOML we expect.
    #[error("the tileset definition {file} cannot be read")]
    Unreadable {
        /// The tileset's file.
        file: String,
        /// Where and why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A layer names a field that its collection has not.
    #[error("layer `{layer}` of tileset `{tileset}` names the field `{field}`, which its source has not")]
    UnknownField {
        /// The tileset.
        tileset: String,
        /// The layer.
        layer: String,
        /// The field.
        field: String,
    },
    /// A tileset may be filtered by a name that no layer has, or two layers have differently.
    #[error("tileset `{tileset}` may be filtered by `{field}`, which is no one property of its layers")]
    NotQueryable {
        /// The tileset.
        tileset: String,
        /// The name.
        field: String,
    },
    /// A rule cannot be followed.
    #[error("layer `{layer}` of tileset `{tileset}`: {rule}")]
    WrongRule {
        /// The tileset.
        tileset: String,
        /// The layer.
        layer: String,
        /// What the rule must be.
        rule: &'static str,
    },
}

const BUILT_IN: &[(&str, &str)] = &[
    ("base.toml", include_str!("../../../tiles/base.toml")),
    ("boundary.toml", include_str!("../../../tiles/boundary.toml")),
    ("building.toml", include_str!("../../../tiles/building.toml")),
    ("linkage.toml", include_str!("../../../tiles/linkage.toml")),
];

fn deepest() -> u8 {
    MAX_ZOOM
}

fn max_bytes() -> usize {
    MAX_BYTES
}

impl Tileset {
    /// The tilesets that come with the product.
    pub fn built_in() -> Result<Vec<Self>, DefinitionError> {
        BUILT_IN.iter().map(|(file, text)| Self::parse(file, text)).collect()
    }

    /// Reads a definition; `file` is what an error calls it.
    pub fn parse(file: &str, text: &str) -> Result<Self, DefinitionError> {
        let tileset: Self = toml::from_str(text).map_err(|source| DefinitionError::Unreadable {
            file: file.to_owned(),
            source: Box::new(source),
        })?;
        tileset.check()?;
        Ok(tileset)
    }

    /// The first zoom with content.
    #[must_use]
    pub fn min_zoom(&self) -> u8 {
        self.layers.iter().map(|layer| layer.min_zoom).min().unwrap_or(0)
    }

    /// The places of its layers, the most important first; in drawing order where the definition says nothing.
    #[must_use]
    pub fn by_importance(&self) -> Vec<usize> {
        let rank = |place: &usize| {
            let id = &self.layers[*place].id;
            self.importance.iter().position(|known| known == id).unwrap_or(usize::MAX)
        };
        let mut places: Vec<usize> = (0..self.layers.len()).collect();
        places.sort_by_key(rank);
        places
    }

    fn check(&self) -> Result<(), DefinitionError> {
        self.check_queryables()?;
        for layer in &self.layers {
            let wrong = layer.wrong_rule().or_else(|| {
                let ranked = self.importance.iter().filter(|id| **id == layer.id).count();
                (ranked != 1 && !self.importance.is_empty())
                    .then_some("`importance` must name every layer once")
            });
            if let Some(rule) = wrong {
                let (tileset, layer) = (self.name.clone(), layer.id.clone());
                return Err(DefinitionError::WrongRule { tileset, layer, rule });
            }
            let fields = layer.source.fields();
            let named = layer.attributes.iter().filter_map(Attribute::needed_field);
            for field in named
                .chain(layer.first_zoom_by.iter().map(|by| by.field.as_str()))
                .chain(layer.needs.as_deref())
                .chain(layer.time.iter().flat_map(LayerTime::fields))
            {
                if !fields.iter().any(|known| known.name == field) {
                    return Err(DefinitionError::UnknownField {
                        tileset: self.name.clone(),
                        layer: layer.id.clone(),
                        field: field.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }
}

impl Layer {
    /// Whether what it shows depends on what time it is.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        let shows_time = |rule| matches!(rule, AttributeRule::Overdue | AttributeRule::DueSoon);
        self.priority == Priority::Work || self.attributes.iter().any(|attribute| shows_time(attribute.rule))
    }

    /// Where its rows come from at a zoom.
    #[must_use]
    pub fn source_at(&self, zoom: u8) -> LayerSource {
        let level = self.count_levels.range(..=zoom).next_back().or(self.count_levels.first_key_value());
        match (self.source, level) {
            (LayerSource::Count(counted), Some((_, level))) => {
                LayerSource::Count(Counted { level: *level, ..counted })
            }
            (source, _) => source,
        }
    }

    /// What is wrong with a rule, told as what it must be.
    fn wrong_rule(&self) -> Option<&'static str> {
        let is_collection = matches!(self.source, LayerSource::Collection(_));
        if self.cluster.is_some_and(|rule| !rule.is_sound() || !is_collection) {
            Some("`cluster.cell_steps` must be a power of two from 16 to 4096, and the source a collection")
        } else if self
            .merge
            .iter()
            .any(|(zoom, rule)| !rule.is_sound() || !self.min_area_m2.contains_key(zoom))
        {
            Some("`merge` needs `min_area_m2` of its zoom, and cells of 8, 16, 32 or 64 steps")
        } else if !self.count_levels.is_empty() && !matches!(self.source, LayerSource::Count(_)) {
            Some("`count_levels` needs a source of counts")
        } else {
            None
        }
    }

    /// Whether a zoom shows the layer.
    #[must_use]
    pub fn is_shown_at(&self, zoom: u8) -> bool {
        (self.min_zoom..=self.max_zoom).contains(&zoom)
    }
}

impl LayerTime {
    fn fields(&self) -> impl Iterator<Item = &str> {
        [Some(self.began.as_str()), self.ended.as_deref()].into_iter().flatten()
    }
}

impl Attribute {
    /// The field it reads.
    #[must_use]
    pub fn field(&self) -> &str {
        self.from.as_deref().unwrap_or(&self.name)
    }

    fn needed_field(&self) -> Option<&str> {
        match self.rule {
            AttributeRule::Field | AttributeRule::BreakName => Some(self.field()),
            AttributeRule::Height
            | AttributeRule::HeightAssumed
            | AttributeRule::Overdue
            | AttributeRule::DueSoon => None,
        }
    }
}
