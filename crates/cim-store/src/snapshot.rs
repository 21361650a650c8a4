//! Transaction numbers and snapshots as PostgreSQL writes them: which writes a reader has seen.

use std::fmt;
use std::str::FromStr;

/// So many transactions are looked at one by one before two snapshots count as too far apart.
const MOST_UNSURE: u64 = 100_000;

/// The number of a transaction that wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Xid(pub u64);

impl fmt::Display for Xid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What one transaction sees: everything below `xmin`, nothing from `xmax`, and between them all but `in_progress`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Snapshot {
    xmin: u64,
    xmax: u64,
    in_progress: Vec<u64>,
}

/// The text is not a snapshot's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a snapshot: it looks like 10:20:10,14")]
pub struct SnapshotError(pub String);

impl Snapshot {
    /// Whether a committed transaction's writes are visible in this snapshot.
    #[must_use]
    pub fn sees(&self, xid: Xid) -> bool {
        xid.0 < self.xmin || (xid.0 < self.xmax && self.in_progress.binary_search(&xid.0).is_err())
    }

    /// Whether everything that is visible in `other` is visible in this one too. Looks at the transactions between this
    /// one's oldest running and the other's last; more than 100,000 of them count as no.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let unsure = self.xmin..other.xmax;
        other.xmax.saturating_sub(self.xmin) <= MOST_UNSURE
            && unsure.map(Xid).all(|xid| !other.sees(xid) || self.sees(xid))
    }

    /// The first transaction number that had not been given out.
    #[must_use]
    pub fn xmax(&self) -> Xid {
        Xid(self.xmax)
    }

    /// The oldest transaction that was still running.
    #[must_use]
    pub fn xmin(&self) -> Xid {
        Xid(self.xmin)
    }
}

impl FromStr for Snapshot {
    type Err = SnapshotError;

    fn from_str(text: &str) -> Result<Self, SnapshotError> {
        let refuse = || SnapshotError(text.to_owned());
        let number = |part: &str| part.parse::<u64>().ok();
        let mut parts = text.splitn(3, ':');
        let mut next = || parts.next().ok_or_else(refuse);
        let (low, high, list) = (next()?, next()?, next()?);
        let xmin = number(low).ok_or_else(refuse)?;
        let xmax = number(high).ok_or_else(refuse)?;
        let mut in_progress: Vec<u64> = if list.is_empty() {
            Vec::new()
        } else {
            list.split(',').map(number).collect::<Option<_>>().ok_or_else(refuse)?
        };
        in_progress.sort_unstable();
        if xmin > xmax {
            return Err(refuse());
        }
        Ok(Self { xmin, xmax, in_progress })
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.xmin, self.xmax)?;
        for (place, xid) in self.in_progress.iter().enumerate() {
            write!(f, "{}{xid}", if place == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_read_and_written_as_postgresql_writes_it() {
        for text in ["10:10:", "10:20:10,14,15", "737:740:737"] {
            assert_eq!(text.parse::<Snapshot>().unwrap().to_string(), text);
        }
        for text in ["", "10", "10:20", "20:10:", "a:b:", "10:20:x", "10:20:,"] {
            assert!(text.parse::<Snapshot>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_snapshot_sees_what_had_ended_before_it() {
        let snapshot: Snapshot = "10:20:10,14".parse().unwrap();
        let seen: Vec<u64> = (8..23).filter(|xid| snapshot.sees(Xid(*xid))).collect();
        assert_eq!(seen, [8, 9, 11, 12, 13, 15, 16, 17, 18, 19]);
    }

    #[test]
    fn a_snapshot_covers_another_when_it_sees_all_that_the_other_sees() {
        for (one, other, covers) in [
            ("10:10:", "10:10:", true),
            ("12:12:", "10:10:", true),
            ("10:10:", "12:12:", false),
            // Nothing but what still runs was begun in between.
            ("10:10:", "10:12:10,11", true),
            ("10:12:11", "10:12:10", false),
            ("10:12:10", "10:12:10", true),
            ("10:20:10", "5:15:5,10", true),
            ("10:20:12", "5:15:5,10", false),
            ("7:7:", "3:7:4", true),
            // Neither covers the other.
            ("10:12:10", "10:12:11", false),
        ] {
            let (one, other): (Snapshot, Snapshot) = (one.parse().unwrap(), other.parse().unwrap());
            assert_eq!(one.covers(&other), covers, "{one} {other}");
            assert_eq!(
                covers,
                (0..30).map(Xid).all(|xid| !other.sees(xid) || one.sees(xid)),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn snapshots_that_are_very_far_apart_are_not_compared() {
        let old: Snapshot = "10:10:".parse().unwrap();
        let new: Snapshot = "18446744073709551615:18446744073709551615:".parse().unwrap();
        assert!(new.covers(&old));
        assert!(!old.covers(&new));
        let held: Snapshot = "10:200000:10".parse().unwrap();
        assert!(!held.covers(&"200000:200000:".parse().unwrap()));
        let running = (10..100_009).map(|xid| xid.to_string()).collect::<Vec<_>>().join(",");
        assert!(old.covers(&format!("10:100009:{running}").parse().unwrap()), "all of them still run");
    }
}
