//! Divisions and grids with their polygons.

use std::collections::BTreeMap;

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::divisions::VillageKind;
use crate::field::ZoneRank;
use crate::model::Model;
use crate::trace::Polygon;

fn polygons(job: &Job<'_>, group: impl Fn(&Model, u32) -> Option<u32>) -> BTreeMap<u32, Vec<Polygon>> {
    job.model.network.mesh.polygons_by_group(&|face| {
        if face == 0 || !job.scope.has_face(job.model, face) { None } else { group(job.model, face) }
    })
}

pub(super) fn districts(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "district.csv", &["code", "name", "geom"])?;
    let shapes = polygons(job, |_, _| Some(0));
    for &copy in &job.copies {
        csv.set_copy(copy);
        let name = if copy.number == 0 {
            "海门区".to_owned()
        } else {
            format!("海门区（演示副本{}）", copy.number)
        };
        csv.code("320614").text(&name).polygons(&shapes[&0]).end()?;
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn towns(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "town.csv", &["code", "name", "kind", "parent_code", "geom"])?;
    let shapes = polygons(job, |model, face| {
        Some(u32::from(model.divisions.villages[model.village_of(face) as usize].town))
    });
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&town, shape) in &shapes {
            let unit = &job.model.divisions.towns[town as usize];
            csv.code(&unit.code)
                .text(&unit.name)
                .text(unit.kind.as_str())
                .code("320614")
                .polygons(shape)
                .end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

/// The urban-rural class by what the village is and where it lies.
fn urban_rural_class(model: &Model, village: u16, kind: VillageKind) -> &'static str {
    let mut ranks = model.by_village[village as usize].iter().filter_map(|&house| {
        let zone = model.network.mesh.tags[model.stock[house as usize].face as usize].zone;
        (zone > 0).then(|| model.network.field.zones[zone as usize - 1].rank)
    });
    match (kind, ranks.next()) {
        (VillageKind::Community, Some(ZoneRank::City)) => "111",
        (_, Some(ZoneRank::City)) => "112",
        (VillageKind::Community, Some(ZoneRank::Town)) => "121",
        (VillageKind::Virtual, _) => "123",
        (_, Some(ZoneRank::Town)) => "122",
        _ => "220",
    }
}

pub(super) fn villages(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header = ["code", "name", "kind", "urban_rural_class", "parent_code", "geom"];
    let mut csv = CsvFile::create(job.dir, "village.csv", &header)?;
    let shapes = polygons(job, |model, face| Some(u32::from(model.village_of(face))));
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&village, shape) in &shapes {
            let unit = &job.model.divisions.villages[village as usize];
            csv.code(&unit.code)
                .text(&unit.name)
                .text(unit.kind.as_str())
                .text(urban_rural_class(job.model, village as u16, unit.kind))
                .code(&job.model.divisions.towns[unit.town as usize].code)
                .polygons(shape)
                .end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

const GRID_HEADER: [&str; 4] = ["code", "name", "parent_code", "geom"];

pub(super) fn comprehensive_grids(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "comprehensive_grid.csv", &GRID_HEADER)?;
    let shapes = polygons(job, |model, face| {
        Some(model.grids.micro[model.grids.micro_of_face[face as usize] as usize].parent)
    });
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&grid, shape) in &shapes {
            let unit = &job.model.grids.comprehensive[grid as usize];
            let parent = &job.model.divisions.villages[unit.parent as usize].code;
            csv.code(&unit.code).text(&unit.name).code(parent).polygons(shape).end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn micro_grids(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "micro_grid.csv", &GRID_HEADER)?;
    let shapes = polygons(job, |model, face| Some(model.grids.micro_of_face[face as usize]));
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&grid, shape) in &shapes {
            let unit = &job.model.grids.micro[grid as usize];
            let parent = &job.model.grids.comprehensive[unit.parent as usize].code;
            csv.code(&unit.code).text(&unit.name).code(parent).polygons(shape).end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn exclusive_grids(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv =
        CsvFile::create(job.dir, "exclusive_grid.csv", &["code", "name", "kind", "parent_code", "geom"])?;
    let shapes =
        job.model.network.mesh.polygons_by_group(&|face| job.model.grids.exclusive_of_face[face as usize]);
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (&grid, shape) in &shapes {
            let unit = &job.model.grids.exclusive[grid as usize];
            if !job.scope.has_village(job.model, unit.village) {
                continue;
            }
            let parent = &job.model.divisions.villages[unit.village as usize].code;
            csv.code(&unit.code).text(&unit.name).text(unit.kind).code(parent).polygons(shape).end()?;
        }
    }
    Ok(vec![csv.finish()?])
}
