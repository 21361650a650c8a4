//! Cells and blocks: the land between the through lines, cut again and again along its grain.

use crate::cut::{CutRule, Start};
use crate::dice::Dice;
use crate::field::ZoneRank;
use crate::lines::{LineClass, Stroke};
use crate::mesh::{Ground, OUTSIDE};
use crate::network::Network;
use crate::plane::{P, ring_centroid};
use crate::roads::{CITY_STREETS, TOWN_STREETS};

/// What the names of canals and country roads are made of.
const WORDS: &[&str] = &[
    "民", "利", "丰", "新", "兴", "福", "安", "合", "永", "盛", "东", "中", "南", "北", "长", "青", "海",
    "启", "通", "和",
];

/// How far to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Cells,
    Blocks,
}

struct Extent {
    width_m: f64,
    height_m: f64,
    low: P,
    east: P,
    middle: P,
}

impl Network {
    /// Cuts the land into cells of half a square kilometre, smaller in towns; villages are made of them.
    pub(crate) fn cut_cells(&mut self) {
        self.cut_all(Depth::Cells);
        for face in 1..self.mesh.face_count() {
            let middle = ring_centroid(&self.mesh.ring_points(face));
            let zone = self.field.zone_at(middle).map_or(0, |zone| zone as u16 + 1);
            let tag = &mut self.mesh.tags[face as usize];
            tag.cell = face;
            tag.zone = if tag.ground == Ground::Land { zone } else { 0 };
        }
    }

    /// Cuts the cells into blocks between lanes, ditches and streets.
    pub(crate) fn cut_blocks(&mut self) {
        self.cut_all(Depth::Blocks);
        for face in 1..self.mesh.face_count() {
            self.mesh.tags[face as usize].block = face;
        }
    }

    fn cut_all(&mut self, depth: Depth) {
        let mut open: Vec<u32> = (1..self.mesh.face_count()).rev().collect();
        while let Some(face) = open.pop() {
            if self.mesh.tags[face as usize].ground == Ground::Water {
                continue;
            }
            if let Some(new) = self.cut_once(face, depth) {
                open.push(new);
                open.push(face);
            }
        }
    }

    fn extent(&self, face: u32) -> Extent {
        let ring = self.mesh.ring_points(face);
        let middle = ring_centroid(&ring);
        let east = self.field.east(middle);
        let north = east.left();
        let (mut low, mut high) = (P { x: f64::MAX, y: f64::MAX }, P { x: f64::MIN, y: f64::MIN });
        for point in ring {
            let (x, y) = ((point - middle).dot(east), (point - middle).dot(north));
            low = P { x: low.x.min(x), y: low.y.min(y) };
            high = P { x: high.x.max(x), y: high.y.max(y) };
        }
        Extent { width_m: high.x - low.x, height_m: high.y - low.y, low, east, middle }
    }

    /// The wanted width and height of a face here.
    fn wanted(&self, at: P, depth: Depth, zone: Option<usize>) -> (f64, f64) {
        let vary = 0.8 + 0.4 * self.field.noise(at, 1700.0, 5);
        let rank = zone.map(|zone| self.field.zones[zone].rank);
        match (depth, rank) {
            (Depth::Cells, None) => (820.0 * vary, 640.0 * vary),
            (Depth::Cells, Some(ZoneRank::City)) => (430.0 * vary, 400.0 * vary),
            (Depth::Cells, Some(_)) => (380.0 * vary, 330.0 * vary),
            (Depth::Blocks, None) => {
                let lanes = 165.0 + 95.0 * self.field.noise(at, 3100.0, 6);
                (380.0 * vary, lanes)
            }
            (Depth::Blocks, Some(ZoneRank::City)) => {
                let heart = zone.map_or(f64::MAX, |zone| at.distance(self.field.zones[zone].centre));
                if heart < 900.0 { (150.0 * vary, 120.0 * vary) } else { (235.0 * vary, 190.0 * vary) }
            }
            (Depth::Blocks, Some(_)) => (175.0 * vary, 140.0 * vary),
        }
    }

