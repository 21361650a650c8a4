//! How often one caller may ask: by account where one is signed in, by address where not. Bounded in memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Callers that are remembered. Beyond it those go first who could ask freely again.
const MOST_CALLERS: usize = 20_000;

const MAKE_ROOM_EVERY: Duration = Duration::from_secs(1);

/// How much, and how fast again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// At once.
    pub(crate) burst: f64,
    /// A second, in the long run.
    pub(crate) per_second: f64,
}

impl Allowance {
    /// Of an account: ten seconds' worth at once.
    pub(crate) fn of_an_account(per_second: u32) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { burst: per_second * 10.0, per_second }
    }
}

/// Whoever is not signed in needs the page and its fonts.
pub(crate) const OF_AN_ADDRESS: Allowance = Allowance { burst: 600.0, per_second: 30.0 };
/// Passwords that are tried from one address, whatever the names.
pub(crate) const OF_SIGNING_IN: Allowance = Allowance { burst: 20.0, per_second: 1.0 / 6.0 };

/// What is left to each caller: a bucket that fills again.
#[derive(Debug)]
pub(crate) struct RateLimit<K> {
    allowance: Allowance,
    buckets: Mutex<Buckets<K>>,
}

#[derive(Debug)]
struct Buckets<K> {
    /// What was left to each, and when.
    left: HashMap<K, (f64, Instant)>,
    /// When room was last made; looking at all of them for every new one would be work that a stranger could cause.
    room_made_at: Option<Instant>,
}

/// When whoever asked too often may ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooOften {
    pub(crate) retry_after_s: u32,
}

impl<K: Hash + Eq + Clone> RateLimit<K> {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self { allowance, buckets: Mutex::new(Buckets { left: HashMap::new(), room_made_at: None }) }
    }

    /// Takes one.
    pub(crate) fn take(&self, key: &K) -> Result<(), TooOften> {
        self.take_at(key, Instant::now())
    }

    fn take_at(&self, key: &K, now: Instant) -> Result<(), TooOften> {
        let Allowance { burst, per_second } = self.allowance;
        let filled = |(left, at): (f64, Instant)| {
            (left + now.saturating_duration_since(at).as_secs_f64() * per_second).min(burst)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let Buckets { left: all, room_made_at } = &mut *buckets;
        if all.len() >= MOST_CALLERS && !all.contains_key(key) {
            if room_made_at.is_none_or(|made| now.saturating_duration_since(made) >= MAKE_ROOM_EVERY) {
                all.retain(|_, bucket| filled(*bucket) < burst);
                *room_made_at = Some(now);
            }
            if all.len() >= MOST_CALLERS {
                // So many who ask at once: a new one waits.
                return Err(TooOften { retry_after_s: 10 });
            }
        }
        let left = filled(all.get(key).copied().unwrap_or((burst, now)));
        if left < 1.0 {
            all.insert(key.clone(), (left, now));
            let wait_s = ((1.0 - left) / per_second).ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most an hour")]
            return Err(TooOften { retry_after_s: wait_s.clamp(1.0, 3_600.0) as u32 });
        }
        all.insert(key.clone(), (left - 1.0, now));
        Ok(())
    }
}

/// A network as one caller: of version 6 a whole /64, which one subscriber has.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_so_many_a_second() {
        let limit = RateLimit::new(Allowance { burst: 5.0, per_second: 2.0 });
        let begun = Instant::now();
        for _ in 0..5 {
            assert!(limit.take_at(&"a", begun).is_ok());
        }
        assert_eq!(limit.take_at(&"a", begun), Err(TooOften { retry_after_s: 1 }));
        assert!(limit.take_at(&"b", begun).is_ok(), "another caller has their own");
        let later = begun + Duration::from_secs(1);
        assert!(limit.take_at(&"a", later).is_ok() && limit.take_at(&"a", later).is_ok());
        assert!(limit.take_at(&"a", later).is_err());
        assert!(limit.take_at(&"a", begun).is_err(), "a clock that goes back gives nothing");
    }

    #[test]
    fn a_hundred_thousand_addresses_take_no_more_room_than_twenty_thousand() {
        let limit = RateLimit::new(Allowance { burst: 2.0, per_second: 1.0 });
        let begun = Instant::now();
        for number in 0..100_000_u32 {
            let _ = limit.take_at(&number, begun);
        }
        assert!(limit.buckets.lock().unwrap().left.len() <= MOST_CALLERS);
        assert!(limit.take_at(&200_000, begun).is_err());
        assert!(
            limit.take_at(&200_000, begun + Duration::from_secs(5)).is_ok(),
            "the others have been quiet"
        );
    }

    #[test]
    fn all_addresses_of_a_subscriber_are_one_caller() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:203.0.113.9"), of("203.0.113.9"));
        assert_ne!(of("203.0.113.9"), of("203.0.113.10"));
    }
}
