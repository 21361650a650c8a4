//! The person behind a case: which role sees what, one case at a time, and when they are forgotten.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_access::sealing::SealingKey;
use cim_model::{Collection, Record, Value};
use cim_store::{Disclosure, GivenField, GivenRow, PersonField, SealedValue, Store};
use cim_testkit::TestDatabase;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio_postgres::Client;

fn key() -> SealingKey {
    SealingKey::from_seed(&[7; 32])
}

fn value(text: &str, digest: Option<[u8; 32]>) -> SealedValue {
    let sealed = key().seal("a test", text).unwrap();
    SealedValue { sealed, masked: Some("1*".to_owned()), digest, key_id: key().id() }
}

fn case(number: &str, closed_at: Option<Timestamp>, person: Vec<GivenField>) -> GivenRow {
    let spec = Collection::Case.spec();
    let value = |name: &str| match name {
        "case_no" | "source_no" => Value::Text(number.to_owned()),
        "source_system" => Value::Text("12345".to_owned()),
        "title" => Value::Text("noise".to_owned()),
        "state" => Value::Text(if closed_at.is_some() { "closed" } else { "registered" }.to_owned()),
        "location_state" => Value::Text("not_needed".to_owned()),
        "received_at" => Value::Time("2026-01-01T00:00:00Z".parse().unwrap()),
        "closed_at" => closed_at.map_or(Value::Null, Value::Time),
        _ => Value::Null,
    };
    let record = Record { values: spec.fields.iter().map(|field| value(field.name)).collect() };
    GivenRow { record, defaults: Vec::new(), person }
}

fn phone(digits: u8) -> GivenField {
    GivenField { field: PersonField::Phone, value: Some(value("13800135678", Some([digits; 32]))) }
}

async fn write(store: &Store, row: GivenRow) -> i64 {
    store.write_given(Collection::Case, &[row]).await.unwrap().outcomes[0].1
}

fn why(detail: &serde_json::Value) -> Disclosure<'_> {
    Disclosure { actor: "commander", action: "reveal_person", subject: "a case", detail }
}

async fn count_as(client: &Client, role: &str, columns: &str) -> Result<usize, tokio_postgres::Error> {
    client.batch_execute(&format!("set role {role}")).await.unwrap();
    let rows = client.query(&format!("select {columns} from cim.case_person"), &[]).await;
    client.batch_execute("reset role").await.unwrap();
    rows.map(|rows| rows.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_sees_of_people_what_its_work_needs_and_no_more() {
    let database = TestDatabase::new().await;
    let (store, owner) = (database.store(), database.client().await);
    let one = write(store, case("1", None, vec![phone(1)])).await;
    write(store, case("2", None, vec![phone(2)])).await;
    assert!(count_as(&owner, "cim_server", "case_id").await.is_err());
    assert!(count_as(&owner, "cim_intake", "sealed").await.is_err());
    assert_eq!(count_as(&owner, "cim_intake", "case_id, field, masked, digest").await.unwrap(), 2);
    // Without a case that was named, and with one.
    assert_eq!(count_as(&owner, "cim_reveal", "*").await.unwrap(), 0);
    owner.batch_execute(&format!("set cim.revealed_case = '{one}'")).await.unwrap();
    assert_eq!(count_as(&owner, "cim_reveal", "*").await.unwrap(), 1);
    // Nor does the server write into the log but through its function.
    owner.batch_execute("set role cim_server").await.unwrap();
    for refused in ["insert into cim.audit select * from cim.audit", "create table cim.mine (id int)"] {
        assert!(owner.batch_execute(refused).await.is_err(), "{refused}");
    }
    owner.batch_execute("select cim.append_audit('a', 'b', 'c', '{}')").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_disclosed_with_a_row_in_the_audit_log_or_not_at_all() {
    let database = TestDatabase::new().await;
    let (store, owner) = (database.store(), database.client().await);
    let one = write(store, case("1", None, vec![phone(1)])).await;
    let detail = json!({"reason": "call back"});
    let fields = store.disclose_person(one, why(&detail)).await.unwrap();
    assert_eq!(fields.len(), 1);
    assert_eq!(key().open("a test", &fields[0].sealed).unwrap().as_str(), "13800135678");
    assert_eq!(store.cases_of_phone(&[1; 32], 10, why(&detail)).await.unwrap(), [one]);
    assert!(store.cases_of_phone(&[9; 32], 10, why(&detail)).await.unwrap().is_empty());
    let log = store.audit_after(0, 10).await.unwrap();
    assert_eq!(log.len(), 3);
    assert!(log.iter().all(|row| !row.row.entry.detail.contains("138")));
    owner
        .batch_execute(
            "create function public.refuse() returns trigger language plpgsql as $$ begin raise 'full'; end $$;
             create trigger refuse before insert on cim.audit for each row execute function public.refuse()",
        )
        .await
        .unwrap();
    assert!(store.disclose_person(one, why(&detail)).await.is_err());
    assert!(store.cases_of_phone(&[1; 32], 10, why(&detail)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_person_takes_the_place_of_the_old_and_an_older_version_changes_nobody() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let at = |row: GivenRow, time: &str| {
        let mut row = row;
        let place = Collection::Case.spec().position("source_updated_at").unwrap();
        row.record.values[place] = Value::Time(time.parse().unwrap());
        row
    };
    let one = write(store, at(case("1", None, vec![phone(1)]), "2026-02-01T00:00:00Z")).await;
    let stale = at(case("1", None, vec![phone(2)]), "2026-01-01T00:00:00Z");
    write(store, stale).await;
    let detail = json!({});
    assert_eq!(store.cases_of_phone(&[1; 32], 10, why(&detail)).await.unwrap(), [one]);
    write(store, at(case("1", None, vec![phone(3)]), "2026-03-01T00:00:00Z")).await;
    assert!(store.cases_of_phone(&[1; 32], 10, why(&detail)).await.unwrap().is_empty());
    assert_eq!(store.cases_of_phone(&[3; 32], 10, why(&detail)).await.unwrap(), [one]);
    assert_eq!(store.masked_person(one).await.unwrap(), [(PersonField::Phone, "1*".to_owned())]);
    let gone = GivenField { field: PersonField::Phone, value: None };
    write(store, at(case("1", None, vec![gone]), "2026-04-01T00:00:00Z")).await;
    assert!(store.masked_person(one).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_behind_cases_that_ended_long_ago_are_forgotten_and_the_log_says_so() {
    let database = TestDatabase::new().await;
    let store = database.store();
    let now = Timestamp::now();
    let old = write(store, case("1", Some(now - SignedDuration::from_hours(100)), vec![phone(1)])).await;
    let recent = write(store, case("2", Some(now - SignedDuration::from_hours(10)), vec![phone(2)])).await;
    let open = write(store, case("3", None, vec![phone(3)])).await;
    let limit = now - SignedDuration::from_hours(50);
    assert_eq!(store.forget_people(limit).await.unwrap(), 1);
    assert_eq!(store.forget_people(limit).await.unwrap(), 0);
    assert!(store.masked_person(old).await.unwrap().is_empty());
    for kept in [recent, open] {
        assert_eq!(store.masked_person(kept).await.unwrap().len(), 1);
    }
    let log = store.audit_after(0, 10).await.unwrap();
    assert_eq!(log.iter().map(|row| row.row.entry.action.as_str()).collect::<Vec<_>>(), ["forget_people"]);
    assert_eq!(store.fields_of_other_keys(key().id()).await.unwrap(), 0);
    assert_eq!(store.fields_of_other_keys(SealingKey::from_seed(&[8; 32]).id()).await.unwrap(), 2);
}
