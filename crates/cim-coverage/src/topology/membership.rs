//! Who belongs to whom: reassigning, re-parenting and retiring units. No border moves.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::element::{FaceNo, GroundFace, UnitNo, UnitState};
use super::naming::unchanged;
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    pub(super) fn reassign(
        &mut self,
        units: &[UnitNo],
        to: UnitNo,
        allow_parts: bool,
    ) -> Result<(), Refusal> {
        let receiver = self.need_unit(to)?;
        let units: BTreeSet<UnitNo> = units.iter().copied().collect();
        let mut donors = BTreeSet::new();
        let mut level = None;
        for &no in &units {
            let unit = self.need_unit(no)?;
            if unit.level.is_overlay() || *level.get_or_insert(unit.level) != unit.level {
                let message = format!(
                    "{} is not of the level of the others; reassign units of one level of the chain",
                    unit.code
                );
                return Err(Refusal::new(EditRule::WrongLevel, message).naming(units));
            }
            self.check_receiver(no, &unit, to, &receiver)?;
            donors.extend(unit.parent.filter(|parent| *parent != to));
        }
        if donors.is_empty() {
            return Err(unchanged(&format!("the units belong to {} already", receiver.code), to));
        }
        for no in units {
            self.give_parent(no, to)?;
        }
        for &donor in &donors {
            self.check_donor(donor)?;
        }
        if !allow_parts {
            for owner in donors.into_iter().chain([to]) {
                if self.state.part_count(owner) > self.before.part_count(owner) {
                    let message = format!(
                        "{} would lie in more pieces than before; choose units beside it or allow pieces",
                        self.state.code_of(owner)
                    );
                    return Err(Refusal::new(EditRule::NotContiguous, message).naming([owner]));
                }
            }
        }
        Ok(())
    }

    fn check_receiver(
        &self,
        no: UnitNo,
        unit: &UnitState,
        to: UnitNo,
        receiver: &UnitState,
    ) -> Result<(), Refusal> {
        let Some((donor_no, donor)) = unit.parent.and_then(|parent| Some((parent, self.state.unit(parent)?)))
        else {
            let message = format!("{} belongs to no unit; re-parent it instead", unit.code);
            return Err(Refusal::new(EditRule::WrongParent, message).naming([no, to]));
        };
        if donor.level != receiver.level {
            let message = format!(
                "{} is not of the level of {}; choose one that is, or re-parent {}",
                receiver.code, donor.code, unit.code
            );
            return Err(Refusal::new(EditRule::WrongLevel, message).naming([no, to, donor_no]));
        }
        if (donor.parent, &donor.parent_code) != (receiver.parent, &receiver.parent_code) {
            let message = format!(
                "{} and {} belong to different units; re-parent {} instead",
                donor.code, receiver.code, unit.code
            );
            return Err(Refusal::new(EditRule::DifferentParents, message).naming([no, to, donor_no]));
        }
        Ok(())
    }

    /// Refuses when a unit has lost its last child of the chain.
    pub(super) fn check_donor(&self, donor: UnitNo) -> Result<(), Refusal> {
        let is_of_chain = |unit: UnitNo| self.state.unit(unit).is_some_and(|unit| !unit.level.is_overlay());
        if self.state.children(donor).any(is_of_chain) {
            return Ok(());
        }
        let message = format!(
            "{} would be left without ground; leave it a unit or merge it",
            self.state.code_of(donor)
        );
        Err(Refusal::new(EditRule::NothingLeft, message).naming([donor]))
    }

    /// Gives a unit a parent, and records it when that is another.
    pub(super) fn give_parent(&mut self, no: UnitNo, parent: UnitNo) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        let code = self.state.code_of(parent).to_owned();
        if unit.parent != Some(parent) {
            self.put_unit(no, Some(UnitState { parent: Some(parent), parent_code: Some(code), ..unit }));
            self.descend(LineageKind::Reparent, no, no);
        }
        Ok(())
    }

    pub(super) fn reparent(&mut self, no: UnitNo, parent: UnitNo) -> Result<(), Refusal> {
        let (unit, above) = (self.need_unit(no)?, self.need_unit(parent)?);
        if above.level.is_overlay() || above.level >= unit.level {
            let message = format!(
                "{} cannot hold {}; choose a unit of a higher level of the chain",
                above.code, unit.code
            );
            return Err(Refusal::new(EditRule::WrongParent, message).naming([no, parent]));
        }
        if unit.parent == Some(parent) {
            return Err(unchanged(&format!("{} belongs to {} already", unit.code, above.code), no));
        }
        self.give_parent(no, parent)?;
        if let Some(donor) = unit.parent.filter(|_| !unit.level.is_overlay()) {
            self.check_donor(donor)?;
        }
        Ok(())
    }

    pub(super) fn retire(&mut self, no: UnitNo) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        if unit.level.is_overlay() {
            let faces = self.state.faces_of(no);
            self.relabel(&faces, |face| GroundFace { overlay: None, ..face });
            self.join_equal_faces(&faces);
        } else if self.state.children(no).next().is_some() || !self.state.faces_of(no).is_empty() {
            let message =
                format!("{} still holds ground or units; merge it into a neighbour instead", unit.code);
            return Err(Refusal::new(EditRule::StillInUse, message).naming([no]));
        }
        self.put_unit(no, None);
        self.descend(LineageKind::Retire, no, no);
        Ok(())
    }

    pub(super) fn relabel(&mut self, faces: &[FaceNo], label: impl Fn(GroundFace) -> GroundFace) {
        for &face in faces {
            if let Some(ground) = self.state.face(face) {
                self.put_face(face, Some(label(ground)));
            }
        }
    }
}
