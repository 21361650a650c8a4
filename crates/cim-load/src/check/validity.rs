//! Whether an area is valid in the sense of the simple-features standard: the same answer as `ST_IsValid`, without a database.

use std::collections::HashMap;

use geo_types::{Coord, Polygon};

use super::segments::{Meeting, Segment, lies_inside, visit_meetings};

/// What makes an area invalid, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Defect {
    pub(super) rule: &'static str,
    pub(super) at: Coord<f64>,
}

/// The first defect of an area, if it has any. Rings must be closed and free of repeated vertices.
pub(super) fn first_defect(polygons: &[Polygon<f64>]) -> Option<Defect> {
    let rings = rings_of(polygons);
    for ring in &rings {
        if ring.coords.len() < 4 {
            let at = ring.coords.first().copied().unwrap_or_default();
            return Some(Defect { rule: "ring_collapsed", at });
        }
    }
    let mut segments = segments_of(&rings);
    let mut touches = Vec::new();
    let mut defect = None;
    visit_meetings(&mut segments, |s, t, met| {
        defect = judge(s, t, met, &rings, &mut touches);
        defect.is_none()
    });
    if defect.is_some() || rings.len() == 1 {
        return defect;
    }
    first_misplaced(&rings).or_else(|| first_cut_off(&rings, &touches))
}

struct Ring<'p> {
    coords: &'p [Coord<f64>],
    polygon: usize,
    hole: bool,
}

struct Touch {
    rings: (u32, u32),
    at: Coord<f64>,
}

fn rings_of(polygons: &[Polygon<f64>]) -> Vec<Ring<'_>> {
    let mut rings = Vec::with_capacity(polygons.len());
    for (polygon, area) in polygons.iter().enumerate() {
        rings.push(Ring { coords: &area.exterior().0, polygon, hole: false });
        for hole in area.interiors() {
            rings.push(Ring { coords: &hole.0, polygon, hole: true });
        }
    }
    rings
}

