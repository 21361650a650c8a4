//! The order of candidates, each place once, and an accuracy that admits when a text fits several.

use cim_crs::near_distance_m;

use crate::candidate::Candidate;

/// What explains less of a text than this is chance.
const LEAST_SCORE: f64 = 0.2;
/// Scores this close are equal.
const EQUAL: f64 = 1e-6;

/// The best candidates: by score, then level, addresses before mere names, then by name and code.
pub(crate) fn ranked(mut found: Vec<Candidate>, limit: usize) -> Vec<Candidate> {
    found.retain(|candidate| candidate.score >= LEAST_SCORE);
    found.sort_by(|a, b| {
        (b.score / EQUAL)
            .round()
            .total_cmp(&(a.score / EQUAL).round())
            .then_with(|| a.match_level.cmp(&b.match_level))
            .then_with(|| b.address_code.is_some().cmp(&a.address_code.is_some()))
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.address_code.cmp(&b.address_code))
            .then_with(|| a.unit_code.cmp(&b.unit_code))
            .then_with(|| a.at.lon.total_cmp(&b.at.lon))
            .then_with(|| a.at.lat.total_cmp(&b.at.lat))
    });
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in found {
        if !kept.iter().any(|better| is_same(better, &candidate)) {
            kept.push(candidate);
        }
    }
    admit_doubt(&mut kept);
    kept.truncate(limit);
    kept
}

fn is_same(better: &Candidate, other: &Candidate) -> bool {
    if better.address_code.is_some() && better.address_code == other.address_code {
        return true;
    }
    let apart = near_distance_m(better.at, other.at);
    let both_doors = better.match_level.is_door() && other.match_level.is_door();
    let adds_nothing =
        other.address_code.is_none() && better.match_level <= other.match_level && apart <= better.accuracy_m;
    adds_nothing
        || apart < 1.0 && better.match_level == other.match_level
        || better.name == other.name
            && apart <= better.accuracy_m.max(other.accuracy_m).max(50.0)
            && !both_doors
}

/// Candidates as good as the first are as likely meant: the accuracy reaches to them.
fn admit_doubt(kept: &mut [Candidate]) {
    let Some(first) = kept.first() else { return };
    let (score, level) = (first.score, first.match_level);
    let count = kept
        .iter()
        .take_while(|other| other.score > score - EQUAL * 2.0 && other.match_level == level)
        .count();
    let places: Vec<_> =
        kept.iter().take(count).map(|candidate| (candidate.at, candidate.accuracy_m)).collect();
    for candidate in kept.iter_mut().take(count) {
        let reach = places
            .iter()
            .map(|&(at, _)| near_distance_m(candidate.at, at) + candidate.accuracy_m)
            .fold(candidate.accuracy_m, f64::max);
        candidate.accuracy_m = reach.ceil();
    }
}
