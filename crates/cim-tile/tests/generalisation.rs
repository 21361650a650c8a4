//! Clusters, blocks and the byte budget: the same in every tile, whatever the rows' order or history, and never too much.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use cim_mirror::{Row, RowChange, StoredState, View, WorldBox, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_tile::{BUFFER, LayerSource, RenderedTile, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Geometry, LineString, Point, Polygon};
use mvt_reader::Reader;
use mvt_reader::feature::Value as Shown;

const EXTENT: i64 = 4096;
const NOW_MS: i64 = 1_780_272_000_000;

struct City(Vec<View>);

impl TileSource for City {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        for view in &self.0 {
            if source == LayerSource::Collection(view.collection()) {
                view.meeting(bounds).for_each(&mut *take);
            }
        }
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn degrees(&mut self, low: f64, width: f64) -> f64 {
        low + self.below(1_000_000) as f64 / 1_000_000.0 * width
    }

    /// Near the corner of four tiles of zoom 13 (121.157, 31.877), so that edges and buffers matter.
    fn place(&mut self) -> (f64, f64) {
        (self.degrees(121.147, 0.02), self.degrees(31.868, 0.02))
    }

    fn case(&mut self, id: i64) -> Record {
        let spec = Collection::Case.spec();
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        let mut set = |name: &str, value: Value| record.values[spec.position(name).unwrap()] = value;
        set("case_no", Value::Text(format!("c{id}")));
        let state = ["in_progress", "closed", "accepted"][usize::try_from(self.below(3)).unwrap()];
        set("state", Value::Text(state.to_owned()));
        let due = if self.below(2) == 0 { "2026-05-01T00:00:00Z" } else { "2026-07-01T00:00:00Z" };
        set("due_at", Value::Time(due.parse().unwrap()));
        set("received_at", Value::Time("2026-04-01T00:00:00Z".parse().unwrap()));
        let (lon, lat) = self.place();
        set("geom", Value::Geometry(Point::new(lon, lat).into()));
        record
    }

    fn building(&mut self, id: i64) -> Record {
        let spec = Collection::Building.spec();
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        let mut set = |name: &str, value: Value| record.values[spec.position(name).unwrap()] = value;
        set("code", Value::Text(format!("b{id}")));
        set("floors_above", Value::Int(id % 4));
        let (west, south) = self.place();
        let (east, north) =
            (west + self.degrees(0.000_02, 0.000_12), south + self.degrees(0.000_02, 0.000_1));
        let ring = [(west, south), (east, south), (east, north), (west, north), (west, south)];
        set(
            "geom",
            Value::Geometry(Geometry::Polygon(Polygon::new(LineString::from(ring.to_vec()), vec![]))),
        );
        record
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, usize::try_from(self.below(place as u64 + 1)).unwrap());
        }
    }
}

fn view(collection: Collection, records: &[(i64, Record)]) -> View {
    let mut builder = collection_builder(collection);
    for (id, record) in records {
        builder.push(*id, 0, record);
    }
    View::new(collection, builder.finish())
}

fn cases(count: i64) -> Vec<(i64, Record)> {
    let mut dice = Dice(21);
    (1..=count).map(|id| (id, dice.case(id))).collect()
}

fn buildings(count: i64) -> Vec<(i64, Record)> {
    let mut dice = Dice(22);
    (1..=count).map(|id| (id, dice.building(id))).collect()
}

fn tileset(name: &str) -> Tileset {
    Tileset::built_in().unwrap().into_iter().find(|tileset| tileset.name == name).unwrap()
}

fn tiles(city: &City, zoom: u8) -> Vec<TileAddress> {
    let bounds = city.0.iter().filter_map(View::bounds).reduce(WorldBox::union).unwrap();
    TileAddress::meeting(&bounds, zoom).collect()
}

fn draw(city: &City, tileset: &Tileset, tile: TileAddress) -> RenderedTile {
    Renderer::default().render(tileset, tile, city, None)
}

