//! Thirty planners and a thousand changesets, a fifth of them overlapping, while cases come in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use anyhow::{Result, anyhow};
use tokio_postgres::Client;

use super::editing::line;
use super::ground::{Ground, Place, lattice};
use super::intake::{self, TakenIn};
use super::meeting::Meeting;
use super::office::Office;
use super::planner::{Attempt, Diary, PACE, PACED, Planner};
use super::tasks::{Task, tasks};
use crate::figures::{number, quantile, row, rule};
use crate::report::Report;

pub(super) const PLANNERS: usize = 30;

/// How many changesets: `CHANGESETS`, for a quick look.
fn changesets() -> usize {
    let named = std::env::var_os("CHANGESETS").and_then(|text| text.to_str()?.parse().ok());
    named.filter(|count| (PLANNERS..=10_000).contains(count)).unwrap_or(1_000)
}

pub(super) async fn measure(client: &Client, office: &Office, report: &mut Report) -> Result<()> {
    let ground = Ground::read(client).await?;
    let units = client.query("select id, base_unit from cim.face where upper_inf(rev)", &[]).await?;
    let units: BTreeMap<i64, i64> = units.iter().map(|row| (row.get(0), row.get(1))).collect();
    let places = intake::places(client).await?;
    let tasks = tasks(&ground, PLANNERS, changesets());
    let begun = Instant::now();
    let (diaries, taken_in) = publish_all(office, &ground, &units, &tasks, &places)?;
    let seconds = begun.elapsed().as_secs_f64();
    write_times(&tasks, &diaries, &taken_in, seconds, report);
    write_conflicts(&tasks, &diaries, report);
    write_lost_updates(client, &ground, &diaries, report).await
}

fn publish_all(
    office: &Office,
    ground: &Ground,
    units: &BTreeMap<i64, i64>,
    tasks: &[Vec<Task>],
    places: &[Place],
) -> Result<(Vec<Diary>, TakenIn)> {
    let ended = AtomicBool::new(false);
    let meetings: Vec<Meeting> = (0..PLANNERS.div_ceil(2)).map(|_| Meeting::default()).collect();
    std::thread::scope(|scope| {
        let taking_in = scope.spawn(|| intake::take_in(office, places, &ended));
        let planners: Vec<_> = tasks
            .iter()
            .enumerate()
            .map(|(place, tasks)| {
                let planner = Planner { place, ground, units, meeting: &meetings[place / 2] };
                scope.spawn(move || planner.work(office, tasks))
            })
            .collect();
        let joined: Vec<_> = planners.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        ended.store(true, Ordering::Relaxed);
        let taken_in = taking_in.join().map_err(|_panic| anyhow!("the intake ended badly"))??;
        let diaries = joined.into_iter().map(|one| one.map_err(|_panic| anyhow!("a planner ended badly"))?);
        Ok((diaries.collect::<Result<_>>()?, taken_in))
    })
}

fn write_times(
    tasks: &[Vec<Task>],
    diaries: &[Diary],
    taken_in: &TakenIn,
    seconds: f64,
    report: &mut Report,
) {
    let all = || diaries.iter().flat_map(|diary| &diary.attempts);
    let times = |of: fn(&Attempt) -> bool| -> Vec<f64> {
        all().filter(|one| of(one)).map(|one| one.took_ms).collect()
    };
    let mut paced = times(|one| one.rev.is_some() && one.is_paced);
    let mut published = times(|one| one.rev.is_some() && !one.is_paced);
    let mut refused = times(|one| one.rev.is_none());
    let mut submitted: Vec<f64> = diaries.iter().flat_map(|diary| diary.submit_ms.iter().copied()).collect();
    let mut cases = taken_in.times.clone();
    let count: usize = tasks.iter().map(Vec::len).sum();
    let shared = tasks.iter().flatten().filter(|task| task.shared.is_some()).count();
    let divided = tasks.iter().flatten().filter(|task| task.divided.is_some()).count();
    let rate = published.len() as f64 / (seconds - PACE.as_secs_f64() * PACED as f64);
    report.line(format!(
        "{PLANNERS} planners bring {count} changesets to publication, {shared} of them in pairs that move the same border, \
         {divided} dividing a grid; the first {} at {} a second, the others as fast as they are answered ({} a second). \
         Meanwhile {} cases a second come in.",
        (PACED * PLANNERS).min(count),
        number(PLANNERS as f64 / PACE.as_secs_f64()),
        number(rate),
        number(taken_in.times.len() as f64 / taken_in.seconds)
    ));
    report.line("");
    let head = ["request", "of", "p50 ms", "p95", "p99", "most"];
    report.line(row(&head));
    report.line(rule(head.len()));
    report.line(line("publish, two a second", &mut paced));
    report.line(line("publish, all at once", &mut published));
    report.line(line("publish that meets a conflict", &mut refused));
    report.line(line("submit, with proof and impact", &mut submitted));
    report.line(line("a case taken in meanwhile", &mut cases));
    report.line("");
    report.at_most("publish, two a second, p95 ms", quantile(&mut paced, 0.95), 300.0);
    report.at_most("publish, 30 planners all at once, p95 ms", quantile(&mut published, 0.95), 300.0);
    report.at_least(
        "cases a second taken in meanwhile",
        taken_in.times.len() as f64 / taken_in.seconds,
        49.0,
    );
    let failures = diaries.iter().flat_map(|diary| &diary.failures).chain(&taken_in.failures);
    let failures: Vec<&String> = failures.collect();
    failures.iter().take(10).for_each(|text| println!("FAILURE {text}"));
    report.at_most("deadlocks, errors and unexpected answers", failures.len() as f64, 0.0);
}

