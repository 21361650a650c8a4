//! Writing the district as a city pack.

mod addresses;
mod areas;
mod csv_file;
mod devices;
mod ground;
mod houses;
mod manifest;
mod people;
mod scope;
mod work;

use std::path::Path;

use crate::model::Model;
use crate::{DemoError, DemoOptions, DemoSummary, Progress};
use csv_file::Copy;
use scope::Scope;

/// What every writer gets.
pub(crate) struct Job<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) model: &'a Model,
    pub(crate) scope: Scope,
    pub(crate) copies: Vec<Copy>,
}

type Writer = fn(&Job<'_>) -> Result<Vec<u64>, DemoError>;

/// The steps of writing: the collections each one writes, to files of the same name, and how.
const STEPS: &[(&[&str], Writer)] = &[
    (&["case_category"], people::category_rows),
    (&["department"], people::department_rows),
    (&["responsibility_rule"], people::rule_rows),
    (&["district"], areas::districts),
    (&["town"], areas::towns),
    (&["village"], areas::villages),
    (&["comprehensive_grid"], areas::comprehensive_grids),
    (&["micro_grid"], areas::micro_grids),
    (&["exclusive_grid"], areas::exclusive_grids),
    (&["grid_station"], people::station_rows),
    (&["contact_group"], people::contact_group_rows),
    (&["post", "post_holder"], people::post_rows),
    (&["road"], ground::roads),
    (&["water"], ground::waters),
    (&["place"], ground::places),
    (&["key_place"], devices::key_place_rows),
    (&["building"], houses::buildings),
    (&["address"], addresses::address_rows),
    (&["camera"], devices::camera_rows),
    (&["case", "inspection", "finding"], work::work_rows),
];

/// Writes every file and the manifest.
pub(crate) fn write(
    dir: &Path,
    options: &DemoOptions,
    model: &Model,
    progress: &mut dyn FnMut(Progress),
) -> Result<DemoSummary, DemoError> {
    let job = Job { dir, model, scope: Scope::of(model, options.scale), copies: copies(options.factor) };
    let mut rows = Vec::new();
    let total = STEPS.len() as u64 + 1;
    for (step, (collections, writer)) in (1u64..).zip(STEPS) {
        progress(Progress { step: collections[0], done: step, total });
        rows.extend(collections.iter().copied().zip(writer(&job)?));
    }
    manifest::write(dir, options, rows.iter().map(|&(collection, _)| collection))?;
    progress(Progress { step: "city.toml", done: total, total });
    Ok(DemoSummary { rows })
}

/// The district and its shifted copies: side by side, eight in a row.
fn copies(factor: u32) -> Vec<Copy> {
    (0..factor.max(1))
        .map(|number| Copy {
            number,
            shift: cim_crs::LatticePoint {
                x: i64::from(number % 4) * 56_000_000,
                y: i64::from(number / 4) * 44_000_000,
            },
        })
        .collect()
}
