//! The exact partition of one city as the mirror keeps it: faces and arcs in places that outlast small changes.

use std::sync::Arc;

use cim_coverage::{ArcNet, Coverage, CoverageArc, FaceId, ThinnedArcs};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::EQUATOR_M;
use cim_model::Collection;

use crate::EXTENT;

/// How far a simplified border may lie from the true one, in tile steps: half a pixel of a 512-pixel tile.
const TOLERANCE_STEPS: f64 = 4.0;

/// The exact partition of one city.
#[derive(Debug)]
pub struct CityCoverage {
    /// Arcs and faces.
    pub coverage: Coverage,
    /// The level of the faces' base units.
    pub base_level: Collection,
    /// The code that `Face::base` counts into.
    pub base_codes: Vec<String>,
    /// The code that `Face::overlay` counts into.
    pub overlay_codes: Vec<String>,
    /// The ids of the faces, rising.
    pub face_ids: Vec<i64>,
    /// The ids of the arcs, rising.
    pub arc_ids: Vec<i64>,
}

/// The units that a face belongs to, by their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceUnits {
    /// Its unit of the finest level.
    pub base: String,
    /// The exclusive grid over it.
    pub overlay: Option<String>,
}

/// A border between two faces, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorderLine {
    /// The face on its left hand; none is the outside.
    pub left: Option<i64>,
    /// The face on its right hand.
    pub right: Option<i64>,
    /// Its points.
    pub points: Vec<LatticePoint>,
}

/// What became of faces and arcs of one city, by their ids, rising; those without a state are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroundChange {
    /// Faces.
    pub faces: Vec<(i64, Option<FaceUnits>)>,
    /// Arcs.
    pub arcs: Vec<(i64, Option<BorderLine>)>,
}

/// Faces and arcs by their places, in the order of their ids; a place whose face or arc is gone stays empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Ground {
    face_ids: Vec<i64>,
    pub(super) faces: Arc<Vec<Option<FaceUnits>>>,
    arc_ids: Vec<i64>,
    pub(super) net: ArcNet,
}

/// A ground after a change, and the places of the arcs that were written.
pub(super) struct ChangedGround {
    pub(super) ground: Ground,
    pub(super) arcs: Vec<u32>,
}

impl Ground {
    pub(super) fn new(city: CityCoverage) -> Self {
        let code_of = |codes: &[String], number: u32| codes.get(number as usize).cloned();
        let faces = city.coverage.faces.iter().map(|face| {
            let base = code_of(&city.base_codes, face.base)?;
            let overlay = face.overlay.and_then(|number| code_of(&city.overlay_codes, number));
            Some(FaceUnits { base, overlay })
        });
        Self {
            faces: Arc::new(faces.collect()),
            face_ids: city.face_ids,
            arc_ids: city.arc_ids,
            net: ArcNet::new(city.coverage.arcs.into_iter().map(Some)),
        }
    }

    /// The ground after a change; `None` where places would have to move, so that everything must be read again.
    pub(super) fn with(&self, change: &GroundChange) -> Option<ChangedGround> {
        let mut ground = self.clone();
        let mut faces = (*self.faces).clone();
        for (id, face) in &change.faces {
            let Some(place) = place_of(&mut ground.face_ids, *id, face.is_some())? else { continue };
            faces.resize(ground.face_ids.len(), None);
            faces[place as usize].clone_from(face);
        }
        if faces != *self.faces {
            ground.faces = Arc::new(faces);
        }
        let mut written: Vec<(u32, Option<CoverageArc>)> = Vec::new();
        for (id, line) in &change.arcs {
            let Some(place) = place_of(&mut ground.arc_ids, *id, line.is_some())? else { continue };
            let arc = line.as_ref().map(|line| CoverageArc {
                points: line.points.clone(),
                left: ground.face_with_id(line.left),
                right: ground.face_with_id(line.right),
            });
            if ground.net.arc(place) != arc.as_ref() {
                written.push((place, arc));
            }
        }
        if !written.is_empty() {
            ground.net = self.net.with(&written);
        }
        let arcs = written.into_iter().map(|(place, _)| place).collect();
        Some(ChangedGround { ground, arcs })
    }

    fn face_with_id(&self, id: Option<i64>) -> Option<FaceId> {
        let place = self.face_ids.binary_search(&id?).ok()?;
        self.faces[place].as_ref()?;
        u32::try_from(place).ok().map(FaceId)
    }

    /// How far lines may lie from the true ones at a zoom.
    pub(super) fn tolerance_m(&self, zoom: u8) -> f64 {
        let first = self.net.arcs().find_map(|(_, arc)| arc.points.first());
        let latitude = first.map_or(0.0, |point| LonLat::from(*point).lat);
        let step_m = EQUATOR_M / f64::from(1_u32 << zoom) / f64::from(EXTENT) * latitude.to_radians().cos();
        step_m * TOLERANCE_STEPS
    }

    pub(super) fn thinned(&self, zoom: u8) -> ThinnedArcs {
        ThinnedArcs::new(&self.net, self.tolerance_m(zoom))
    }
}

/// The place of an id, at the end for a new one that is higher than all others; none for one that is gone and was not
/// known. The outer `None` says that it would have to come between others.
#[expect(clippy::option_option, reason = "no place to write to is not the same as no place to be had")]
fn place_of(ids: &mut Vec<i64>, id: i64, is_there: bool) -> Option<Option<u32>> {
    match ids.binary_search(&id) {
        Ok(place) => u32::try_from(place).ok().map(Some),
        Err(_) if !is_there => Some(None),
        Err(place) if place == ids.len() => {
            ids.push(id);
            u32::try_from(place).ok().map(Some)
        }
        Err(_) => None,
    }
}
