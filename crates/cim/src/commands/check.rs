//! `cim check`: faults in what is loaded, rule by rule.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Context;
use cim_model::{Collection, Finding, Severity};
use cim_store::{Checked, SnapshotReader, StateSum, Store, multi_polygon};
use clap::Args;
use futures_util::StreamExt;
use geo_types::{Geometry, MultiPolygon};
use serde_json::{Value, json};

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;
use crate::say;

/// Examples shown of each rule.
const EXAMPLES: u32 = 20;

/// Look for faults in what is loaded.
///
/// Ends with 0 when nothing worse than warnings was found, 1 otherwise.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(check: Check, language: Language) -> anyhow::Result<ExitCode> {
    let database = Database::borrow(&check.place).await?;
    let checked = async {
        let store = database.connect().await?;
        everything(&store).await
    }
    .await;
    database.close().await?;
    let checked = checked?;
    if check.json {
        say::line(serde_json::to_string_pretty(&as_json(&checked)).context("writing the findings")?);
    } else {
        show(&checked, language);
    }
    let faulty = checked.iter().any(|rule| rule.severity == Severity::Error && rule.total > 0);
    Ok(ExitCode::from(u8::from(faulty)))
}

/// Every rule, with what breaks it.
pub(crate) async fn everything(store: &Store) -> anyhow::Result<Vec<Checked>> {
    let reader = store.open_snapshot().await.context("opening a snapshot")?;
    let mut checked = coverage(&reader).await?;
    checked.extend(boundaries(store, &reader).await?);
    checked.extend(reader.check(EXAMPLES).await.context("checking what is loaded")?);
    Ok(checked)
}

/// Whether the stored borders are an exact partition still.
async fn coverage(reader: &SnapshotReader) -> anyhow::Result<Vec<Checked>> {
    let stored = reader.read_coverage().await.context("reading the borders")?;
    let broken = stored.iter().flat_map(|city| {
        let findings = city.coverage.as_ref().map(cim_coverage::Coverage::validate).unwrap_or_default();
        findings
            .into_iter()
            .map(|finding| found("coverage_exact", Severity::Error, &city.city_code, finding.to_string()))
    });
    let unclean = stored.iter().filter(|city| !city.clean).map(|city| {
        let remedy =
            "is not an exact partition, editing is locked: load it again with `cim load --repair REPORT`";
        found("coverage_clean", Severity::Warning, &city.city_code, remedy.to_owned())
    });
    Ok(vec![
        rule("coverage_exact", Severity::Error, broken.collect()),
        rule("coverage_clean", Severity::Warning, unclean.collect()),
    ])
}

/// Whether the state that maps show is the one that was published: its elements, its hash, its derived polygons.
async fn boundaries(store: &Store, reader: &SnapshotReader) -> anyhow::Result<Vec<Checked>> {
    let mut broken = Vec::new();
    let mut shown: HashMap<i64, MultiPolygon<f64>> = HashMap::new();
    for city_code in store.boundary_cities().await.context("reading the revisions")? {
        let revision = store.active_revision(&city_code).await.context("reading the revisions")?;
        let Some(revision) = revision.filter(|revision| revision.clean) else { continue };
        let elements = store.elements_at(&city_code, revision.rev).await.context("reading the borders")?;
        let topology = elements.topology(&revision.base_level);
        let mut tell = |message: String| {
            broken.push(found("boundary_state", Severity::Error, &city_code, message));
        };
        topology.validate().into_iter().for_each(|refusal| tell(refusal.message));
        if StateSum::of(&topology).finish(&revision.base_level) != revision.state_hash {
            tell(format!("revision {} is not the state whose hash was published with it", revision.rev));
        }
        for (unit, _) in topology.units() {
            let polygons = topology.polygons_of(unit);
            if !polygons.is_empty() {
                shown.insert(unit.0, multi_polygon(&polygons));
            }
        }
    }
    let derived = derived_polygons(reader, &shown).await?;
    Ok(vec![
        rule("boundary_state", Severity::Error, broken),
        rule("boundary_polygon", Severity::Error, derived),
    ])
}

/// Derived polygons that are not those of their faces; cities whose borders are unclean show what they were given.
async fn derived_polygons(
    reader: &SnapshotReader,
    shown: &HashMap<i64, MultiPolygon<f64>>,
) -> anyhow::Result<Vec<Finding>> {
    let mut differing = Vec::new();
    for level in Collection::UNITS.iter().filter(|_| !shown.is_empty()) {
        let (code, geom) = (level.spec().position("code"), level.spec().position("geom"));
        let mut rows = reader.read(*level).await.context("reading derived polygons")?;
        while let Some(row) = rows.next().await {
            let row = row.context("reading derived polygons")?;
            let value = |place: Option<usize>| place.and_then(|place| row.record.values.get(place));
            let is_equal = match (value(geom), shown.get(&row.id)) {
                (Some(cim_model::Value::Geometry(Geometry::MultiPolygon(there))), Some(wanted)) => {
                    there == wanted
                }
                (_, wanted) => wanted.is_none(),
            };
            if let (false, Some(cim_model::Value::Text(code))) = (is_equal, value(code)) {
                let message = "is drawn otherwise than its faces are: load the city's units again".to_owned();
                differing.push(found("boundary_polygon", Severity::Error, code, message));
            }
        }
    }
    Ok(differing)
}

fn rule(name: &'static str, severity: Severity, mut examples: Vec<Finding>) -> Checked {
    let total = examples.len() as u64;
    examples.truncate(EXAMPLES as usize);
    Checked { rule: name, severity, total, examples }
}

fn found(rule: &str, severity: Severity, city_code: &str, message: String) -> Finding {
    Finding {
        severity,
        rule: rule.to_owned(),
        file: None,
        row: None,
        key: Some(city_code.to_owned()),
        value: None,
        at: None,
        message,
    }
}

fn as_json(checked: &[Checked]) -> Value {
    let rules = checked.iter().map(|rule| {
        json!({ "rule": rule.rule, "severity": rule.severity, "total": rule.total, "examples": rule.examples })
    });
    json!({ "rules": rules.collect::<Vec<_>>() })
}

fn show(checked: &[Checked], language: Language) {
    for rule in checked {
        let severity = match rule.severity {
            _ if rule.total == 0 => language.pick("ok", "通过"),
            Severity::Note => language.pick("note", "提示"),
            Severity::Warning => language.pick("warning", "警告"),
            Severity::Error => language.pick("error", "错误"),
        };
        say::line(format_args!("{severity}\t{}\t{}", rule.rule, rule.total));
        for example in rule.examples.iter().take(3) {
            say::line(format_args!("\t{} {}", example.key.as_deref().unwrap_or_default(), example.message));
        }
    }
}
