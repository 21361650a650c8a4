//! The lock on a name after wrong passwords: five failures in fifteen minutes lock it for fifteen minutes.
//!
//! Drawbacks: whoever knows a name can keep it locked. That is the smaller evil beside guessing, and it shows in the
//! audit log.

use jiff::{SignedDuration, Timestamp};

/// Failures that lock a name.
pub const MOST_FAILURES: usize = 5;
/// The time in which they must happen.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// The time for which the name is then locked, from the last of them. Not shorter than the window, so that no failure
/// counts for two locks.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// Whether a name may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Open {
        /// Failures that are left before it locks, at least one.
        left: usize,
    },
    /// It may not, not even with the right password.
    Locked {
        /// The first moment at which it may be tried again.
        until: Timestamp,
    },
}

/// The standing of a name, from its failures since the last success, in whatever order.
///
/// Failures of more than [`WINDOW`] and [`LOCKED_FOR`] ago need not be given. A caller does not try a locked name and
/// writes no failure for it. Failures later than now were written by a clock that was set back, and do not count.
#[must_use]
pub fn standing(failures: &[Timestamp], now: Timestamp) -> Standing {
    let mut past: Vec<Timestamp> = failures.iter().copied().filter(|failure| *failure <= now).collect();
    past.sort_unstable();
    let mut locks = past.windows(MOST_FAILURES).filter_map(|run| match run {
        [first, .., last] if last.duration_since(*first) < WINDOW => Some(*last),
        _ => None,
    });
    // Only the last can still hold: locks are as long as each other.
    if let Some(last) = locks.next_back()
        && now.duration_since(last) < LOCKED_FOR
    {
        let until = last.checked_add(LOCKED_FOR).unwrap_or(Timestamp::MAX);
        return Standing::Locked { until };
    }
    let counted = past.iter().filter(|failure| now.duration_since(**failure) < WINDOW).count();
    Standing::Open { left: MOST_FAILURES.saturating_sub(counted).max(1) }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    fn minutes(list: &[i64]) -> Vec<Timestamp> {
        list.iter().map(|one| minute(*one)).collect()
    }

    #[test]
    fn five_failures_in_fifteen_minutes_lock_for_fifteen_from_the_last() {
        let failures = minutes(&[0, 3, 6, 9, 12]);
        let locked = Standing::Locked { until: minute(27) };
        assert_eq!(standing(&failures, minute(12)), locked);
        assert_eq!(standing(&failures, minute(26)), locked);
        assert_eq!(standing(&failures, minute(27)), Standing::Open { left: 5 });
    }

    #[test]
    fn four_failures_or_five_that_are_far_apart_do_not_lock() {
        assert_eq!(standing(&[], minute(0)), Standing::Open { left: 5 });
        assert_eq!(standing(&minutes(&[0, 1, 2, 3]), minute(3)), Standing::Open { left: 1 });
        assert_eq!(standing(&minutes(&[0, 5, 10, 14, 15]), minute(15)), Standing::Open { left: 1 });
        assert_eq!(standing(&minutes(&[0, 1, 2, 3]), minute(15)), Standing::Open { left: 2 });
    }

    #[test]
    fn the_order_in_which_failures_are_given_does_not_matter() {
        assert_eq!(standing(&minutes(&[12, 0, 9, 3, 6]), minute(13)), Standing::Locked { until: minute(27) });
    }

    #[test]
    fn failures_of_a_clock_that_was_set_back_do_not_count() {
        assert_eq!(standing(&minutes(&[90, 91, 92, 93, 94]), minute(0)), Standing::Open { left: 5 });
    }

    proptest! {
        #[test]
        fn nobody_gets_a_sixth_try_within_fifteen_minutes(gaps in vec(1_i64..400, 50..200)) {
            let mut failures: Vec<Timestamp> = Vec::new();
            let mut now = minute(0);
            for gap in gaps {
                now += SignedDuration::from_secs(gap);
                match standing(&failures, now) {
                    Standing::Open { left } => {
                        prop_assert!((1..=MOST_FAILURES).contains(&left));
                        failures.push(now);
                    }
                    Standing::Locked { until } => {
                        prop_assert!(until > now && until.duration_since(now) <= LOCKED_FOR);
                    }
                }
            }
            for run in failures.windows(MOST_FAILURES + 1) {
                prop_assert!(run[MOST_FAILURES].duration_since(run[0]) >= WINDOW);
            }
        }

        #[test]
        fn more_failures_never_open_a_name(times in vec(0_i64..60, 0..12), more in 0_i64..60, now in 0_i64..60) {
            let before = standing(&minutes(&times), minute(now));
            let mut all = times;
            all.push(more);
            let after = standing(&minutes(&all), minute(now));
            if let Standing::Locked { until } = before {
                let still = matches!(after, Standing::Locked { until: later } if later >= until);
                prop_assert!(still);
            }
        }
    }
}
