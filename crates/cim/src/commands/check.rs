//! `cim check`: faults in what is loaded, rule by rule.

use std::process::ExitCode;

use anyhow::Context;
use cim_model::{Finding, Severity};
use cim_store::{Checked, SnapshotReader};
use clap::Args;
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
        let reader = store.open_snapshot().await.context("opening a snapshot")?;
        let mut checked = coverage(&reader).await?;
        checked.extend(reader.check(EXAMPLES).await.context("checking what is loaded")?);
        anyhow::Ok(checked)
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