/// Id, place in steps of the whole zoom, and attributes of every feature of the first layer.
type Feature = (u64, (i64, i64), BTreeMap<String, String>);

#[expect(clippy::cast_possible_truncation, reason = "tile steps are small whole numbers")]
fn points(tile: TileAddress, bytes: &[u8]) -> BTreeSet<Feature> {
    if bytes.is_empty() {
        return BTreeSet::new();
    }
    let features = Reader::new(bytes.to_vec()).unwrap().get_features(0).unwrap();
    let feature = |feature: &mvt_reader::feature::Feature| {
        let point = match feature.get_geometry() {
            Geometry::Point(point) => point.0,
            Geometry::MultiPoint(points) => points.0[0].0,
            other => unreachable!("{other:?}"),
        };
        let properties = feature.properties.as_ref().unwrap();
        let shown = |value: &Shown| format!("{value:?}");
        let properties = properties.iter().map(|(name, value)| (name.clone(), shown(value))).collect();
        let at = (
            i64::from(tile.column()) * EXTENT + point.x as i64,
            i64::from(tile.row()) * EXTENT + point.y as i64,
        );
        (feature.id.unwrap(), at, properties)
    };
    features.iter().map(feature).collect()
}

fn is_in_reach(tile: TileAddress, (x, y): (i64, i64)) -> bool {
    let buffer = i64::from(BUFFER);
    let (x, y) = (x - i64::from(tile.column()) * EXTENT, y - i64::from(tile.row()) * EXTENT);
    (-buffer..=EXTENT + buffer).contains(&x) && (-buffer..=EXTENT + buffer).contains(&y)
}

#[test]
fn all_tiles_that_show_a_cluster_agree_on_it_and_no_case_is_lost() {
    let city = City(vec![view(Collection::Case, &cases(900))]);
    let tileset = tileset("linkage");
    for zoom in 13..=15 {
        let drawn: Vec<(TileAddress, BTreeSet<Feature>)> = tiles(&city, zoom)
            .into_iter()
            .map(|tile| (tile, points(tile, &draw(&city, &tileset, tile).bytes)))
            .collect();
        let all: BTreeSet<Feature> = drawn.iter().flat_map(|(_, features)| features.clone()).collect();
        for (tile, features) in &drawn {
            let wanted: BTreeSet<Feature> =
                all.iter().filter(|feature| is_in_reach(*tile, feature.1)).cloned().collect();
            assert_eq!(*features, wanted, "{tile:?}");
        }
        let count = |feature: &Feature| {
            feature.2.get("point_count").map_or(1, |count| {
                count.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap()
            })
        };
        assert_eq!(all.iter().map(count).sum::<u64>(), 900, "zoom {zoom}");
        assert!(all.len() < 700, "zoom {zoom} clusters nothing");
        let ids: BTreeSet<u64> = all.iter().map(|feature| feature.0).collect();
        assert_eq!(ids.len(), all.len(), "two features share an id");
    }
}

#[test]
fn clusters_and_blocks_depend_on_the_rows_and_not_on_how_they_came() {
    let mut dice = Dice(23);
    let sets =
        [(Collection::Case, cases(300), "linkage"), (Collection::Building, buildings(600), "building")];
    for (collection, records, name) in sets {
        let tileset = tileset(name);
        let fresh = City(vec![view(collection, &records)]);
        for round in 2..5 {
            let mut shuffled = records.clone();
            dice.shuffle(&mut shuffled);
            let late = shuffled.split_off(shuffled.len() / round);
            let base = view(collection, &shuffled);
            let changes = late
                .into_iter()
                .map(|(id, record)| RowChange { id, now: Some(StoredState { xmin: 0, record }) })
                .collect();
            let patched = City(vec![base.with(changes)]);
            for zoom in 13..=15 {
                for tile in tiles(&fresh, zoom) {
                    assert!(
                        draw(&fresh, &tileset, tile) == draw(&patched, &tileset, tile),
                        "{tile:?} of {name}"
                    );
                }
            }
        }
    }
}