    fn cut_once(&mut self, face: u32, depth: Depth) -> Option<u32> {
        let extent = self.extent(face);
        let zone = self.field.zone_at(extent.middle);
        let (width_m, height_m) = self.wanted(extent.middle, depth, zone);
        let across = extent.width_m / width_m;
        let along = extent.height_m / height_m;
        let mut dice = Dice::of(self.seed, "cut", u64::from(face) << 2 | u64::from(depth == Depth::Blocks));
        let order = if along >= across { [false, true] } else { [true, false] };
        for north in order {
            let parts = if north { across } else { along };
            if parts < 1.5 {
                continue;
            }
            for attempt in 0..4 {
                if let Some(new) = self.cut_at(face, &extent, north, parts, attempt, depth, zone, &mut dice) {
                    return Some(new);
                }
            }
        }
        None
    }

    /// One cut: east-west when `north` is false.
    #[expect(clippy::too_many_arguments, reason = "the facts of one cut")]
    fn cut_at(
        &mut self,
        face: u32,
        extent: &Extent,
        north: bool,
        parts: f64,
        attempt: u32,
        depth: Depth,
        zone: Option<usize>,
        dice: &mut Dice,
    ) -> Option<u32> {
        let size = if north { extent.width_m } else { extent.height_m };
        let low = if north { extent.low.x } else { extent.low.y };
        let pieces = parts.round().max(2.0);
        let spacing = size / pieces;
        let wanted = low
            + spacing * (pieces / 2.0).floor()
            + spacing * dice.between(-0.16, 0.16) * (1.0 + f64::from(attempt));
        let rule = match (depth, zone) {
            (Depth::Cells, None) => {
                CutRule { snap_m: 28.0, least_area_m2: 60_000.0, step_m: 110.0, clearance_m: 45.0 }
            }
            (Depth::Cells, Some(_)) => {
                CutRule { snap_m: 20.0, least_area_m2: 20_000.0, step_m: 70.0, clearance_m: 40.0 }
            }
            (Depth::Blocks, None) => {
                CutRule { snap_m: 16.0, least_area_m2: 9_000.0, step_m: 110.0, clearance_m: 34.0 }
            }
            (Depth::Blocks, Some(_)) => {
                CutRule { snap_m: 12.0, least_area_m2: 4_500.0, step_m: 60.0, clearance_m: 26.0 }
            }
        };
        let line = self.choose_line(extent.middle, size, north, depth, zone, dice);
        let start = (attempt < 2)
            .then(|| self.junction_near(face, extent, north, wanted, spacing * 0.3))
            .flatten()
            .or_else(|| {
                self.inside_at(face, extent, north, wanted).map(|point| (Start::Inside(point), 1.0))
            })?;
        let (start, sign) = start;
        let field = &self.field;
        let direction = |at: P| {
            let east = field.east(at);
            (if north { east.left() } else { east }) * sign
        };
        let (new, path) = self.mesh.cut_along(face, start, line.0, &rule, &direction)?;
        if line.0 as usize == self.lines.len() {
            self.lines.push(line.1);
        }
        self.strokes.push(Stroke { line: line.0, path });
        Some(new)
    }

    /// What runs along a new cut. The line is only kept when the cut succeeds.
    fn choose_line(
        &self,
        at: P,
        size: f64,
        north: bool,
        depth: Depth,
        zone: Option<usize>,
        dice: &mut Dice,
    ) -> (u32, crate::lines::NetLine) {
        use LineClass::{Canal, Ditch, Lane, Main, Street, Track};
        let roll = dice.unit();
        let number = self.lines.len();
        let (class, width_m, bank_road) = match (zone, depth) {
            (Some(_), Depth::Cells) if size > 900.0 => (Street, 20.0, 0),
            (Some(_), Depth::Cells) => (Street, 15.0, 0),
            (Some(_), Depth::Blocks) => (Street, if roll < 0.5 { 9.0 } else { 7.0 }, 0),
            (None, Depth::Cells) if size > 2300.0 && roll < 0.62 => (Main, 11.0, 0),
            (None, Depth::Cells) if size > 1100.0 => {
                if roll < 0.5 {
                    (Canal, 13.0, [1, -1][usize::from(roll < 0.25)])
                } else {
                    (Lane, 6.5, 0)
                }
            }
            (None, Depth::Cells) => {
                if north == (roll < 0.7) {
                    (Canal, 9.0, i8::from(roll < 0.35))
                } else {
                    (Lane, 5.5, 0)
                }
            }
            (None, Depth::Blocks) if north => {
                if roll < 0.62 {
                    (Ditch, 4.5, 0)
                } else {
                    (Track, 3.0, 0)
                }
            }
            (None, Depth::Blocks) => (Lane, 4.0, 0),
        };
        let name = self.line_name(class, width_m, zone, at, number, dice);
        (number as u32, crate::lines::NetLine { class, name, width_m, bank_road })
    }

