//! Geometry commands: which may stand where, and the points they lead to (specification 4.3).

use super::feature::{Geometry, Point};
use super::finding::{Fault, Notes};
use super::ring::polygons_of;
use super::wire::signed;

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Reads the commands of a feature of type 1 to 3; none when nothing of it can be shown.
pub(super) fn read_geometry(
    kind: u64,
    commands: &[u32],
    notes: &mut Notes,
) -> Result<Option<Geometry>, Fault> {
    let mut pen = Pen { left: commands, at: Point { x: 0, y: 0 }, is_too_far: false };
    let geometry = match kind {
        1 => Geometry::Points(pen.points()?),
        2 => Geometry::Lines(pen.lines(notes)?),
        _ => Geometry::Polygons(polygons_of(pen.rings()?, notes)),
    };
    if pen.is_too_far {
        notes.add(Fault::PointTooFar);
    }
    let is_shown = geometry.vertex_count() > 0;
    Ok(is_shown.then_some(geometry))
}

struct Pen<'a> {
    left: &'a [u32],
    at: Point,
    is_too_far: bool,
}

impl Pen<'_> {
    /// One `MoveTo` and nothing else.
    fn points(&mut self) -> Result<Vec<Point>, Fault> {
        let count = self.command(MOVE_TO)?;
        let points = self.take(count)?;
        if self.left.is_empty() { Ok(points) } else { Err(Fault::Command) }
    }

    /// One or more of: `MoveTo` of one point, `LineTo` of one or more.
    fn lines(&mut self, notes: &mut Notes) -> Result<Vec<Vec<Point>>, Fault> {
        let mut lines = Vec::new();
        while !self.left.is_empty() {
            let line = self.path(1)?;
            if line.windows(2).any(|pair| pair[0] == pair[1]) {
                notes.add(Fault::LineStandsStill);
            } else {
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// One or more of: `MoveTo` of one point, `LineTo` of two or more, `ClosePath`.
    fn rings(&mut self) -> Result<Vec<Vec<Point>>, Fault> {
        let mut rings = Vec::new();
        while !self.left.is_empty() {
            let ring = self.path(2)?;
            if self.command(CLOSE_PATH)? != 1 {
                return Err(Fault::CommandCount);
            }
            rings.push(ring);
        }
        Ok(rings)
    }

    fn path(&mut self, fewest: u32) -> Result<Vec<Point>, Fault> {
        if self.command(MOVE_TO)? != 1 {
            return Err(Fault::CommandCount);
        }
        let mut path = self.take(1)?;
        let count = self.command(LINE_TO)?;
        if count < fewest {
            return Err(Fault::CommandCount);
        }
        path.extend(self.take(count)?);
        Ok(path)
    }

    /// The count of the next command, which must be this one.
    fn command(&mut self, wanted: u32) -> Result<u32, Fault> {
        let (command, rest) = self.left.split_first().ok_or(Fault::Command)?;
        self.left = rest;
        if command & 7 != wanted {
            return Err(Fault::Command);
        }
        if command >> 3 == 0 { Err(Fault::CommandCount) } else { Ok(command >> 3) }
    }

    fn take(&mut self, count: u32) -> Result<Vec<Point>, Fault> {
        // The count is checked against what is there before anything is reserved for it.
        let length = usize::try_from(count).ok().and_then(|count| count.checked_mul(2));
        let (taken, rest) =
            length.and_then(|length| self.left.split_at_checked(length)).ok_or(Fault::ParametersMissing)?;
        self.left = rest;
        let steps = taken.as_chunks::<2>().0.iter();
        Ok(steps.map(|[x, y]| self.step(signed(u64::from(*x)), signed(u64::from(*y)))).collect())
    }

    fn step(&mut self, x: i64, y: i64) -> Point {
        self.at = Point { x: self.at.x + x, y: self.at.y + y };
        self.is_too_far |= [self.at.x, self.at.y].into_iter().any(|number| i32::try_from(number).is_err());
        self.at
    }
}
