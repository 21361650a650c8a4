//! Cutting lines and rings at the buffer of a tile, in tile steps.

use crate::{BUFFER, EXTENT};

/// A point in tile steps.
pub(crate) type Step = (i64, i64);

const LOW: i64 = -(BUFFER as i64);
const HIGH: i64 = EXTENT as i64 + BUFFER as i64;

/// The four edges of the buffer box.
#[derive(Debug, Clone, Copy)]
enum Edge {
    West,
    East,
    North,
    South,
}

impl Edge {
    fn holds(self, (x, y): Step) -> bool {
        match self {
            Self::West => x >= LOW,
            Self::East => x <= HIGH,
            Self::North => y >= LOW,
            Self::South => y <= HIGH,
        }
    }

    /// Where the segment crosses the edge; the same for both directions, so that neighbours stay neighbours.
    fn crossing(self, from: Step, to: Step) -> Step {
        let (a, b) = if from <= to { (from, to) } else { (to, from) };
        match self {
            Self::West => (LOW, along(a.0, b.0, a.1, b.1, LOW)),
            Self::East => (HIGH, along(a.0, b.0, a.1, b.1, HIGH)),
            Self::North => (along(a.1, b.1, a.0, b.0, LOW), LOW),
            Self::South => (along(a.1, b.1, a.0, b.0, HIGH), HIGH),
        }
    }
}

/// The rounded value at `at` of the line through (from, start) and (to, end).
fn along(from: i64, to: i64, start: i64, end: i64, at: i64) -> i64 {
    let length = i128::from(to - from);
    if length == 0 {
        return start;
    }
    let (length, rise) = if length < 0 {
        (-length, -i128::from(at - from) * i128::from(end - start))
    } else {
        (length, i128::from(at - from) * i128::from(end - start))
    };
    let rounded = (2 * rise + length).div_euclid(2 * length);
    start + i64::try_from(rounded).unwrap_or(0)
}

/// Whether a point lies in the buffer box.
pub(crate) fn holds(point: Step) -> bool {
    (LOW..=HIGH).contains(&point.0) && (LOW..=HIGH).contains(&point.1)
}

/// Cuts a ring (implicitly closed) by Sutherland and Hodgman; `spare` is scratch space.
pub(crate) fn clip_ring(ring: &mut Vec<Step>, spare: &mut Vec<Step>) {
    if ring.iter().all(|point| holds(*point)) {
        return;
    }
    for edge in [Edge::West, Edge::East, Edge::North, Edge::South] {
        let Some(last) = ring.last() else { return };
        let mut before = *last;
        spare.clear();
        for point in ring.iter() {
            match (edge.holds(before), edge.holds(*point)) {
                (true, true) => spare.push(*point),
                (true, false) => spare.push(edge.crossing(before, *point)),
                (false, true) => {
                    spare.push(edge.crossing(before, *point));
                    spare.push(*point);
                }
                (false, false) => {}
            }
            before = *point;
        }
        std::mem::swap(ring, spare);
    }
    drop_ways_to_and_fro(ring, spare);
    begin_at_lowest(ring);
}

/// What runs outside is cut to a way along the box, to and fro as the ring does out there. Only where it comes back in
/// matters: without the rest, a border that changes elsewhere leaves the tile as it is.
fn drop_ways_to_and_fro(ring: &mut Vec<Step>, spare: &mut Vec<Step>) {
    spare.clear();
    for point in ring.iter() {
        spare.push(*point);
        shorten_end(spare);
    }
    let mut first = 0;
    while let [start, second, .., last_but_one, last] = spare[first..] {
        if last == start || is_along_one_side([last_but_one, last, start]) {
            spare.pop();
        } else if is_along_one_side([last, start, second]) {
            first += 1;
        } else {
            break;
        }
    }
    ring.clear();
    ring.extend_from_slice(&spare[first..]);
}

fn shorten_end(way: &mut Vec<Step>) {
    while let [.., before, last] = way[..] {
        if before == last {
            way.pop();
        } else if let [.., first, _, _] = way[..]
            && is_along_one_side([first, before, last])
        {
            way.truncate(way.len() - 2);
            way.push(last);
        } else {
            return;
        }
    }
}