    fn line_name(
        &self,
        class: LineClass,
        width_m: f64,
        zone: Option<usize>,
        at: P,
        number: usize,
        dice: &mut Dice,
    ) -> String {
        let nearest = self.field.zones.iter().fold((f64::MAX, ""), |best, zone| {
            let distance = at.distance(zone.centre);
            if distance < best.0 { (distance, zone.name) } else { best }
        });
        match (class, zone) {
            (LineClass::Street, Some(zone)) => {
                let zone = &self.field.zones[zone];
                if zone.rank == ZoneRank::City {
                    let base = CITY_STREETS[(14 + number) % CITY_STREETS.len()];
                    if width_m < 10.0 {
                        format!("{}巷", base.trim_end_matches('路'))
                    } else {
                        base.to_owned()
                    }
                } else if width_m < 10.0 {
                    String::new()
                } else {
                    format!("{}{}", zone.name, TOWN_STREETS[number % TOWN_STREETS.len()])
                }
            }
            (LineClass::Main, _) => {
                let first = nearest.1.chars().next().unwrap_or('海');
                format!("{first}{}线", dice.pick(WORDS))
            }
            (LineClass::Canal, _) => format!("{}{}河", dice.pick(WORDS), dice.pick(WORDS)),
            (LineClass::Lane, _) if width_m > 5.0 => format!("{}{}路", dice.pick(WORDS), dice.pick(WORDS)),
            _ => String::new(),
        }
    }

    /// A junction on the ring near the wanted place from which the line can go on, so that lanes cross.
    fn junction_near(
        &self,
        face: u32,
        extent: &Extent,
        north: bool,
        wanted: f64,
        reach: f64,
    ) -> Option<(Start, f64)> {
        let ring = self.mesh.ring(face);
        let mut best: Option<(f64, Start, f64)> = None;
        for (index, &half) in ring.iter().enumerate() {
            let vertex = self.mesh.origin(half);
            let point = self.mesh.from(half);
            let local = point - extent.middle;
            let offset = if north { local.dot(extent.east) } else { local.dot(extent.east.left()) };
            let miss = (offset - wanted).abs();
            if miss > reach || best.is_some_and(|(least, _, _)| miss >= least) || self.mesh.degree(vertex) < 3
            {
                continue;
            }
            let east = self.field.east(point);
            let direction = if north { east.left() } else { east };
            let before = ring[(index + ring.len() - 1) % ring.len()];
            let edges = [(self.mesh.to(half) - point).unit(), (self.mesh.from(before) - point).unit()];
            if edges.iter().any(|edge| edge.cross(direction).abs() < 0.45) {
                continue;
            }
            for sign in [1.0, -1.0] {
                if self.mesh.face_towards(vertex, direction * sign) == face {
                    best = Some((miss, Start::Vertex(vertex), sign));
                }
            }
        }
        best.map(|(_, start, sign)| (start, sign))
    }

    /// The middle of the longest stretch of a straight line across the face.
    fn inside_at(&self, face: u32, extent: &Extent, north: bool, wanted: f64) -> Option<P> {
        let (along, side) =
            if north { (extent.east.left(), extent.east) } else { (extent.east, extent.east.left()) };
        let mut crossings: Vec<f64> = Vec::new();
        for half in self.mesh.ring(face) {
            debug_assert_ne!(face, OUTSIDE);
            let (a, b) = (self.mesh.from(half) - extent.middle, self.mesh.to(half) - extent.middle);
            let (sa, sb) = (a.dot(side) - wanted, b.dot(side) - wanted);
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
        (longest.0 > 40.0).then(|| extent.middle + along * longest.1 + side * wanted)
    }
}