/// Whether others published the same border after the draft's revision and before a revision.
fn is_met(attempt: &Attempt, published: &BTreeMap<i64, &BTreeSet<i64>>, before: i64) -> bool {
    published.range(attempt.base_rev + 1..before).any(|(_, touched)| !touched.is_disjoint(&attempt.touched))
}

fn write_conflicts(tasks: &[Vec<Task>], diaries: &[Diary], report: &mut Report) {
    let all: Vec<&Attempt> = diaries.iter().flat_map(|diary| &diary.attempts).collect();
    let published: BTreeMap<i64, &BTreeSet<i64>> =
        all.iter().filter_map(|one| Some((one.rev?, &one.touched))).collect();
    let conflicts: Vec<&&Attempt> = all.iter().filter(|one| one.rev.is_none()).collect();
    let unneeded: Vec<_> = conflicts.iter().filter(|one| !is_met(one, &published, i64::MAX)).collect();
    let overlooked: Vec<_> =
        all.iter().filter(|one| one.rev.is_some_and(|rev| is_met(one, &published, rev))).collect();
    for one in unneeded.iter().take(5) {
        println!("UNNEEDED CONFLICT of {}, drawn on {}: {}", one.changeset, one.base_rev, one.said);
    }
    for one in overlooked.iter().take(5) {
        println!("OVERLOOKED CONFLICT of {}, drawn on {}, became {:?}", one.changeset, one.base_rev, one.rev);
    }
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for (rule, count) in diaries.iter().flat_map(|diary| &diary.refused) {
        *refused.entry(rule).or_default() += count;
    }
    let pairs = tasks.iter().flatten().filter(|task| task.shared.is_some()).count() / 2;
    report.line(format!(
        "{} published, {} conflicts where {pairs} pairs met; {} given up, {} set anew on what the other had published. \
         Operations that a rule refused: {refused:?}.",
        published.len(),
        conflicts.len(),
        diaries.iter().map(|diary| diary.abandoned).sum::<usize>(),
        diaries.iter().map(|diary| diary.rebased).sum::<usize>()
    ));
    report.line("");
    report.at_most("conflicts where nobody else touched the same", unneeded.len() as f64, 0.0);
    report.at_most("published over what somebody else had changed", overlooked.len() as f64, 0.0);
}

/// Every border must be as the last who published it sent it, and every other as it was.
async fn write_lost_updates(
    client: &Client,
    before: &Ground,
    diaries: &[Diary],
    report: &mut Report,
) -> Result<()> {
    let mut by_rev: BTreeMap<i64, &BTreeMap<i64, Vec<Place>>> = BTreeMap::new();
    for diary in diaries {
        by_rev.extend(diary.sent.iter().map(|(rev, sent)| (*rev, sent)));
    }
    let mut expected: BTreeMap<i64, &Vec<Place>> = BTreeMap::new();
    for sent in by_rev.values() {
        expected.extend(sent.iter().map(|(no, points)| (*no, points)));
    }
    let now = Ground::read(client).await?;
    let is_same = |one: &[Place], other: &[Place]| {
        one.len() == other.len() && one.iter().zip(other).all(|(one, other)| lattice(*one) == lattice(*other))
    };
    let lost: Vec<i64> = expected
        .iter()
        .filter(|(no, points)| !now.borders.get(no).is_some_and(|border| is_same(&border.points, points)))
        .map(|(no, _)| *no)
        .collect();
    let touched: BTreeSet<i64> = diaries
        .iter()
        .flat_map(|diary| &diary.attempts)
        .flat_map(|one| one.touched.iter().copied())
        .collect();
    let strange = before
        .borders
        .iter()
        .filter(|(no, _)| !touched.contains(no))
        .filter(|(no, border)| !now.borders.get(no).is_some_and(|now| is_same(&now.points, &border.points)))
        .count();
    println!("{} borders were sent; lost: {:?}", expected.len(), lost.iter().take(10).collect::<Vec<_>>());
    report.at_most(format!("lost updates among {} borders", expected.len()), lost.len() as f64, 0.0);
    report.at_most("borders that changed although nobody sent them", strange as f64, 0.0);
    Ok(())
}
