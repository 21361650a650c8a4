//! Cameras and key places.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::cameras::{cameras, direction_type};
use crate::crossings::crossings;
use crate::dice::Dice;
use crate::key_places::key_places;

const CAMERA_HEADER: [&str; 18] = [
    "gb_id",
    "name",
    "azimuth_deg",
    "direction_type",
    "field_angle_deg",
    "range_m",
    "mount_height_m",
    "tilt_deg",
    "ptz_type",
    "point_type",
    "capture_position_type",
    "status",
    "secrecy",
    "owner_department_code",
    "road_name",
    "key_place_code",
    "installed_on",
    "geom",
];

pub(super) fn camera_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "camera.csv", &CAMERA_HEADER)?;
    let towns = cameras(job.model, &crossings(&job.model.network));
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (town, list) in towns.iter().enumerate() {
            if !job.scope.has_town(town as u16) {
                continue;
            }
            for camera in list {
                csv.code(&camera.gb_id).text(&camera.name);
                match camera.azimuth {
                    Some(azimuth) => csv.tenths(azimuth).int(direction_type(azimuth)),
                    None => csv.nones(2),
                };
                csv.int(camera.field_angle_deg)
                    .int(camera.range_m)
                    .tenths(camera.mount_tenths)
                    .int(camera.tilt_deg);
                csv.int(camera.ptz_type)
                    .int(camera.point_type)
                    .text(camera.position)
                    .text(camera.status)
                    .bool(camera.secrecy);
                csv.code(camera.owner).text(&camera.road);
                match camera.key_place {
                    Some(block) => csv.code(&format!("320614KC{block:06}")),
                    None => csv.none(),
                };
                csv.text(&camera.installed).point(camera.at.lattice()).end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}

const PLACE_HEADER: [&str; 9] =
    ["code", "name", "kind", "risk_level", "address_text", "capacity", "valid_from", "valid_to", "geom"];

pub(super) fn key_place_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "key_place.csv", &PLACE_HEADER)?;
    let places = key_places(job.model, &crossings(&job.model.network));
    for &copy in &job.copies {
        csv.set_copy(copy);
        for place in places.iter().filter(|place| job.scope.has_village(job.model, place.village)) {
            let mut dice = Dice::of(job.model.seed, "capacity", place.number);
            csv.code(&place.code).text(&place.name).text(place.kind);
            match place.risk_level {
                0 => csv.none(),
                level => csv.int(level),
            };
            csv.text(&place.address);
            match place.kind {
                "school" => csv.int(300 + dice.below(1500)),
                "hospital" | "nursing_home" => csv.int(40 + dice.below(400)),
                "shelter" => csv.int(500 + dice.below(4000)),
                _ => csv.none(),
            };
            csv.text("2020-07-28").none().point(place.at.lattice()).end()?;
        }
    }
    Ok(vec![csv.finish()?])
}
