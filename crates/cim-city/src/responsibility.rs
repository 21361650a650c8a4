//! Who is responsible for a point: the question and its answer.

use cim_crs::LonLat;
use jiff::Timestamp;
use serde::Serialize;

/// Who is responsible for a point, and for which category of case.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsibilityQuery {
    /// The point; the server has already converted it from the request's system.
    pub at: LonLat,
    /// A case category code; without one the comprehensive grid answers under `overlay`.
    pub category: Option<String>,
    /// Posts and rules as they are at this time; now, when absent.
    pub datetime: Option<Timestamp>,
}

/// The two lines of responsibility for a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponsibilityAnswer {
    /// Whether the point lies in the city.
    pub inside: bool,
    /// From the finest unit up: micro grid, comprehensive grid, village, town, district; missing levels are skipped.
    pub chain: Vec<ChainUnit>,
    /// The comprehensive grid, when there is that level.
    pub comprehensive_grid: Option<UnitName>,
    /// The exclusive grid over the point.
    pub exclusive_grid: Option<ChainUnit>,
    /// Who answers first.
    pub responsible: Option<Responsible>,
    /// The department line.
    pub departments: Vec<DepartmentRole>,
    /// The point lies exactly on a border; the lowest code won.
    pub on_boundary: bool,
    /// Metres to the border of the finest unit.
    pub distance_to_border_m: Option<f64>,
    /// The boundary revision that answered.
    pub revision: Option<i64>,
    /// Outside: the nearest unit and how far it is.
    pub nearest: Option<NearestUnit>,
    /// RFC 3339: when the mirror's state was last confirmed.
    pub as_of: String,
    /// The PostgreSQL snapshot of the answer.
    #[serde(skip)]
    pub snapshot: String,
}

/// A unit by level, code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnitName {
    /// Its collection's name.
    pub level: &'static str,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A unit of the chain with its posts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainUnit {
    /// Its collection's name.
    pub level: &'static str,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind, where units of this level have kinds.
    pub kind: Option<String>,
    /// The posts of the unit, vacant ones too.
    pub posts: Vec<PostAnswer>,
}

/// A post and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostAnswer {
    /// The post's number.
    pub post_no: String,
    /// Its role.
    pub role: String,
    /// Nobody holds it now.
    pub vacant: bool,
    /// Who holds it.
    pub holder: Option<String>,
    /// The masked telephone number.
    pub phone_masked: Option<String>,
}

/// Who answers first, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Responsible {
    /// The unit.
    #[serde(flatten)]
    pub unit: UnitName,
    /// `comprehensive_grid`, `exclusive_replaces`, `exclusive_lists_category` or `finest_unit`.
    pub rule: &'static str,
}

/// A department's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DepartmentRole {
    /// `lead` or `assist`.
    pub role: &'static str,
    /// The department's code.
    pub code: String,
    /// The department's name.
    pub department: String,
    /// The number of the rule that says so.
    pub rule: String,
}

/// The nearest unit to a point outside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestUnit {
    /// The unit.
    #[serde(flatten)]
    pub unit: UnitName,
    /// Metres to its border.
    pub distance_m: f64,
}

/// One row of a batch: the same fields without posts and departments, which repeat for every point of a unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponsibilityRow {
    /// Whether the point lies in the city.
    pub inside: bool,
    /// Codes by level, finest first.
    pub chain: Vec<UnitName>,
    /// The exclusive grid's code.
    pub exclusive_grid: Option<String>,
    /// Who answers first.
    pub responsible: Option<Responsible>,
    /// The department line.
    pub departments: Vec<DepartmentRole>,
    /// The point lies exactly on a border; the lowest code won.
    pub on_boundary: bool,
    /// Metres to the border of the finest unit.
    pub distance_to_border_m: Option<f64>,
    /// The boundary revision that answered.
    pub revision: Option<i64>,
    /// Outside: the nearest unit and how far it is.
    pub nearest: Option<NearestUnit>,
}
