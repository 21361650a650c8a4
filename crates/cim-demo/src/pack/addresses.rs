//! Standard addresses: one for every house with a number, one for every stair of a block of flats.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::buildings::Use;
use crate::plane::P;

const HEADER: [&str; 13] = [
    "code",
    "full_text",
    "town_name",
    "village_name",
    "road_name",
    "group_name",
    "number",
    "estate_name",
    "building_no",
    "unit_no",
    "building_code",
    "aliases",
    "geom",
];

pub(super) fn address_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "address.csv", &HEADER)?;
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (village, houses) in job.model.by_village.iter().enumerate() {
            if job.scope.has_village(job.model, village as u16) {
                for &index in houses {
                    address(job, &mut csv, village, index)?;
                }
            }
        }
    }
    Ok(vec![csv.finish()?])
}

fn address(job: &Job<'_>, csv: &mut CsvFile, village: usize, index: u32) -> Result<(), DemoError> {
    let model = job.model;
    let house = &model.stock[index as usize];
    if matches!(house.usage, Use::Outbuilding | Use::Warehouse) && house.compound == 0 || house.number == 0 {
        return Ok(());
    }
    let unit = &model.divisions.villages[village];
    let town = &model.divisions.towns[unit.town as usize].short;
    let code = model.building_code(index);
    let short = model.short_address(house);
    let full = format!("江苏省南通市海门区{town}{short}");
    let front = house.rect.point(0.0, -1.0) - house.rect.axis.left() * 0.5;
    if house.usage == Use::Apartment {
        let estate = model.compounds.get(&house.compound).map_or("", |compound| compound.name.as_str());
        let stairs = (house.rect.half_width / 8.0).round().max(1.0);
        for stair in 1..=stairs as u32 {
            let across = (f64::from(stair) - 0.5) / stairs * 2.0 - 1.0;
            let door: P = house.rect.point(across, 1.0) + house.rect.axis.left() * 0.5;
            csv.code(&format!("{code}U{stair}"))
                .text(&format!("{full}{stair}单元"))
                .text(town)
                .text(&unit.short)
                .nones(3);
            csv.text(estate).text(&format!("{}幢", house.number)).text(&format!("{stair}单元")).code(&code);
            csv.text(&format!(
                "{estate}{}号楼{stair}单元;{estate}{}栋{stair}单元",
                house.number, house.number
            ));
            csv.point(door.lattice()).end()?;
        }
        return Ok(());
    }
    if matches!(house.usage, Use::Outbuilding) {
        return Ok(());
    }
    let road = model.road_name(house);
    csv.code(&format!("{code}A")).text(&full).text(town).text(&unit.short).text(road);
    if road.is_empty() && house.compound == 0 {
        csv.text(&format!("{}组", model.group_number(house.face))).text(&format!("{}号", house.number));
    } else {
        csv.none().text(&format!("{}号", u32::from(house.number) + model.group_number(house.face) * 4));
    }
    let compound = model.compounds.get(&house.compound).map_or("", |compound| compound.name.as_str());
    csv.text(compound).nones(2).code(&code);
    csv.text(&if road.is_empty() { format!("{town}{short}") } else { format!("{}{short}", unit.short) });
    csv.point(front.lattice()).end()
}
