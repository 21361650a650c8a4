//! CityJSON 1.x and 2.0, whole or as a sequence: buildings with their footprint and their height.

mod footprint;
mod model;

use std::io::{BufRead, BufReader, Read};

use cim_crs::Crs;

use self::footprint::footprint;
use self::model::{CityModel, Transform};
use super::{declared_by_name, open};
use crate::check::{RowChecker, Wanted};
use crate::job::ReadJob;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Shape, Stop, damaged};

const LONGEST_LINE_BYTES: u64 = 64 << 20;

/// Systems of position and height whose position part has a number of its own.
const POSITION_OF_COMPOUND: &[(u32, u32)] =
    &[(7415, 28992), (9518, 4326), (6697, 6668), (5555, 25832), (5556, 25833), (8360, 4258), (7423, 4258)];

/// Reads a whole document.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let file = BufReader::with_capacity(1 << 18, open(&job.path)?);
    let model: CityModel = serde_json::from_reader(file)
        .map_err(|error| damaged(format!("the file is no whole CityJSON: {error}")))?;
    checker.declare_crs(declared(&model))?;
    let transform = model.transform.unwrap_or_default();
    let mut row = 0;
    hand_on(&model, &transform, &checker.wanted(), &mut row, checker)
}

/// Reads a heading and one feature a line.
pub(super) fn read_sequence(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let mut file = BufReader::with_capacity(1 << 18, open(&job.path)?);
    let mut heading: Option<Transform> = None;
    let wanted = checker.wanted();
    let (mut line, mut number, mut row) = (Vec::new(), 0_u64, 0);
    loop {
        line.clear();
        number += 1;
        let count = file
            .by_ref()
            .take(LONGEST_LINE_BYTES)
            .read_until(b'\n', &mut line)
            .map_err(|error| damaged(format!("the file cannot be read: {error}")))?;
        if count == 0 {
            return Ok(());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let model: CityModel = serde_json::from_slice(&line).map_err(|error| {
            Stop::from(Refusal::new("file_damaged", format!("the line is no CityJSON: {error}")).at(number))
        })?;
        match &heading {
            None => {
                checker.declare_crs(declared(&model))?;
                let transform = model.transform.unwrap_or_default();
                hand_on(&model, &transform, &wanted, &mut row, checker)?;
                heading = Some(transform);
            }
            Some(transform) => hand_on(&model, transform, &wanted, &mut row, checker)?,
        }
    }
}

fn declared(model: &CityModel) -> Option<DeclaredCrs> {
    let name = model.metadata.as_ref()?.reference_system.as_deref()?;
    Some(match declared_by_name(name) {
        DeclaredCrs::Known(Crs::Epsg(number)) => {
            let position = POSITION_OF_COMPOUND.iter().find(|(compound, _)| *compound == number);
            DeclaredCrs::Known(Crs::from_epsg(position.map_or(number, |(_, position)| *position)))
        }
        other => other,
    })
}

fn hand_on(
    model: &CityModel,
    transform: &Transform,
    wanted: &[Wanted],
    row: &mut u64,
    checker: &mut RowChecker<'_>,
) -> Reading {
    for (id, object) in &model.objects {
        if object.kind != "Building" || !object.parents.is_empty() {
            continue;
        }
        *row += 1;
        let parts = model.with_parts(id);
        let found = footprint(&parts, &model.vertices, transform);
        let cell = |wanted: &Wanted| match wanted.name.as_str() {
            "@id" => Cell::text(id.clone()),
            "@height_m" => found.as_ref().map_or(Cell::Empty, |found| Cell::Float(found.height_m)),
            "@ground_m" => found.as_ref().map_or(Cell::Empty, |found| Cell::Float(found.ground_m)),
            name => parts
                .iter()
                .map(|part| {
                    super::geojson_feature::scalar(
                        part.attributes.get(name).unwrap_or(&serde_json::Value::Null),
                    )
                })
                .find(|cell| *cell != Cell::Empty)
                .unwrap_or(Cell::Empty),
        };
        let cells: Vec<Cell<'_>> = wanted.iter().map(cell).collect();
        let geometry = found
            .as_ref()
            .map_or(RawGeometry::None, |found| RawGeometry::Shape(Shape::new(found.geometry.clone())));
        checker.row(*row, &cells, geometry)?;
    }
    Ok(())
}
