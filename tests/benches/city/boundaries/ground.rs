//! The borders as an editor has them: read from the database or an answer, kept up with what each answer changed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::populated::Dice;

/// Longitude and latitude.
pub(super) type Place = [f64; 2];

const METRES_PER_DEGREE: f64 = 111_000.0;
/// At the district's latitude a degree of longitude is so much of one of latitude.
const NARROWER: f64 = 0.85;
const LATTICE: f64 = 1e8;

/// A border between two faces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Border {
    pub(super) start: i64,
    pub(super) end: i64,
    /// The faces on both sides; one alone at the outline of the city.
    pub(super) faces: Vec<i64>,
    pub(super) points: Vec<Place>,
}

/// Borders by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    pub(super) borders: BTreeMap<i64, Border>,
}

impl Ground {
    /// All published borders.
    pub(super) async fn read(client: &Client) -> Result<Self> {
        let rows = client.query(include_str!("../sql/boundary_arcs.sql"), &[]).await?;
        let borders = rows.iter().map(|row| {
            let numbers: Vec<i64> = row.get(5);
            let faces: [Option<i64>; 2] = [row.get(3), row.get(4)];
            let border = Border {
                start: row.get(1),
                end: row.get(2),
                faces: faces.into_iter().flatten().collect(),
                points: numbers
                    .chunks(2)
                    .map(|pair| [pair[0], pair[1]].map(|one| one as f64 / LATTICE))
                    .collect(),
            };
            (row.get(0), border)
        });
        Ok(Self { borders: borders.collect() })
    }

    /// Lays the arcs of an answer over what is there.
    pub(super) fn lay(&mut self, arcs: &Value) {
        for arc in arcs.as_array().into_iter().flatten() {
            let Some(no) = arc["id"].as_i64() else { continue };
            match border(arc) {
                Some(border) => self.borders.insert(no, border),
                None => self.borders.remove(&no),
            };
        }
    }

    /// Whether a border may be moved while the outline of the city is locked.
    pub(super) fn is_inner(&self, no: i64) -> bool {
        self.borders.get(&no).is_some_and(|border| border.faces.len() == 2)
    }

    /// Junctions none of whose borders is at the outline, with their borders.
    pub(super) fn junctions(&self) -> BTreeMap<i64, BTreeSet<i64>> {
        let mut found: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for (no, border) in &self.borders {
            for node in [border.start, border.end] {
                found.entry(node).or_default().insert(*no);
            }
        }
        found.retain(|_, borders| borders.iter().all(|no| self.is_inner(*no)));
        found
    }

    /// Where a junction is.
    pub(super) fn place(&self, node: i64, border: i64) -> Option<Place> {
        let border = self.borders.get(&border)?;
        if border.start == node { border.points.first().copied() } else { border.points.last().copied() }
    }

    /// Borders by the faces beside them.
    pub(super) fn by_face(&self) -> BTreeMap<i64, Vec<i64>> {
        let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (no, border) in &self.borders {
            border.faces.iter().for_each(|face| found.entry(*face).or_default().push(*no));
        }
        found
    }

    /// A line through a face between the middles of two of its borders, as far from everything else as may be.
    pub(super) fn chord(&self, borders: &[i64]) -> Option<[Place; 2]> {
        let lines: Vec<&Vec<Place>> =
            borders.iter().filter_map(|no| Some(&self.borders.get(no)?.points)).collect();
        let middle = |line: &&Vec<Place>| between(line[(line.len() - 1) / 2], line[(line.len() - 1) / 2 + 1]);
        let middles: Vec<Place> = lines.iter().map(middle).collect();
        let room = |[one, other]: &[Place; 2]| {
            let centre = between(*one, *other);
            lines.iter().copied().flatten().map(|point| apart(*point, centre)).fold(f64::INFINITY, f64::min)
        };
        let pairs = middles.iter().flat_map(|one| middles.iter().map(move |other| [*one, *other]));
        let pairs = pairs.filter(|[one, other]| apart(*one, *other) > 5.0);
        pairs.max_by(|one, other| room(one).total_cmp(&room(other)))
    }
}

fn border(arc: &Value) -> Option<Border> {
    let points = arc["points"].as_array()?;
    let places = points.iter().filter_map(|point| Some([point[0].as_f64()?, point[1].as_f64()?]));
    Some(Border {
        start: arc["start"].as_i64()?,
        end: arc["end"].as_i64()?,
        faces: [&arc["left"], &arc["right"]].into_iter().filter_map(Value::as_i64).collect(),
        points: places.collect(),
    })
}

/// The place in the middle.
pub(super) fn between(one: Place, other: Place) -> Place {
    [f64::midpoint(one[0], other[0]), f64::midpoint(one[1], other[1])]
}

/// Metres between two places.
pub(super) fn apart(one: Place, other: Place) -> f64 {
    ((one[0] - other[0]) * NARROWER).hypot(one[1] - other[1]) * METRES_PER_DEGREE
}

/// A place so many metres away, in a direction that the dice give.
pub(super) fn aside(place: Place, metres: f64, dice: &mut Dice) -> Place {
    let angle = dice.below(360) as f64 / 180.0 * std::f64::consts::PI;
    let degrees = metres / METRES_PER_DEGREE;
    [place[0] + angle.cos() * degrees / NARROWER, place[1] + angle.sin() * degrees]
}

/// A place on the lattice, to compare.
pub(super) fn lattice(place: Place) -> (i64, i64) {
    ((place[0] * LATTICE).round() as i64, (place[1] * LATTICE).round() as i64)
}

pub(super) fn move_vertex(arc: i64, index: usize, to: Place) -> Value {
    json!({ "op": "move_vertex", "arc": arc, "index": index, "to": to })
}

pub(super) fn insert_vertex(arc: i64, index: usize, at: Place) -> Value {
    json!({ "op": "insert_vertex", "arc": arc, "index": index, "at": at })
}

pub(super) fn move_node(node: i64, to: Place) -> Value {
    json!({ "op": "move_node", "node": node, "to": to })
}

pub(super) fn split(unit: i64, line: [Place; 2]) -> Value {
    json!({ "op": "split", "unit": unit, "line": line, "snap_m": 2.0 })
}
