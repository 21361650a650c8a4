//! The chain of the audit log: every row carries the hash of the row before it, so that none changes unnoticed.
//!
//! Drawbacks: whoever may write the whole table can make a new chain. That shows only against a checkpoint that was
//! signed before and is kept elsewhere; see [`crate::checkpoint`].

use std::fmt;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of an audit row with everything before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowHash([u8; 32]);

impl RowHash {
    /// As it was stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// As it is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for RowHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for RowHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RowHash({self})")
    }
}

/// What was done, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When; the chain keeps microseconds, as PostgreSQL does.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// What, mostly the name of an action.
    pub action: String,
    /// To what.
    pub subject: String,
    /// JSON, as the very text that is stored: a column of type `jsonb` would write it differently.
    pub detail: String,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// What was done.
    pub entry: AuditEntry,
    /// The hash of the row before.
    pub prev_hash: RowHash,
}

impl AuditRow {
    /// The hash of the row: the encoding has a name, and a length before every text, so that no two rows share one.
    #[must_use]
    pub fn hash(&self) -> RowHash {
        let mut sha = Sha256::new_with_prefix(b"cim audit row 1\n");
        sha.update(self.prev_hash.0);
        sha.update(self.seq.to_be_bytes());
        sha.update(self.entry.at.as_microsecond().to_be_bytes());
        for text in [&self.entry.actor, &self.entry.action, &self.entry.subject, &self.entry.detail] {
            sha.update((text.len() as u64).to_be_bytes());
            sha.update(text.as_bytes());
        }
        RowHash(sha.finalize().into())
    }

    /// The head of the chain that ends with this row.
    #[must_use]
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash() }
    }
}

/// Where a chain ends: the number and hash of its last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// The number of the last row, 0 before the first.
    pub seq: u64,
    /// Its hash.
    pub hash: RowHash,
}

impl Head {
    /// Before the first row.
    pub const EMPTY: Self = Self { seq: 0, hash: RowHash([0; 32]) };

    /// The row that continues the chain with an entry.
    #[must_use]
    pub fn followed_by(&self, entry: AuditEntry) -> AuditRow {
        AuditRow { seq: self.seq.saturating_add(1), entry, prev_hash: self.hash }
    }
}

/// A place where the log is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log is broken at row {seq}: {what}")]
pub struct Broken {
    /// The row at which it shows.
    pub seq: u64,
    /// How it shows.
    pub what: Break,
}

/// How a broken chain shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// Another row stands where this one should: rows were removed, inserted or moved.
    #[error("row {found} stands in its place")]
    Number {
        /// The number found.
        found: u64,
    },
    /// The row does not follow from the one before: one of the two was changed.
    #[error("it does not follow from the row before it")]
    Link,
    /// The log ends before the row that the head names.
    #[error("the log ends before it")]
    Missing,
    /// The log has rows after the head.
    #[error("it comes after the head of the log")]
    Surplus,
    /// The last row is not the one that the head names.
    #[error("it is not the row that the head of the log names")]
    Head,
}

/// Checks a chain row by row, in constant memory.
#[derive(Debug, Clone)]
pub struct ChainCheck {
    last: Head,
}

impl ChainCheck {
    /// Begins after a head that is trusted: [`Head::EMPTY`], or that of a signed checkpoint.
    #[must_use]
    pub const fn after(trusted: Head) -> Self {
        Self { last: trusted }
    }

    /// Takes the next row.
    pub fn take(&mut self, row: &AuditRow) -> Result<(), Broken> {
        let seq = self.last.seq.saturating_add(1);
        if row.seq != seq {
            return Err(Broken { seq, what: Break::Number { found: row.seq } });
        }
        if row.prev_hash != self.last.hash {
            return Err(Broken { seq, what: Break::Link });
        }
        self.last = row.head();
        Ok(())
    }

    /// The head of what was taken so far.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.last
    }

    /// Ends at the head that the log is said to have.
    pub fn end(self, head: Head) -> Result<(), Broken> {
        let (last, named) = (self.last.seq, head.seq);
        match last.cmp(&named) {
            std::cmp::Ordering::Less => Err(Broken { seq: last + 1, what: Break::Missing }),
            std::cmp::Ordering::Greater => Err(Broken { seq: named + 1, what: Break::Surplus }),
            std::cmp::Ordering::Equal if self.last != head => Err(Broken { seq: last, what: Break::Head }),
            std::cmp::Ordering::Equal => Ok(()),
        }
    }
}

/// Checks that rows lead from a trusted head to another.
pub fn verify<'a>(
    trusted: Head,
    rows: impl IntoIterator<Item = &'a AuditRow>,
    head: Head,
) -> Result<(), Broken> {
    let mut check = ChainCheck::after(trusted);
    for row in rows {
        check.take(row)?;
    }
    check.end(head)
}
