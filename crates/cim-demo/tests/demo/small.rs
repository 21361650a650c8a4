//! One town: its columns, its bytes, its borders and what stands between them.

use super::pack;

use std::collections::{BTreeMap, BTreeSet};

use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::LatticePoint;
use cim_demo::Scale;
use cim_model::Collection;

#[test]
fn every_collection_has_the_columns_of_the_specification() {
    let dir = pack::write(Scale::Small);
    for &collection in Collection::ALL {
        let (header, rows) = pack::rows(dir.path(), collection.name());
        let fields = collection.spec().fields;
        let known: Vec<&str> = fields.iter().map(|field| field.name).collect();
        assert!(!rows.is_empty(), "{} has rows", collection.name());
        for column in &header {
            assert!(known.contains(&column.as_str()), "{}.{column} is specified", collection.name());
        }
        for field in fields.iter().filter(|field| field.required) {
            let at = header.iter().position(|column| column == field.name);
            let at = at.unwrap_or_else(|| panic!("{}.{} is there", collection.name(), field.name));
            assert!(rows.iter().all(|row| !row[at].is_empty()), "{}.{}", collection.name(), field.name);
        }
        let keys: BTreeSet<Vec<&str>> = rows
            .iter()
            .map(|row| {
                let spec = collection.spec();
                spec.key.iter().map(|key| &row[header.iter().position(|name| name == key).unwrap()]).collect()
            })
            .collect();
        assert_eq!(keys.len(), rows.len(), "the keys of {} are unique", collection.name());
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (one, two) = (pack::write(Scale::Small), pack::write(Scale::Small));
    for entry in std::fs::read_dir(one.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let bytes = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(&name)).unwrap();
        assert!(bytes(&one) == bytes(&two), "{} is the same", name.display());
    }
}

#[test]
fn micro_grids_are_an_exact_coverage_and_nest_in_every_level_above() {
    let dir = pack::write(Scale::Small);
    let micro = pack::layer(dir.path(), "micro_grid", Some("parent_code"));
    let exclusive = pack::layer(dir.path(), "exclusive_grid", Some("parent_code"));
    let built = build(&micro, &exclusive);
    let errors: Vec<_> = built.findings.iter().filter(|finding| !finding.rule.is_note()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let coverage = built.coverage.expect("the layer is clean");
    assert!(coverage.validate().is_empty());
    let rim = rim_of(&micro);
    for level in ["comprehensive_grid", "village", "town", "district"] {
        assert!(
            rim_of(&pack::layer(dir.path(), level, None)) == rim,
            "{level} has the rim of its micro grids"
        );
    }
}

/// The directed edges that no other unit of the layer cancels.
fn rim_of(layer: &[LayerUnit]) -> BTreeSet<(LatticePoint, LatticePoint)> {
    let mut rim = BTreeSet::new();
    for edge in layer.iter().flat_map(|unit| &unit.polygons).flat_map(edges) {
        if !rim.remove(&(edge.1, edge.0)) {
            assert!(rim.insert(edge), "an edge is used once in each direction");
        }
    }
    rim
}

fn edges(polygon: &LatticePolygon) -> Vec<(LatticePoint, LatticePoint)> {
    std::iter::once(&polygon.outer)
        .chain(&polygon.holes)
        .flat_map(|ring| (0..ring.len()).map(|at| (ring[at], ring[(at + 1) % ring.len()])))
        .collect()
}

/// Lattice steps in a raster cell.
const CELL: i64 = 40_000;

#[test]
fn no_building_meets_a_grid_border_or_another_building() {
    let dir = pack::write(Scale::Small);
    let mut walls: Vec<(usize, (LatticePoint, LatticePoint))> = Vec::new();
    for collection in ["micro_grid", "exclusive_grid"] {
        for unit in pack::layer(dir.path(), collection, None) {
            walls.extend(unit.polygons.iter().flat_map(edges).map(|edge| (usize::MAX, edge)));
        }
    }
    for (number, house) in pack::layer(dir.path(), "building", None).iter().enumerate() {
        walls.extend(house.polygons.iter().flat_map(edges).map(|edge| (number, edge)));
    }
    let mut raster: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (index, (_, (a, b))) in walls.iter().enumerate() {
        for x in a.x.min(b.x).div_euclid(CELL)..=a.x.max(b.x).div_euclid(CELL) {
            for y in a.y.min(b.y).div_euclid(CELL)..=a.y.max(b.y).div_euclid(CELL) {
                raster.entry((x, y)).or_default().push(index);
            }
        }
    }
    for cell in raster.values() {
        for (at, &one) in cell.iter().enumerate() {
            for &two in &cell[at + 1..] {
                let ((owner, edge), (other, wall)) = (walls[one], walls[two]);
                assert!(
                    owner == other || !cross(edge, wall),
                    "{edge:?} of {owner} meets {wall:?} of {other}"
                );
            }
        }
    }
}

fn cross((a, b): (LatticePoint, LatticePoint), (c, d): (LatticePoint, LatticePoint)) -> bool {
    let side = |p: LatticePoint, q: LatticePoint, r: LatticePoint| {
        (i128::from(q.x - p.x) * i128::from(r.y - p.y) - i128::from(q.y - p.y) * i128::from(r.x - p.x))
            .signum()
    };
    let apart = |one: i64, two: i64, three: i64, four: i64| {
        one.max(two) < three.min(four) || three.max(four) < one.min(two)
    };
    !apart(a.x, b.x, c.x, d.x)
        && !apart(a.y, b.y, c.y, d.y)
        && side(a, b, c) * side(a, b, d) <= 0
        && side(c, d, a) * side(c, d, b) <= 0
}
