//! Writing the district as a city pack.

mod areas;
mod csv_file;
mod ground;
mod houses;
mod manifest;
mod scope;

use std::path::Path;

use crate::model::Model;
use crate::{DemoError, DemoOptions, DemoSummary, Progress};
use csv_file::{Copy, CsvFile};
use scope::Scope;

/// What every writer gets.
pub(crate) struct Job<'a> {
    pub(crate) dir: &'a Path,
    pub(crate) model: &'a Model,
    pub(crate) scope: Scope,
    pub(crate) copies: Vec<Copy>,
}

type Writer = fn(&Job<'_>) -> Result<u64, DemoError>;

/// Every file of a pack: collection, file name, writer.
const FILES: &[(&str, &str, Writer)] = &[
    ("district", "district.csv", areas::districts),
    ("town", "town.csv", areas::towns),
    ("village", "village.csv", areas::villages),
    ("comprehensive_grid", "comprehensive_grid.csv", areas::comprehensive_grids),
    ("micro_grid", "micro_grid.csv", areas::micro_grids),
    ("exclusive_grid", "exclusive_grid.csv", areas::exclusive_grids),
    ("road", "road.csv", ground::roads),
    ("water", "water.csv", ground::waters),
    ("place", "place.csv", ground::places),
    ("building", "building.csv", houses::buildings),
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
    for (index, &(collection, file, writer)) in FILES.iter().enumerate() {
        progress(Progress { step: collection, done: index as u64 + 1, total: FILES.len() as u64 + 1 });
        rows.push((collection, writer(&job)?));
    }
    manifest::write(dir, options, &FILES.iter().map(|&(collection, file, _)| (collection, file)).collect::<Vec<_>>())?;
    progress(Progress { step: "city.toml", done: FILES.len() as u64 + 1, total: FILES.len() as u64 + 1 });
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
