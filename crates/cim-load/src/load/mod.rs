//! A load from beginning to end: read, check, write, commit or nothing.

mod comparison;
mod duplicates;
mod findings;
mod plan;
mod rows;
mod unit_layers;
mod units;

use std::path::Path;

use cim_model::{Collection, Finding};
use cim_store::{LoadMode, LoadSession, Provenance, Store};

use crate::check::refused;
use crate::error::LoadError;
use crate::options::{FileSource, LoadOptions};
use crate::pack::read_pack;
use crate::report::{LoadReport, Outcome, Request};
use crate::row::Refusal;
use comparison::Comparison;
use findings::Findings;
use plan::{Plan, PlannedCollection};
use rows::{gather, read_rows};

/// Loads a city pack: a folder with a `city.toml`. Everything or nothing; a refused pack is `Ok` with findings.
pub async fn load_pack(store: &Store, folder: &Path, options: LoadOptions) -> Result<LoadReport, LoadError> {
    let plan = Plan::of_pack(read_pack(folder)?, folder, &options)?;
    run(store, plan, &options, None).await
}

/// Loads one file the same way.
pub async fn load_file(
    store: &Store,
    source: FileSource,
    options: LoadOptions,
) -> Result<LoadReport, LoadError> {
    let plan = Plan::of_file(source, &options)?;
    run(store, plan, &options, None).await
}

/// Applies the repair that the report of an earlier load proposes for an unclean coverage: the same files are loaded
/// again, and the proposal must still be the same.
pub async fn repair_load(
    store: &Store,
    report: &Path,
    options: LoadOptions,
) -> Result<LoadReport, LoadError> {
    let text =
        std::fs::read(report).map_err(|source| LoadError::Read { path: report.to_path_buf(), source })?;
    let earlier: LoadReport = serde_json::from_slice(&text)
        .map_err(|error| LoadError::Usage(format!("{} is no load report: {error}", report.display())))?;
    if earlier.proposals.is_empty() {
        return Err(LoadError::Usage(format!(
            "{} proposes no repair: there is nothing to apply",
            report.display()
        )));
    }
    let plan = match earlier.request {
        Request::Pack { folder } => Plan::of_pack(read_pack(&folder)?, &folder, &options)?,
        Request::File(source) => Plan::of_file(source, &options)?,
    };
    run(store, plan, &options, Some(&earlier.proposals)).await
}

/// What the parts of a load share.
struct Loading<'l> {
    plan: &'l Plan,
    options: &'l LoadOptions,
    findings: Findings,
    report: LoadReport,
}

async fn run(
    store: &Store,
    plan: Plan,
    options: &LoadOptions,
    wanted_repair: Option<&[crate::report::CoverageProposal]>,
) -> Result<LoadReport, LoadError> {
    if let Some(path) = &options.report_path {
        check_writable(path)?;
    }
    let plan = in_loaded_city(store, plan).await?;
    let mut comparison = Comparison::open(store, &plan).await?;
    let mut session = store.begin_load(provenance(&plan)).await.map_err(LoadError::Store)?;
    let mut loading =
        Loading { plan: &plan, options, findings: Findings::default(), report: plan.empty_report() };
    if plan.collections.iter().any(|planned| planned.collection.is_unit()) {
        units::load(&mut loading, &mut session, &mut comparison, wanted_repair).await?;
    }
    for planned in plan.collections.iter().filter(|planned| !planned.collection.is_unit()) {
        load_collection(&mut loading, &mut session, &mut comparison, planned).await?;
    }
    finish(loading, session).await
}

/// A single file says nothing of its city: it belongs to the one that is loaded, if any, and not to one named like the file.
async fn in_loaded_city(store: &Store, mut plan: Plan) -> Result<Plan, LoadError> {
    if matches!(plan.request, Request::File(_)) {
        let reader = store.open_snapshot().await.map_err(LoadError::Store)?;
        let sources = reader.loaded_sources().await.map_err(LoadError::Store)?;
        if let Some(newest) = sources.into_iter().next_back() {
            (plan.city_code, plan.city) = (newest.city_code, newest.city_name);
        }
    }
    Ok(plan)
}

