//! Entrances for fuzzing: any bytes in the place of rows that a source sends and of operations that a person draws.

use std::sync::{Arc, LazyLock};

use cim_coverage::{
    BorderArc, EditContext, FaceNo, GroundFace, LatticePolygon, LayerUnit, NodeNo, Topology, TopologyParts,
    UnitNo, UnitState, build,
};
use cim_crs::{LatticePoint, LonLat};
use cim_model::{Collection, Value};
use cim_store::level_of;
use serde_json::{Map, Value as Json};

use crate::OperationBody;
use crate::boundaries::CodeBook;
use crate::work::{given_fields, given_row};

/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub const TARGETS: &[Target] = &[("boundary_ops", boundary_ops), ("given_rows", given_rows)];

/// More operations of one draft teach nothing new.
const MOST_OPS: usize = 24;

static CITY: LazyLock<Topology> = LazyLock::new(nine_squares);

/// Rows as JSON, one a line: each is taken in, and used as a change, of every kind that sources give.
pub fn given_rows(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        let Ok(object) = serde_json::from_slice::<Map<String, Json>>(line) else { continue };
        for collection in [Collection::Case, Collection::Inspection, Collection::Finding, Collection::Camera]
        {
            if let Ok(row) = given_row(collection, &object) {
                row.record.values.iter().for_each(check);
            }
            for (_, value) in given_fields(collection, &object).unwrap_or_default() {
                check(&value);
            }
        }
    }
}

/// A number in a row is one, and a place lies in the world.
fn check(value: &Value) {
    match value {
        Value::Float(number) => assert!(number.is_finite(), "{number}"),
        Value::Geometry(geo_types::Geometry::Point(point)) => {
            LonLat::new(point.x(), point.y()).expect("a place lies in the world");
        }
        _ => {}
    }
}

/// Operations as JSON, one a line, done one after another on a city of nine squares. What is done can be kept and done
/// again, and leaves a state that keeps its rules.
pub fn boundary_ops(bytes: &[u8]) {
    let mut city = CITY.clone();
    let codes = CodeBook::default();
    for line in bytes.split(|byte| *byte == b'\n').take(MOST_OPS) {
        let Ok(body) = serde_json::from_slice::<OperationBody>(line) else { continue };
        let Ok(Some(operation)) = body.operation(&city) else { continue };
        let context = EditContext {
            outline_is_open: true,
            overlay_parents_from: level_of(Collection::Village).unwrap_or_default(),
            codes: &codes,
        };
        let Ok(applied) = city.apply(&operation, &context) else { continue };
        assert_eq!(applied.topology.validate(), Vec::new(), "{operation:?}");
        let kept = serde_json::to_string(&OperationBody::of_operation(&operation)).expect("it can be kept");
        let again: OperationBody = serde_json::from_str(&kept).expect("what was kept is read");
        assert_eq!(again.operation(&city).ok().flatten().as_ref(), Some(&operation), "{kept}");
        city = applied.topology;
    }
}

/// Micro grids of about ten metres, three in a grid, all in one village.
fn nine_squares() -> Topology {
    let origin = LatticePoint::from(LonLat { lon: 121.0, lat: 31.0 });
    let at = |x: i64, y: i64| LatticePoint { x: origin.x + x * 10_000, y: origin.y + y * 10_000 };
    let square = |x: i64, y: i64| LatticePolygon {
        outer: vec![at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)],
        holes: Vec::new(),
    };
    let unit = |place: i64| LayerUnit {
        key: format!("VZ{:02}W{:02}", place / 3 + 1, place % 3 + 1),
        parent: None,
        polygons: vec![square(place % 3, place / 3)],
    };
    let layer: Vec<LayerUnit> = (0..9).map(unit).collect();
    let coverage = build(&layer, &[]).coverage.expect("squares side by side are a coverage");
    topology_of(&coverage, units_over(&layer))
}

/// A village, its three grids, and the layer's micro grids in them.
fn units_over(layer: &[LayerUnit]) -> Vec<(UnitNo, Arc<UnitState>)> {
    let state = |class: Collection, code: &str, parent: Option<(i64, &str)>| UnitState {
        level: level_of(class).unwrap_or_default(),
        code: code.to_owned(),
        name: code.to_owned(),
        kind: None,
        class: None,
        parent: parent.map(|(number, _)| UnitNo(number)),
        parent_code: parent.map(|(_, code)| code.to_owned()),
    };
    let mut units = vec![(UnitNo(1), Arc::new(state(Collection::Village, "V", None)))];
    for (number, code) in (2..).zip(["VZ01", "VZ02", "VZ03"]) {
        units.push((UnitNo(number), Arc::new(state(Collection::ComprehensiveGrid, code, Some((1, "V"))))));
    }
    for (place, one) in (0..).zip(layer) {
        let parent = (2 + place / 3, one.key.get(..4).unwrap_or_default());
        units.push((UnitNo(5 + place), Arc::new(state(Collection::MicroGrid, &one.key, Some(parent)))));
    }
    units
}

/// A coverage as a state of boundaries, its micro grids numbered from 5.
fn topology_of(coverage: &cim_coverage::Coverage, units: Vec<(UnitNo, Arc<UnitState>)>) -> Topology {
    let mut places: Vec<LatticePoint> = coverage
        .arcs
        .iter()
        .flat_map(|arc| [arc.points.first(), arc.points.last()])
        .flatten()
        .copied()
        .collect();
    places.sort_unstable();
    places.dedup();
    let node = |place: Option<&LatticePoint>| {
        NodeNo((1..).zip(&places).find(|(_, known)| Some(*known) == place).map_or(0, |(number, _)| number))
    };
    let face = |face: cim_coverage::FaceId| FaceNo(i64::try_from(face.index()).unwrap_or(0) + 1);
    let arcs = (1..).zip(&coverage.arcs).map(|(number, arc)| {
        let (start, end) = (node(arc.points.first()), node(arc.points.last()));
        let (left, right) = (arc.left.map(face), arc.right.map(face));
        (
            cim_coverage::ArcNo(number),
            Arc::new(BorderArc { start, end, points: arc.points.clone(), left, right }),
        )
    });
    let faces = (1..).zip(&coverage.faces).map(|(number, face)| {
        (FaceNo(number), GroundFace { base: UnitNo(5 + i64::from(face.base)), overlay: None })
    });
    Topology::new(TopologyParts {
        base_level: level_of(Collection::MicroGrid).unwrap_or_default(),
        nodes: places.iter().map(|place| (node(Some(place)), *place)).collect(),
        arcs: arcs.collect(),
        faces: faces.collect(),
        units,
    })
}
