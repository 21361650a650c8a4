//! Cases, inspections and findings.

use super::Job;
use super::csv_file::CsvFile;
use crate::DemoError;
use crate::calendar::rfc3339;
use crate::work::case::Case;
use crate::work::{Finding, Inspection, Year};

const CASE_HEADER: [&str; 30] = [
    "case_no",
    "source_system",
    "source_no",
    "channel",
    "request_type",
    "category_code",
    "title",
    "content",
    "urgency",
    "is_valid",
    "is_key",
    "is_drill",
    "answered_directly",
    "state",
    "lead_department_code",
    "received_at",
    "accepted_at",
    "due_at",
    "resolved_at",
    "closed_at",
    "satisfied",
    "repeat_of",
    "location_state",
    "raw_location",
    "source_crs",
    "source_x",
    "source_y",
    "locate_method",
    "accuracy_m",
    "geom",
];

const INSPECTION_HEADER: [&str; 11] = [
    "inspection_no",
    "theme",
    "state",
    "unit_code",
    "department_code",
    "key_place_code",
    "planned_at",
    "started_at",
    "finished_at",
    "summary",
    "geom",
];

const FINDING_HEADER: [&str; 12] = [
    "finding_no",
    "inspection_no",
    "category_code",
    "title",
    "content",
    "state",
    "reported_at",
    "closed_at",
    "case_no",
    "unit_code",
    "accuracy_m",
    "geom",
];

pub(super) fn work_rows(job: &Job<'_>) -> Result<Vec<u64>, DemoError> {
    let mut cases = CsvFile::create(job.dir, "case.csv", &CASE_HEADER)?;
    let mut inspections = CsvFile::create(job.dir, "inspection.csv", &INSPECTION_HEADER)?;
    let mut findings = CsvFile::create(job.dir, "finding.csv", &FINDING_HEADER)?;
    let year = Year::plan(job.model);
    for town in (0..job.model.divisions.towns.len() as u16).filter(|&town| job.scope.has_town(town)) {
        let work = year.town(job.model, town);
        for &copy in &job.copies {
            cases.set_copy(copy);
            inspections.set_copy(copy);
            findings.set_copy(copy);
            let mark = if copy.number == 0 { String::new() } else { format!("{}-", copy.number) };
            for case in &work.cases {
                write_case(&mut cases, case, &mark)?;
            }
            for round in &work.inspections {
                write_inspection(job, &mut inspections, round, &mark)?;
            }
            for finding in &work.findings {
                write_finding(job, &mut findings, finding, &mark)?;
            }
        }
    }
    Ok(vec![cases.finish()?, inspections.finish()?, findings.finish()?])
}

fn write_time(csv: &mut CsvFile, moment: Option<i64>) {
    match moment {
        Some(moment) => csv.text(&rfc3339(moment)),
        None => csv.none(),
    };
}

fn write_case(csv: &mut CsvFile, case: &Case, mark: &str) -> Result<(), DemoError> {
    csv.text(&format!("{mark}{}", case.number))
        .text(case.source_system)
        .text(&format!("{mark}{}", case.source_no));
    csv.text(case.channel).text(case.request_type).text(case.category).text(&case.title).text(&case.content);
    csv.text(case.urgency)
        .bool(case.marks.is_valid)
        .bool(case.marks.is_key)
        .bool(false)
        .bool(case.marks.is_direct);
    csv.text(case.state);
    if case.lead.is_empty() {
        csv.none()
    } else {
        csv.code(&format!("320614{}", case.lead))
    };
    csv.text(&rfc3339(case.received));
    for moment in [case.times.accepted, case.times.due, case.times.resolved, case.times.closed] {
        write_time(csv, moment);
    }
    match case.satisfied {
        Some(satisfied) => csv.bool(satisfied),
        None => csv.none(),
    };
    match &case.repeat_of {
        Some(first) => csv.text(&format!("{mark}{first}")),
        None => csv.none(),
    };
    csv.text(case.location_state).text(&case.raw_location).nones(3).text(case.method);
    match case.at {
        Some(at) => csv.int(case.accuracy_m).point(at.lattice()),
        None => csv.nones(2),
    };
    csv.end()
}

fn write_grid(job: &Job<'_>, csv: &mut CsvFile, grid: Option<u32>) {
    match grid {
        Some(grid) => csv.code(&job.model.grids.comprehensive[grid as usize].code),
        None => csv.none(),
    };
}

fn write_inspection(
    job: &Job<'_>,
    csv: &mut CsvFile,
    round: &Inspection,
    mark: &str,
) -> Result<(), DemoError> {
    csv.text(&format!("{mark}{}", round.number)).text(round.theme).text(round.state);
    write_grid(job, csv, round.grid);
    if round.department.is_empty() {
        csv.none()
    } else {
        csv.code(round.department)
    };
    csv.none();
    for moment in [Some(round.planned), round.started, round.finished] {
        write_time(csv, moment);
    }
    csv.text(&round.summary).point(round.at.lattice()).end()
}

fn write_finding(job: &Job<'_>, csv: &mut CsvFile, finding: &Finding, mark: &str) -> Result<(), DemoError> {
    csv.text(&format!("{mark}{}", finding.number));
    match &finding.inspection {
        Some(number) => csv.text(&format!("{mark}{number}")),
        None => csv.none(),
    };
    csv.text(finding.category).text(&finding.title).text(&finding.content).text(finding.state);
    write_time(csv, Some(finding.reported));
    write_time(csv, finding.closed);
    match &finding.case_no {
        Some(number) => csv.text(&format!("{mark}{number}")),
        None => csv.none(),
    };
    write_grid(job, csv, finding.grid);
    csv.int(finding.accuracy_m).point(finding.at.lattice()).end()
}
