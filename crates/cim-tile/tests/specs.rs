//! The executable specifications beside the tileset definitions: a feature in, its layer and attributes out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashMap};

use cim_mirror::{Row, Table, TableBuilder, WorldBox};
use cim_model::{Field, FieldType, Record, Value};
use cim_tile::{LayerSource, Renderer, TileAddress, TileSource, Tileset};
use geozero::ToGeo;
use mvt_reader::Reader;

const NOW_MS: i64 = 1_780_272_000_000;

struct Example {
    table: Table,
    source: LayerSource,
}

impl TileSource for Example {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        if source == self.source {
            self.table.meeting(bounds).into_iter().for_each(|number| take(self.table.row(number)));
        }
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

fn value_of(field: &Field, given: &toml::Value) -> Value {
    match (field.field_type, given) {
        (_, toml::Value::String(text)) => Value::Text(text.clone()),
        (_, toml::Value::Integer(number)) => Value::Int(*number),
        (_, toml::Value::Float(number)) => Value::Float(*number),
        (_, toml::Value::Boolean(yes)) => Value::Bool(*yes),
        (FieldType::Time, toml::Value::Datetime(time)) => Value::Time(time.to_string().parse().unwrap()),
        (_, other) => panic!("{}: {other}", field.name),
    }
}

fn record_of(fields: &[Field], given: &toml::Table, wkt: &str) -> Record {
    for name in given.keys() {
        assert!(fields.iter().any(|field| field.name == name), "no field {name}");
    }
    let values = fields.iter().map(|field| match field.field_type {
        FieldType::Geometry => Value::Geometry(geozero::wkt::Wkt(wkt).to_geo().unwrap()),
        _ => given.get(field.name).map_or(Value::Null, |given| value_of(field, given)),
    });
    Record { values: values.collect() }
}

fn shown(properties: &HashMap<String, mvt_reader::feature::Value>) -> BTreeMap<String, String> {
    use mvt_reader::feature::Value as Shown;
    let text = |value: &Shown| match value {
        Shown::String(text) => text.clone(),
        Shown::Double(number) => format!("{number:?}"),
        Shown::Float(number) => format!("{number:?}"),
        Shown::Int(number) | Shown::SInt(number) => number.to_string(),
        Shown::UInt(number) => number.to_string(),
        Shown::Bool(yes) => yes.to_string(),
        Shown::Null => "null".to_owned(),
    };
    properties.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

fn expected(attributes: &toml::Table) -> BTreeMap<String, String> {
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Float(number) => format!("{number:?}"),
        other => other.to_string(),
    };
    attributes.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// The features of an example: one with its geometry beside it, or several with their geometry among their fields.
fn given(example: &toml::Table) -> Vec<(toml::Table, String)> {
    let text = |table: &toml::Table| table["geometry"].as_str().unwrap().to_owned();
    let Some(features) = example.get("features") else {
        return vec![(example["feature"].as_table().unwrap().clone(), text(example))];
    };
    let features = features.as_array().unwrap().iter().map(|feature| {
        let mut feature = feature.as_table().unwrap().clone();
        let geometry = text(&feature);
        feature.remove("geometry");
        (feature, geometry)
    });
    features.collect()
}

fn check(tileset: &Tileset, example: &toml::Table) {
    let about = example["about"].as_str().unwrap();
    let layer = tileset.layers.iter().find(|layer| Some(layer.id.as_str()) == example["layer"].as_str());
    let layer = layer.unwrap_or_else(|| panic!("{about}: no layer {}", example["layer"]));
    let zoom = u8::try_from(example["zoom"].as_integer().unwrap()).unwrap();
    let fields = layer.source.fields();
    let mut builder = TableBuilder::new(fields, |_| true);
    for (id, (feature, geometry)) in (7..).zip(given(example)) {
        builder.push(id, 700, &record_of(fields, &feature, &geometry));
    }
    let source = Example { table: builder.finish(), source: layer.source_at(zoom) };
    let bounds = source.table.bounds().unwrap();
    let tile = TileAddress::meeting(&bounds, zoom).next().unwrap();
    let drawn = Renderer::default().render(tileset, tile, &source, None);
    let found = features(&drawn.bytes, &layer.id);
    let one = example.get("attributes").into_iter();
    let several = example.get("shown").into_iter().flat_map(|shown| shown.as_array().unwrap());
    let wanted: Vec<BTreeMap<String, String>> =
        one.chain(several).map(|attributes| expected(attributes.as_table().unwrap())).collect();
    assert_eq!(found, wanted, "{}: {about}", tileset.name);
}

fn features(bytes: &[u8], layer: &str) -> Vec<BTreeMap<String, String>> {
    let reader = Reader::new(bytes.to_vec()).unwrap();
    let names = reader.get_layer_names().unwrap();
    let Some(place) = names.iter().position(|name| name == layer) else { return Vec::new() };
    let features = reader.get_features(place).unwrap();
    features.iter().map(|feature| shown(feature.properties.as_ref().unwrap())).collect()
}

#[test]
fn every_tileset_does_what_its_examples_say() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tiles");
    for tileset in Tileset::built_in().unwrap() {
        let text = std::fs::read_to_string(folder.join(format!("{}.spec.toml", tileset.name))).unwrap();
        let examples: toml::Table = toml::from_str(&text).unwrap();
        for example in examples["example"].as_array().unwrap() {
            check(&tileset, example.as_table().unwrap());
        }
    }
}

#[test]
fn a_tilejson_names_every_layer_with_its_fields() {
    for tileset in Tileset::built_in().unwrap() {
        let answer =
            cim_tile::tilejson(&tileset, "http://x/{z}/{x}/{y}", Some([121.0, 31.0, 122.0, 32.0]), "");
        assert_eq!(answer["tilejson"], "3.0.0");
        let layers = answer["vector_layers"].as_array().unwrap();
        assert_eq!(layers.len(), tileset.layers.len());
        assert_eq!(answer["budget"]["max_bytes"].as_u64().unwrap(), tileset.max_bytes as u64);
        for (shown, layer) in layers.iter().zip(&tileset.layers) {
            let fields = shown["fields"].as_object().unwrap();
            assert!(layer.attributes.iter().all(|attribute| fields.contains_key(&attribute.name)));
            assert_eq!(fields.contains_key("point_count"), layer.cluster.is_some());
            assert_eq!(fields.contains_key("block"), !layer.merge.is_empty());
            assert_eq!(shown["rules"].get("limit").is_some(), layer.limit.is_some());
            assert!(shown["minzoom"].as_u64() <= shown["maxzoom"].as_u64());
        }
    }
}

#[test]
fn the_page_of_rules_says_what_the_definitions_say() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/TILES.md");
    let written = std::fs::read_to_string(page).unwrap();
    let wanted = cim_tile::rule_book(&Tileset::built_in().unwrap());
    assert!(written == wanted, "docs/TILES.md is out of date: run cargo run -p cim-tile --example rule_book");
}
