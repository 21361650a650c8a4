//! Cases: accepted once, changed only together with an event.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_model::{Collection, Record, Value};
use cim_store::{
    CaseEvent, CaseEventRecorded, ChangedRows, GivenRow, GivenWritten, Outcome, Patched, Store, StoreError,
};
use cim_testkit::{TestDatabase, record, rows_now, text};

fn case(number: &str) -> Record {
    record(
        Collection::Case,
        &[
            ("case_no", text(&format!("HM-{number}"))),
            ("source_system", text("12345")),
            ("source_no", text(number)),
            ("title", text("路灯不亮")),
            ("state", text("accepted")),
            ("is_key", Value::Bool(true)),
            ("geom", cim_testkit::point(121.15, 31.88)),
        ],
    )
}

async fn give(store: &Store, records: &[Record]) -> GivenWritten {
    let given: Vec<GivenRow> = records
        .iter()
        .map(|record| GivenRow { record: record.clone(), defaults: Vec::new(), person: Vec::new() })
        .collect();
    store.write_given(Collection::Case, &given).await.unwrap()
}

fn changed(mut record: Record, field: &str, value: Value) -> Record {
    record.values[Collection::Case.spec().position(field).unwrap()] = value;
    record
}

fn assigned() -> CaseEvent {
    CaseEvent {
        event: "assign".to_owned(),
        from_state: "accepted".to_owned(),
        to_state: "assigned".to_owned(),
        actor: Some("operator 7".to_owned()),
        at: "2026-03-02T01:00:00Z".parse().unwrap(),
        note: None,
        set: vec![
            ("lead_department_code", text("CG")),
            ("due_at", Value::Time("2026-03-09T09:00:00.5Z".parse().unwrap())),
            ("satisfied", Value::Null),
        ],
    }
}

fn value<'a>(record: &'a Record, field: &str) -> &'a Value {
    &record.values[Collection::Case.spec().position(field).unwrap()]
}

#[tokio::test]
async fn a_case_is_accepted_once_by_its_source_number() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let first = give(store, &[case("1")]).await;
    assert!(first.snapshot.sees(first.xid.expect("it was written")));
    let (outcome, id) = first.outcomes[0];
    assert_eq!(outcome, Outcome::Created);
    let again = give(store, &[case("1")]).await;
    assert_eq!((again.outcomes.as_slice(), again.xid), ([(Outcome::Unchanged, id)].as_slice(), None));
    assert_eq!(rows_now(store, Collection::Case).await, [(id, case("1"))]);
    let client = database.client().await;
    let events: i64 = client.query_one("select count(*) from cim.case_event", &[]).await.unwrap().get(0);
    assert_eq!(events, 1);
}

#[tokio::test]
async fn an_event_changes_the_case_and_reaches_the_mirrors() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let (_, id) = give(store, &[case("1")]).await.outcomes[0];
    let mut feed = store.feed().await.unwrap();
    let first = feed.poll().await.unwrap().unwrap();
    feed.applied(first).await.unwrap();
    let CaseEventRecorded::Recorded { xid, .. } = store.append_case_event(id, &assigned()).await.unwrap()
    else {
        panic!("the case was in the state that the event leaves");
    };
    let step = feed.poll().await.unwrap().unwrap();
    assert_eq!(step.xids, [xid]);
    assert_eq!(step.collections, [(Collection::Case, ChangedRows::Ids(vec![id]))]);
    let rows = step.reader.read_ids(Collection::Case, &[id]).await.unwrap();
    let changed = &rows[0].record;
    assert_eq!(value(changed, "state"), &text("assigned"));
    assert_eq!(value(changed, "lead_department_code"), &text("CG"));
    assert_eq!(value(changed, "due_at"), &Value::Time("2026-03-09T09:00:00.5Z".parse().unwrap()));
    for kept in ["title", "geom", "is_key", "source_no"] {
        assert_eq!(value(changed, kept), value(&case("1"), kept), "{kept}");
    }
}

