//! `TileJSON` 3.0.0: what a map client must know before it asks for tiles.

use cim_model::FieldType;
use serde_json::{Map, Value, json};

use crate::definition::{AttributeRule, Layer, Tileset};

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
    let fields: Map<String, Value> = layer
        .attributes
        .iter()
        .map(|attribute| {
            (attribute.name.clone(), json!(field_type(layer, attribute.field(), attribute.rule)))
        })
        .collect();
    json!({
        "id": layer.id,
        "description": layer.description,
        "minzoom": layer.min_zoom,
        "maxzoom": layer.max_zoom.min(tileset.max_zoom),
        "fields": fields,
    })
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
