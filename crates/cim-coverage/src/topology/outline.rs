//! Keeps drawn lines off the locked outline of the city: they end at points that it has.

use cim_crs::LatticePoint;

use super::drawn_line::Metres;
use super::edit::Edit;
use super::element::BorderArc;
use super::refusal::{EditRule, Refusal};
use crate::predicate::{cross, dot, meeting};

/// How far from where it meets the outline a line may be led to a point of it.
const REACH_M: f64 = 5.0;

/// Where a drawn segment passes the outline.
struct Passage {
    /// How far along the segment, to put passages in order.
    along: i128,
    /// The point of the outline that the line is led through.
    through: LatticePoint,
    /// Whether the segment comes from outside.
    enters: bool,
}

impl Edit<'_> {
    /// The parts of a line within the city. Where it crosses the outline beside a lattice point it is led to the next
    /// point of the outline, so that the outline keeps its shape.
    pub(super) fn within_outline(&self, line: &[LatticePoint]) -> Result<Vec<Vec<LatticePoint>>, Refusal> {
        let mut parts: Vec<Vec<LatticePoint>> = Vec::new();
        let mut current: Vec<LatticePoint> = line.first().copied().into_iter().collect();
        for pair in line.windows(2) {
            for passage in self.passages(pair[0], pair[1])? {
                if passage.enters {
                    current = vec![passage.through];
                } else {
                    current.push(passage.through);
                    parts.push(std::mem::take(&mut current));
                }
            }
            current.push(pair[1]);
        }
        parts.push(current);
        for part in &mut parts {
            part.dedup();
        }
        parts.retain(|part| part.len() > 1);
        if parts.is_empty() {
            let message = "the line does not pass through the city; draw it over the unit";
            return Err(Refusal::new(EditRule::LineMisses, message).showing(line.to_vec()));
        }
        Ok(parts)
    }

    fn passages(&self, from: LatticePoint, to: LatticePoint) -> Result<Vec<Passage>, Refusal> {
        let mut passages = Vec::new();
        for no in self.state.arcs_near(&[from, to], 0) {
            let Some(arc) = self.state.arc(no).filter(|arc| arc.left.is_none() || arc.right.is_none()) else {
                continue;
            };
            for pair in arc.points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let sides = [cross(a, b, from), cross(a, b, to), cross(from, to, a), cross(from, to, b)];
                let is_crossed = (sides[0] > 0) != (sides[1] > 0) && (sides[2] > 0) != (sides[3] > 0);
                if sides.contains(&0) || !is_crossed {
                    continue;
                }
                let through = self.through_point(arc, (a, b), (from, to))?;
                let enters = if sides[0] > 0 { arc.left.is_none() } else { arc.right.is_none() };
                passages.push(Passage { along: dot(from, to, through), through, enters });
            }
        }
        passages.sort_by_key(|passage| passage.along);
        Ok(passages)
    }

    /// The point of a segment of the outline that a line crossing it is led through.
    fn through_point(
        &self,
        arc: &BorderArc,
        (a, b): (LatticePoint, LatticePoint),
        (from, to): (LatticePoint, LatticePoint),
    ) -> Result<LatticePoint, Refusal> {
        let Some(at) = meeting(a, b, from, to).split_first[0] else {
            // It rounds to an end of the segment.
            let metres = Metres::around(a);
            return Ok(
                if metres.distance_to_segment(from, to) <= Metres::around(b).distance_to_segment(from, to) {
                    a
                } else {
                    b
                },
            );
        };
        if cross(a, b, at) == 0 {
            return Ok(at);
        }
        let metres = Metres::around(at);
        let nearest = arc.points.iter().map(|point| (metres.distance(*point), *point));
        match nearest.min_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((distance, point)) if distance <= REACH_M => Ok(point),
            _ => {
                let message = format!(
                    "the outline of the city is locked and has no point within {REACH_M} m of where the line meets it; draw the line to one of its points"
                );
                Err(Refusal::new(EditRule::OutlineLocked, message)
                    .naming(self.units_beside(arc))
                    .showing(vec![at]))
            }
        }
    }
}
