//! Cutting faces by lines: shots through one face, and walks across many.

use crate::mesh::{Ground, Mesh, OUTSIDE};
use crate::plane::{P, ring_area, ring_contains, segment_distance, simplify};

/// Where a shot leaves a face.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    half: u32,
    point: P,
    /// The vertex, when the shot ends in one.
    vertex: Option<u32>,
}

/// Where a cut begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start {
    /// At a point inside the face; the line runs both ways.
    Inside(P),
    /// At a vertex of the face, into the face.
    Vertex(u32),
}

/// What a cut has to respect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CutRule {
    /// Ends closer than this to a vertex use it.
    pub(crate) snap_m: f64,
    /// No part may be smaller.
    pub(crate) least_area_m2: f64,
    /// Length of one step of a bending line.
    pub(crate) step_m: f64,
    /// The line keeps at least this far from the other corners of the face.
    pub(crate) clearance_m: f64,
}

const LONGEST_SHOT_STEPS: usize = 600;

impl Mesh {
    /// The first place where the way between two points meets the ring.
    fn first_hit(&self, ring: &[u32], from: P, to: P, skip_vertex: Option<u32>) -> Option<Hit> {
        let way = to - from;
        let mut best: Option<(f64, Hit)> = None;
        let (low_x, high_x) = (from.x.min(to.x), from.x.max(to.x));
        let (low_y, high_y) = (from.y.min(to.y), from.y.max(to.y));
        for &half in ring {
            let (c, d) = (self.from(half), self.to(half));
            if c.x.max(d.x) < low_x || c.x.min(d.x) > high_x || c.y.max(d.y) < low_y || c.y.min(d.y) > high_y
            {
                continue;
            }
            if skip_vertex.is_some_and(|vertex| self.origin(half) == vertex || self.target(half) == vertex) {
                continue;
            }
            let edge = d - c;
            let cross = way.cross(edge);
            if cross.abs() < 1e-9 {
                continue;
            }
            let t = (c - from).cross(edge) / cross;
            let u = (c - from).cross(way) / cross;
            if (0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u) && best.is_none_or(|(at, _)| t < at) {
                best = Some((t, Hit { half, point: c + edge * u, vertex: None }));
            }
        }
        best.map(|(_, hit)| hit)
    }

    /// Moves a hit to a vertex of its edge when one is near enough.
    fn snapped(&self, hit: Hit, snap_m: f64) -> Hit {
        let (a, b) = (self.from(hit.half), self.to(hit.half));
        let (to_a, to_b) = (hit.point.distance(a), hit.point.distance(b));
        let limit = snap_m.min(a.distance(b) * 0.45).max(2.0);
        if to_a <= to_b && to_a < limit {
            Hit { vertex: Some(self.origin(hit.half)), point: a, ..hit }
        } else if to_b < limit {
            Hit { vertex: Some(self.target(hit.half)), point: b, ..hit }
        } else {
            hit
        }
    }

    /// Follows a direction from a point until it leaves the face.
    fn shoot(
        &self,
        ring: &[u32],
        from: P,
        skip_vertex: Option<u32>,
        rule: &CutRule,
        direction: &dyn Fn(P) -> P,
    ) -> Option<(Vec<P>, Hit)> {
        let mut way = vec![from];
        let mut at = from;
        for step in 0..LONGEST_SHOT_STEPS {
            let next = at + direction(at) * rule.step_m;
            if let Some(hit) = self.first_hit(ring, at, next, skip_vertex.filter(|_| step == 0)) {
                way.push(hit.point);
                return Some((way, self.snapped(hit, rule.snap_m)));
            }
            way.push(next);
            at = next;
        }
        None
    }

    /// Cuts a face by a line that follows a direction; nothing happens when the cut would be bad.
    /// Answers the new face and the line's points.
    pub(crate) fn cut_along(
        &mut self,
        face: u32,
        start: Start,
        line: u32,
        rule: &CutRule,
        direction: &dyn Fn(P) -> P,
    ) -> Option<(u32, Vec<P>)> {
        let ring = self.ring(face);
        let (begin, end, middle) = match start {
            Start::Inside(point) => {
                let (mut back, begin) = self.shoot(&ring, point, None, rule, &|at| -direction(at))?;
                let (ahead, end) = self.shoot(&ring, point, None, rule, direction)?;
                back.reverse();
                back.extend(&ahead[1..]);
                (begin, end, back)
            }
            Start::Vertex(vertex) => {
                let half = ring.iter().copied().find(|&half| self.origin(half) == vertex)?;
                let point = self.points[vertex as usize];
                let (ahead, end) = self.shoot(&ring, point, Some(vertex), rule, direction)?;
                (Hit { half, point, vertex: Some(vertex) }, end, ahead)
            }
        };
        let mut line_points = simplify(&middle, 1.2);
        let last = line_points.len() - 1;
        line_points[0] = begin.point;
        line_points[last] = end.point;
        self.cut_between(face, &ring, begin, end, line_points, line, rule)
    }

