//! Carrying out the commands on cases: check, write through the store, answer with what is there now.

use cim_crs::{CrsError, LonLat, Transform};
use cim_model::{Collection, FieldType, Finding, Record, Scope, Value, case_events_from, case_state_after};
use cim_store::{CaseEvent, CaseEventRecorded, StoreError};
use geo_types::{Geometry, Point};
use jiff::Timestamp;

use crate::linkage::json_of;
use crate::{
    AcceptCase, CaseAnswer, CaseEventAnswer, CaseEventCommand, CaseTies, CaseWritten, City, CityError,
    refusal,
};

impl City {
    /// Takes in a case; the same one twice is one case.
    pub async fn accept_case(&self, _scope: &Scope, case: AcceptCase) -> Result<CaseWritten, CityError> {
        let record = record_of(&case).map_err(CityError::Refused)?;
        let accepted = self.inner.store.accept_case(&record).await.map_err(failed)?;
        let case = self.read_case(accepted.id, &case.source_no).await?;
        let snapshot = accepted.xid.is_none().then(|| accepted.snapshot.to_string());
        Ok(CaseWritten {
            case,
            created: accepted.xid.is_some(),
            xid: accepted.xid.map(|xid| xid.0),
            snapshot,
        })
    }

    /// Moves a case on.
    pub async fn append_case_event(
        &self,
        _scope: &Scope,
        case_no: &str,
        command: CaseEventCommand,
    ) -> Result<CaseWritten, CityError> {
        let found = self.inner.store.find_case(case_no).await.map_err(failed)?;
        let (id, record) = found.ok_or_else(|| not_found(case_no))?;
        let state = text_of(&record, "state").unwrap_or_default();
        let Some(to_state) = case_state_after(&state, &command.event) else {
            return Err(conflict(case_no, &state, &command.event));
        };
        let event = event_of(&command, &record, &state, to_state).map_err(CityError::Refused)?;
        match self.inner.store.append_case_event(id, &event).await.map_err(failed)? {
            CaseEventRecorded::Recorded { xid, .. } => {
                let case = self.read_case(id, case_no).await?;
                Ok(CaseWritten { case, created: false, xid: Some(xid.0), snapshot: None })
            }
            CaseEventRecorded::StateIs(now) => Err(conflict(case_no, &now, &command.event)),
            CaseEventRecorded::NoSuchCase => Err(not_found(case_no)),
        }
    }

    /// One case with its events, from the database.
    pub async fn get_case(&self, _scope: &Scope, case_no: &str) -> Result<CaseAnswer, CityError> {
        let found = self.inner.store.find_case(case_no).await.map_err(failed)?;
        let (id, record) = found.ok_or_else(|| not_found(case_no))?;
        let events = self.inner.store.case_events(id).await.map_err(failed)?;
        Ok(self.answer_of(&record, events))
    }

    async fn read_case(&self, id: i64, name: &str) -> Result<CaseAnswer, CityError> {
        let record = self.inner.store.read_case(id).await.map_err(failed)?.ok_or_else(|| not_found(name))?;
        let events = self.inner.store.case_events(id).await.map_err(failed)?;
        Ok(self.answer_of(&record, events))
    }

    fn answer_of(&self, record: &Record, events: Vec<cim_store::StoredCaseEvent>) -> CaseAnswer {
        let state = text_of(record, "state").unwrap_or_default();
        let at = point_of(record);
        let spec = Collection::Case.spec();
        let fields = spec
            .fields
            .iter()
            .zip(&record.values)
            .filter(|(field, _)| !["case_no", "state", "geom"].contains(&field.name))
            .filter_map(|(field, value)| Some((field.name.to_owned(), json_of(value)?)));
        CaseAnswer {
            case_no: text_of(record, "case_no").unwrap_or_default(),
            allowed_events: case_events_from(&state).map(str::to_owned).collect(),
            state,
            fields: fields.collect(),
            lon: at.map(|at| at.lon),
            lat: at.map(|at| at.lat),
            ties: at.and_then(|at| self.ties_at(at)),
            events: (1..).zip(events).map(|(no, event)| event_answer(no, event)).collect(),
        }
    }