#[tokio::test]
async fn an_event_that_saw_another_state_changes_nothing() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let (_, id) = give(store, &[case("1")]).await.outcomes[0];
    store.append_case_event(id, &assigned()).await.unwrap();
    let late = store.append_case_event(id, &assigned()).await.unwrap();
    assert_eq!(late, CaseEventRecorded::StateIs("assigned".to_owned()));
    let nobody = store.append_case_event(id + 1, &assigned()).await.unwrap();
    assert_eq!(nobody, CaseEventRecorded::NoSuchCase);
    let mut rewriting = assigned();
    rewriting.from_state = "assigned".to_owned();
    rewriting.set = vec![("source_no", text("2"))];
    let refused = store.append_case_event(id, &rewriting).await.unwrap_err();
    assert!(matches!(refused, StoreError::WrongValue { field: "source_no", .. }), "{refused}");
}

#[tokio::test]
async fn a_state_that_is_none_is_refused_by_its_rule() {
    let database = TestDatabase::new().await;
    let mut wrong = case("1");
    wrong.values[Collection::Case.spec().position("state").unwrap()] = text("lost");
    let given = GivenRow { record: wrong, defaults: Vec::new(), person: Vec::new() };
    let refused = database.store().write_given(Collection::Case, &[given]).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Constraint { constraint, .. } if constraint == "case_state_known"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_newer_version_changes_what_it_names_and_an_older_one_nothing() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let at = |time: &str| Value::Time(time.parse().unwrap());
    let second = changed(case("1"), "source_updated_at", at("2026-03-02T00:00:00Z"));
    give(store, &[second.clone(), case("2")]).await;
    let older = changed(
        changed(case("1"), "source_updated_at", at("2026-03-01T00:00:00Z")),
        "title",
        text("旧的标题"),
    );
    let newer = changed(
        changed(
            changed(case("1"), "source_updated_at", at("2026-03-03T00:00:00Z")),
            "state",
            text("resolved"),
        ),
        "is_key",
        Value::Null,
    );
    assert_eq!(give(store, &[older]).await.outcomes[0].0, Outcome::Stale);
    let written = give(store, &[newer.clone(), case("2"), case("3")]).await;
    let outcomes: Vec<Outcome> = written.outcomes.iter().map(|(outcome, _)| *outcome).collect();
    assert_eq!(outcomes, [Outcome::Changed, Outcome::Unchanged, Outcome::Created]);
    let stored = store.find_by_key(Collection::Case, "HM-1").await.unwrap().unwrap().record;
    assert_eq!(stored, changed(newer, "is_key", Value::Bool(true)), "what is not given stays");
    let (_, id) = written.outcomes[0];
    let events = store.case_events(id).await.unwrap();
    let told: Vec<(&str, &str)> =
        events.iter().map(|event| (event.event.as_str(), event.to_state.as_str())).collect();
    assert_eq!(told, [("register", "accepted"), ("source_update", "resolved")]);
}

#[tokio::test]
async fn of_many_who_change_one_version_one_wins() {
    let database = TestDatabase::new().await;
    let store = database.store();
    give(store, &[case("1")]).await;
    for round in 0..50 {
        let version = store.find_by_key(Collection::Case, "HM-1").await.unwrap().unwrap().xmin;
        let attempts = (0..20).map(|caller| async move {
            let title = [("title", text(&format!("{round} {caller}")))];
            store.patch(Collection::Case, "HM-1", version, &title, &[]).await.unwrap()
        });
        let answers = futures_util::future::join_all(attempts).await;
        let won = answers.iter().filter(|answer| matches!(answer, Patched::Written(_))).count();
        assert_eq!((won, answers.len()), (1, 20));
        assert!(answers.iter().all(|answer| *answer != Patched::NoSuchRow));
    }
    let nobody = store.patch(Collection::Case, "nobody", 1, &[("title", text("x"))], &[]).await.unwrap();
    assert_eq!(nobody, Patched::NoSuchRow);
}