    /// Cuts a face by a given line of points whose ends lie on its ring.
    #[expect(clippy::too_many_arguments, reason = "the parts of one cut")]
    fn cut_between(
        &mut self,
        face: u32,
        ring: &[u32],
        begin: Hit,
        end: Hit,
        line_points: Vec<P>,
        line: u32,
        rule: &CutRule,
    ) -> Option<(u32, Vec<P>)> {
        if (begin.vertex.is_some() && begin.vertex == end.vertex)
            || begin.point.distance(end.point) < rule.clearance_m.max(2.0)
            || (begin.half == end.half && (begin.vertex.is_none() || end.vertex.is_none()))
        {
            return None;
        }
        let on_edge = |hit: &Hit, half: u32| match hit.vertex {
            Some(vertex) => self.origin(half) == vertex || self.target(half) == vertex,
            None => hit.half == half,
        };
        let last = line_points.len() - 1;
        for (index, pair) in line_points.windows(2).enumerate() {
            for &half in ring {
                let near_begin = index == 0 && on_edge(&begin, half);
                let near_end = index + 1 == last && on_edge(&end, half);
                if near_begin || near_end {
                    continue;
                }
                if segments_meet(pair[0], pair[1], self.from(half), self.to(half)) {
                    return None;
                }
            }
        }
        if !self.keeps_clear(ring, begin, end, &line_points, rule.clearance_m) {
            return None;
        }
        if !self.parts_are_big_enough(ring, begin, end, &line_points, rule.least_area_m2) {
            return None;
        }
        let begin_vertex = begin.vertex.unwrap_or_else(|| self.split_edge(begin.half, begin.point));
        let end_vertex = end.vertex.unwrap_or_else(|| self.split_edge(end.half, end.point));
        let ring = self.ring(face);
        let a = ring.iter().copied().find(|&half| self.origin(half) == begin_vertex)?;
        let b = ring.iter().copied().find(|&half| self.origin(half) == end_vertex)?;
        if self.next(a) == b && line_points.len() == 2 || self.next(b) == a && line_points.len() == 2 {
            return None;
        }
        let new_face = self.split_face(a, b, &line_points[1..last], line);
        Some((new_face, line_points))
    }

    /// Whether the line stays away from corners it does not use, so that no needle remains.
    fn keeps_clear(&self, ring: &[u32], begin: Hit, end: Hit, line_points: &[P], clearance_m: f64) -> bool {
        let ends_free = |point: P| {
            point.distance(begin.point) > clearance_m * 1.5 && point.distance(end.point) > clearance_m * 1.5
        };
        let corners = ring.iter().all(|&half| {
            let corner = self.from(half);
            !ends_free(corner)
                || line_points
                    .windows(2)
                    .all(|pair| segment_distance(corner, pair[0], pair[1]) >= clearance_m)
        });
        corners
            && line_points[1..line_points.len() - 1].iter().all(|&point| {
                !ends_free(point)
                    || ring
                        .iter()
                        .all(|&half| segment_distance(point, self.from(half), self.to(half)) >= clearance_m)
            })
    }

    fn parts_are_big_enough(
        &self,
        ring: &[u32],
        begin: Hit,
        end: Hit,
        line_points: &[P],
        least_m2: f64,
    ) -> bool {
        let position = |hit: &Hit| match hit.vertex {
            Some(vertex) => ring.iter().position(|&half| self.origin(half) == vertex),
            None => ring.iter().position(|&half| half == hit.half),
        };
        let (Some(from), Some(to)) = (position(&begin), position(&end)) else { return false };
        let mut part: Vec<P> = line_points.to_vec();
        let mut index = to;
        loop {
            index = (index + 1) % ring.len();
            part.push(self.from(ring[index]));
            if index == from || part.len() > ring.len() + line_points.len() {
                break;
            }
        }
        let whole: f64 = ring_area(&ring.iter().map(|&half| self.from(half)).collect::<Vec<_>>());
        let left = ring_area(&part);
        left > least_m2 && whole - left > least_m2
    }

