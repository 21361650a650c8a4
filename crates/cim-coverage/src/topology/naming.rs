//! Codes and names of units.

use super::edit::Edit;
use super::element::{Level, UnitNo, UnitState};
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    /// The code that a unit is to have: the given one when it is free and well formed, else one by template.
    pub(super) fn code_for(
        &self,
        given: Option<&str>,
        level: Level,
        parent: Option<UnitNo>,
    ) -> Result<String, Refusal> {
        let code = match given {
            Some(code) => code.trim().to_owned(),
            None => self.context.codes.issue(&self.state, level, parent).ok_or_else(|| {
                let message = "units of this level have no template for codes; give the code";
                Refusal::new(EditRule::CodeMalformed, message)
            })?,
        };
        if code.is_empty() {
            return Err(Refusal::new(
                EditRule::CodeMalformed,
                "the code is empty; give one or leave it to be issued",
            ));
        }
        if let Some(owner) = self.state.unit_by_code(level, &code) {
            let message = format!("the code {code} belongs to another unit; choose one that was never used");
            return Err(Refusal::new(EditRule::CodeTaken, message).naming([owner]));
        }
        match given.and_then(|_| self.context.codes.refuse(&self.state, level, &code)) {
            None => Ok(code),
            Some(EditRule::CodeTaken) => {
                let message = format!("the code {code} was used before; choose one that was never used");
                Err(Refusal::new(EditRule::CodeTaken, message))
            }
            Some(rule) => {
                let message = format!(
                    "the code {code} does not follow the template of its class; leave it to be issued"
                );
                Err(Refusal::new(rule, message))
            }
        }
    }

    /// The name of a unit divided off another: the old one with the least free number.
    pub(super) fn name_beside(&self, old: &UnitState) -> String {
        let is_free = |name: &str| {
            let siblings = old.parent.map(|parent| self.state.children(parent));
            let mut siblings = siblings.into_iter().flatten().filter_map(|unit| self.state.unit(unit));
            siblings.all(|unit| unit.name != name)
        };
        let names = (2_u32..).map(|number| format!("{} ({number})", old.name));
        names.into_iter().find(|name| is_free(name)).unwrap_or_default()
    }

    pub(super) fn recode(&mut self, no: UnitNo, code: &mut Option<String>) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        if code.as_deref().is_some_and(|code| code.trim() == unit.code) {
            return Err(unchanged(&format!("the code of {} is this one already", unit.code), no));
        }
        let new = self
            .code_for(code.as_deref(), unit.level, unit.parent)
            .map_err(|refusal| refusal.naming([no]))?;
        *code = Some(new.clone());
        self.put_unit(no, Some(UnitState { code: new.clone(), ..unit }));
        let children: Vec<UnitNo> = self.state.children(no).collect();
        for child in children {
            let state = self.need_unit(child)?;
            self.put_unit(child, Some(UnitState { parent_code: Some(new.clone()), ..state }));
        }
        self.descend(LineageKind::Recode, no, no);
        Ok(())
    }

    pub(super) fn rename(&mut self, no: UnitNo, name: &str) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        let name = checked_name(name).map_err(|refusal| refusal.naming([no]))?;
        if name == unit.name {
            return Err(unchanged(&format!("the name of {} is this one already", unit.code), no));
        }
        self.put_unit(no, Some(UnitState { name, ..unit }));
        self.descend(LineageKind::Rename, no, no);
        Ok(())
    }
}

/// A name without white space around it; refused when nothing is left.
pub(super) fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::new(EditRule::NameMissing, "the name is empty; give one"));
    }
    Ok(name.to_owned())
}

pub(super) fn unchanged(message: &str, unit: UnitNo) -> Refusal {
    Refusal::new(EditRule::NothingChanges, format!("{message}; nothing is to be done")).naming([unit])
}