fn segments_of(rings: &[Ring<'_>]) -> Vec<Segment> {
    let mut segments = Vec::with_capacity(rings.iter().map(|ring| ring.coords.len()).sum());
    for (number, ring) in (0_u32..).zip(rings) {
        for (place, pair) in (0_u32..).zip(ring.coords.windows(2)) {
            segments.push(Segment { a: pair[0], b: pair[1], ring: number, place });
        }
    }
    segments
}

fn judge(
    s: &Segment,
    t: &Segment,
    met: Meeting,
    rings: &[Ring<'_>],
    touches: &mut Vec<Touch>,
) -> Option<Defect> {
    let same = s.ring == t.ring;
    match met {
        Meeting::Apart => None,
        Meeting::Cross(at) => {
            Some(Defect { rule: if same { "ring_self_crossing" } else { "rings_cross" }, at })
        }
        Meeting::Overlap(at) => {
            Some(Defect { rule: if same { "ring_self_overlap" } else { "rings_overlap" }, at })
        }
        Meeting::Touch(at) if same => {
            let count = rings[s.ring as usize].coords.len() - 1;
            let (low, high) = (s.place.min(t.place) as usize, s.place.max(t.place) as usize);
            let neighbours = high - low == 1 || (low == 0 && high == count - 1);
            (!neighbours).then_some(Defect { rule: "ring_self_touch", at })
        }
        Meeting::Touch(at) => {
            touches.push(Touch { rings: (s.ring.min(t.ring), s.ring.max(t.ring)), at });
            None
        }
    }
}

/// Where ring `inner` lies relative to `outer`; rings that do not cross are told by any vertex off the other's border.
fn ring_inside(inner: &Ring<'_>, outer: &Ring<'_>) -> Option<bool> {
    let middles = inner
        .coords
        .windows(2)
        .map(|pair| Coord { x: f64::midpoint(pair[0].x, pair[1].x), y: f64::midpoint(pair[0].y, pair[1].y) });
    inner.coords.iter().copied().chain(middles).find_map(|point| lies_inside(point, outer.coords))
}

fn first_misplaced(rings: &[Ring<'_>]) -> Option<Defect> {
    let defect = |rule, ring: &Ring<'_>| Some(Defect { rule, at: ring.coords[0] });
    for (index, ring) in rings.iter().enumerate() {
        for other in &rings[index + 1..] {
            let same = ring.polygon == other.polygon;
            match (ring.hole, other.hole) {
                (false, true) if same && ring_inside(other, ring) != Some(true) => {
                    return defect("hole_outside", other);
                }
                (true, true)
                    if same
                        && (ring_inside(other, ring) == Some(true)
                            || ring_inside(ring, other) == Some(true)) =>
                {
                    return defect("holes_nested", other);
                }
                (false, false)
                    if shells_overlap(ring, other, rings) || shells_overlap(other, ring, rings) =>
                {
                    return defect("parts_overlap", other);
                }
                _ => {}
            }
        }
    }
    None
}

/// A part may lie inside another only within one of its holes.
fn shells_overlap(inner: &Ring<'_>, outer: &Ring<'_>, rings: &[Ring<'_>]) -> bool {
    ring_inside(inner, outer) == Some(true)
        && !rings
            .iter()
            .any(|hole| hole.hole && hole.polygon == outer.polygon && ring_inside(inner, hole) == Some(true))
}

/// Rings of one polygon that touch in a circle cut its interior in two.
fn first_cut_off(rings: &[Ring<'_>], touches: &[Touch]) -> Option<Defect> {
    let mut nodes: HashMap<(u64, u64), usize> = HashMap::new();
    let mut edges: Vec<(usize, usize, Coord<f64>)> = Vec::new();
    for touch in touches {
        let (first, second) = (touch.rings.0 as usize, touch.rings.1 as usize);
        if rings[first].polygon != rings[second].polygon {
            continue;
        }
        let next = rings.len() + nodes.len();
        let node = *nodes.entry((touch.at.x.to_bits(), touch.at.y.to_bits())).or_insert(next);
        for ring in [first, second] {
            if !edges.iter().any(|edge| (edge.0, edge.1) == (ring, node)) {
                edges.push((ring, node, touch.at));
            }
        }
    }
    let mut group: Vec<usize> = (0..rings.len() + nodes.len()).collect();
    for (ring, node, at) in edges {
        let (a, b) = (root(&group, ring), root(&group, node));
        if a == b {
            return Some(Defect { rule: "interior_cut", at });
        }
        group[a] = b;
    }
    None
}

fn root(group: &[usize], mut member: usize) -> usize {
    while group[member] != member {
        member = group[member];
    }
    member
}

#[cfg(test)]
mod tests {
    use geo_types::{Geometry, LineString};

    use super::*;
    use crate::readers::wkt::parse_wkt;

    /// The verdicts of PostGIS 3.3 on the same texts.
    #[test]
    fn the_verdict_is_that_of_postgis() {
        for (text, rule) in [
            ("POLYGON((0 0,4 0,4 4,0 4,0 0))", None),
            ("POLYGON((0 0,4 4,4 0,0 4,0 0))", Some("ring_self_crossing")),
            ("POLYGON((0 0,4 0,2 2,4 4,0 4,2 2,0 0))", Some("ring_self_touch")),
            ("POLYGON((0 0,4 0,4 4,2 4,2 6,2 4,0 4,0 0))", Some("ring_self_touch")),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))", None),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(10 1,12 1,12 2,10 2,10 1))", Some("hole_outside")),
            (
                "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,5 1,5 5,1 5,1 1),(2 2,3 2,3 3,2 3,2 2))",
                Some("holes_nested"),
            ),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(0 4,2 3,2 5,0 4))", None),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(0 4,4 2,9 4,4 6,0 4))", Some("interior_cut")),
            (
                "POLYGON((0 0,9 0,9 9,0 9,0 0),(0 4,2 3,4 4,2 5,0 4),(4 4,6 3,9 4,6 5,4 4))",
                Some("interior_cut"),
            ),
            ("POLYGON((0 0,9 0,9 9,0 9,0 0),(5 1,12 1,12 5,5 5,5 1))", Some("rings_cross")),
            ("MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((4 4,5 4,5 5,4 5,4 4)))", None),
            ("MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((4 0,5 0,5 4,4 4,4 0)))", Some("rings_overlap")),
            ("MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0)),((1 1,2 1,2 2,1 2,1 1)))", Some("parts_overlap")),
            ("MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,5 1,5 5,1 5,1 1)),((2 2,3 2,3 3,2 3,2 2)))", None),
        ] {
            let polygons = match parse_wkt(text).unwrap().geometry {
                Geometry::Polygon(polygon) => vec![polygon],
                Geometry::MultiPolygon(parts) => parts.0,
                other => panic!("{other:?}"),
            };
            assert_eq!(first_defect(&polygons).map(|defect| defect.rule), rule, "{text}");
        }
    }

    #[test]
    fn a_large_ring_is_judged_by_the_sweep_as_a_small_one_is() {
        let circle = |count: u32| -> Vec<Coord<f64>> {
            (0..=count)
                .map(|step| f64::from(step % count) / f64::from(count) * std::f64::consts::TAU)
                .map(|angle| Coord { x: angle.cos(), y: angle.sin() })
                .collect()
        };
        let mut crossed = circle(5_000);
        crossed.swap(1_000, 3_000);
        let area = |coords| [Polygon::new(LineString(coords), Vec::new())];
        assert_eq!(first_defect(&area(circle(5_000))), None);
        assert_eq!(first_defect(&area(crossed)).map(|defect| defect.rule), Some("ring_self_crossing"));
    }
}
