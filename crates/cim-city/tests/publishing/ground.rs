//! The ground of the small city as a publisher sees it: faces and arcs by their ids.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cim_coverage::{Coverage, CoverageArc, Face, FaceId, LatticePolygon};
use cim_crs::LatticePoint;
use tokio_postgres::Client;

/// What an edit does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Moves a vertex or a junction.
    Move,
    /// Puts a vertex into an arc.
    Insert,
    /// Takes one out.
    Remove,
    /// Gives a face to a neighbouring unit.
    Reassign,
    /// Splits a face by a line between two of its nodes.
    Split,
    /// Takes out an arc between two faces of the same units.
    Join,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Move, Self::Insert, Self::Remove, Self::Reassign, Self::Split, Self::Join];
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Arc {
    points: Vec<LatticePoint>,
    left: Option<i64>,
    right: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ground {
    /// By id the number of the micro grid, and whether the market lies over it.
    faces: BTreeMap<i64, (u32, bool)>,
    arcs: BTreeMap<i64, Arc>,
    next: i64,
}

impl Ground {
    pub(crate) async fn read(client: &Client) -> Self {
        let faces = "select face.id, code, overlay_unit is not null from cim.face join cim.unit on unit.id = base_unit";
        let faces = client.query(faces, &[]).await.unwrap();
        let faces = faces.iter().map(|row| {
            let code: &str = row.get(1);
            (row.get(0), (code.trim_start_matches('m').parse().unwrap(), row.get(2)))
        });
        let arcs = client.query("select id, points, left_face, right_face from cim.arc", &[]).await.unwrap();
        let arcs = arcs.iter().map(|row| {
            let numbers: Vec<i64> = row.get(1);
            let points = numbers.chunks(2).map(|pair| LatticePoint { x: pair[0], y: pair[1] }).collect();
            (row.get(0), Arc { points, left: row.get(2), right: row.get(3) })
        });
        Self { faces: faces.collect(), arcs: arcs.collect(), next: 1_000_000 }
    }

    fn coverage(&self) -> Coverage {
        let place = |id: Option<i64>| {
            id.and_then(|id| self.faces.keys().position(|face| *face == id))
                .map(|place| FaceId(u32::try_from(place).unwrap()))
        };
        let arcs = self.arcs.values().map(|arc| CoverageArc {
            points: arc.points.clone(),
            left: place(arc.left),
            right: place(arc.right),
        });
        let face = |(base, has_market): &(u32, bool)| Face { base: *base, overlay: has_market.then_some(0) };
        Coverage { arcs: arcs.collect(), faces: self.faces.values().map(face).collect() }
    }

    /// By table and code the polygons of all units.
    pub(crate) fn polygons(&self) -> BTreeMap<(&'static str, String), Vec<LatticePolygon>> {
        let coverage = self.coverage();
        let mut found = BTreeMap::new();
        for (table, prefix, micro_grids) in
            [("micro_grid", "m", 1), ("comprehensive_grid", "g", 2), ("village", "v", 4)]
        {
            let units = 8 / micro_grids;
            let polygons = coverage.polygons_by(units as usize, |_, face| Some(face.base / micro_grids));
            found.extend(
                (0..units).zip(polygons).map(|(unit, one)| ((table, format!("{prefix}{unit}")), one)),
            );
        }
        found.insert(("town", "t".to_owned()), coverage.polygon_of(|_, _| true));
        found.insert(("district", "d".to_owned()), coverage.polygon_of(|_, _| true));
        let market = coverage.polygon_of(|_, face| face.overlay.is_some());
        found.insert(("exclusive_grid", "x0".to_owned()), market);
        found
    }

    /// The ground after an edit, when it is an exact partition and every micro grid has a face.
    pub(crate) fn edited(mut self, kind: Kind, dice: &[usize]) -> Option<Self> {
        match kind {
            Kind::Move => self.move_vertex(dice),
            Kind::Insert => self.insert_vertex(dice),
            Kind::Remove => self.remove_vertex(dice)?,
            Kind::Reassign => self.reassign(dice)?,
            Kind::Split => self.split(dice)?,
            Kind::Join => self.join(dice)?,
        }
        let has_face = |unit: u32| self.faces.values().any(|(base, _)| *base == unit);
        let is_whole = (0..8).all(has_face) && self.faces.values().any(|(_, has_market)| *has_market);
        (is_whole && self.coverage().validate().is_empty()).then_some(self)
    }

    fn arc(&mut self, dice: usize) -> (i64, &mut Arc) {
        let place = dice % self.arcs.len();
        self.arcs.iter_mut().nth(place).map(|(id, arc)| (*id, arc)).unwrap()
    }

    fn move_vertex(&mut self, dice: &[usize]) {
        let reach = if dice[4].is_multiple_of(4) { 400_000 } else { 30_000 };
        let points = &self.arc(dice[0]).1.points;
        let from = points[dice[1] % points.len()];
        let step = |dice: usize| i64::try_from(dice).unwrap() % (2 * reach) - reach;
        let to = LatticePoint { x: from.x + step(dice[2]), y: from.y + step(dice[3]) };
        let all = self.arcs.values_mut().flat_map(|arc| &mut arc.points);
        all.filter(|point| **point == from).for_each(|point| *point = to);
    }

    fn insert_vertex(&mut self, dice: &[usize]) {
        let points = &mut self.arc(dice[0]).1.points;
        let place = dice[1] % (points.len() - 1);
        let (a, b) = (points[place], points[place + 1]);
        let middle = LatticePoint { x: i64::midpoint(a.x, b.x), y: i64::midpoint(a.y, b.y) };
        points.insert(place + 1, middle);
    }

    fn remove_vertex(&mut self, dice: &[usize]) -> Option<()> {
        let points = &mut self.arc(dice[0]).1.points;
        let inner = points.len().checked_sub(2).filter(|inner| *inner > 0)?;
        points.remove(1 + dice[1] % inner);
        Some(())
    }

    fn reassign(&mut self, dice: &[usize]) -> Option<()> {
        let (_, arc) = self.arc(dice[0]);
        let (from, to) = (arc.left?, arc.right?);
        let units = self.faces[&to];
        let known = self.faces.insert(from, units);
        (known != Some(units)).then_some(())
    }

    fn join(&mut self, dice: &[usize]) -> Option<()> {
        let (id, arc) = self.arc(dice[0]);
        let (kept, gone) = (arc.left?, arc.right?);
        if self.faces[&kept] != self.faces[&gone] {
            return None;
        }
        self.arcs.remove(&id);
        self.faces.remove(&gone);
        for arc in self.arcs.values_mut() {
            for side in [&mut arc.left, &mut arc.right] {
                if *side == Some(gone) {
                    *side = Some(kept);
                }
            }
        }
        Some(())
    }

    /// The arcs around a face in order, with its ground on their left; none when it has holes.
    fn ring(&self, face: i64) -> Option<Vec<(i64, LatticePoint, LatticePoint)>> {
        let mut open: Vec<(i64, LatticePoint, LatticePoint)> = Vec::new();
        for (id, arc) in &self.arcs {
            let (first, last) = (arc.points[0], arc.points[arc.points.len() - 1]);
            if arc.left == Some(face) {
                open.push((*id, first, last));
            }
            if arc.right == Some(face) {
                open.push((*id, last, first));
            }
        }
        let mut ring = vec![open.pop()?];
        while let Some(place) = open.iter().position(|walk| walk.1 == ring[ring.len() - 1].2) {
            ring.push(open.swap_remove(place));
        }
        open.is_empty().then_some(ring)
    }

    fn split(&mut self, dice: &[usize]) -> Option<()> {
        let face = *self.faces.keys().nth(dice[0] % self.faces.len())?;
        let mut ring = self.ring(face)?;
        let length = ring.len();
        ring.rotate_left(dice[1] % length);
        let part = &ring[..=dice[2] % length.saturating_sub(1).max(1)];
        let (from, to) = (part[0].1, part[part.len() - 1].2);
        let new = self.next;
        self.next += 2;
        for (id, first, _) in part {
            let arc = self.arcs.get_mut(id)?;
            let side = if arc.points[0] == *first && arc.left == Some(face) {
                &mut arc.left
            } else {
                &mut arc.right
            };
            *side = Some(new);
        }
        self.arcs.insert(new + 1, Arc { points: vec![from, to], left: Some(face), right: Some(new) });
        let units = self.faces[&face];
        self.faces.insert(new, units);
        Some(())
    }

    /// The statements that make the stored ground this other one; they follow the new revision.
    pub(crate) fn difference_to(&self, after: &Self) -> String {
        let mut text = String::new();
        let rev = "(select max(rev) from cim.revision)";
        let face_ids = self.faces.keys().filter(|id| after.faces.get(id) != self.faces.get(id));
        for id in face_ids {
            let close = "set rev = int4range(lower(rev), (select max(rev) from cim.revision))";
            writeln!(text, "update cim.face {close} where id = {id} and upper_inf(rev);").unwrap();
        }
        for id in self.arcs.keys().filter(|id| after.arcs.get(id) != self.arcs.get(id)) {
            let close = "set rev = int4range(lower(rev), (select max(rev) from cim.revision))";
            writeln!(text, "update cim.arc {close} where id = {id} and upper_inf(rev);").unwrap();
        }
        for (id, (base, has_market)) in
            after.faces.iter().filter(|(id, face)| self.faces.get(id) != Some(face))
        {
            let overlay = if *has_market { "(select id from cim.unit where code = 'x0')" } else { "null" };
            writeln!(
                text,
                "insert into cim.face (id, rev, city_code, base_unit, overlay_unit) values ({id}, int4range({rev}, null), \
                 '320614', (select id from cim.unit where code = 'm{base}'), {overlay});"
            )
            .unwrap();
        }
        let side = |face: Option<i64>| face.map_or_else(|| "null".to_owned(), |face| face.to_string());
        for (id, arc) in after.arcs.iter().filter(|(id, arc)| self.arcs.get(id) != Some(arc)) {
            let numbers: Vec<String> =
                arc.points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
            writeln!(
                text,
                "insert into cim.arc (id, rev, city_code, start_node, end_node, left_face, right_face, points) \
                 values ({id}, int4range({rev}, null), '320614', 1, 2, {}, {}, '{{{}}}');",
                side(arc.left),
                side(arc.right),
                numbers.join(",")
            )
            .unwrap();
        }
        text
    }
}
