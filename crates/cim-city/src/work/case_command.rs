//! Carrying out the commands on cases: check, write through the store, answer with what is there now.

use cim_access::{Scope, masking};
use cim_model::{Collection, Finding, Record, Value, case_events_from, case_state_after};
use cim_store::{CaseEvent, CaseEventRecorded, StoredRow};
use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::cases::{AcceptCase, CaseAnswer, CaseEventAnswer, CaseEventCommand, CaseWritten};
use super::store_error::failed;
use super::things::{RowWritten, not_found, point_of, text_of};
use crate::linkage::json_of;
use crate::{City, CityError, refusal};

impl City {
    /// Takes in a case; the same one twice is one case.
    pub async fn accept_case(&self, scope: &Scope, case: AcceptCase) -> Result<CaseWritten, CityError> {
        let RowWritten { row, created, xid, snapshot } =
            self.write_row(scope, Collection::Case, &object_of(&case)).await?;
        Ok(CaseWritten { case: self.with_history(&row).await?, created, xid, snapshot })
    }

    /// Moves a case on.
    pub async fn append_case_event(
        &self,
        scope: &Scope,
        case_no: &str,
        command: CaseEventCommand,
    ) -> Result<CaseWritten, CityError> {
        let StoredRow { id, record, .. } = self.find_thing(scope, Collection::Case, case_no).await?;
        let state = text_of(Collection::Case, &record, "state").unwrap_or_default();
        let Some(to_state) = case_state_after(&state, &command.event) else {
            return Err(conflict(case_no, &state, &command.event));
        };
        let event = event_of(&command, &record, &state, to_state).map_err(CityError::Refused)?;
        match self.inner.store.append_case_event(id, &event).await.map_err(failed)? {
            CaseEventRecorded::Recorded { xid, .. } => {
                let case = self.get_case(scope, case_no).await?;
                Ok(CaseWritten { case, created: false, xid: Some(xid.0), snapshot: None })
            }
            CaseEventRecorded::StateIs(now) => Err(conflict(case_no, &now, &command.event)),
            CaseEventRecorded::NoSuchCase => Err(not_found(Collection::Case, case_no)),
        }
    }

    /// One case with its events, from the database.
    pub async fn get_case(&self, scope: &Scope, case_no: &str) -> Result<CaseAnswer, CityError> {
        let row = self.find_thing(scope, Collection::Case, case_no).await?;
        self.with_history(&row).await
    }

    async fn with_history(&self, row: &StoredRow) -> Result<CaseAnswer, CityError> {
        let events = self.inner.store.case_events(row.id).await.map_err(failed)?;
        let ties = self.tie_of(Collection::Case, row.id).await?;
        let known = self.inner.store.masked_person(row.id).await.map_err(failed)?;
        let known = known.into_iter().map(|(field, masked)| (field.name().to_owned(), masked.into()));
        let reporter: Map<String, Json> = known.collect();
        let reporter = (!reporter.is_empty()).then_some(reporter);
        Ok(CaseAnswer { ties, reporter, ..answer_of(row, events) })
    }
}

