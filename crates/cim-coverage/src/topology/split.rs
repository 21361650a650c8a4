//! Dividing a unit along a drawn line, with all units below it that the line cuts.

use std::collections::{BTreeMap, BTreeSet};

use cim_crs::LatticePoint;

use super::division::{Division, Share};
use super::edit::Edit;
use super::element::{FaceNo, GroundFace, UnitNo, UnitState};
use super::naming::checked_name;
use super::operation::LineageKind;
use super::refusal::{EditRule, Refusal};

impl Edit<'_> {
    pub(super) fn split(
        &mut self,
        no: UnitNo,
        line: &[LatticePoint],
        snap_m: f64,
        name: &mut Option<String>,
        code: &mut Option<String>,
    ) -> Result<(), Refusal> {
        let unit = self.need_unit(no)?;
        if unit.level.is_overlay() {
            let message =
                format!("{} lies over the chain and cannot be divided; retire it and carve two", unit.code);
            return Err(Refusal::new(EditRule::WrongLevel, message).naming([no]));
        }
        let new_name = match name.as_deref() {
            Some(name) => checked_name(name)?,
            None => self.name_beside(&unit),
        };
        let faces: BTreeSet<FaceNo> = self.state.faces_of(no).into_iter().collect();
        let lines = self.line_over(&faces, line, snap_m).map_err(|refusal| refusal.naming([no]))?;
        let beside = lines.iter().flat_map(|line| self.state.arcs_near(line, 0));
        let arcs: BTreeSet<_> = beside.collect();
        let touched: BTreeSet<FaceNo> = arcs
            .iter()
            .filter_map(|arc| self.state.arc(*arc))
            .flat_map(|arc| [arc.left, arc.right])
            .flatten()
            .filter(|face| faces.contains(face))
            .collect();
        let cut = self.cut(&touched, &lines).map_err(|refusal| refusal.naming([no]))?;
        self.check_outline(&cut).map_err(|refusal| refusal.naming([no]))?;
        let misses = || {
            let message =
                format!("the line does not divide {} in two; draw it from border to border", unit.code);
            Refusal::new(EditRule::LineMisses, message).naming([no]).showing(line.to_vec())
        };
        let division = self.division(&cut, &faces, &touched, no).ok_or_else(misses)?;
        if division.shares.get(&no) != Some(&Share::Part) {
            return Err(misses());
        }
        // Which half is the new unit follows from their size: a draft means something else when another border moves.
        let borders: BTreeSet<_> = faces.iter().flat_map(|face| self.before.arcs_around(*face)).collect();
        self.read.arcs.extend(borders);
        let mut new_units = BTreeMap::new();
        self.divide(
            (no, &unit),
            unit.parent,
            (new_name.clone(), code.as_deref()),
            &division,
            &mut new_units,
        )?;
        let new_of =
            |face: GroundFace| GroundFace { base: *new_units.get(&face.base).unwrap_or(&face.base), ..face };
        let is_divided_off = |region: u32| division.pieces.contains(&region);
        self.replace_ground(&cut, is_divided_off, |face, mark| if mark { new_of(face) } else { face })
            .map_err(|refusal| refusal.naming([no]))?;
        let whole: Vec<FaceNo> = division.faces.iter().copied().collect();
        self.relabel(&whole, new_of);
        *name = Some(new_name);
        *code = new_units.get(&no).map(|new| self.state.code_of(*new).to_owned());
        Ok(())
    }

    /// Makes the unit for what is divided off a unit, gives it the children that lie there, and divides those that are cut.
    fn divide(
        &mut self,
        old: (UnitNo, &UnitState),
        parent: Option<UnitNo>,
        named: (String, Option<&str>),
        division: &Division,
        new_units: &mut BTreeMap<UnitNo, UnitNo>,
    ) -> Result<(), Refusal> {
        let (no, unit) = old;
        let code = self.code_for(named.1, unit.level, parent).map_err(|refusal| refusal.naming([no]))?;
        let parent_code = match parent {
            Some(parent) => Some(self.state.code_of(parent).to_owned()),
            None => unit.parent_code.clone(),
        };
        let new = UnitNo(self.state.new_number());
        self.put_unit(new, Some(UnitState { code, name: named.0, parent, parent_code, ..unit.clone() }));
        self.descend(LineageKind::Split, no, new);
        new_units.insert(no, new);
        let children: Vec<UnitNo> = self.state.children(no).collect();
        for child in children {
            match division.shares.get(&child) {
                Some(Share::Whole) => self.give_parent(child, new)?,
                Some(Share::Part) => {
                    let state = self.need_unit(child)?;
                    if !state.level.is_overlay() {
                        let name = self.name_beside(&state);
                        self.divide((child, &state), Some(new), (name, None), division, new_units)?;
                    }
                }
                Some(Share::Nothing) | None => {}
            }
        }
        Ok(())
    }
}