/// The cells that a tile's blocks fill, by number in the whole zoom: the middle of a cell is tried against the rings.
#[expect(clippy::cast_possible_truncation, reason = "tile steps are small whole numbers")]
fn filled_cells(tile: TileAddress, bytes: &[u8], cell: i64) -> BTreeSet<(i64, i64)> {
    if bytes.is_empty() {
        return BTreeSet::new();
    }
    let features = Reader::new(bytes.to_vec()).unwrap().get_features(0).unwrap();
    let mut edges: Vec<((i64, i64), (i64, i64))> = Vec::new();
    for feature in &features {
        if !feature.properties.as_ref().unwrap().contains_key("block") {
            continue;
        }
        let polygons = match feature.get_geometry() {
            Geometry::MultiPolygon(polygons) => polygons.0.clone(),
            Geometry::Polygon(polygon) => vec![polygon.clone()],
            other => unreachable!("{other:?}"),
        };
        for polygon in polygons {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let at = |coord: geo_types::Coord<f32>| (coord.x as i64, coord.y as i64);
                edges.extend(ring.lines().map(|line| (at(line.start), at(line.end))));
            }
        }
    }
    let mut cells = BTreeSet::new();
    let buffer = i64::from(BUFFER);
    let per_tile = EXTENT / cell;
    for y in (-buffer / cell)..((EXTENT + buffer) / cell) {
        for x in (-buffer / cell)..((EXTENT + buffer) / cell) {
            let middle = (x * cell + cell / 2, y * cell + cell / 2);
            let west = edges.iter().filter(|(a, b)| {
                a.0 == b.0 && a.0 < middle.0 && a.1.min(b.1) < middle.1 && middle.1 < a.1.max(b.1)
            });
            if west.count() % 2 == 1 {
                let (column, row) = (i64::from(tile.column()), i64::from(tile.row()));
                cells.insert((column * per_tile + x, row * per_tile + y));
            }
        }
    }
    cells
}

#[test]
fn all_tiles_that_show_a_block_fill_the_same_cells() {
    let city = City(vec![view(Collection::Building, &buildings(1500))]);
    let tileset = tileset("building");
    for (zoom, cell) in [(13, 16_i64), (14, 8)] {
        let drawn: Vec<(TileAddress, BTreeSet<(i64, i64)>)> = tiles(&city, zoom)
            .into_iter()
            .map(|tile| (tile, filled_cells(tile, &draw(&city, &tileset, tile).bytes, cell)))
            .collect();
        let all: BTreeSet<(i64, i64)> = drawn.iter().flat_map(|(_, cells)| cells.clone()).collect();
        assert!(all.len() > 40, "zoom {zoom}: {}", all.len());
        for (tile, cells) in &drawn {
            let whole = |(x, y): &(i64, i64)| {
                is_in_reach(*tile, (x * cell, y * cell))
                    && is_in_reach(*tile, ((x + 1) * cell, (y + 1) * cell))
            };
            let wanted: BTreeSet<(i64, i64)> = all.iter().filter(|at| whole(at)).copied().collect();
            assert_eq!(*cells, wanted, "{tile:?}");
        }
    }
}

