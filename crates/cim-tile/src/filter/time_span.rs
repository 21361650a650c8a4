//! The `datetime` parameter of OGC API: an instant, or an interval that may be open on a side.

use std::str::FromStr;

use jiff::Timestamp;

use super::DatetimeError;

/// Both ends belong to it; an end that is none is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

/// An RFC 3339 time with its zone. In an address a `+` that nobody escaped has become a space: it is read as a `+`.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !text.contains(['T', 't']) {
        return None;
    }
    text.replace(' ', "+").parse().ok()
}

impl TimeSpan {
    /// The one moment that it is, milliseconds since 1970; none for an interval.
    #[must_use]
    pub fn moment_ms(self) -> Option<i64> {
        self.from_ms.filter(|_| self.from_ms == self.to_ms)
    }

    /// Whether something that began and ended at these times (milliseconds since 1970) was there in the span. What has not
    /// ended is still there; what ended the moment it began was there at that moment; an end is the first moment without it.
    #[must_use]
    pub fn meets(self, began_ms: i64, ended_ms: Option<i64>) -> bool {
        let began_in_time = self.to_ms.is_none_or(|to| began_ms <= to);
        let lasted = match (ended_ms, self.from_ms) {
            (None, _) | (_, None) => true,
            (Some(ended), Some(from)) if ended <= began_ms => began_ms >= from,
            (Some(ended), Some(from)) => ended > from,
        };
        began_in_time && lasted
    }
}

impl FromStr for TimeSpan {
    type Err = DatetimeError;

    fn from_str(text: &str) -> Result<Self, DatetimeError> {
        let end = |text: &str| match text.trim() {
            "" | ".." => Ok(None),
            time => instant(time).map(|time| Some(time.as_millisecond())).ok_or(DatetimeError::Malformed),
        };
        let span = if let Some((from, to)) = text.split_once('/') {
            Self { from_ms: end(from)?, to_ms: end(to)? }
        } else {
            let at = end(text)?.ok_or(DatetimeError::Malformed)?;
            Self { from_ms: Some(at), to_ms: Some(at) }
        };
        match (span.from_ms, span.to_ms) {
            (Some(from), Some(to)) if from > to => Err(DatetimeError::Backwards),
            _ => Ok(span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn span(text: &str) -> TimeSpan {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_finds_what_had_come_and_had_not_yet_ended() {
        let third = span("1970-01-04T00:00:00Z");
        assert!(third.meets(DAY, None));
        assert!(third.meets(3 * DAY, Some(9 * DAY)));
        assert!(!third.meets(DAY, Some(3 * DAY)), "ended at that moment");
        assert!(!third.meets(3 * DAY + 1, None), "came later");
        assert!(third.meets(3 * DAY, Some(3 * DAY)), "came and went at that moment");
    }

    #[test]
    fn an_interval_finds_what_was_there_at_any_time_in_it() {
        let days = span("1970-01-02T00:00:00Z/1970-01-03T08:00:00+08:00");
        assert!(days.meets(0, Some(DAY + 1)) && days.meets(2 * DAY, None));
        assert!(!days.meets(0, Some(DAY)) && !days.meets(2 * DAY + 1, None));
        for open in
            ["../..", "/", "1970-01-01T00:00:00Z/..", "../1970-01-09T00:00:00Z", "/1970-01-09T00:00:00Z"]
        {
            assert!(span(open).meets(DAY, Some(2 * DAY)), "{open}");
        }
    }

    #[test]
    fn a_plus_that_became_a_space_is_still_a_zone() {
        assert_eq!(span("2026-03-01T08:00:00 08:00"), span("2026-03-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_time_with_a_zone_is_refused() {
        for text in ["", "..", "2026-03-01", "2026-03-01T00:00:00", "soon", "2026-03-01T00:00:00Z/x", "1/2/3"]
        {
            assert_eq!(text.parse::<TimeSpan>(), Err(DatetimeError::Malformed), "{text}");
        }
        let backwards = "2026-03-02T00:00:00Z/2026-03-01T00:00:00Z";
        assert_eq!(backwards.parse::<TimeSpan>(), Err(DatetimeError::Backwards));
    }
}
