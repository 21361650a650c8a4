//! How long does one core take to encode one dense z14 tile of real buildings?
//!
//! The buildings are those of New York (`${CIM_TEST_DATA}/buildings/nyc_buildings.parquet`); without the file, made-up blocks.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cim_mirror::{Row, View, WorldBox, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_tile::{LayerSource, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use geozero::ToGeo;
use mvt_reader::Reader;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

const BUILDINGS: usize = 2_000;
const ZOOM: u8 = 14;
const MEASURED_FOR: Duration = Duration::from_secs(3);

struct City(View);

impl TileSource for City {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        if source == LayerSource::Collection(Collection::Building) {
            self.0.meeting(bounds).for_each(take);
        }
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

fn main() {
    let file = std::env::var_os("CIM_TEST_DATA")
        .map(|root| PathBuf::from(root).join("buildings/nyc_buildings.parquet"))
        .filter(|file| file.exists());
    let records = file.as_deref().map_or_else(made_up, real);
    println!("{} buildings, {}", records.len(), if file.is_some() { "New York" } else { "made up" });
    let mut builder = collection_builder(Collection::Building);
    for (id, record) in (1_i64..).zip(&records) {
        builder.push(id, 0, record);
    }
    let city = City(View::new(Collection::Building, builder.finish()));
    let plain = Tileset::parse(
        "building_plain.toml",
        include_str!("../../../tests/benches/city/building_plain.toml"),
    );
    let built_in = Tileset::built_in().expect("our own tilesets");
    let building = built_in.into_iter().find(|tileset| tileset.name == "building");
    let tile = dense_tile(&city);
    for tileset in [plain.expect("our own file"), building.expect("our own tileset")] {
        measure(&tileset, tile, &city);
    }
}

/// The tile with the fewest buildings of those with enough.
fn dense_tile(city: &City) -> TileAddress {
    let bounds = city.0.bounds().expect("there are buildings");
    let count = |tile: &TileAddress| {
        let mut rows = 0;
        let (width, zoom) = (1_u64 << (32 - ZOOM), tile.zoom());
        let corner = |place: u32| u32::try_from(u64::from(place) * width).expect("within the world");
        let (min_x, min_y) = (corner(tile.column()), corner(tile.row()));
        let edge = u32::try_from(width - 1).expect("a tile is smaller than the world");
        let bounds = WorldBox { min_x, min_y, max_x: min_x + edge, max_y: min_y + edge };
        city.rows(LayerSource::Collection(Collection::Building), zoom, &bounds, &mut |_| rows += 1);
        rows
    };
    let counted: Vec<(usize, TileAddress)> =
        TileAddress::meeting(&bounds, ZOOM).map(|tile| (count(&tile), tile)).collect();
    let enough = counted.iter().filter(|(rows, _)| *rows >= BUILDINGS).min_by_key(|(rows, _)| *rows);
    enough.or_else(|| counted.iter().max_by_key(|(rows, _)| *rows)).expect("there are tiles").1
}

fn measure(tileset: &Tileset, tile: TileAddress, city: &City) {
    let mut renderer = Renderer::default();
    let bytes = renderer.render(tileset, tile, city, None).bytes;
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < MEASURED_FOR {
        let start = Instant::now();
        let again = renderer.render(tileset, tile, city, None);
        times.push(start.elapsed());
        assert_eq!(again.bytes.len(), bytes.len(), "the same rows give the same bytes");
    }
    times.sort_unstable();
    let (features, vertices) = contents(&bytes);
    let per = |part: usize| times[0].as_nanos() / u128::try_from(part.max(1)).expect("small");
    println!(
        "{} {}/{}/{}: {features} features, {vertices} vertices, {} bytes: min {} us, median {} us, p99 {} us of {}; {} ns a feature, {} ns a vertex",
        tileset.name,
        tile.zoom(),
        tile.column(),
        tile.row(),
        bytes.len(),
        times[0].as_micros(),
        times[times.len() / 2].as_micros(),
        times[times.len() * 99 / 100].as_micros(),
        times.len(),
        per(features),
        per(vertices),
    );
}

/// The features of the tile's first layer and their vertices, by an independent decoder.
fn contents(bytes: &[u8]) -> (usize, usize) {
    let reader = Reader::new(bytes.to_vec()).expect("a valid tile");
    let features = reader.get_features(0).expect("a layer");
    let vertices = features.iter().map(|feature| ring_vertices(feature.get_geometry())).sum();
    (features.len(), vertices)
}

fn ring_vertices(geometry: &Geometry<f32>) -> usize {
    let of = |polygon: &Polygon<f32>| {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.map(|ring| ring.0.len() - 1).sum::<usize>()
    };
    match geometry {
        Geometry::Polygon(polygon) => of(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().map(of).sum(),
        _ => 0,
    }
}

fn real(file: &Path) -> Vec<Record> {
    let opened = std::fs::File::open(file).expect("the file can be read");
    let reader = SerializedFileReader::new(opened).expect("a Parquet file");
    let rows = reader.get_row_iter(None).expect("rows");
    rows.filter_map(|row| {
        let row = row.expect("a row");
        let mut record = Record { values: vec![Value::Null; Collection::Building.spec().fields.len()] };
        for (name, field) in row.get_column_iter() {
            match (name.as_str(), field) {
                ("id", Field::Long(id)) => set(&mut record, "code", Value::Text(id.to_string())),
                ("id", Field::Str(id)) => set(&mut record, "code", Value::Text(id.clone())),
                ("name", Field::Str(name)) => set(&mut record, "name", Value::Text(name.clone())),
                ("height", Field::Double(height)) if !height.is_nan() => {
                    set(&mut record, "height_m", Value::Float(*height));
                }
                ("geometry", Field::Bytes(bytes)) => {
                    let geometry = geozero::wkb::Wkb(bytes.data()).to_geo().ok()?;
                    set(&mut record, "geom", Value::Geometry(geometry));
                }
                _ => {}
            }
        }
        matches!(record.values.last(), Some(Value::Geometry(_))).then_some(record)
    })
    .collect()
}

fn set(record: &mut Record, field: &str, value: Value) {
    let place = Collection::Building.spec().position(field).expect("a field of buildings");
    record.values[place] = value;
}

/// Blocks of L-shaped houses around the middle of a tile.
fn made_up() -> Vec<Record> {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let house = |number: usize| {
        let (lon, lat) = (121.2 + (number % 100) as f64 * 3e-4, 31.9 + (number / 100) as f64 * 3e-4);
        let corners = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0), (0.0, 0.0)];
        let ring = corners.map(|(x, y)| Coord { x: lon + x * 1e-4, y: lat + y * 1e-4 });
        let polygon = Polygon::new(LineString(ring.to_vec()), Vec::new());
        let mut record = Record { values: vec![Value::Null; Collection::Building.spec().fields.len()] };
        set(&mut record, "code", Value::Text(number.to_string()));
        set(&mut record, "height_m", Value::Float((number % 60) as f64 / 2.0));
        set(&mut record, "geom", Value::Geometry(MultiPolygon(vec![polygon]).into()));
        record
    };
    (0..10_000).map(house).collect()
}