#[test]
fn a_tile_never_has_more_bytes_than_its_budget_and_says_what_it_left_out() {
    let city = City(vec![view(Collection::Case, &cases(900)), view(Collection::Building, &buildings(1500))]);
    for name in ["linkage", "building"] {
        let whole = tileset(name);
        for zoom in [13, 15, 16] {
            for tile in tiles(&city, zoom) {
                let all = draw(&city, &whole, tile);
                let everything = count(&all.bytes);
                for part in [1, 2, 3, 10, 100] {
                    let tight = Tileset { max_bytes: all.bytes.len() * part / 100, ..whole.clone() };
                    let drawn = draw(&city, &tight, tile);
                    assert!(drawn.bytes.len() <= tight.max_bytes, "{tile:?} {part} %");
                    assert_eq!(count(&drawn.bytes) + drawn.dropped as usize, everything);
                    assert!(part < 100 || drawn == all);
                }
                let least = Tileset { max_bytes: all.bytes.len().saturating_sub(1), ..whole.clone() };
                let drawn = draw(&city, &least, tile);
                let one_less = u32::from(!all.bytes.is_empty());
                assert_eq!(drawn.dropped, all.dropped + one_less, "{tile:?}");
            }
        }
    }
}

fn count(bytes: &[u8]) -> usize {
    if bytes.is_empty() {
        return 0;
    }
    let reader = Reader::new(bytes.to_vec()).unwrap();
    let layers = reader.get_layer_names().unwrap().len();
    (0..layers).map(|layer| reader.get_features(layer).unwrap().len()).sum()
}

#[test]
fn where_a_tile_is_too_large_the_important_layer_keeps_its_room() {
    let city = City(vec![view(Collection::Building, &buildings(300))]);
    let mut building = tileset("building");
    let mut second = building.layers[0].clone();
    second.id = "more".to_owned();
    building.layers.insert(0, second);
    let drawn = tiles(&city, 15).into_iter().map(|tile| (tile, draw(&city, &building, tile)));
    let (tile, all) = drawn.max_by_key(|(_, drawn)| drawn.bytes.len()).unwrap();
    building.max_bytes = all.bytes.len() * 6 / 10;
    for (first, other) in [("building", "more"), ("more", "building")] {
        building.importance = vec![first.to_owned(), other.to_owned()];
        let drawn = draw(&city, &building, tile);
        let reader = Reader::new(drawn.bytes.clone()).unwrap();
        let names = reader.get_layer_names().unwrap();
        assert_eq!(names, ["more", "building"], "layers stand in drawing order");
        let features = |name: &str| {
            let place = names.iter().position(|known| known == name).unwrap();
            reader.get_features(place).unwrap().len()
        };
        assert!(features(first) > features(other));
        assert_eq!(features(first) * 2, count(&all.bytes));
    }
}

#[test]
fn a_change_alters_only_tiles_that_meet_the_places_named() {
    let mut dice = Dice(24);
    let sets =
        [(Collection::Case, cases(250), "linkage"), (Collection::Building, buildings(400), "building")];
    for (collection, records, name) in sets {
        let tileset = tileset(name);
        let layer = tileset.layers.iter().find(|layer| layer.source == LayerSource::Collection(collection));
        let layer = layer.unwrap();
        let mut city = City(vec![view(collection, &records)]);
        for _ in 0..40 {
            let id = i64::try_from(dice.below(250)).unwrap() + 1;
            let record = match dice.below(4) {
                0 => None,
                _ if collection == Collection::Case => Some(dice.case(id)),
                _ => Some(dice.building(id)),
            };
            let next =
                City(vec![city.0[0].with(vec![RowChange {
                    id,
                    now: record.map(|record| StoredState { xmin: 0, record }),
                }])]);
            let boxes: Vec<WorldBox> =
                [&city, &next].iter().filter_map(|city| city.0[0].find(id)?.shape().bounds()).collect();
            for zoom in 13..=16 {
                let named: BTreeSet<TileAddress> = boxes
                    .iter()
                    .map(|bounds| layer.reach_at(zoom, bounds))
                    .flat_map(|reach| TileAddress::meeting(&reach, zoom).collect::<Vec<_>>())
                    .collect();
                for tile in tiles(&city, zoom) {
                    let differs = draw(&city, &tileset, tile) != draw(&next, &tileset, tile);
                    assert!(!differs || named.contains(&tile), "{tile:?} of {name}");
                }
            }
            city = next;
        }
    }
}
