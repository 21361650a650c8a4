//! A case as the source system knows it, and how far it has come.

use crate::calendar::{DAY_S, DAYS, Moment, working_days_after};
use crate::dice::Dice;
use crate::plane::P;

/// One case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) number: String,
    pub(crate) source_system: &'static str,
    pub(crate) source_no: String,
    pub(crate) channel: &'static str,
    pub(crate) request_type: &'static str,
    pub(crate) category: &'static str,
    pub(crate) title: String,
    pub(crate) content: String,
    pub(crate) urgency: &'static str,
    pub(crate) marks: Marks,
    pub(crate) state: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) received: Moment,
    pub(crate) times: Times,
    pub(crate) satisfied: Option<bool>,
    pub(crate) repeat_of: Option<String>,
    pub(crate) location_state: &'static str,
    pub(crate) raw_location: String,
    pub(crate) method: &'static str,
    pub(crate) accuracy_m: u32,
    pub(crate) at: Option<P>,
}

/// What is noted beside a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    pub(crate) is_valid: bool,
    pub(crate) is_key: bool,
    pub(crate) is_direct: bool,
}

/// When the steps of a case were taken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    pub(crate) accepted: Option<Moment>,
    pub(crate) due: Option<Moment>,
    pub(crate) resolved: Option<Moment>,
    pub(crate) closed: Option<Moment>,
}

/// Nothing but registration and direct answers happens after this: the pack's last day may lie 6 days ahead.
const HORIZON: Moment = (DAYS as i64 - 6) * DAY_S;
/// Share of cases finished after their due time.
const LATE: f64 = 0.0044;
const SATISFIED: f64 = 0.956;

/// State, times and satisfaction of a question answered at once.
pub(crate) fn answered(received: Moment, dice: &mut Dice) -> (&'static str, Times, Option<bool>) {
    let done = received + 90 + dice.below(900) as i64;
    let times = Times { accepted: None, due: None, resolved: Some(done), closed: Some(done) };
    let satisfied = dice.chance(0.3).then(|| dice.chance(0.985));
    (if received > HORIZON - 2 * DAY_S { "answered" } else { "closed" }, times, satisfied)
}

/// State, times and satisfaction of a case that somebody has to deal with within some working days.
pub(crate) fn handled(
    received: Moment,
    working_days: i64,
    asked: bool,
    dice: &mut Dice,
) -> (&'static str, Times, Option<bool>) {
    let accepted = received + 240 + dice.below(3_000) as i64;
    let due = working_days_after(accepted, working_days);
    let resolved = if dice.chance(LATE) {
        due + DAY_S / 2 + dice.below(5 * 86_400) as i64
    } else {
        let share = 0.12 + 0.84 * dice.unit() * dice.between(0.55, 1.0);
        accepted + ((due - accepted) as f64 * share) as i64
    };
    let closed = resolved + DAY_S / 3 + dice.below(130_000) as i64;
    let fate = dice.unit();
    let mut times = Times { accepted: Some(accepted), due: Some(due), resolved: None, closed: None };
    if received < HORIZON && fate < 0.012 {
        return ("rejected", Times::default(), None);
    }
    if accepted > HORIZON {
        return (
            if received > HORIZON { "registered" } else { "accepted" },
            if received > HORIZON { Times::default() } else { times },
            None,
        );
    }
    if resolved > HORIZON {
        let state = match fate {
            ..0.10 => "accepted",
            0.10..0.30 => "assigned",
            0.30..0.34 => "return_requested",
            0.34..0.37 => "suspended",
            0.37..0.42 => "reworking",
            _ => "in_progress",
        };
        return (state, times, None);
    }
    times.resolved = Some(resolved);
    if closed > HORIZON {
        let state = match fate {
            ..0.4 => "resolved",
            0.4..0.6 => "qc",
            _ => "follow_up",
        };
        return (state, times, None);
    }
    times.closed = Some(closed);
    let satisfied = (asked && dice.chance(0.85)).then(|| dice.chance(SATISFIED));
    let state = match fate {
        ..0.018 => "cancelled",
        _ if closed < HORIZON - 300 * DAY_S => "archived",
        _ => "closed",
    };
    (state, times, satisfied)
}
