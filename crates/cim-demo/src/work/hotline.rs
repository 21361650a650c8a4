//! Cases of the 12345 hotline.

use super::Year;
use super::case::{Case, Marks, Times, answered, handled};
use super::scenes::{Scenes, Spot};
use super::words::{write_content, write_place};
use crate::calendar::{DAY_S, DAYS, Moment, compact_date, second_of_day};
use crate::categories::lead_of;
use crate::dice::Dice;
use crate::model::Model;
use crate::topics::{PLACED, QUESTIONS, Topic};

/// What is known before words are put to it.
#[derive(Clone, Copy)]
struct Draft {
    received: Moment,
    topic: &'static Topic,
    spot: Option<Spot>,
    direct: bool,
    /// The draft this one repeats.
    repeats: Option<usize>,
}

/// The hotline cases of a town, in the order of their numbers.
pub(super) fn cases(year: &Year, model: &Model, scenes: &Scenes, town: u16) -> Vec<Case> {
    let mut dice = Dice::of(model.seed, "hotline", u64::from(town));
    let drafts = drafts(year, scenes, town, &mut dice);
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|&index| drafts[index].received);
    let digits: String = model.divisions.towns[town as usize].code.chars().skip(6).collect();
    let mut number = vec![String::new(); drafts.len()];
    for (serial, &index) in (1u32..).zip(&order) {
        number[index] = format!("{}{digits}{serial:06}", compact_date(drafts[index].received));
    }
    order
        .iter()
        .map(|&index| {
            let mut dice = Dice::of(model.seed, "words", u64::from(town) << 32 | index as u64);
            let repeat_of = drafts[index].repeats.map(|first| format!("HM{}", number[first]));
            write(year, model, &drafts[index], &number[index], repeat_of, &mut dice)
        })
        .collect()
}

fn drafts(year: &Year, scenes: &Scenes, town: u16, dice: &mut Dice) -> Vec<Draft> {
    let count = year.hotline[town as usize];
    let mut drafts: Vec<Draft> = Vec::with_capacity(count);
    for hotspot in year.hotspots.iter().filter(|hotspot| hotspot.town == town) {
        let topic = &PLACED[hotspot.topic];
        for _ in 0..hotspot.cases.min(count.saturating_sub(drafts.len())) {
            // It starts slowly, peaks after two thirds and ends.
            let share = 1.0 - (dice.unit() * dice.unit()).sqrt();
            let day = hotspot.first_day as i64 + (hotspot.days as f64 * (1.0 - share * 0.98)) as i64;
            let received = day.min(DAYS as i64 - 1) * DAY_S + second_of_day(topic.hours, dice);
            drafts.push(Draft { received, topic, spot: Some(hotspot.spot), direct: false, repeats: None });
        }
    }
    let placed: Vec<f64> = PLACED.iter().map(|topic| topic.weight).collect();
    let questions: Vec<f64> = QUESTIONS.iter().map(|topic| topic.weight).collect();
    while drafts.len() < count {
        let roll = dice.unit();
        if roll < 0.735 {
            let topic = &QUESTIONS[dice.weighted(&questions)];
            let received = year.clock.moment(topic.season, topic.hours, dice);
            drafts.push(Draft { received, topic, spot: None, direct: true, repeats: None });
        } else if let Some(draft) = (roll > 0.967).then(|| repeat(&drafts, dice)).flatten() {
            drafts.push(draft);
        } else {
            let topic = &PLACED[dice.weighted(&placed)];
            let received = year.clock.moment(topic.season, topic.hours, dice);
            let spot = scenes.draw(topic.scene, dice);
            drafts.push(Draft { received, topic, spot, direct: roll < 0.80, repeats: None });
        }
    }
    drafts
}

/// A later complaint about an earlier matter that somebody is dealing with.
fn repeat(drafts: &[Draft], dice: &mut Dice) -> Option<Draft> {
    for _ in 0..30 {
        let index = dice.below(drafts.len());
        let first = drafts.get(index)?;
        let received = first.received + DAY_S + dice.below(24 * 86_400) as i64;
        if !first.direct && first.spot.is_some() && first.repeats.is_none() && received < DAYS as i64 * DAY_S
        {
            return Some(Draft { received, repeats: Some(index), ..*first });
        }
    }
    None
}

fn write(
    year: &Year,
    model: &Model,
    draft: &Draft,
    number: &str,
    repeat_of: Option<String>,
    dice: &mut Dice,
) -> Case {
    let topic = draft.topic;
    let small = &year.classes[topic.class];
    let category = small[((dice.unit() * dice.unit()) * small.len() as f64) as usize];
    let written = draft.spot.map(|spot| write_place(model, spot, dice));
    let place = written.as_ref().map_or("", |written| written.text.as_str());
    let content = write_content(topic, place, dice);
    let consult = draft.spot.is_none();
    let days = if consult { 3 } else { *dice.pick(&[5, 5, 7, 7, 10]) };
    let (state, times, satisfied) =
        if draft.direct { answered(draft.received, dice) } else { handled(draft.received, days, true, dice) };
    let failed = written.is_some() && dice.chance(0.018);
    let location_state = match (&written, failed) {
        (None, _) => "not_needed",
        (Some(_), true) => "failed",
        (Some(_), false) => "located",
    };
    let located = written.as_ref().filter(|_| !failed);
    Case {
        number: format!("HM{number}"),
        source_system: "hotline12345",
        source_no: format!("NT{number}"),
        channel: channel(dice),
        request_type: request_type(consult, dice),
        category,
        title: if place.is_empty() { topic.title.to_owned() } else { format!("{place}{}", topic.title) },
        content,
        urgency: match dice.unit() {
            ..0.004 => "critical",
            ..0.055 => "urgent",
            _ => "normal",
        },
        marks: Marks {
            is_valid: !dice.chance(0.012),
            is_key: !draft.direct && dice.chance(0.02),
            is_direct: draft.direct,
        },
        state: if repeat_of.is_some() && times.closed.is_some() && dice.chance(0.4) {
            "merged"
        } else {
            state
        },
        lead: if draft.direct || times.accepted.is_none() { "" } else { lead_of(topic.class) },
        received: draft.received,
        times: if state == "registered" { Times::default() } else { times },
        satisfied,
        repeat_of,
        location_state,
        raw_location: place.to_owned(),
        method: located.map_or("", |written| written.method),
        accuracy_m: located.map_or(0, |written| written.accuracy_m),
        at: located.map(|written| written.at),
    }
}

fn channel(dice: &mut Dice) -> &'static str {
    match dice.unit() {
        ..0.76 => "phone",
        ..0.86 => "wechat",
        ..0.93 => "nantong_baitong",
        ..0.97 => "web",
        _ => "province",
    }
}

fn request_type(consult: bool, dice: &mut Dice) -> &'static str {
    match (consult, dice.unit()) {
        (true, ..0.8) => "consult",
        (true, ..0.88) | (false, 0.52..0.86) => "help",
        (true, ..0.94) | (false, 0.95..) => "suggestion",
        (true, _) => "praise",
        (false, ..0.52) => "complaint",
        (false, _) => "report",
    }
}
