//! Topologies made for tests: bent grids of micro grids, in grids, in villages; and what every state of one must keep.

#![allow(dead_code, reason = "every test file uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use cim_coverage::{
    ArcNo, BorderArc, CodeIssuer, Coverage, CoverageRule, EditContext, EditRule, FaceNo, GroundFace,
    LatticePolygon, LayerUnit, Level, NodeNo, Topology, TopologyParts, UnitNo, UnitState, build,
    doubled_area,
};
use cim_crs::LatticePoint;

use crate::sample_layers::{BentGrid, Random};

pub(crate) const VILLAGE: Level = Level(0);
pub(crate) const GRID: Level = Level(1);
pub(crate) const MICRO: Level = Level(2);

/// Issues the code of the parent with the least free number.
pub(crate) struct Codes;

impl CodeIssuer for Codes {
    fn issue(&self, topology: &Topology, level: Level, parent: Option<UnitNo>) -> Option<String> {
        let parent = parent.and_then(|parent| topology.unit(parent)).map_or("top", |unit| unit.code.as_str());
        (1..1_000_000)
            .map(|number| format!("{parent}.{number}"))
            .find(|code| topology.unit_by_code(level, code).is_none())
    }

    fn refuse(&self, _: &Topology, _: Level, code: &str) -> Option<EditRule> {
        match code {
            "used" => Some(EditRule::CodeTaken),
            code if code.contains('!') => Some(EditRule::CodeMalformed),
            _ => None,
        }
    }
}

pub(crate) fn closed() -> EditContext<'static> {
    EditContext { outline_is_open: false, overlay_parents_from: Level(u8::MAX - 1), codes: &Codes }
}

pub(crate) fn open() -> EditContext<'static> {
    EditContext { outline_is_open: true, overlay_parents_from: Level(u8::MAX - 1), codes: &Codes }
}

/// The topology of a coverage. Units are the micro grids; `above` gives the codes of the grid and the village of each.
pub(crate) fn topology_of(
    coverage: &Coverage,
    micro_codes: &[String],
    above: impl Fn(&str) -> (String, String),
) -> Topology {
    let mut units: Vec<(UnitNo, Arc<UnitState>)> = Vec::new();
    let mut unit_no = |level: Level, code: &str, parent: Option<UnitNo>| -> UnitNo {
        if let Some((no, _)) = units.iter().find(|(_, unit)| unit.level == level && unit.code == code) {
            return *no;
        }
        let no = UnitNo(i64::try_from(units.len()).unwrap() + 1);
        let parent_code = parent.map(|parent| units[usize::try_from(parent.0).unwrap() - 1].1.code.clone());
        units.push((
            no,
            Arc::new(UnitState {
                level,
                code: code.to_owned(),
                name: format!("Unit {code}"),
                kind: None,
                class: None,
                parent,
                parent_code,
            }),
        ));
        no
    };
    let micro: Vec<UnitNo> = micro_codes
        .iter()
        .map(|code| {
            let (grid, village) = above(code);
            let village = unit_no(VILLAGE, &village, None);
            let grid = unit_no(GRID, &grid, Some(village));
            unit_no(MICRO, code, Some(grid))
        })
        .collect();
    let mut places: Vec<LatticePoint> =
        coverage.arcs.iter().flat_map(|arc| [arc.points[0], *arc.points.last().unwrap()]).collect();
    places.sort_unstable();
    places.dedup();
    let number = |index: usize| i64::try_from(index).unwrap() + 1;
    let node = |place: &LatticePoint| NodeNo(number(places.binary_search(place).unwrap()));
    let arcs = coverage.arcs.iter().enumerate().map(|(index, arc)| {
        let face = |face: Option<cim_coverage::FaceId>| face.map(|face| FaceNo(number(face.index())));
        let arc = BorderArc {
            start: node(&arc.points[0]),
            end: node(arc.points.last().unwrap()),
            points: arc.points.clone(),
            left: face(arc.left),
            right: face(arc.right),
        };
        (ArcNo(number(index)), Arc::new(arc))
    });
    let faces = coverage.faces.iter().enumerate().map(|(index, face)| {
        (FaceNo(number(index)), GroundFace { base: micro[face.base as usize], overlay: None })
    });
    Topology::new(TopologyParts {
        base_level: MICRO,
        nodes: places.iter().map(|place| (node(place), *place)).collect(),
        arcs: arcs.collect(),
        faces: faces.collect(),
        units,
    })
}

