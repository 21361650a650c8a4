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

fn check(tileset: &Tileset, example: &toml::Table) {
    let about = example["about"].as_str().unwrap();
    let layer = tileset.layers.iter().find(|layer| Some(layer.id.as_str()) == example["layer"].as_str());
    let layer = layer.unwrap_or_else(|| panic!("{about}: no layer {}", example["layer"]));
    let fields = layer.source.fields();
    let record =
        record_of(fields, example["feature"].as_table().unwrap(), example["geometry"].as_str().unwrap());
    let mut builder = TableBuilder::new(fields, |_| true);
    builder.push(7, 700, &record);
    let source = Example { table: builder.finish(), source: layer.source };
    let zoom = u8::try_from(example["zoom"].as_integer().unwrap()).unwrap();
    let bounds = source.table.bounds().unwrap();
    let tile = TileAddress::meeting(&bounds, zoom).next().unwrap();
    let drawn = Renderer::default().render(tileset, tile, &source, None);
    let found = features(&drawn.bytes, &layer.id);
    let wanted: Vec<BTreeMap<String, String>> = example
        .get("attributes")
        .map(|attributes| expected(attributes.as_table().unwrap()))
        .into_iter()
        .collect();
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
        for (shown, layer) in layers.iter().zip(&tileset.layers) {
            assert_eq!(shown["fields"].as_object().unwrap().len(), layer.attributes.len());
            assert!(shown["minzoom"].as_u64() <= shown["maxzoom"].as_u64());
        }
    }
}
