//! Making several units one.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::element::{FaceNo, GroundFace, UnitNo, UnitState};
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    pub(super) fn merge(&mut self, into: UnitNo, from: &[UnitNo], allow_parts: bool) -> Result<(), Refusal> {
        let kept = self.need_unit(into)?;
        let from: BTreeSet<UnitNo> = from.iter().copied().filter(|unit| *unit != into).collect();
        if from.is_empty() {
            let message = format!("there is nothing to merge into {}; name another unit", kept.code);
            return Err(Refusal::new(EditRule::NothingChanges, message).naming([into]));
        }
        for &no in &from {
            let unit = self.need_unit(no)?;
            check_alike((into, &kept), (no, &unit))?;
        }
        let parts: usize = from.iter().chain([&into]).map(|unit| self.state.part_count(*unit)).sum();
        for &no in &from {
            if kept.level == self.state.base_level() || kept.level.is_overlay() {
                self.move_ground(no, into, kept.level.is_overlay());
            }
            let children: Vec<UnitNo> = self.state.children(no).collect();
            for child in children {
                self.give_parent(child, into)?;
            }
            self.put_unit(no, None);
            self.descend(LineageKind::Merge, no, into);
        }
        // Every unit that touches what it goes into makes one piece less.
        if !allow_parts && self.state.part_count(into) + from.len() > parts {
            let codes: Vec<UnitNo> = from.iter().copied().chain([into]).collect();
            let message = format!(
                "{} share no border, so the result would lie in pieces; choose neighbours or allow pieces",
                self.before.codes_of(&codes)
            );
            return Err(Refusal::new(EditRule::NotContiguous, message).naming(codes));
        }
        Ok(())
    }

    fn move_ground(&mut self, from: UnitNo, into: UnitNo, is_overlay: bool) {
        let faces: Vec<FaceNo> = self.state.faces_of(from);
        self.relabel(&faces, |face| {
            if is_overlay {
                GroundFace { overlay: Some(into), ..face }
            } else {
                GroundFace { base: into, ..face }
            }
        });
        self.join_equal_faces(&faces);
    }
}

/// Refuses units of different levels or parents.
fn check_alike(into: (UnitNo, &UnitState), from: (UnitNo, &UnitState)) -> Result<(), Refusal> {
    let (kept, unit) = (into.1, from.1);
    if unit.level != kept.level {
        let message =
            format!("{} and {} are of different levels; merge units of one level", unit.code, kept.code);
        return Err(Refusal::new(EditRule::WrongLevel, message).naming([into.0, from.0]));
    }
    if (unit.parent, &unit.parent_code) != (kept.parent, &kept.parent_code) {
        let parents = into.1.parent.into_iter().chain(unit.parent);
        let message =
            format!("{} and {} belong to different units; re-parent one of them first", unit.code, kept.code);
        return Err(Refusal::new(EditRule::DifferentParents, message)
            .naming([into.0, from.0].into_iter().chain(parents)));
    }
    Ok(())
}
