//! Laying a new overlay unit over the ground inside a ring.

use std::collections::BTreeSet;

use cim_crs::LatticePoint;

use super::cut::Cut;
use super::drawn_line::{check_simple, without_repeats};
use super::edit::Edit;
use super::element::{FaceNo, GroundFace, Level, UnitNo, UnitState};
use super::naming::checked_name;
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};
use super::replace_ground::LEAST_AREA_M2;
use crate::area::ring_area_m2;
use crate::planar_graph::UNBOUNDED;

impl Edit<'_> {
    pub(super) fn carve(
        &mut self,
        ring: &[LatticePoint],
        name: &str,
        kind: Option<&str>,
        parent: &mut Option<UnitNo>,
        code: &mut Option<String>,
    ) -> Result<(), Refusal> {
        let name = checked_name(name)?;
        let ring = closed_ring(ring)?;
        let faces = self.faces_under(&ring);
        let cut = self.cut(&faces, std::slice::from_ref(&ring))?;
        let inside = regions_inside(&cut);
        let taken = self.free_ground(&cut, &inside, &ring)?;
        self.check_outline(&cut)?;
        let above = match *parent {
            Some(parent) => Some(parent),
            None => self.lowest_around(&taken),
        };
        if let Some(above) = above {
            let state = self.need_unit(above)?;
            if !self.may_hold_overlay(state.level) {
                let message = format!(
                    "{} cannot hold a unit that lies over grids; choose a village or a town",
                    state.code
                );
                return Err(Refusal::new(EditRule::WrongParent, message).naming([above]));
            }
        }
        let new_code = self.code_for(code.as_deref(), Level::OVERLAY, above)?;
        let new = UnitNo(self.state.new_number());
        let parent_code = above.map(|above| self.state.code_of(above).to_owned());
        let unit = UnitState {
            level: Level::OVERLAY,
            code: new_code.clone(),
            name,
            kind: kind.map(str::to_owned),
            class: None,
            parent: above,
            parent_code,
        };
        self.put_unit(new, Some(unit));
        self.replace_ground(
            &cut,
            |region| inside.contains(&region),
            |face, mark| if mark { GroundFace { overlay: Some(new), ..face } } else { face },
        )?;
        let units: BTreeSet<UnitNo> = taken.iter().map(|(_, unit)| *unit).collect();
        self.read.faces.extend(taken.iter().map(|(face, _)| *face));
        for unit in units {
            self.descend(LineageKind::Carve, unit, new);
        }
        (*parent, *code) = (above, Some(new_code));
        Ok(())
    }

    /// The faces that a ring may lie over: those with a border near it, and the one that holds all of it.
    fn faces_under(&self, ring: &[LatticePoint]) -> BTreeSet<FaceNo> {
        let xs = ring.iter().map(|point| point.x);
        let ys = ring.iter().map(|point| point.y);
        let low = LatticePoint { x: xs.clone().min().unwrap_or(0), y: ys.clone().min().unwrap_or(0) };
        let high = LatticePoint { x: xs.max().unwrap_or(0), y: ys.max().unwrap_or(0) };
        let near = self.state.arcs_near(&[low, high], 0);
        let arcs = near.into_iter().filter_map(|arc| self.state.arc(arc)).filter(|arc| {
            let east = arc.points.iter().any(|point| point.x >= low.x);
            let west = arc.points.iter().any(|point| point.x <= high.x);
            let north = arc.points.iter().any(|point| point.y >= low.y);
            let south = arc.points.iter().any(|point| point.y <= high.y);
            east && west && north && south
        });
        let mut faces: BTreeSet<FaceNo> = arcs.flat_map(|arc| [arc.left, arc.right]).flatten().collect();
        faces.extend(self.state.face_at(low));
        faces.extend(ring.iter().take(1).filter_map(|point| self.state.face_at(*point)));
        faces
    }

    /// The faces inside the ring with their units, all of them in the city and free of overlays.
    fn free_ground(
        &self,
        cut: &Cut,
        inside: &BTreeSet<u32>,
        ring: &[LatticePoint],
    ) -> Result<BTreeSet<(FaceNo, UnitNo)>, Refusal> {
        let mut taken = BTreeSet::new();
        for region in inside {
            let Some(face) = cut.face_of[*region as usize] else {
                let message = "the drawn area reaches beyond the city; draw it within the outline";
                return Err(Refusal::new(EditRule::OutsideCity, message).showing(ring.to_vec()));
            };
            let Some(ground) = self.state.face(face) else { continue };
            if let Some(overlay) = ground.overlay {
                let message = format!(
                    "the drawn area lies over {}; draw it beside that or retire it first",
                    self.state.code_of(overlay)
                );
                return Err(Refusal::new(EditRule::OverlayOverlap, message)
                    .naming([overlay])
                    .showing(ring.to_vec()));
            }
            taken.insert((face, ground.base));
        }
        Ok(taken)
    }

    /// Whether overlay units belong to units of a level: of villages or above, where the city has such levels.
    fn may_hold_overlay(&self, level: Level) -> bool {
        let lowest = self.context.overlay_parents_from;
        let has_such = || self.state.units().any(|(_, unit)| unit.level <= lowest);
        !level.is_overlay() && (level <= lowest || (level < self.state.base_level() && !has_such()))
    }

    /// The lowest unit that may hold an overlay and holds all of these faces.
    fn lowest_around(&self, taken: &BTreeSet<(FaceNo, UnitNo)>) -> Option<UnitNo> {
        let units: BTreeSet<UnitNo> = taken.iter().map(|(_, unit)| *unit).collect();
        let first = *units.first()?;
        let mut above = self.state.line_of(first).skip(1);
        let may_hold =
            |unit: UnitNo| self.state.unit(unit).is_some_and(|state| self.may_hold_overlay(state.level));
        above.find(|unit| {
            may_hold(*unit) && units.iter().all(|other| self.state.line_of(*other).any(|line| line == *unit))
        })
    }
}

/// A drawn ring with its first point repeated at its end.
fn closed_ring(ring: &[LatticePoint]) -> Result<Vec<LatticePoint>, Refusal> {
    let mut points = without_repeats(ring)?;
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    let area_m2 = ring_area_m2(&points).abs();
    if points.len() < 4 || area_m2 < LEAST_AREA_M2 {
        let message = "the drawn area has less than one square metre; draw it larger";
        return Err(Refusal::new(EditRule::TooSmall, message).showing(points));
    }
    check_simple(&points)?;
    Ok(points)
}

/// The regions inside the drawn ring: as often inside as the lines are crossed in one direction from outside everything.
fn regions_inside(cut: &Cut) -> BTreeSet<u32> {
    let mut depth: Vec<Option<i32>> = vec![None; cut.face_of.len()];
    depth[UNBOUNDED as usize] = Some(0);
    let mut waiting = vec![UNBOUNDED];
    while let Some(region) = waiting.pop() {
        let here = depth[region as usize].unwrap_or(0);
        for half in cut.graph.around(region) {
            let other = cut.graph.region_of[(half ^ 1) as usize];
            if depth[other as usize].is_none() {
                let line = cut.origins[(half / 2) as usize].line;
                depth[other as usize] = Some(if half.is_multiple_of(2) { here - line } else { here + line });
                waiting.push(other);
            }
        }
    }
    (0_u32..)
        .zip(depth)
        .filter(|(_, depth)| depth.is_some_and(|depth| depth != 0))
        .map(|(region, _)| region)
        .collect()
}
