//! Cases: accepted once, changed only together with an event.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_model::{Collection, Record, Value};
use cim_store::{CaseEvent, CaseEventRecorded, ChangedRows, StoreError};
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
    let first = store.accept_case(&case("1")).await.unwrap();
    assert!(first.snapshot.sees(first.xid.expect("it was written")));
    let again = store.accept_case(&case("1")).await.unwrap();
    assert_eq!((again.id, again.xid), (first.id, None));
    assert_eq!(rows_now(store, Collection::Case).await, [(first.id, case("1"))]);
    let client = database.client().await;
    let events: i64 = client.query_one("select count(*) from cim.case_event", &[]).await.unwrap().get(0);
    assert_eq!(events, 1);
}

#[tokio::test]
async fn an_event_changes_the_case_and_reaches_the_mirrors() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let id = store.accept_case(&case("1")).await.unwrap().id;
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
    let id = store.accept_case(&case("1")).await.unwrap().id;
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
    let refused = database.store().accept_case(&wrong).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Constraint { constraint, .. } if constraint == "case_state_known"),
        "{refused}"
    );
}
