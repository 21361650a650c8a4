//! Cutting a block into strips for rows of buildings, so that one building is never cut by a grid border.

use crate::cut::{CutRule, Start};
use crate::lines::{LineClass, Stroke};
use crate::network::Network;
use crate::plane::P;
use crate::site::Site;

const STRIP_RULE: CutRule = CutRule { snap_m: 7.0, least_area_m2: 350.0, step_m: 900.0, clearance_m: 7.0 };

impl Network {
    /// Cuts a block into strips of about `pitch_m`, and these into pieces of about `piece_m`; answers all parts.
    pub(crate) fn cut_rows(&mut self, block: u32, pitch_m: f64, piece_m: f64) -> Vec<u32> {
        let line = self.path_line();
        let site = Site::of(self, block);
        let mut strips = self.slice(block, &site, false, pitch_m, line);
        let mut pieces = Vec::new();
        for strip in strips.drain(..) {
            let part = Site::of(self, strip);
            pieces.extend(self.slice(strip, &Site { east: site.east, ..part }, true, piece_m, line));
        }
        pieces
    }

    /// Parallel cuts of one face at equal distances.
    fn slice(&mut self, face: u32, site: &Site, north: bool, spacing_m: f64, line: u32) -> Vec<u32> {
        let (low, high) = if north { (site.low.x, site.high.x) } else { (site.low.y, site.high.y) };
        let count = ((high - low) / spacing_m).round().max(1.0);
        let step = (high - low) / count;
        let mut parts = Vec::new();
        let mut rest = face;
        let direction = if north { site.east.left() } else { site.east };
        for index in 1..count as usize {
            let offset = low + step * index as f64;
            let Some(start) = self.middle_of_chord(rest, site, north, offset) else { continue };
            let Some((new, path)) =
                self.mesh.cut_along(rest, Start::Inside(start), line, &STRIP_RULE, &|_| direction)
            else {
                continue;
            };
            self.strokes.push(Stroke { line, path });
            // Going north the new part lies east and is cut on; going east it lies south and is done.
            if north {
                parts.push(rest);
                rest = new;
            } else {
                parts.push(new);
            }
        }
        parts.push(rest);
        parts
    }

    fn middle_of_chord(&self, face: u32, site: &Site, north: bool, offset: f64) -> Option<P> {
        let (along, across) =
            if north { (site.east.left(), site.east) } else { (site.east, site.east.left()) };
        let mut crossings: Vec<f64> = Vec::new();
        for half in self.mesh.ring(face) {
            let (a, b) = (self.mesh.from(half) - site.centre, self.mesh.to(half) - site.centre);
            let (sa, sb) = (a.dot(across) - offset, b.dot(across) - offset);
            if (sa > 0.0) != (sb > 0.0) {
                let t = sa / (sa - sb);
                crossings.push(a.dot(along) * (1.0 - t) + b.dot(along) * t);
            }
        }
        crossings.sort_by(f64::total_cmp);
        let longest = crossings
            .chunks_exact(2)
            .map(|pair| (pair[1] - pair[0], (pair[0] + pair[1]) * 0.5))
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        (longest.0 > 12.0).then(|| site.centre + along * longest.1 + across * offset)
    }

    /// The line that stands for every path inside a block.
    fn path_line(&mut self) -> u32 {
        match self.lines.iter().position(|line| line.class == LineClass::Path) {
            Some(index) => index as u32,
            None => self.add_line(LineClass::Path, "", 2.6, 0),
        }
    }

    /// Whether the road along a water lies on the left of this half-edge.
    pub(crate) fn bank_road_is_here(&self, half: u32) -> bool {
        let line = &self.lines[self.mesh.line(half) as usize];
        // Bank 1 is the north or west bank, -1 the south or east one.
        let way = self.mesh.to(half) - self.mesh.from(half);
        let inner = way.left();
        let northwest = inner.y - inner.x * 0.999 > 0.0;
        line.bank_road != 0 && northwest == (line.bank_road > 0)
    }
}