/// A topology of micro grids with these polygons; the part of a code before its first point is its grid, the first
/// character its village.
pub(crate) fn topology(units: &[LayerUnit]) -> Topology {
    let built = build(units, &[]);
    let codes: Vec<String> = units.iter().map(|unit| unit.key.clone()).collect();
    topology_of(&built.coverage.unwrap(), &codes, |code| {
        let grid = code.split('.').next().unwrap().to_owned();
        let village = grid.chars().next().unwrap().to_string();
        (grid, village)
    })
}

/// A bent grid in which 4 by 4 cells are a grid and 8 by 8 a village.
pub(crate) fn nested(cells: &[LayerUnit]) -> Topology {
    let built = build(cells, &[]);
    let codes: Vec<String> = cells.iter().map(|unit| unit.key.clone()).collect();
    topology_of(&built.coverage.unwrap(), &codes, |code| {
        let (row, column) = code.split_once('-').unwrap();
        let (row, column): (i64, i64) = (row.parse().unwrap(), column.parse().unwrap());
        (format!("g{}-{}", row / 4, column / 4), format!("v{}-{}", row / 8, column / 8))
    })
}

/// A bent grid whose cells are merged at random into micro grids, most of them in several pieces and with holes; some
/// cells are left out, as holes and bays of the city.
pub(crate) fn merged(columns: i64, rows: i64, bends: i64, groups: u64, seed: u64) -> Topology {
    let mut units = BentGrid::new(columns, rows, bends, seed).units(|row, column| {
        let place = u64::try_from(row * columns + column).unwrap();
        let mut random = Random(seed.wrapping_add(place * 977));
        random.next();
        let group = random.next() % (groups + 1);
        format!("{}.{group}", ["a1", "a2", "b1"][usize::try_from(group % 3).unwrap()])
    });
    if units.len() > 1 {
        units.retain(|unit| {
            unit.key != format!("{}.{groups}", ["a1", "a2", "b1"][usize::try_from(groups % 3).unwrap()])
        });
    }
    topology(&units)
}

/// Twice the area of all ground, by its faces.
pub(crate) fn doubled_ground(topology: &Topology) -> i128 {
    topology.coverage().coverage.polygon_of(|_, _| true).iter().map(doubled_area).sum()
}

/// The polygons of all units by number.
pub(crate) fn all_polygons(topology: &Topology) -> std::collections::BTreeMap<UnitNo, Vec<LatticePolygon>> {
    topology.units().map(|(no, _)| (no, topology.polygons_of(no))).collect()
}

/// The same state made anew from its elements, with indexes of its own.
pub(crate) fn made_anew(topology: &Topology) -> Topology {
    Topology::new(TopologyParts {
        base_level: topology.base_level(),
        nodes: topology.nodes().collect(),
        arcs: topology.arcs().map(|(no, arc)| (no, Arc::clone(arc))).collect(),
        faces: topology.faces().collect(),
        units: topology.units().map(|(no, unit)| (no, Arc::clone(unit))).collect(),
    })
}

/// The arcs of a state and of the coverage that its polygons make when they are built anew, both without direction and
/// without the start of closed ones. None of either when the city has a hole that counts as a gap.
pub(crate) fn arcs_and_arcs_anew(topology: &Topology) -> (Vec<Vec<LatticePoint>>, Vec<Vec<LatticePoint>>) {
    let layer = |level: Level| -> Vec<LayerUnit> {
        topology
            .units()
            .filter(|(_, unit)| unit.level == level)
            .map(|(no, unit)| LayerUnit {
                key: unit.code.clone(),
                parent: None,
                polygons: topology.polygons_of(no),
            })
            .collect()
    };
    let built = build(&layer(topology.base_level()), &layer(Level::OVERLAY));
    // A hole of the city that an edit of its outline has made narrow is taken for a gap when it is loaded.
    if built.findings.iter().any(|finding| finding.rule == CoverageRule::Gap) {
        return Default::default();
    }
    assert!(built.coverage.is_some(), "unclean: {:?}", built.findings);
    let anew = built.coverage.unwrap();
    assert_eq!(anew.faces.len(), topology.faces().count());
    let normal = |points: &[LatticePoint]| {
        let turned = |mut points: Vec<LatticePoint>| {
            if points.first() == points.last() {
                points.pop();
                let least = (0..points.len()).min_by_key(|place| points[*place]).unwrap();
                points.rotate_left(least);
            }
            points
        };
        turned(points.to_vec()).min(turned(points.iter().rev().copied().collect()))
    };
    let mut mine: Vec<_> = topology.arcs().map(|(_, arc)| normal(&arc.points)).collect();
    let mut theirs: Vec<_> = anew.arcs.iter().map(|arc| normal(&arc.points)).collect();
    mine.sort_unstable();
    theirs.sort_unstable();
    (mine, theirs)
}
