//! Loads districts, towns, villages and grids: collected, put on the lattice, built into one coverage.

use cim_coverage::{Coverage, CoverageFinding, CoverageRule, RepairOptions, Repaired, build, repair};
use cim_crs::LonLat;
use cim_model::{Collection, Finding, Severity};
use cim_store::{LoadSession, UnitsLoad};

use super::Loading;
use super::comparison::Comparison;
use super::findings::Findings;
use super::rows::gather;
use super::unit_layers::{Unit, base_level, find_parents, layer};
use crate::error::LoadError;
use crate::report::{CollectionReport, CoverageProposal, UnitAreaChange};

/// Reads all levels, builds their coverage and writes them.
pub(super) async fn load(
    loading: &mut Loading<'_>,
    session: &mut LoadSession,
    comparison: &mut Comparison,
    wanted_repair: Option<&[CoverageProposal]>,
) -> Result<(), LoadError> {
    let plan = loading.plan;
    let mut units = Vec::new();
    let mut counts = Vec::new();
    for planned in plan.collections.iter().filter(|planned| planned.collection.is_unit()) {
        let mut count = plan.empty_counts(planned.collection);
        let gathered = gather(loading, planned, &mut count).await?;
        comparison.judge(planned.collection, &gathered.samples, &mut loading.findings);
        let rows = gathered.rows.into_iter();
        units.extend(rows.map(|(record, file, row)| Unit::of(planned.collection, record, file, row)));
        counts.push((planned.collection, count));
    }
    refuse_orphans(&mut units, &mut loading.findings);
    if !loading.findings.blocking() {
        let load = built(units, loading, wanted_repair);
        // A repair that no longer fits, or a level without any area, is a finding.
        if let Some(load) = load
            && !loading.findings.blocking()
        {
            for (collection, written) in session.write_units(load).await.map_err(LoadError::Store)? {
                let count = count_of(&mut counts, collection, plan);
                count.loaded = written.loaded;
                count.changed = written.changed;
                count.unchanged = written.unchanged;
                count.removed = written.removed;
            }
        }
    }
    loading.report.collections.extend(counts.into_iter().map(|(_, count)| count));
    Ok(())
}

fn count_of<'c>(
    counts: &'c mut Vec<(Collection, CollectionReport)>,
    collection: Collection,
    plan: &super::plan::Plan,
) -> &'c mut CollectionReport {
    let place = counts.iter().position(|(one, _)| *one == collection).unwrap_or_else(|| {
        counts.push((collection, plan.empty_counts(collection)));
        counts.len() - 1
    });
    &mut counts[place].1
}

fn refuse_orphans(units: &mut [Unit], findings: &mut Findings) {
    for index in find_parents(units) {
        let unit = &units[index];
        let parent = unit.row.parent_code.clone().unwrap_or_default();
        let finding = Finding {
            severity: Severity::Error,
            rule: "parent_unknown".to_owned(),
            file: Some(unit.file.clone()),
            row: Some(unit.number),
            key: Some(unit.row.code.clone()),
            value: Some(parent.clone()),
            at: None,
            message: format!("parent_code {parent} is no unit of this pack: correct it, or add the unit"),
        };
        findings.add_thinned(finding, true);
    }
}

fn built(
    units: Vec<Unit>,
    loading: &mut Loading<'_>,
    wanted_repair: Option<&[CoverageProposal]>,
) -> Option<UnitsLoad> {
    let Some(level) = base_level(&units) else {
        // Names and codes without any area: there is no partition to speak of.
        let finest = units.iter().map(|unit| unit.row.collection).max();
        return finest.map(|level| units_load(units, level, None, Vec::new(), Vec::new()));
    };
    let base = layer(&units, level);
    let overlay = layer(&units, Collection::ExclusiveGrid);
    let file = units.iter().find(|unit| unit.row.collection == level).map(|unit| unit.file.clone());
    let built = build(&base, &overlay);
    let clean = built.coverage.is_some();
    for finding in &built.findings {
        loading.findings.add_thinned(told(finding, file.as_deref(), clean), false);
    }
    let coverage = match (built.coverage, wanted_repair) {
        (Some(coverage), _) => Some(coverage),
        (None, wanted) => {
            let repaired = repair(&base, &overlay, RepairOptions::default());
            settle_repair(repaired, level, wanted, loading)
        }
    };
    let codes = |layer: &[cim_coverage::LayerUnit]| layer.iter().map(|unit| unit.key.clone()).collect();
    let (base_codes, overlay_codes) = (codes(&base), codes(&overlay));
    Some(units_load(units, level, coverage, base_codes, overlay_codes))
}

fn units_load(
    units: Vec<Unit>,
    base_level: Collection,
    coverage: Option<Coverage>,
    base_codes: Vec<String>,
    overlay_codes: Vec<String>,
) -> UnitsLoad {
    UnitsLoad {
        units: units.into_iter().map(|unit| unit.row).collect(),
        coverage,
        base_level,
        base_codes,
        overlay_codes,
    }
}

/// Proposes the repair, or takes it when it is the one that was asked for.
fn settle_repair(
    repaired: Repaired,
    level: Collection,
    wanted: Option<&[CoverageProposal]>,
    loading: &mut Loading<'_>,
) -> Option<Coverage> {
    let coverage = repaired.coverage?;
    let mut moves: Vec<UnitAreaChange> = repaired
        .moves
        .into_iter()
        .map(|moved| UnitAreaChange {
            code: moved.key,
            before_m2: centi(moved.before_m2),
            after_m2: centi(moved.after_m2),
            gained_m2: centi(moved.gained_m2),
            lost_m2: centi(moved.lost_m2),
        })
        .collect();
    moves.sort_by(|a, b| (b.gained_m2 + b.lost_m2).total_cmp(&(a.gained_m2 + a.lost_m2)));
    let proposal = CoverageProposal { collection: level.name().to_owned(), moves };
    let result = match wanted {
        None => None,
        Some(wanted) if wanted.contains(&proposal) => Some(coverage),
        Some(_) => {
            let finding = Finding {
                severity: Severity::Error,
                rule: "repair_outdated".to_owned(),
                file: None,
                row: None,
                key: None,
                value: None,
                at: None,
                message: "the files have changed since the report was written: load them again and look at the new proposal"
                    .to_owned(),
            };
            loading.findings.add(finding, true);
            None
        }
    };
    loading.report.proposals.push(proposal);
    result
}

/// Areas are compared between two runs: to the square centimetre they are the same.
fn centi(area_m2: f64) -> f64 {
    (area_m2 * 100.0).round() / 100.0
}

fn told(finding: &CoverageFinding, file: Option<&str>, clean: bool) -> Finding {
    let at = LonLat::from(finding.at);
    let severity = if clean || finding.rule.is_note() { Severity::Note } else { Severity::Warning };
    let rule = match finding.rule {
        CoverageRule::Gap => "coverage_gap".to_owned(),
        CoverageRule::Overlap => "coverage_overlap".to_owned(),
        other => other.name().to_owned(),
    };
    Finding {
        severity,
        rule,
        file: file.map(str::to_owned),
        row: None,
        key: Some(finding.units.join(" ")),
        value: Some(format!("{:.2} m2", finding.area_m2)),
        at: Some([at.lon, at.lat]),
        message: finding.to_string(),
    }
}
