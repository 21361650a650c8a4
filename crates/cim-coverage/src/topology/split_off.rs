//! Dividing units off another along their own borders: a new unit beside the old one. No border moves.

use std::collections::BTreeSet;

use super::edit::Edit;
use super::element::{UnitNo, UnitState};
use super::naming::checked_name;
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    pub(super) fn split_off(
        &mut self,
        no: UnitNo,
        children: &[UnitNo],
        name: &mut Option<String>,
        code: &mut Option<String>,
    ) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        let chosen: BTreeSet<UnitNo> = children.iter().copied().collect();
        for &child in &chosen {
            let state = self.need_unit(child)?;
            if state.parent != Some(no) || state.level.is_overlay() {
                let message =
                    format!("{} is not a unit of {}; choose units of its own", state.code, unit.code);
                return Err(Refusal::new(EditRule::WrongParent, message).naming([no, child]));
            }
        }
        if chosen.is_empty() {
            let message = format!("no unit of {} is chosen; choose those that the new unit takes", unit.code);
            return Err(Refusal::new(EditRule::NothingChanges, message).naming([no]));
        }
        let new_name = match name.as_deref() {
            Some(name) => checked_name(name)?,
            None => self.name_beside(&unit),
        };
        let new_code = self
            .code_for(code.as_deref(), unit.level, unit.parent)
            .map_err(|refusal| refusal.naming([no]))?;
        let new = UnitNo(self.state.new_number());
        (*name, *code) = (Some(new_name.clone()), Some(new_code.clone()));
        self.put_unit(new, Some(UnitState { code: new_code, name: new_name, ..unit.clone() }));
        self.descend(LineageKind::Split, no, new);
        for &child in &chosen {
            self.give_parent(child, new)?;
        }
        self.check_donor(no)?;
        let parts = self.state.part_count(no) + self.state.part_count(new);
        if parts > self.before.part_count(no) + 1 {
            let message =
                format!("{} would be divided into {parts} pieces; choose units that lie together", unit.code);
            return Err(Refusal::new(EditRule::NotContiguous, message).naming([no]));
        }
        Ok(())
    }
}
