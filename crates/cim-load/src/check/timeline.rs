//! Moves a synthetic history by whole weeks so that its last day is today or a few days after it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::pack::Timeline;

/// How far times move and which are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TimeShift {
    days: i32,
    not_before: Timestamp,
    not_after: Timestamp,
}

impl TimeShift {
    /// Whole weeks keep weekdays; what would lie after `now` is left out.
    pub(crate) fn new(timeline: Timeline, now: Timestamp, zone: &TimeZone) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        let apart = (today - timeline.last_day).get_days();
        // The smallest number of whole weeks that puts the last day on today or after it.
        let weeks = apart.div_euclid(7) + i32::from(apart.rem_euclid(7) != 0);
        let not_before =
            now.checked_sub(SignedDuration::from_hours(24 * timeline.keep_days)).unwrap_or(Timestamp::MIN);
        Self { days: 7 * weeks, not_before, not_after: now }
    }

    pub(crate) fn time(&self, time: Timestamp) -> Timestamp {
        time.checked_add(SignedDuration::from_hours(24 * i64::from(self.days))).unwrap_or(time)
    }

    pub(crate) fn date(&self, date: Date) -> Date {
        date.checked_add(jiff::Span::new().days(self.days)).unwrap_or(date)
    }

    /// Whether a (shifted) time is still to come.
    pub(crate) fn lies_ahead(&self, time: Timestamp) -> bool {
        time > self.not_after
    }

    /// Whether something that happened at this (shifted) time is part of the kept history.
    pub(crate) fn keeps(&self, time: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_falls_on_today_or_up_to_six_days_later_on_the_same_weekday() {
        let last_day: Date = "2025-12-31".parse().unwrap();
        for offset in -20..40 {
            let today = last_day.checked_add(jiff::Span::new().days(offset)).unwrap();
            let now = today.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
            let shift = TimeShift::new(Timeline { last_day, keep_days: 365 }, now, &TimeZone::UTC);
            let moved = shift.date(last_day);
            let ahead = (moved - today).get_days();
            assert!((0..7).contains(&ahead), "{today} {moved}");
            assert_eq!(moved.weekday(), last_day.weekday());
        }
    }

    #[test]
    fn what_lies_after_now_or_before_the_kept_days_is_not_kept() {
        let now: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        let last_day = "2026-01-01".parse().unwrap();
        let shift = TimeShift::new(Timeline { last_day, keep_days: 10 }, now, &TimeZone::UTC);
        for (time, kept) in [
            ("2026-01-01T11:59:00Z", true),
            ("2026-01-01T12:01:00Z", false),
            ("2025-12-23T12:00:00Z", true),
            ("2025-12-21T12:00:00Z", false),
        ] {
            assert_eq!(shift.keeps(shift.time(time.parse().unwrap())), kept, "{time}");
        }
    }
}
