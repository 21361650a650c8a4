//! What is wrong with what is loaded, rule by rule: one statement each in `sql/check/`.

use cim_model::{Finding, Severity};
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::StoreError;
use crate::query::{self, Query};

/// One rule of the check.
struct Rule {
    name: &'static str,
    severity: Severity,
    says: &'static str,
    query: Query,
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The rule's stable name.
    pub rule: &'static str,
    /// How grave a breach is.
    pub severity: Severity,
    /// How many breaches there are.
    pub total: u64,
    /// The first of them.
    pub examples: Vec<Finding>,
}

const RULES: &[Rule] = &[
    Rule {
        name: "unit_without_parent",
        severity: Severity::Error,
        says: "belongs to no unit above it: load the level above, or correct its parent_code",
        query: query::CHECK_UNIT_WITHOUT_PARENT,
    },
    Rule {
        name: "grid_without_station",
        severity: Severity::Warning,
        says: "has no grid station: every comprehensive grid has one",
        query: query::CHECK_GRID_WITHOUT_STATION,
    },
    Rule {
        name: "grid_with_too_many_households",
        severity: Severity::Note,
        says: "has more than 500 households: consider splitting it",
        query: query::CHECK_GRID_WITH_TOO_MANY_HOUSEHOLDS,
    },
    Rule {
        name: "post_vacant",
        severity: Severity::Note,
        says: "is held by nobody today",
        query: query::CHECK_POST_VACANT,
    },
    Rule {
        name: "building_outside_the_city",
        severity: Severity::Warning,
        says: "lies in no unit: check its coordinates and their system",
        query: query::CHECK_BUILDING_OUTSIDE_THE_CITY,
    },
    Rule {
        name: "camera_outside_the_city",
        severity: Severity::Warning,
        says: "lies in no unit: check its coordinates and their system",
        query: query::CHECK_CAMERA_OUTSIDE_THE_CITY,
    },
    Rule {
        name: "case_outside_the_city",
        severity: Severity::Warning,
        says: "lies in no unit: check its coordinates and their system",
        query: query::CHECK_CASE_OUTSIDE_THE_CITY,
    },
    Rule {
        name: "camera_without_direction",
        severity: Severity::Note,
        says: "has no direction: what it sees is assumed to be all around",
        query: query::CHECK_CAMERA_WITHOUT_DIRECTION,
    },
    Rule {
        name: "camera_code_of_no_division",
        severity: Severity::Warning,
        says: "has a code that is not 20 digits of GB/T 28181 or begins with no known division",
        query: query::CHECK_CAMERA_CODE_OF_NO_DIVISION,
    },
    Rule {
        name: "tie_stale",
        severity: Severity::Error,
        says: "is tied to another grid than the one that covers it: start the server again, which ties everything anew",
        query: query::CHECK_TIE_STALE,
    },
    Rule {
        name: "case_closed_without_time",
        severity: Severity::Warning,
        says: "is closed but has no closing time",
        query: query::CHECK_CASE_CLOSED_WITHOUT_TIME,
    },
];

/// Runs every rule; each reports at most `most_examples` breaches and the number of all.
///
/// Reads whole collections against the boundaries: some seconds on a district.
pub(crate) async fn check(client: &Client, most_examples: i64) -> Result<Vec<Checked>, StoreError> {
    let mut checked = Vec::with_capacity(RULES.len());
    for rule in RULES {
        checked.push(rule.run(client, most_examples).await?);
    }
    Ok(checked)
}

impl Rule {
    async fn run(&self, client: &Client, most_examples: i64) -> Result<Checked, StoreError> {
        let rows = self.query.rows(client, &[(&most_examples, Type::INT8)]).await?;
        let total = rows.first().map_or(0, |row| row.get::<_, i64>("total"));
        let examples = rows
            .iter()
            .map(|row| {
                let place = row.get::<_, Option<f64>>("lon").zip(row.get::<_, Option<f64>>("lat"));
                Finding {
                    severity: self.severity,
                    rule: self.name.to_owned(),
                    file: None,
                    row: None,
                    message: self.says.to_owned(),
                    key: Some(row.get("key")),
                    value: row.get("value"),
                    at: place.map(|(lon, lat)| [lon, lat]),
                }
            })
            .collect();
        Ok(Checked { rule: self.name, severity: self.severity, total: total.unsigned_abs(), examples })
    }
}
