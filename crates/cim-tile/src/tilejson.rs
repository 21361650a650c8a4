//! `TileJSON` 3.0.0: what a map client must know before it asks for tiles, and by which rules tiles show less than everything.

use cim_model::FieldType;
use serde_json::{Map, Value, json};

use crate::Tally;
use crate::definition::{AttributeRule, Layer, LayerSource, Tileset};

/// The description of a tileset; `tiles_url` is the template with `{z}`, `{x}` and `{y}`, `bounds` west, south, east, north.
#[must_use]
pub fn tilejson(tileset: &Tileset, tiles_url: &str, bounds: Option<[f64; 4]>, attribution: &str) -> Value {
    let layers: Vec<Value> = tileset.layers.iter().map(|layer| vector_layer(tileset, layer)).collect();
    let mut answer = json!({
        "tilejson": "3.0.0",
        "name": tileset.name,
        "description": tileset.description,
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [tiles_url],
        "minzoom": tileset.min_zoom(),
        "maxzoom": tileset.max_zoom,
        "bounds": bounds.unwrap_or([-180.0, -85.051_128_78, 180.0, 85.051_128_78]),
        "attribution": attribution,
        "vector_layers": layers,
        "budget": { "max_bytes": tileset.max_bytes, "importance": tileset.importance },
    });
    if let (Some([west, south, east, north]), Some(object)) = (bounds, answer.as_object_mut()) {
        let zoom = tileset.min_zoom().max(9).min(tileset.max_zoom);
        object.insert(
            "center".to_owned(),
            json!([f64::midpoint(west, east), f64::midpoint(south, north), zoom]),
        );
    }
    answer
}

fn vector_layer(tileset: &Tileset, layer: &Layer) -> Value {
    let mut fields: Map<String, Value> = layer
        .attributes
        .iter()
        .map(|attribute| {
            (attribute.name.clone(), json!(field_type(layer, attribute.field(), attribute.rule)))
        })
        .collect();
    if let (Some(_), LayerSource::Collection(collection)) = (layer.cluster, layer.source) {
        fields.insert("cluster".to_owned(), json!("Boolean"));
        for name in std::iter::once(&"point_count").chain(Tally::names(collection)) {
            fields.insert((*name).to_owned(), json!("Number"));
        }
    }
    if !layer.merge.is_empty() {
        fields.insert("block".to_owned(), json!("Boolean"));
    }
    json!({
        "id": layer.id,
        "description": layer.description,
        "minzoom": layer.min_zoom,
        "maxzoom": layer.max_zoom.min(tileset.max_zoom),
        "fields": fields,
        "rules": rules(layer),
    })
}

/// The rules as the tileset's definition states them; what is not set is left out.
fn rules(layer: &Layer) -> Map<String, Value> {
    let levels: Map<String, Value> =
        layer.count_levels.iter().map(|(zoom, level)| (zoom.to_string(), json!(level.name()))).collect();
    let from_zoom: Map<String, Value> = layer
        .attributes
        .iter()
        .filter(|attribute| attribute.min_zoom > layer.min_zoom)
        .map(|attribute| (attribute.name.clone(), json!(attribute.min_zoom)))
        .collect();
    let all = [
        ("first_zoom_by", json!(layer.first_zoom_by)),
        ("needs", json!(layer.needs)),
        ("as_point", if layer.as_point { json!(true) } else { Value::Null }),
        ("simplify", json!(layer.simplify)),
        ("min_area_m2", json!(layer.min_area_m2)),
        ("merge", json!(layer.merge)),
        ("cluster", json!(layer.cluster)),
        ("count_levels", Value::Object(levels)),
        ("priority", json!(layer.priority)),
        ("limit", json!(layer.limit)),
        ("attributes_from_zoom", Value::Object(from_zoom)),
    ];
    let is_set =
        |value: &Value| !value.is_null() && value.as_object().is_none_or(|object| !object.is_empty());
    all.into_iter().filter(|(_, value)| is_set(value)).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn field_type(layer: &Layer, name: &str, rule: AttributeRule) -> &'static str {
    match rule {
        AttributeRule::Height => "Number",
        AttributeRule::HeightAssumed | AttributeRule::Overdue | AttributeRule::DueSoon => "Boolean",
        AttributeRule::BreakName => "String",
        AttributeRule::Field => {
            match layer.source.fields().iter().find(|field| field.name == name).map(|field| field.field_type)
            {
                Some(FieldType::Int | FieldType::Float | FieldType::Time) => "Number",
                Some(FieldType::Bool) => "Boolean",
                _ => "String",
            }
        }
    }
}
