//! Runs the parsers of one collection and takes what they say: rows onward, findings and counts into the report.

use std::time::Duration;

use cim_model::{Finding, Record, Severity};
use tokio::sync::mpsc::Sender;

use super::Loading;
use super::duplicates::Duplicates;
use super::plan::PlannedCollection;
use crate::check::{Batch, Summary};
use crate::error::LoadError;
use crate::job::ReadJob;
use crate::pack::Reject;
use crate::report::CollectionReport;
use crate::row::Refusal;
use crate::worker::{Message, start};

/// A parser that says nothing for this long while it is listened to is stuck, whatever its processor time.
const SILENCE: Duration = Duration::from_mins(10);

/// Vertices of one file for comparison with what is loaded.
pub(super) struct Sample {
    pub(super) shown: String,
    pub(super) vertices: Vec<[f64; 2]>,
    pub(super) lonlat: bool,
}

/// A row with its place.
pub(super) struct Gathered {
    pub(super) rows: Vec<(Record, String, u64)>,
    pub(super) samples: Vec<Sample>,
}

/// Reads all files of a collection and sends their rows.
pub(super) async fn read_rows(
    loading: &mut Loading<'_>,
    planned: &PlannedCollection,
    counts: &mut CollectionReport,
    rows: Sender<Vec<Record>>,
) -> Result<Vec<Sample>, LoadError> {
    let mut samples = Vec::new();
    let mut duplicates = Duplicates::new(planned.collection.spec());
    for (number, job) in (0_u32..).zip(&planned.jobs) {
        let mut parser = start(job.clone(), planned.collection, &loading.options.isolation)?;
        loop {
            match next(&mut parser.messages).await {
                Message::Rows(batch) => {
                    let batch = without_duplicates(loading, planned, &mut duplicates, number, batch, counts);
                    let records: Vec<Record> = batch.into_iter().map(|row| row.record).collect();
                    if !loading.findings.blocking()
                        && !records.is_empty()
                        && rows.send(records).await.is_err()
                    {
                        // The database has given up: its own answer says why.
                        return Ok(samples);
                    }
                    progress(loading, planned, counts);
                }
                message => {
                    if take(loading, job, message, counts, &mut samples) {
                        break;
                    }
                }
            }
        }
    }
    Ok(samples)
}

/// Reads all files of a collection into memory: for the few thousand units, and for findings only.
pub(super) async fn gather(
    loading: &mut Loading<'_>,
    planned: &PlannedCollection,
    counts: &mut CollectionReport,
) -> Result<Gathered, LoadError> {
    let mut gathered = Gathered { rows: Vec::new(), samples: Vec::new() };
    let mut duplicates = Duplicates::new(planned.collection.spec());
    for (number, job) in (0_u32..).zip(&planned.jobs) {
        let mut parser = start(job.clone(), planned.collection, &loading.options.isolation)?;
        loop {
            match next(&mut parser.messages).await {
                Message::Rows(batch) => {
                    let batch = without_duplicates(loading, planned, &mut duplicates, number, batch, counts);
                    if planned.collection.is_unit() {
                        gathered
                            .rows
                            .extend(batch.into_iter().map(|row| (row.record, job.shown.clone(), row.row)));
                    }
                }
                message => {
                    if take(loading, job, message, counts, &mut gathered.samples) {
                        break;
                    }
                }
            }
        }
    }
    Ok(gathered)
}

async fn next(messages: &mut tokio::sync::mpsc::Receiver<Message>) -> Message {
    let died = |rule, message: &str| Message::Died(crate::check::refused("", Refusal::new(rule, message)));
    match tokio::time::timeout(SILENCE, messages.recv()).await {
        Ok(Some(message)) => message,
        Ok(None) => died("parser_failed", "the parser ended before the file did"),
        Err(_) => died("parser_out_of_time", "the parser said nothing for ten minutes"),
    }
}

fn progress(loading: &Loading<'_>, planned: &PlannedCollection, counts: &CollectionReport) {
    if let Some(progress) = &loading.options.progress {
        progress(planned.collection, counts.read);
    }
}

fn without_duplicates(
    loading: &mut Loading<'_>,
    planned: &PlannedCollection,
    duplicates: &mut Duplicates,
    number: u32,
    batch: Batch,
    counts: &mut CollectionReport,
) -> Batch {
    let job = &planned.jobs[number as usize];
    counts.read += batch.len() as u64;
    let mut kept = Vec::with_capacity(batch.len());
    for row in batch {
        match duplicates.meet(&row.record, number, row.row) {
            None => kept.push(row),
            Some((file, first)) => {
                counts.rejected += 1;
                let first_file = &planned.jobs[file as usize].shown;
                let key = duplicates.shown(&row.record);
                let finding = Finding {
                    severity: Severity::Error,
                    rule: "duplicate_key".to_owned(),
                    file: Some(job.shown.clone()),
                    row: Some(row.row),
                    key: Some(key.clone()),
                    value: Some(key),
                    at: None,
                    message: format!(
                        "the key ({}) is that of row {first} of {first_file}: remove one of the two",
                        duplicates.key_names()
                    ),
                };
                loading.findings.add_thinned(finding, job.mapping.reject == Reject::Pack);
            }
        }
    }
    kept
}

/// Takes a message that is no rows; tells whether the file has ended.
fn take(
    loading: &mut Loading<'_>,
    job: &ReadJob,
    message: Message,
    counts: &mut CollectionReport,
    samples: &mut Vec<Sample>,
) -> bool {
    match message {
        Message::Rows(_) => false,
        Message::Finding(finding) => {
            loading.findings.list(finding);
            false
        }
        Message::Done(summary) => {
            loading.findings.count(&summary);
            add_counts(&summary, counts);
            samples.push(Sample {
                shown: job.shown.clone(),
                vertices: summary.samples,
                lonlat: summary.lonlat,
            });
            true
        }
        Message::Died(mut finding) => {
            finding.file = Some(job.shown.clone());
            loading.findings.add(finding, true);
            true
        }
    }
}

/// The batches have been counted as they came; what the parser kept back is added.
fn add_counts(summary: &Summary, counts: &mut CollectionReport) {
    counts.read += summary.rejected + summary.outside_timeline + summary.filtered;
    counts.rejected += summary.rejected;
    counts.filtered += summary.filtered;
    counts.outside_timeline += summary.outside_timeline;
    counts.repaired += summary.repaired;
}