    /// Draws a line across every face it meets. Ends that hang inside a face are left out.
    pub(crate) fn walk(&mut self, way: &[P], line: u32, rule: &CutRule) -> Vec<Vec<P>> {
        let mut drawn: Vec<Vec<P>> = Vec::new();
        let Some(mut face) = self.face_at(way[0]) else { return drawn };
        let mut start: Option<u32> = None;
        let mut chain = vec![way[0]];
        let mut at = way[0];
        let mut index = 1;
        let mut guard = 0;
        while index < way.len() && guard < 100_000 {
            guard += 1;
            let ring = self.ring(face);
            let skip = start.filter(|_| chain.len() == 1);
            let Some(hit) = self.first_hit(&ring, at, way[index], skip) else {
                at = way[index];
                chain.push(at);
                index += 1;
                continue;
            };
            let hit = self.snapped(hit, rule.snap_m);
            let vertex = hit.vertex.unwrap_or_else(|| self.split_edge(hit.half, hit.point));
            while chain.len() > 1 && chain[chain.len() - 1].distance(hit.point) < 15.0 {
                chain.pop();
            }
            chain.push(hit.point);
            let cuttable = face != OUTSIDE && self.tags[face as usize].ground == Ground::Land;
            if let Some(from) = start.filter(|_| cuttable) {
                let ring = self.ring(face);
                let points = std::mem::take(&mut chain);
                let begin = self.hit_at(&ring, from);
                let end = self.hit_at(&ring, vertex);
                if let (Some(begin), Some(end)) = (begin, end)
                    && let Some((_, points)) = self.cut_somehow(face, &ring, begin, end, points, line, rule)
                {
                    drawn.push(points);
                }
            }
            start = Some(vertex);
            at = hit.point;
            chain = vec![at];
            while index < way.len() && way[index].distance(at) < 15.0 {
                index += 1;
            }
            if index < way.len() {
                face = self.face_towards(vertex, way[index] - at);
            }
        }
        drawn
    }

    /// Cuts as drawn; where that leaves a needle, straight.
    #[expect(clippy::too_many_arguments, reason = "the parts of one cut")]
    fn cut_somehow(
        &mut self,
        face: u32,
        ring: &[u32],
        begin: Hit,
        end: Hit,
        points: Vec<P>,
        line: u32,
        rule: &CutRule,
    ) -> Option<(u32, Vec<P>)> {
        let eased = CutRule { clearance_m: 1.0, least_area_m2: 60.0, ..*rule };
        [(points, rule), (vec![begin.point, end.point], &eased)]
            .into_iter()
            .find_map(|(points, rule)| self.cut_between(face, ring, begin, end, points, line, rule))
    }

    fn hit_at(&self, ring: &[u32], vertex: u32) -> Option<Hit> {
        let half = ring.iter().copied().find(|&half| self.origin(half) == vertex)?;
        Some(Hit { half, point: self.from(half), vertex: Some(vertex) })
    }

    /// The face that holds a point; outside when none does.
    pub(crate) fn face_at(&self, point: P) -> Option<u32> {
        (1..self.face_count()).find(|&face| ring_contains(&self.ring_points(face), point)).or(Some(OUTSIDE))
    }

    /// The face that one enters when leaving a vertex in a direction.
    pub(crate) fn face_towards(&self, vertex: u32, direction: P) -> u32 {
        let outgoing = self.outgoing(vertex);
        let mut best = (f64::NEG_INFINITY, self.face(outgoing[0]));
        for half in outgoing {
            // The face left of `half` spans counter-clockwise from `half` to the next edge around the vertex.
            let turn = turn_between(self.to(half) - self.from(half), direction);
            if -turn > best.0 {
                best = (-turn, self.face(half));
            }
        }
        best.1
    }
}

/// A number that grows with the counter-clockwise angle from `a` to `b`, from 0 to 4.
pub(crate) fn turn_between(a: P, b: P) -> f64 {
    let (a, b) = (a.unit(), b.unit());
    let (sin, cos) = (a.cross(b), a.dot(b));
    if sin >= 0.0 { 1.0 - cos } else { 3.0 + cos }
}

fn segments_meet(a: P, b: P, c: P, d: P) -> bool {
    let (ab, cd) = (b - a, d - c);
    let (side_c, side_d) = (ab.cross(c - a), ab.cross(d - a));
    let (side_a, side_b) = (cd.cross(a - c), cd.cross(b - c));
    side_c * side_d <= 0.0 && side_a * side_b <= 0.0
}
