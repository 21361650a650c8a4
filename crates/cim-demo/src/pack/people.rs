//! Stations, contact groups, posts and those who hold them, departments, rules and classes.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::categories::{DEPARTMENTS, RULES, categories};
use crate::dice::Dice;
use crate::grids::share_out;
use crate::names::{masked_person, masked_phone};

const CONTACT_GROUPS: usize = 1_080;
/// Households in contact groups.
const GROUP_HOUSEHOLDS: f64 = 320_000.0;

fn village_of_grid(job: &Job<'_>, grid: usize) -> u16 {
    job.model.grids.comprehensive[grid].parent as u16
}

pub(super) fn station_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header = ["code", "name", "grid_code", "party_branch", "hours", "state", "geom"];
    let mut csv = CsvFile::create(job.dir, "grid_station.csv", &header)?;
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (number, grid) in job.model.grids.comprehensive.iter().enumerate() {
            if !job.scope.has_village(job.model, village_of_grid(job, number)) {
                continue;
            }
            csv.code(&format!("{}YZ", grid.code))
                .text(&format!("{}驿站", grid.name))
                .code(&grid.code)
                .text(&format!("{}党支部", grid.name))
                .text("08:30-11:30;13:30-17:30")
                .text("open")
                .point(grid.label.lattice())
                .end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn contact_group_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header =
        ["code", "grid_code", "name", "platform", "household_count", "target_household_count", "checked_on"];
    let mut csv = CsvFile::create(job.dir, "contact_group.csv", &header)?;
    let grids = &job.model.grids.comprehensive;
    let weights: Vec<f64> = grids.iter().map(|grid| f64::from(grid.households) + 40.0).collect();
    let shares = share_out(&weights, &vec![4; grids.len()], CONTACT_GROUPS);
    let all: f64 = grids.iter().map(|grid| f64::from(grid.households)).sum();
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (number, grid) in grids.iter().enumerate() {
            if !job.scope.has_village(job.model, village_of_grid(job, number)) {
                continue;
            }
            let mut dice = Dice::of(job.model.seed, "group", number as u64);
            for group in 1..=shares[number] {
                let target = grid.households / shares[number] as u32;
                let joined = f64::from(target) * (GROUP_HOUSEHOLDS / all + dice.between(-0.06, 0.06));
                csv.code(&format!("{}Q{group}", grid.code))
                    .code(&grid.code)
                    .text(&format!("{}联络{group}群", grid.name))
                    .text("wechat")
                    .int(joined.round() as u32)
                    .int(target)
                    .text(&format!("2025-{:02}-{:02}", 9 + dice.below(4), 1 + dice.below(28)))
                    .end()?;
            }
        }
    }
    Ok(vec![csv.finish()?])
}

/// Every post: number and unit, role, the village that decides the scope.
fn posts(job: &Job<'_>) -> Vec<(String, String, &'static str, Option<u16>)> {
    let model = job.model;
    let mut list = vec![("320614QZ".to_owned(), "320614".to_owned(), "district_head", None)];
    for (number, town) in (0u16..).zip(&model.divisions.towns) {
        let village = town.villages.first().copied().filter(|_| job.scope.has_town(number));
        if village.is_some() {
            list.push((format!("{}ZZ", town.code), town.code.clone(), "town_head", village));
        }
    }
    for (number, village) in (0u16..).zip(&model.divisions.villages) {
        list.push((format!("{}CZ", village.code), village.code.clone(), "village_head", Some(number)));
    }
    for grid in &model.grids.comprehensive {
        let village = Some(grid.parent as u16);
        list.push((format!("{}WZ", grid.code), grid.code.clone(), "grid_head", village));
        list.push((format!("{}WY", grid.code), grid.code.clone(), "grid_worker", village));
    }
    for grid in &model.grids.exclusive {
        list.push((format!("{}WY", grid.code), grid.code.clone(), "grid_worker", Some(grid.village)));
    }
    for grid in &model.grids.micro {
        let village = model.grids.comprehensive[grid.parent as usize].parent as u16;
        list.push((format!("{}LL", grid.code), grid.code.clone(), "micro_liaison", Some(village)));
    }
    list.retain(|(_, _, _, village)| village.is_none_or(|village| job.scope.has_village(model, village)));
    list
}

pub(super) fn post_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "post.csv", &["post_no", "unit_code", "role"])?;
    let header = ["post_no", "name", "phone_masked", "valid_from", "valid_to"];
    let mut holders = CsvFile::create(job.dir, "post_holder.csv", &header)?;
    let list = posts(job);
    for &copy in &job.copies {
        csv.set_copy(copy);
        holders.set_copy(copy);
        for (post_no, unit_code, role, _) in &list {
            csv.code(post_no).code(unit_code).text(role).end()?;
            let mut dice = Dice::of(job.model.seed, post_no, 0);
            let change = 2021 + dice.below(5);
            let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
            if dice.chance(0.35) {
                holders.code(post_no).text(&masked_person(&mut dice)).text(&masked_phone(&mut dice));
                holders.text("2020-07-28").text(&format!("{change}-{month:02}-{day:02}")).end()?;
            }
            // A few posts are vacant; never the ones every answer ends with.
            let vacant = matches!(*role, "grid_worker" | "micro_liaison") && dice.chance(0.018);
            if !vacant {
                holders.code(post_no).text(&masked_person(&mut dice)).text(&masked_phone(&mut dice));
                holders.text(&format!("{change}-{month:02}-{day:02}")).none().end()?;
            }
        }
    }
    Ok(vec![csv.finish()?, holders.finish()?])
}

pub(super) fn department_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut csv = CsvFile::create(job.dir, "department.csv", &["code", "name", "short_name", "kind"])?;
    for &copy in &job.copies {
        csv.set_copy(copy);
        for (code, name, short, kind) in DEPARTMENTS {
            csv.code(&format!("320614{code}")).text(name).text(short).text(kind).end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn rule_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header = [
        "rule_no",
        "category_code",
        "unit_code",
        "exclusive_kind",
        "key_place_kind",
        "hours",
        "lead_department_code",
        "assist_department_codes",
        "priority",
        "basis",
    ];
    let mut csv = CsvFile::create(job.dir, "responsibility_rule.csv", &header)?;
    for &copy in &job.copies {
        csv.set_copy(copy);
        let digits = copy.division_code();
        for (number, rule) in RULES.iter().enumerate() {
            let assist: Vec<String> = rule.assist.iter().map(|code| format!("{digits}{code}")).collect();
            csv.code(&format!("320614GZ{:03}", number + 1)).text(rule.class).none();
            csv.text(rule.exclusive_kind).text(rule.key_place_kind).text(rule.hours);
            csv.code(&format!("320614{}", rule.lead))
                .text(&assist.join(";"))
                .int(rule.priority)
                .text("示例职责清单（虚构）")
                .end()?;
        }
    }
    Ok(vec![csv.finish()?])
}

pub(super) fn category_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let header = ["code", "name", "level", "parent_code", "tree", "exclusive_kinds"];
    let mut csv = CsvFile::create(job.dir, "case_category.csv", &header)?;
    for category in categories() {
        csv.text(category.code).text(category.name).text(category.level).text(category.parent);
        csv.text(category.tree).text(category.exclusive_kinds).end()?;
    }
    Ok(vec![csv.finish()?])
}