    /// The units at a point, by the boundaries that are in force now.
    fn ties_at(&self, at: LonLat) -> Option<CaseTies> {
        let version = self.inner.version.load_full()?;
        let place = version.units.at(at);
        place.chain.first()?;
        let code = |level| place.chain.iter().find(|unit| unit.level == level).map(|unit| unit.code.clone());
        Some(CaseTies {
            micro_grid_code: code(Collection::MicroGrid),
            comprehensive_grid_code: code(Collection::ComprehensiveGrid),
            exclusive_grid_code: place.exclusive.map(|unit| unit.code.clone()),
            village_code: code(Collection::Village),
            town_code: code(Collection::Town),
            revision: version.units.revision,
        })
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

fn not_found(case_no: &str) -> CityError {
    CityError::NotFound { what: "case", name: case_no.to_owned() }
}

fn conflict(case_no: &str, state: &str, event: &str) -> CityError {
    CityError::Conflict {
        message: format!("case {case_no} is {state}: `{event}` is not allowed in this state"),
        allowed_events: case_events_from(state).map(str::to_owned).collect(),
    }
}

/// What a failing store means to a caller: a rule of the schema is a refusal, a missing database is a matter of time.
fn failed(error: StoreError) -> CityError {
    match error {
        StoreError::Constraint { constraint, detail, .. } => {
            CityError::Refused(vec![refusal(&constraint, "", &detail)])
        }
        StoreError::WrongValue { field, value, .. } => {
            CityError::Refused(vec![refusal(field, &value, "the field cannot hold this value")])
        }
        error if error.is_away() => CityError::Unavailable {
            message: "the database does not answer at the moment".to_owned(),
            retry_after_s: 2,
        },
        error if error.is_bad_value() => {
            let message = "a value cannot be stored, such as a text with the character U+0000: correct it";
            CityError::Refused(vec![refusal("value", "", message)])
        }
        other => CityError::Internal { doing: "database statement", source: Box::new(other) },
    }
}

fn text_of(record: &Record, name: &str) -> Option<String> {
    match record.values.get(Collection::Case.spec().position(name)?)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn point_of(record: &Record) -> Option<LonLat> {
    match record.values.get(Collection::Case.spec().position("geom")?)? {
        Value::Geometry(Geometry::Point(point)) => LonLat::new(point.x(), point.y()).ok(),
        _ => None,
    }
}

/// The record of a new case, or everything that is wrong with it.
fn record_of(case: &AcceptCase) -> Result<Record, Vec<Finding>> {
    let mut findings = Vec::new();
    let at = position_of(case).unwrap_or_else(|finding| {
        findings.push(*finding);
        None
    });
    for (field, value) in
        [("source_system", &case.source_system), ("source_no", &case.source_no), ("title", &case.title)]
    {
        if value.trim().is_empty() {
            findings.push(refusal(field, value, &format!("{field} must not be empty")));
        }
    }
    let spec = Collection::Case.spec();
    let mut values = vec![Value::Null; spec.fields.len()];
    for (name, value) in values_of(case, at) {
        let Some(place) = spec.position(name) else { continue };
        if let (FieldType::Code(words), Value::Text(word)) = (spec.fields[place].field_type, &value)
            && !words.contains(&word.as_str())
        {
            let message = format!("{name} is one of {}", words.join(", "));
            findings.push(refusal(name, word, &message));
        }
        values[place] = value;
    }
    if findings.is_empty() { Ok(Record { values }) } else { Err(findings) }
}

fn values_of(case: &AcceptCase, at: Option<LonLat>) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::Text(text.to_owned());
    let maybe = |value: &Option<String>| value.as_deref().map_or(Value::Null, text);
    let number = |value: Option<f64>| value.map_or(Value::Null, Value::Float);
    let location_state = match (at, case.location_not_needed) {
        (Some(_), _) => "located",
        (None, true) => "not_needed",
        (None, false) => "failed",
    };
    let method = case.locate_method.as_deref().unwrap_or("source");
    vec![
        ("case_no", Value::Text(format!("{}-{}", case.source_system, case.source_no))),
        ("source_system", text(&case.source_system)),
        ("source_no", text(&case.source_no)),
        ("channel", maybe(&case.channel)),
        ("request_type", maybe(&case.request_type)),
        ("category_code", maybe(&case.category_code)),
        ("title", text(&case.title)),
        ("content", maybe(&case.content)),
        ("urgency", text(case.urgency.as_deref().unwrap_or("normal"))),
        ("is_drill", Value::Bool(case.is_drill)),
        ("state", text("registered")),
        ("received_at", Value::Time(case.received_at.unwrap_or_else(Timestamp::now))),
        ("due_at", case.due_at.map_or(Value::Null, Value::Time)),
        ("location_state", text(location_state)),
        ("raw_location", maybe(&case.raw_location)),
        ("source_crs", at.map_or(Value::Null, |_| text(case.crs.as_deref().unwrap_or("wgs84")))),
        ("source_x", at.map_or(Value::Null, |_| number(case.lon))),
        ("source_y", at.map_or(Value::Null, |_| number(case.lat))),
        ("locate_method", at.map_or(Value::Null, |_| text(method))),
        ("accuracy_m", at.map_or(Value::Null, |_| number(case.accuracy_m))),
        ("geom", at.map_or(Value::Null, |at| Value::Geometry(Point::new(at.lon, at.lat).into()))),
    ]
}

fn position_of(case: &AcceptCase) -> Result<Option<LonLat>, Box<Finding>> {
    let (x, y) = match (case.lon, case.lat) {
        (Some(x), Some(y)) => (x, y),
        (None, None) => return Ok(None),
        _ => return Err(Box::new(refusal("lon", "", "lon and lat come together or not at all"))),
    };
    let name = case.crs.as_deref().unwrap_or("wgs84");
    let unknown = |error: CrsError| Box::new(refusal("crs", name, &error.to_string()));
    let transform = Transform::new(name.parse().map_err(unknown)?).map_err(unknown)?;
    let at = transform.to_lonlat(x, y);
    at.map(Some).map_err(|error| Box::new(refusal("lon", &format!("{x} {y}"), &error.to_string())))
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
        note: command.note.clone(),
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
                text_of(case, "category_code").is_some(),
                "a case needs a category to be accepted",
            );
            let is_located = text_of(case, "location_state").as_deref() != Some("failed");
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
