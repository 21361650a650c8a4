//! What do tiles in degrees, and tiles of chosen rows, cost beside the plain tile of the same place?
//!
//! 2,500 made-up buildings of 8 vertices in one z14 tile.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cim_mirror::{Row, View, WorldBox, WorldPoint, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_tile::{GeographicSquare, LayerSource, MatrixSet, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Geometry, LineString, Polygon};

const SIDE: u32 = 50;
const WEST: f64 = 121.1725;
const SOUTH: f64 = 31.8810;
const CELL: f64 = 0.0003;
const MEASURED_FOR: Duration = Duration::from_secs(2);

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
    let city = city();
    let built_in = Tileset::built_in().expect("our own tilesets");
    let tileset = built_in.iter().find(|tileset| tileset.name == "building").expect("our own tileset");
    let middle = f64::from(SIDE) / 2.0 * CELL;
    let (lon, lat) = (WEST + middle, SOUTH + middle);
    let point = WorldPoint::from(cim_crs::LonLat { lon, lat });
    let mercator = TileAddress::from_xyz(14, point.x >> 18, point.y >> 18).expect("a tile");
    measure("Web Mercator", || Renderer::default().render(tileset, mercator, &city, None).bytes.len());
    let degrees = 360.0 / f64::from(1_u32 << 14);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
    let (row, column) = (((90.0 - lat) / degrees) as u32, ((lon + 180.0) / degrees) as u32);
    let tianditu = MatrixSet::Cgcs2000Quad.tile(14, row, column).expect("a tile");
    let square = GeographicSquare::default();
    measure("degrees", || Renderer::default().render(tileset, tianditu, &city, Some(&square)).bytes.len());
    for filter in ["use IS NOT NULL AND floors_above >= 0", "use = 'office'", "CASEI(name) LIKE '%7%'"] {
        let parsed = filter.parse().expect("a filter");
        let selection = tileset.select(Some(&parsed), None).expect("allowed").expect("a choice");
        measure(filter, || {
            Renderer::default().render(tileset, mercator, &selection.of(&city), None).bytes.len()
        });
        measure(&format!("reading `{filter}`"), || {
            let parsed = filter.parse().expect("a filter");
            black_box(tileset.select(Some(&parsed), None)).is_ok().into()
        });
    }
}

fn measure(name: &str, mut work: impl FnMut() -> usize) {
    let mut times = Vec::new();
    let begun = Instant::now();
    let mut bytes = 0;
    while begun.elapsed() < MEASURED_FOR {
        let start = Instant::now();
        bytes = black_box(work());
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let us = |place: usize| times[place].as_secs_f64() * 1e6;
    println!("{name}: {bytes} bytes, min {:.1} us, median {:.1} us", us(0), us(times.len() / 2));
}

fn city() -> City {
    let spec = Collection::Building.spec();
    let mut builder = collection_builder(Collection::Building);
    for (column, row) in (0..SIDE).flat_map(|column| (0..SIDE).map(move |row| (column, row))) {
        let (west, south) = (WEST + f64::from(column) * CELL, SOUTH + f64::from(row) * CELL);
        let corners = [(0, 0), (6, 0), (6, 2), (4, 2), (4, 5), (2, 5), (2, 3), (0, 3), (0, 0)]
            .map(|(right, up)| (west + f64::from(right) * CELL / 8.0, south + f64::from(up) * CELL / 8.0));
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        let mut set = |name: &str, value| {
            record.values[spec.position(name).expect("a field")] = value;
        };
        let number = column * SIDE + row;
        set("code", Value::Text(format!("b{number}")));
        set("name", Value::Text(format!("{number}号楼")));
        set("use", Value::Text(["office", "shop", "residential", "school"][number as usize % 4].to_owned()));
        set("floors_above", Value::Int(i64::from(number % 30)));
        set(
            "geom",
            Value::Geometry(Geometry::Polygon(Polygon::new(LineString::from(corners.to_vec()), vec![]))),
        );
        builder.push(i64::from(number), 0, &record);
    }
    City(View::new(Collection::Building, builder.finish()))
}
