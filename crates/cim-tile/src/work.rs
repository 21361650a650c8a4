//! What counts as open and overdue work on the map.

/// States of cases, findings and inspections after which nothing is left to do.
const DONE: &[&str] = &[
    "answered",
    "rejected",
    "merged",
    "closed",
    "cancelled",
    "archived",
    "self_handled",
    "invalid",
    "expired",
    "transferred",
];

/// Whether work in this state is still to be done.
#[must_use]
pub fn is_open(state: Option<&str>) -> bool {
    state.is_some_and(|state| !DONE.contains(&state))
}

/// Whether a due time has passed.
#[must_use]
pub fn is_overdue(due_ms: Option<i64>, now_ms: i64) -> bool {
    due_ms.is_some_and(|due| due < now_ms)
}

/// Work due within this time is called due soon.
const SOON_MS: i64 = 24 * 3_600_000;

/// Whether a due time is near, but has not passed.
#[must_use]
pub fn is_due_soon(due_ms: Option<i64>, now_ms: i64) -> bool {
    due_ms.is_some_and(|due| (now_ms..=now_ms.saturating_add(SOON_MS)).contains(&due))
}
