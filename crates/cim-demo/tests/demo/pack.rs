//! Reading a written pack back.

use std::path::Path;

use cim_coverage::{LatticePolygon, LayerUnit};
use cim_crs::LatticePoint;
use cim_demo::{DemoOptions, Scale, write_pack};
use tempfile::TempDir;

pub(crate) fn write(scale: Scale) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write_pack(dir.path(), &DemoOptions { scale, factor: 1, seed: 1 }, &mut |_| {}).unwrap();
    dir
}

/// The rows of a collection, each with its values by column.
pub(crate) fn rows(dir: &Path, collection: &str) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_path(dir.join(format!("{collection}.csv"))).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(Result::unwrap).collect())
}

/// One column of a collection.
pub(crate) fn column(dir: &Path, collection: &str, name: &str) -> Vec<String> {
    let (header, rows) = rows(dir, collection);
    let at = header.iter().position(|column| column == name).unwrap();
    rows.iter().map(|row| row[at].to_owned()).collect()
}

pub(crate) fn lattice(text: &str) -> LatticePoint {
    let (x, y) = text.trim().split_once(' ').unwrap();
    let steps = |number: &str| number.replace('.', "").parse::<i64>().unwrap();
    LatticePoint { x: steps(x), y: steps(y) }
}

/// The rings of a WKT polygon or multipolygon, without their closing point.
pub(crate) fn polygons(wkt: &str) -> Vec<LatticePolygon> {
    wkt.trim_start_matches("MULTI")
        .trim_start_matches("POLYGON")
        .trim_start_matches('(')
        .trim_end_matches(')')
        .split(")),((")
        .map(|polygon| {
            let mut rings = polygon.split("),(").map(|ring| {
                let mut points: Vec<LatticePoint> = ring.split(',').map(lattice).collect();
                assert_eq!(points.pop(), points.first().copied(), "a ring is closed");
                points
            });
            LatticePolygon { outer: rings.next().unwrap(), holes: rings.collect() }
        })
        .collect()
}

/// A layer of units; `parent` names the column of the parent's code.
pub(crate) fn layer(dir: &Path, collection: &str, parent: Option<&str>) -> Vec<LayerUnit> {
    let codes = column(dir, collection, "code");
    let shapes = column(dir, collection, "geom");
    let parents = parent.map(|name| column(dir, collection, name));
    codes
        .into_iter()
        .zip(shapes)
        .enumerate()
        .map(|(row, (key, shape))| LayerUnit {
            key,
            parent: parents.as_ref().map(|list| list[row].clone()),
            polygons: polygons(&shape),
        })
        .collect()
}
