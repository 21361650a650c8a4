//! City-management cases: what inspectors and cameras see in the streets, and what grid workers hand over.

use super::Year;
use super::case::{Case, Marks, handled};
use super::findings::Finding;
use super::scenes::Scenes;
use super::words::write_place;
use crate::calendar::{Moment, compact_date};
use crate::categories::lead_of;
use crate::dice::Dice;
use crate::model::Model;
use crate::topics::{STREET_WORK, Topic};

/// One matter before it is written down.
struct Draft {
    received: Moment,
    topic: &'static Topic,
    finding: Option<usize>,
}

pub(super) fn cases(
    year: &Year,
    model: &Model,
    scenes: &Scenes,
    town: u16,
    findings: &mut [Finding],
) -> Vec<Case> {
    let mut dice = Dice::of(model.seed, "street", u64::from(town));
    let count = year.street[town as usize];
    let mut drafts: Vec<Draft> = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.state == "transferred")
        .take(count)
        .map(|(index, finding)| Draft {
            received: finding.reported + 300,
            topic: finding.topic,
            finding: Some(index),
        })
        .collect();
    let weights: Vec<f64> = STREET_WORK.iter().map(|topic| topic.weight).collect();
    while drafts.len() < count {
        let topic = &STREET_WORK[dice.weighted(&weights)];
        let received = year.clock.moment(topic.season, topic.hours, &mut dice);
        drafts.push(Draft { received, topic, finding: None });
    }
    drafts.sort_by_key(|draft| draft.received);
    let digits: String = model.divisions.towns[town as usize].code.chars().skip(6).collect();
    drafts
        .iter()
        .zip(1u32..)
        .filter_map(|(draft, serial)| {
            let number = format!("{}{digits}{serial:06}", compact_date(draft.received));
            let written = if let Some(index) = draft.finding {
                (findings[index].place.clone(), findings[index].at, "gps", findings[index].accuracy_m)
            } else {
                let spot = scenes.draw(draft.topic.scene, &mut dice)?;
                let written = write_place(model, spot, &mut dice);
                (written.text, written.at, written.method, written.accuracy_m)
            };
            if let Some(index) = draft.finding {
                findings[index].case_no = Some(format!("CG{number}"));
            }
            Some(write(year, draft, number, written, &mut dice))
        })
        .collect()
}

fn write(
    year: &Year,
    draft: &Draft,
    number: String,
    (place, at, method, accuracy_m): (String, crate::plane::P, &'static str, u32),
    dice: &mut Dice,
) -> Case {
    let topic = draft.topic;
    let small = &year.classes[topic.class];
    let (state, times, _) = handled(draft.received, 1 + dice.below(3) as i64, false, dice);
    let handed_over = draft.finding.is_some();
    Case {
        number: format!("CG{number}"),
        source_system: if handed_over { "grid_app" } else { "urban_mgmt" },
        source_no: number,
        channel: match (handed_over, dice.unit()) {
            (true, _) => "grid_report",
            (false, ..0.3) => "video",
            (false, _) => "inspector",
        },
        request_type: "report",
        category: small[dice.below(small.len())],
        title: format!("{place}{}", topic.title),
        content: format!("{place}，{}，{}。", dice.pick(topic.texts), topic.wish),
        urgency: if dice.chance(0.02) { "urgent" } else { "normal" },
        marks: Marks { is_valid: true, is_key: dice.chance(0.004), is_direct: false },
        state,
        lead: if times.accepted.is_some() { lead_of(topic.class) } else { "" },
        received: draft.received,
        times,
        satisfied: None,
        repeat_of: None,
        location_state: "located",
        raw_location: place,
        method,
        accuracy_m,
        at: Some(at),
    }
}
