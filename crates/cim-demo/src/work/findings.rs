//! What grid workers report from their rounds, and the rounds.

use super::Year;
use super::scenes::{Scenes, Spot};
use super::words::write_place;
use crate::calendar::{DAY_S, DAYS, Hours, Moment, Season, compact_date};
use crate::dice::Dice;
use crate::model::Model;
use crate::plane::P;
use crate::topics::{GRID_WORK, Topic};

/// One finding.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) number: String,
    pub(crate) inspection: Option<String>,
    pub(crate) category: &'static str,
    pub(crate) topic: &'static Topic,
    pub(crate) title: String,
    pub(crate) content: String,
    pub(crate) state: &'static str,
    pub(crate) reported: Moment,
    pub(crate) closed: Option<Moment>,
    pub(crate) case_no: Option<String>,
    pub(crate) grid: Option<u32>,
    pub(crate) accuracy_m: u32,
    pub(crate) place: String,
    pub(crate) at: P,
}

/// One round.
#[derive(Clone, Debug)]
pub(crate) struct Inspection {
    pub(crate) number: String,
    pub(crate) theme: &'static str,
    pub(crate) state: &'static str,
    pub(crate) grid: Option<u32>,
    pub(crate) department: &'static str,
    pub(crate) planned: Moment,
    pub(crate) started: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) summary: String,
    pub(crate) at: P,
}

const HORIZON: Moment = (DAYS as i64 - 6) * DAY_S;

fn digits(model: &Model, town: u16) -> String {
    model.divisions.towns[town as usize].code.chars().skip(6).collect()
}

fn spot_point(model: &Model, spot: Spot) -> P {
    match spot {
        Spot::House(index) => model.stock[index as usize].rect.centre,
        Spot::Line(place) => place.at,
    }
}

/// The comprehensive grid at a point.
fn grid_at(model: &Model, at: P) -> Option<u32> {
    let face = model.faces.face_at(at)?;
    Some(model.grids.micro[model.grids.micro_of_face[face as usize] as usize].parent)
}

pub(super) fn inspections(year: &Year, model: &Model, scenes: &Scenes, town: u16) -> Vec<Inspection> {
    let mut dice = Dice::of(model.seed, "inspection", u64::from(town));
    let mut moments: Vec<Moment> = (0..year.inspections[town as usize])
        .map(|_| year.clock.moment(Season::Even, Hours::Office, &mut dice))
        .collect();
    moments.sort_unstable();
    let digits = digits(model, town);
    moments
        .into_iter()
        .zip(1u32..)
        .filter_map(|(planned, serial)| {
            let topic = dice.pick(GRID_WORK);
            let spot = scenes.draw(topic.scene, &mut dice)?;
            let at = spot_point(model, spot);
            let (theme, summary, department) = match dice.unit() {
                ..0.55 => ("patrol", "网格日常巡查", ""),
                ..0.75 => ("check", "重点场所安全检查", "320614D14"),
                ..0.92 => ("visit", "入户走访", ""),
                _ => ("campaign", "百日攻坚专项行动", "320614D01"),
            };
            let started = planned + 600 + dice.below(5_400) as i64;
            let finished = started + 1_200 + dice.below(9_000) as i64;
            let done = finished < HORIZON;
            let state = match (done, dice.unit()) {
                (true, ..0.93) => "closed",
                (true, ..0.97) => "reviewed",
                (true, _) => "expired",
                (false, ..0.6) => "planned",
                (false, _) => "assigned",
            };
            let happened = done && state != "expired";
            Some(Inspection {
                number: format!("XC{}{digits}{serial:05}", compact_date(planned)),
                theme,
                state,
                grid: grid_at(model, at),
                department,
                planned,
                started: happened.then_some(started),
                finished: happened.then_some(finished),
                summary: summary.to_owned(),
                at,
            })
        })
        .collect()
}

pub(super) fn findings(
    year: &Year,
    model: &Model,
    scenes: &Scenes,
    town: u16,
    inspections: &[Inspection],
) -> Vec<Finding> {
    let mut dice = Dice::of(model.seed, "finding", u64::from(town));
    let weights: Vec<f64> = GRID_WORK.iter().map(|topic| topic.weight).collect();
    let mut drafts: Vec<(Moment, &'static Topic)> = (0..year.findings[town as usize])
        .map(|_| {
            let topic = &GRID_WORK[dice.weighted(&weights)];
            (year.clock.moment(topic.season, topic.hours, &mut dice), topic)
        })
        .collect();
    drafts.sort_by_key(|&(moment, _)| moment);
    let digits = digits(model, town);
    drafts
        .into_iter()
        .zip(1u32..)
        .filter_map(|((reported, topic), serial)| {
            let spot = scenes.draw(topic.scene, &mut dice)?;
            let written = write_place(model, spot, &mut dice);
            let small = &year.classes[topic.class];
            let closed = reported + 600 + (dice.unit() * dice.unit() * 3.0 * DAY_S as f64) as i64;
            let done = closed < HORIZON;
            let state = match (done, dice.unit()) {
                (_, ..0.075) if reported < HORIZON => "transferred",
                (true, ..0.005) => "invalid",
                (true, ..0.70) => "self_handled",
                (true, _) => "closed",
                (false, _) => "reported",
            };
            let inspection = (dice.chance(0.4) && !inspections.is_empty()).then(|| {
                let index = inspections.partition_point(|round| round.planned < reported);
                inspections[index.min(inspections.len() - 1)].number.clone()
            });
            Some(Finding {
                number: format!("WG{}{digits}{serial:06}", compact_date(reported)),
                inspection,
                category: small[dice.below(small.len())],
                topic,
                title: topic.title.to_owned(),
                content: format!("{}：{}，{}。", written.text, dice.pick(topic.texts), topic.wish),
                state,
                reported,
                closed: (done && state != "transferred").then_some(closed),
                case_no: None,
                grid: grid_at(model, written.at),
                accuracy_m: 5 + dice.below(25) as u32,
                place: written.text,
                at: written.at,
            })
        })
        .collect()
}
