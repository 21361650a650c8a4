//! Buildings.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::buildings::Use;
use crate::mesh::Plot;

const HEADER: [&str; 12] = [
    "code",
    "name",
    "height_m",
    "floors_above",
    "floors_below",
    "use",
    "built_year",
    "household_count",
    "population",
    "estate_name",
    "address_text",
    "geom",
];

pub(super) fn buildings(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "building.csv", &HEADER)?;
    let model = job.model;
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (village, houses) in model.by_village.iter().enumerate() {
            if !job.scope.has_village(model, village as u16) {
                continue;
            }
            for &index in houses {
                let house = &model.stock[index as usize];
                let compound = model.compounds.get(&house.compound);
                let is_estate = compound
                    .is_some_and(|unit| matches!(unit.plot, Plot::Slabs | Plot::Towers | Plot::Shops));
                csv.code(&model.building_code(index));
                match compound {
                    Some(unit) if house.usage == Use::Apartment => {
                        csv.text(&format!("{}{}号楼", unit.name, house.number))
                    }
                    Some(unit) if !is_estate && house.number == 1 => csv.text(&unit.name),
                    _ => csv.none(),
                };
                csv.tenths(i64::from(house.height_dm))
                    .int(house.floors)
                    .int(house.below)
                    .text(house.usage.as_str());
                csv.int(house.built_year).int(house.households).int(model.population(index));
                match compound {
                    Some(unit) if is_estate => csv.text(&unit.name),
                    _ => csv.none(),
                };
                csv.text(&model.short_address(house));
                let ring = house.footprint().into_iter().map(crate::plane::P::lattice).collect();
                csv.polygons(&[vec![ring]]).end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}