fn provenance(plan: &Plan) -> Provenance {
    Provenance {
        source: plan.shown.clone(),
        city_code: plan.city_code.clone(),
        city_name: plan.city.clone(),
        synthetic: plan.synthetic,
        exclusive: plan.exclusive,
        actor: None,
    }
}

async fn load_collection(
    loading: &mut Loading<'_>,
    session: &mut LoadSession,
    comparison: &mut Comparison,
    planned: &PlannedCollection,
) -> Result<(), LoadError> {
    let mut counts = loading.plan.empty_counts(planned.collection);
    let samples = if loading.findings.blocking() {
        // The load is refused already: the rest is read for its findings only.
        gather(loading, planned, &mut counts).await?.samples
    } else {
        let (sender, receiver) = tokio::sync::mpsc::channel(4);
        let mode = if planned.complete { LoadMode::Replace } else { LoadMode::Merge };
        let write = session.write(planned.collection, mode, receiver);
        let (written, read) = tokio::join!(write, read_rows(loading, planned, &mut counts, sender));
        let (written, samples) = (written.map_err(LoadError::Store)?, read?);
        counts.loaded = written.loaded;
        counts.changed = written.changed;
        counts.unchanged = written.unchanged;
        counts.removed = written.removed;
        if written.removed > 0 && written.loaded + written.changed + written.unchanged == 0 {
            loading.findings.add(emptied(planned, written.removed), true);
        }
        samples
    };
    comparison.judge(planned.collection, &samples, &mut loading.findings);
    loading.report.collections.push(counts);
    Ok(())
}

/// An empty or cut file that calls itself complete must not empty a city.
fn emptied(planned: &PlannedCollection, removed: u64) -> Finding {
    let files: Vec<&str> = planned.jobs.iter().map(|job| job.shown.as_str()).collect();
    let message = format!(
        "no row of a complete source can be loaded, so all {removed} stored rows of {} would be removed: correct the \
         file, or take `complete` away",
        planned.collection
    );
    refused(&files.join(", "), Refusal::new("complete_but_empty", message))
}

async fn finish(loading: Loading<'_>, session: LoadSession) -> Result<LoadReport, LoadError> {
    let Loading { findings, mut report, options, .. } = loading;
    let blocking = findings.blocking();
    (report.findings, report.findings_by_rule) = findings.into_parts();
    report.outcome = if blocking {
        Outcome::Refused
    } else if options.dry_run {
        Outcome::Checked
    } else {
        let committed = session.commit().await.map_err(LoadError::Store)?;
        report.xid = committed.xid.map(|xid| xid.to_string());
        Outcome::Loaded
    };
    if report.outcome == Outcome::Refused {
        for counts in &mut report.collections {
            (counts.loaded, counts.changed, counts.unchanged, counts.removed) = (0, 0, 0, 0);
        }
    }
    if let Some(path) = &options.report_path {
        write_report(&report, path)?;
    }
    Ok(report)
}

/// Found out before anything is loaded: afterwards it would be too late to refuse.
fn check_writable(path: &Path) -> Result<(), LoadError> {
    let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
    opened.map(drop).map_err(|source| LoadError::WriteReport { path: path.to_path_buf(), source })
}

fn write_report(report: &LoadReport, path: &Path) -> Result<(), LoadError> {
    let failed = |source| LoadError::WriteReport { path: path.to_path_buf(), source };
    let bytes = serde_json::to_vec_pretty(report).map_err(|error| failed(error.into()))?;
    std::fs::write(path, bytes).map_err(failed)
}

/// Collections in the order in which they are loaded.
fn loading_order(collection: Collection) -> usize {
    Collection::ALL.iter().position(|one| *one == collection).unwrap_or(usize::MAX)
}
