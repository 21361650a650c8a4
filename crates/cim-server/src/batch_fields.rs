//! The columns that a batch adds to each CSV row.

use cim_city::ResponsibilityRow;

use crate::language::{Language, Words};

const LEVELS: [&str; 5] = ["micro_grid", "comprehensive_grid", "village", "town", "district"];

/// Columns that follow the code and name of each level.
const AFTER_LEVELS: [&str; 15] = [
    "exclusive_grid_code",
    "responsible_level",
    "responsible_code",
    "responsible_name",
    "responsible_rule",
    "lead_department_code",
    "lead_department",
    "assist_department_codes",
    "on_boundary",
    "distance_to_border_m",
    "revision",
    "nearest_level",
    "nearest_code",
    "nearest_distance_m",
    "error",
];

pub(crate) fn answer_header() -> impl Iterator<Item = String> {
    let levels = LEVELS.into_iter().flat_map(|level| [format!("{level}_code"), format!("{level}_name")]);
    std::iter::once("inside".to_owned()).chain(levels).chain(AFTER_LEVELS.into_iter().map(str::to_owned))
}

pub(crate) fn answer_fields(result: Result<ResponsibilityRow, Words>) -> impl Iterator<Item = String> {
    let (row, error) = match result {
        Ok(row) => (Some(row), String::new()),
        Err(words) => (None, words.speak(Language::English).to_owned()),
    };
    let mut fields =
        row.map_or_else(|| vec![String::new(); answer_header().count() - 1], |row| row_fields(&row));
    fields.push(error);
    fields.into_iter()
}

fn row_fields(row: &ResponsibilityRow) -> Vec<String> {
    let mut fields = vec![row.inside.to_string()];
    for level in LEVELS {
        let unit = row.chain.iter().find(|unit| unit.level == level);
        fields.push(unit.map(|unit| safe(&unit.code)).unwrap_or_default());
        fields.push(unit.map(|unit| safe(&unit.name)).unwrap_or_default());
    }
    let responsible = row.responsible.as_ref();
    let of_unit =
        |pick: fn(&cim_city::Responsible) -> &str| responsible.map(pick).map(safe).unwrap_or_default();
    let lead = row.departments.iter().find(|department| department.role == "lead");
    let assisting = row.departments.iter().filter(|department| department.role != "lead");
    let metres = |distance: Option<f64>| distance.map(|metres| format!("{metres:.2}")).unwrap_or_default();
    fields.extend([
        row.exclusive_grid.as_deref().map(safe).unwrap_or_default(),
        of_unit(|one| one.unit.level),
        of_unit(|one| &one.unit.code),
        of_unit(|one| &one.unit.name),
        of_unit(|one| one.rule),
        lead.map(|one| safe(&one.code)).unwrap_or_default(),
        lead.map(|one| safe(&one.department)).unwrap_or_default(),
        assisting.map(|one| one.code.as_str()).collect::<Vec<_>>().join(";"),
        row.on_boundary.to_string(),
        metres(row.distance_to_border_m),
        row.revision.map(|revision| revision.to_string()).unwrap_or_default(),
        row.nearest.as_ref().map(|one| one.unit.level.to_owned()).unwrap_or_default(),
        row.nearest.as_ref().map(|one| safe(&one.unit.code)).unwrap_or_default(),
        metres(row.nearest.as_ref().map(|one| one.distance_m)),
    ]);
    fields
}

/// A text that a spreadsheet does not take for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_no_point_has_as_many_columns_as_one_that_is() {
        let row = ResponsibilityRow {
            inside: false,
            chain: Vec::new(),
            exclusive_grid: None,
            responsible: None,
            departments: Vec::new(),
            on_boundary: false,
            distance_to_border_m: Some(1.0),
            revision: None,
            nearest: None,
        };
        let width = answer_header().count();
        assert_eq!(answer_fields(Ok(row)).count(), width);
        assert_eq!(answer_fields(Err(Words::new("no", "否"))).count(), width);
    }

    #[test]
    fn a_name_cannot_become_a_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("南池子社区"), "南池子社区");
    }
}