/// Whether points lie on one side of the box.
fn is_along_one_side(points: [Step; 3]) -> bool {
    let all = |on: fn(&Step) -> bool| points.iter().all(on);
    all(|point| point.0 == LOW)
        || all(|point| point.0 == HIGH)
        || all(|point| point.1 == LOW)
        || all(|point| point.1 == HIGH)
}

/// A ring that was cut begins at its lowest vertex, wherever the whole ring begins.
fn begin_at_lowest(ring: &mut [Step]) {
    let next = |place: usize| ring[(place + 1) % ring.len()];
    if let Some(lowest) = (0..ring.len()).min_by_key(|place| (ring[*place], next(*place))) {
        ring.rotate_left(lowest);
    }
}

/// Cuts a line by Liang and Barsky's idea, edge by edge; every piece inside is handed to `piece`.
pub(crate) fn clip_line(line: &[Step], spare: &mut Vec<Step>, mut piece: impl FnMut(&mut Vec<Step>)) {
    spare.clear();
    for pair in line.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1]) else {
            finish(spare, &mut piece);
            continue;
        };
        if spare.last() != Some(&from) {
            finish(spare, &mut piece);
            spare.push(from);
        }
        if from != to {
            spare.push(to);
        }
        if to != pair[1] {
            finish(spare, &mut piece);
        }
    }
    finish(spare, &mut piece);
}

fn finish(spare: &mut Vec<Step>, piece: &mut impl FnMut(&mut Vec<Step>)) {
    if spare.len() > 1 {
        piece(spare);
    }
    spare.clear();
}

fn clip_segment(mut from: Step, mut to: Step) -> Option<(Step, Step)> {
    for edge in [Edge::West, Edge::East, Edge::North, Edge::South] {
        match (edge.holds(from), edge.holds(to)) {
            (true, true) => {}
            (true, false) => to = edge.crossing(from, to),
            (false, true) => from = edge.crossing(from, to),
            (false, false) => return None,
        }
    }
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_around_the_tile_becomes_the_buffer_box() {
        let mut ring = vec![(-9000, -9000), (9000, -9000), (9000, 9000), (-9000, 9000)];
        clip_ring(&mut ring, &mut Vec::new());
        let mut corners = ring.clone();
        corners.sort_unstable();
        assert_eq!(corners, [(LOW, LOW), (LOW, HIGH), (HIGH, LOW), (HIGH, HIGH)]);
    }

    #[test]
    fn what_a_ring_does_outside_shows_only_where_it_comes_in() {
        let inside = [(100, 100), (100, 3000)];
        let outside = [
            vec![(-500, 3000), (-500, 100)],
            vec![(-500, 3000), (-900, 9000), (-500, 100)],
            vec![(-500, 3000), (-500, 9000), (2000, 9000), (2000, 8000), (-900, 8000), (-500, 100)],
            vec![(-500, 3000), (-500, -9000), (-900, -9000), (-500, 100)],
        ];
        for way in outside {
            for turn in 0..way.len() + 2 {
                let mut ring: Vec<Step> = inside.iter().chain(&way).copied().collect();
                ring.rotate_left(turn);
                clip_ring(&mut ring, &mut Vec::new());
                assert_eq!(ring, [(LOW, 100), (100, 100), (100, 3000), (LOW, 3000)], "{way:?} from {turn}");
            }
        }
    }

    #[test]
    fn a_line_that_leaves_and_returns_comes_in_two_pieces() {
        let mut pieces = Vec::new();
        let line = [(0, 0), (5000, 0), (5000, 100), (0, 100)];
        clip_line(&line, &mut Vec::new(), |piece| pieces.push(piece.clone()));
        assert_eq!(pieces, [vec![(0, 0), (HIGH, 0)], vec![(HIGH, 100), (0, 100)]]);
    }

    #[test]
    fn a_crossing_is_the_same_in_both_directions() {
        for (a, b) in [((0, 0), (7001, 333)), ((4000, -5), (4200, 4)), ((-70, 11), (3, 4096))] {
            for edge in [Edge::West, Edge::East, Edge::North, Edge::South] {
                assert_eq!(edge.crossing(a, b), edge.crossing(b, a));
            }
        }
    }

    #[test]
    fn a_ring_beside_the_tile_vanishes() {
        let mut ring = vec![(5000, 0), (6000, 0), (6000, 100)];
        clip_ring(&mut ring, &mut Vec::new());
        assert!(ring.is_empty());
    }
}
