//! Every tile is valid for an independent decoder, whatever lies in it, and the same whatever it was built from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cim_mirror::{Row, RowChange, Table, View, WorldBox, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_testkit::mvt;
use cim_tile::{BUFFER, EXTENT, LayerSource, RenderedTile, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use mvt_reader::Reader;

/// The vertices of a decoded geometry's lines and outer rings.
fn vertices_of(geometry: &Geometry<f32>) -> Vec<Coord<f32>> {
    match geometry {
        Geometry::Point(point) => vec![point.0],
        Geometry::MultiPoint(points) => points.iter().map(|point| point.0).collect(),
        Geometry::LineString(line) => line.0.clone(),
        Geometry::MultiLineString(lines) => lines.iter().flat_map(|line| line.0.clone()).collect(),
        Geometry::Polygon(polygon) => polygon.exterior().0.clone(),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().flat_map(|polygon| polygon.exterior().0.clone()).collect()
        }
        _ => Vec::new(),
    }
}

struct Buildings(View);

impl TileSource for Buildings {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        if source == LayerSource::Collection(Collection::Building) {
            self.0.meeting(bounds).for_each(take);
        }
    }

    fn now_ms(&self) -> i64 {
        0
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

    /// A ring of any shape: crossing itself, spiked, folded, tiny or larger than a tile.
    fn ring(&mut self) -> LineString<f64> {
        let (west, south) = (self.degrees(121.10, 0.1), self.degrees(31.85, 0.1));
        let size = [0.000_001, 0.0002, 0.003, 0.2][usize::try_from(self.below(4)).unwrap()];
        let mut points: Vec<Coord<f64>> = (0..3 + self.below(9))
            .map(|_| Coord { x: self.degrees(west, size), y: self.degrees(south, size) })
            .collect();
        if self.below(4) == 0 {
            points.push(points[0]);
            points.push(points[1]);
        }
        points.push(points[0]);
        LineString(points)
    }

    fn building(&mut self, code: i64) -> Record {
        let spec = Collection::Building.spec();
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        let holes = if self.below(5) == 0 { vec![self.ring()] } else { Vec::new() };
        let mut polygons = vec![Polygon::new(self.ring(), holes)];
        if self.below(10) == 0 {
            polygons.push(Polygon::new(self.ring(), Vec::new()));
        }
        record.values[0] = Value::Text(format!("b{code}"));
        record.values[spec.position("floors_above").unwrap()] = Value::Int(code % 7);
        let place = spec.position("geom").unwrap();
        record.values[place] = Value::Geometry(Geometry::MultiPolygon(MultiPolygon(polygons)));
        record
    }
}

fn table(records: &[(i64, Record)]) -> Table {
    let mut builder = collection_builder(Collection::Building);
    for (id, record) in records {
        builder.push(*id, 700, record);
    }
    builder.finish()
}

fn building_tileset() -> Tileset {
    Tileset::built_in().unwrap().into_iter().find(|tileset| tileset.name == "building").unwrap()
}

fn tiles() -> impl Iterator<Item = TileAddress> {
    let bounds = table(&[(1, Dice(3).building(1)), (2, Dice(5).building(2))]).bounds().unwrap();
    (13..=17).flat_map(move |zoom| TileAddress::meeting(&bounds, zoom).take(40).collect::<Vec<_>>())
}

fn check_decodes(tile: &RenderedTile) -> usize {
    if tile.bytes.is_empty() {
        return 0;
    }
    let strictly = mvt::assert_valid(&tile.bytes);
    let reader = Reader::new(tile.bytes.clone()).unwrap();
    let layers = reader.get_layer_metadata().unwrap();
    let mut vertices = 0;
    for (place, layer) in layers.iter().enumerate() {
        assert_eq!((layer.version, layer.extent), (2, EXTENT));
        let features = reader.get_features(place).unwrap();
        assert_eq!(features.len(), strictly[place].features.len());
        for feature in features {
            let points = vertices_of(feature.get_geometry());
            assert!(!points.is_empty());
            let low = -f32::from(i16::try_from(BUFFER).unwrap());
            let high = 4096.0 - low;
            assert!(
                points.iter().all(|point| (low..=high).contains(&point.x) && (low..=high).contains(&point.y))
            );
            vertices += points.len();
        }
    }
    vertices
}

#[test]
fn tiles_of_wild_shapes_decode_and_stay_within_their_buffer() {
    let mut dice = Dice(11);
    let records: Vec<(i64, Record)> = (1..600).map(|id| (id, dice.building(id))).collect();
    let source = Buildings(View::new(Collection::Building, table(&records)));
    let tileset = building_tileset();
    let mut renderer = Renderer::default();
    let vertices: usize =
        tiles().map(|tile| check_decodes(&renderer.render(&tileset, tile, &source, None))).sum();
    assert!(vertices > 1000, "{vertices}");
}

#[test]
fn bytes_depend_on_the_rows_and_not_on_how_they_came() {
    let mut dice = Dice(12);
    let records: Vec<(i64, Record)> = (1..300).map(|id| (id, dice.building(id))).collect();
    let fresh = Buildings(View::new(Collection::Building, table(&records)));
    let (early, late): (Vec<_>, Vec<_>) = records.iter().cloned().partition(|(id, _)| id % 3 > 0);
    let mut wrong: Vec<(i64, Record)> = early;
    wrong.push((999, dice.building(999)));
    wrong[5].1 = dice.building(1000);
    let mut changes: Vec<RowChange> =
        late.into_iter().rev().map(|(id, record)| RowChange::written(id, 700, record)).collect();
    changes.push(RowChange::gone(999));
    let (id, right) = records.iter().find(|(id, _)| *id == wrong[5].0).unwrap();
    changes.push(RowChange::written(*id, 701, right.clone()));
    let patched = Buildings(View::new(Collection::Building, table(&wrong)).with(changes));
    let compacted = Buildings(patched.0.compacted());
    let tileset = building_tileset();
    for tile in tiles() {
        let draw = |source: &Buildings| Renderer::default().render(&tileset, tile, source, None);
        let first = draw(&fresh);
        assert!(first == draw(&patched) && first == draw(&compacted), "{tile:?}");
    }
}

#[test]
fn a_limit_keeps_the_largest_and_says_how_many_were_left_out() {
    let mut dice = Dice(13);
    let records: Vec<(i64, Record)> = (1..200).map(|id| (id, dice.building(id))).collect();
    let source = Buildings(View::new(Collection::Building, table(&records)));
    let mut tileset = building_tileset();
    let tile = tiles().find(|tile| tile.zoom() == 14).unwrap();
    let all = Renderer::default().render(&tileset, tile, &source, None);
    tileset.layers[0].limit = Some(3);
    let few = Renderer::default().render(&tileset, tile, &source, None);
    let count = |tile: &RenderedTile| Reader::new(tile.bytes.clone()).unwrap().get_features(0).unwrap().len();
    assert_eq!(count(&few), 3);
    assert_eq!(few.dropped as usize, count(&all) - 3);
}
