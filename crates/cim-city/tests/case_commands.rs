//! Cases come in once, move by the table of states, and show in the mirror.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{AcceptCase, CaseEventCommand, CityError, WaitFor};
use cim_model::Collection;
use small_city::{SOUTH, SmallCity, WEST};

fn scope() -> Scope {
    Scope::whole_district()
}

fn new_case() -> AcceptCase {
    let json = serde_json::json!({
        "source_system": "12345", "source_no": "n1", "title": "噪音", "category_code": "0101",
        "lon": WEST + 0.002, "lat": SOUTH + 0.002, "locate_method": "gps", "accuracy_m": 8.0,
    });
    serde_json::from_value(json).unwrap()
}

fn event(name: &str) -> CaseEventCommand {
    serde_json::from_value(serde_json::json!({ "event": name, "actor": "test", "note": "说明" })).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_case_twice_is_one_case_tied_to_its_grid() {
    let small = SmallCity::open().await;
    let first = small.city.accept_case(&scope(), new_case()).await.unwrap();
    assert!(first.created);
    small.city.wait_for(&WaitFor::Xid(first.xid.unwrap())).await.unwrap();
    assert_eq!(small.city.health().counts["case"], 4);
    let again = small.city.accept_case(&scope(), new_case()).await.unwrap();
    assert!(!again.created && again.xid.is_none());
    // What the second answer names can be waited for like a write.
    small.city.wait_for(&WaitFor::Snapshot(again.snapshot.unwrap())).await.unwrap();
    assert_eq!(again.case.case_no, first.case.case_no);
    let ties = again.case.ties.unwrap();
    let units = &ties.units;
    assert_eq!((units.micro_grid_code.as_deref(), units.village_code.as_deref()), (Some("m0"), Some("v0")));
    assert_eq!(ties.accepted, None, "it is not accepted yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_moves_only_by_the_table_of_states() {
    let small = SmallCity::open().await;
    let case_no = small.city.accept_case(&scope(), new_case()).await.unwrap().case.case_no;
    let refused = small.city.append_case_event(&scope(), &case_no, event("resolve")).await;
    let Err(CityError::Conflict { allowed_events, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(allowed_events, ["answer", "reject", "accept", "cancel"]);
    let department = CaseEventCommand { department_code: Some("cg".to_owned()), ..event("assign") };
    for command in [
        event("accept"),
        department,
        event("sign"),
        event("resolve"),
        event("audit_pass"),
        event("qc_pass"),
        event("close"),
    ] {
        small.city.append_case_event(&scope(), &case_no, command).await.unwrap();
    }
    let case = small.city.get_case(&scope(), &case_no).await.unwrap();
    assert_eq!(case.state, "closed");
    let id = small.database.store().find_by_key(Collection::Case, &case_no).await.unwrap().unwrap().id;
    assert_eq!(case.ties.as_ref().unwrap().accepted, Some(case.ties.as_ref().unwrap().units.clone()));
    assert_eq!(small.database.store().case_events(id).await.unwrap().len(), case.events.len());
    assert_eq!(case.fields["lead_department_code"], "cg");
    assert!(case.fields.contains_key("closed_at"));
    let replayed: Vec<&str> = case.events.iter().map(|event| event.to_state.as_str()).collect();
    assert_eq!(
        replayed,
        ["registered", "accepted", "assigned", "in_progress", "resolved", "qc", "follow_up", "closed"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_case_is_refused_with_every_field_that_is_wrong() {
    let small = SmallCity::open().await;
    let wrong = AcceptCase {
        title: " ".to_owned(),
        urgency: Some("soon".to_owned()),
        crs: Some("moon".to_owned()),
        ..new_case()
    };
    let Err(CityError::Refused(findings)) = small.city.accept_case(&scope(), wrong).await else {
        panic!("accepted")
    };
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["crs", "title", "urgency"]);
    assert!(matches!(small.city.get_case(&scope(), "none").await, Err(CityError::NotFound { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_the_database_cannot_hold_is_refused_and_is_no_fault_of_ours() {
    let small = SmallCity::open().await;
    let wrong = AcceptCase { title: "noise\0".to_owned(), ..new_case() };
    let refused = small.city.accept_case(&scope(), wrong).await;
    assert!(matches!(refused, Err(CityError::Refused(_))), "{refused:?}");
    let case_no = small.city.accept_case(&scope(), new_case()).await.unwrap().case.case_no;
    let wrong = CaseEventCommand { note: Some("why\0".to_owned()), ..event("cancel") };
    let refused = small.city.append_case_event(&scope(), &case_no, wrong).await;
    assert!(matches!(refused, Err(CityError::Refused(_))), "{refused:?}");
    let looked_for = small.city.get_case(&scope(), "a\0b").await;
    assert!(matches!(looked_for, Err(CityError::Refused(_))), "{looked_for:?}");
}
