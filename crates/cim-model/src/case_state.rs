//! The life of a case as a table: which event leads from which state to which.

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseTransition {
    /// The event, for example `assign`.
    pub event: &'static str,
    /// The state before; none for a case that does not exist yet.
    pub from: Option<&'static str>,
    /// The state after.
    pub to: &'static str,
}

const fn step(event: &'static str, from: &'static str, to: &'static str) -> CaseTransition {
    CaseTransition { event, from: Some(from), to }
}

/// Every transition there is; what is not listed is not allowed.
pub const CASE_TRANSITIONS: &[CaseTransition] = &[
    // 登记
    CaseTransition { event: "register", from: None, to: "registered" },
    // 即时答复
    step("answer", "registered", "answered"),
    step("close", "answered", "closed"),
    // 不予受理
    step("reject", "registered", "rejected"),
    // 受理
    step("accept", "registered", "accepted"),
    // 并案
    step("merge", "accepted", "merged"),
    // 派发
    step("assign", "accepted", "assigned"),
    step("assign", "in_progress", "assigned"),
    // 签收
    step("sign", "assigned", "in_progress"),
    // 申请退回
    step("ask_return", "assigned", "return_requested"),
    step("approve_return", "return_requested", "accepted"),
    step("refuse_return", "return_requested", "assigned"),
    // 延期
    step("extend", "in_progress", "in_progress"),
    // 挂起, 恢复
    step("suspend", "in_progress", "suspended"),
    step("resume", "suspended", "in_progress"),
    // 反馈
    step("resolve", "in_progress", "resolved"),
    // 审核
    step("audit_fail", "resolved", "in_progress"),
    step("audit_pass", "resolved", "qc"),
    // 质检
    step("qc_pass", "qc", "follow_up"),
    step("qc_fail", "qc", "in_progress"),
    // 回访
    step("close", "follow_up", "closed"),
    step("unsatisfied", "follow_up", "reworking"),
    step("rework", "reworking", "in_progress"),
    // 重办
    step("reopen", "closed", "in_progress"),
    // 归档
    step("archive", "closed", "archived"),
    step("archive", "rejected", "archived"),
    step("archive", "merged", "archived"),
    // 撤单
    step("cancel", "registered", "cancelled"),
    step("cancel", "accepted", "cancelled"),
    step("cancel", "assigned", "cancelled"),
    step("cancel", "return_requested", "cancelled"),
    step("cancel", "in_progress", "cancelled"),
    step("cancel", "suspended", "cancelled"),
    step("cancel", "resolved", "cancelled"),
    step("cancel", "qc", "cancelled"),
    step("cancel", "follow_up", "cancelled"),
    step("cancel", "reworking", "cancelled"),
];

/// The state that an event leads to, if the case may have it in this state.
#[must_use]
pub fn case_state_after(state: &str, event: &str) -> Option<&'static str> {
    CASE_TRANSITIONS.iter().find(|line| line.from == Some(state) && line.event == event).map(|line| line.to)
}

/// The events that a case in this state may have, in the order of the table.
pub fn case_events_from(state: &str) -> impl Iterator<Item = &'static str> {
    CASE_TRANSITIONS.iter().filter(move |line| line.from == Some(state)).map(|line| line.event)
}

/// Whether work on a case in this state is still to be done.
#[must_use]
pub fn is_open_case_state(state: &str) -> bool {
    case_state_after(state, "cancel").is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{Collection, FieldType};

    use super::*;

    fn known_states() -> BTreeSet<&'static str> {
        let spec = Collection::Case.spec();
        match spec.fields[spec.position("state").unwrap()].field_type {
            FieldType::Code(states) => states.iter().copied().collect(),
            _ => BTreeSet::new(),
        }
    }

    #[test]
    fn the_table_uses_exactly_the_states_of_the_collection() {
        let used: BTreeSet<&str> =
            CASE_TRANSITIONS.iter().flat_map(|line| line.from.into_iter().chain([line.to])).collect();
        assert_eq!(used, known_states());
    }

    #[test]
    fn every_state_is_reached_and_only_the_last_ones_are_left_for_good() {
        for state in known_states() {
            assert!(CASE_TRANSITIONS.iter().any(|line| line.to == state), "{state}");
            let is_last = case_events_from(state).next().is_none();
            assert_eq!(is_last, ["archived", "cancelled"].contains(&state), "{state}");
        }
    }

    #[test]
    fn an_event_in_a_state_leads_to_one_state() {
        for (place, line) in CASE_TRANSITIONS.iter().enumerate() {
            let again = CASE_TRANSITIONS[place + 1..]
                .iter()
                .any(|other| other.from == line.from && other.event == line.event);
            assert!(!again, "{line:?}");
        }
        assert_eq!(case_state_after("registered", "assign"), None);
        assert_eq!(case_state_after("in_progress", "assign"), Some("assigned"));
    }
}