/// What a case says, without what it says nothing about.
fn object_of(case: &AcceptCase) -> Map<String, Json> {
    match serde_json::to_value(case) {
        Ok(Json::Object(object)) => object.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn answer_of(row: &StoredRow, events: Vec<cim_store::StoredCaseEvent>) -> CaseAnswer {
    let record = &row.record;
    let text = |name: &str| text_of(Collection::Case, record, name).unwrap_or_default();
    let state = text("state");
    let at = point_of(Collection::Case, record);
    let fields = Collection::Case
        .spec()
        .fields
        .iter()
        .zip(&record.values)
        .filter(|(field, _)| !["case_no", "state", "geom"].contains(&field.name))
        .filter_map(|(field, value)| Some((field.name.to_owned(), json_of(value)?)));
    CaseAnswer {
        case_no: text("case_no"),
        allowed_events: case_events_from(&state).map(str::to_owned).collect(),
        fields: fields.collect(),
        lon: at.map(|at| at.lon),
        lat: at.map(|at| at.lat),
        ties: None,
        reporter: None,
        events: (1..).zip(events).map(|(no, event)| event_answer(no, event)).collect(),
        version: row.xmin,
        state,
    }
}

fn event_answer(no: i64, event: cim_store::StoredCaseEvent) -> CaseEventAnswer {
    let department = event.changed.get("lead_department_code").and_then(serde_json::Value::as_str);
    CaseEventAnswer {
        no,
        department_code: department.map(str::to_owned),
        event: event.event,
        from_state: event.from_state,
        to_state: event.to_state,
        at: event.at.to_string(),
        actor: event.actor,
        note: event.note,
    }
}

fn conflict(case_no: &str, state: &str, event: &str) -> CityError {
    CityError::Conflict {
        message: format!("case {case_no} is {state}: `{event}` is not allowed in this state"),
        allowed_events: case_events_from(state).map(str::to_owned).collect(),
    }
}

/// The event as the store writes it: what the table of states demands, and which fields change with it.
fn event_of(
    command: &CaseEventCommand,
    case: &Record,
    from_state: &str,
    to_state: &str,
) -> Result<CaseEvent, Vec<Finding>> {
    let at = command.at.unwrap_or_else(Timestamp::now);
    let findings = missing_for(command, case);
    if !findings.is_empty() {
        return Err(findings);
    }
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let mut set: Vec<(&'static str, Value)> = match command.event.as_str() {
        "accept" => vec![("accepted_at", Value::Time(at))],
        "assign" => vec![("lead_department_code", text(&command.department_code))],
        "answer" => vec![("answered_directly", Value::Bool(true)), ("resolved_at", Value::Time(at))],
        "resolve" => vec![("resolved_at", Value::Time(at))],
        "close" => vec![
            ("closed_at", Value::Time(at)),
            ("satisfied", command.satisfied.map_or(Value::Null, Value::Bool)),
        ],
        "cancel" | "reject" => vec![("closed_at", Value::Time(at))],
        "merge" => vec![("repeat_of", text(&command.master_case_no)), ("closed_at", Value::Time(at))],
        "unsatisfied" => vec![("satisfied", Value::Bool(false))],
        "reopen" | "rework" => vec![("resolved_at", Value::Null), ("closed_at", Value::Null)],
        _ => Vec::new(),
    };
    if let (Some(due_at), "assign" | "extend" | "rework" | "reopen") =
        (command.due_at, command.event.as_str())
    {
        set.push(("due_at", Value::Time(due_at)));
    }
    Ok(CaseEvent {
        event: command.event.clone(),
        from_state: from_state.to_owned(),
        to_state: to_state.to_owned(),
        actor: command.actor.clone(),
        at,
        note: command.note.as_deref().map(|note| masking::text(note, &[]).into_owned()),
        set,
    })
}

/// What an event needs and the command or the case has not.
fn missing_for(command: &CaseEventCommand, case: &Record) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut need = |field: &str, is_there: bool, message: &str| {
        if !is_there {
            findings.push(refusal(field, "", message));
        }
    };
    let has_note = command.note.as_deref().is_some_and(|note| !note.trim().is_empty());
    match command.event.as_str() {
        "answer" => need("note", has_note, "an answer needs its text in `note`"),
        "reject" | "ask_return" | "suspend" | "cancel" | "reopen" => {
            need("note", has_note, "this event needs its reason in `note`");
        }
        "accept" => {
            need(
                "category_code",
                text_of(Collection::Case, case, "category_code").is_some(),
                "a case needs a category to be accepted",
            );
            let is_located = text_of(Collection::Case, case, "location_state").as_deref() != Some("failed");
            need("lon", is_located, "a case needs a place, or to need none, to be accepted");
        }
        "assign" => need(
            "department_code",
            command.department_code.is_some(),
            "say to which department in `department_code`",
        ),
        "merge" => need(
            "master_case_no",
            command.master_case_no.is_some(),
            "say into which case in `master_case_no`",
        ),
        "extend" => need("due_at", command.due_at.is_some(), "say by when it must be done now in `due_at`"),
        _ => {}
    }
    findings
}
