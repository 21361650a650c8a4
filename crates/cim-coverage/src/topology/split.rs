//! stub
use super::edit::Edit;
use super::element::UnitNo;
use super::refusal::{EditRule, Refusal};
use cim_crs::LatticePoint;
impl Edit<'_> {
    pub(super) fn split(&mut self, _: UnitNo, _: &[LatticePoint], _: f64, _: &mut Option<String>, _: &mut Option<String>) -> Result<(), Refusal> {
        Err(Refusal::new(EditRule::LineMisses, "not yet"))
    }
    pub(super) fn carve(&mut self, _: &[LatticePoint], _: &str, _: Option<&str>, _: &mut Option<UnitNo>, _: &mut Option<String>) -> Result<(), Refusal> {
        Err(Refusal::new(EditRule::LineMisses, "not yet"))
    }
    pub(super) fn reshape(&mut self, _: super::ArcNo, _: &[LatticePoint], _: f64) -> Result<(), Refusal> {
        Err(Refusal::new(EditRule::LineMisses, "not yet"))
    }
}
