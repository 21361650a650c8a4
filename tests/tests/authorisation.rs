//! The rest of the matrix: every operation in every state of a membership, and things outside a town, a department or a
//! clearance, which are answered as if they were not there. Every operation must have its expectation here.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::time::Duration;

use cim_tests::door::{Door, cookie_of};
use cim_tests::running::Reply;
use serde_json::Value;

const OPENAPI: &str = include_str!("../../crates/cim-server/openapi.json");
const ACCOUNTS: [&str; 8] =
    ["viewer", "operator", "officer", "planner", "commander", "sysadmin", "secadmin", "auditor"];
/// Longer than a server believes what it knows of a caller.
const REMEMBERED: Duration = Duration::from_secs(6);

/// Whether an operation tells of things that a scope limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// Of one thing of a kind, which may be out of sight.
    OneThing(&'static str),
    /// Of things, counted or listed: accounts.rs compares what is listed, and scopes.rs of the city tiles and counts.
    ManyThings,
    /// Of the map, of boundaries, of the server or of oneself: the same for everybody who may.
    SameForAll,
}

use Expected::{ManyThings, OneThing, SameForAll};

/// What is expected of an operation, by its path.
fn expected(method: &str, path: &str) -> Expected {
    match path {
        "/v1/cases/{id}" | "/v1/cases/{id}/events" | "/v1/cases/{id}/repeats" | "/v1/cases/{id}/reveal" => {
            OneThing("case")
        }
        "/v1/around/{kind}/{id}" => OneThing("case"),
        "/v1/inspections/{id}" => OneThing("inspection"),
        "/v1/findings/{id}" => OneThing("finding"),
        "/v1/cameras/{id}"
        | "/v1/cameras/{id}/view"
        | "/v1/cameras/{id}/video"
        | "/v1/cameras/{id}/still" => OneThing("camera"),
        "/v1/cases" | "/v1/inspections" | "/v1/findings" | "/v1/cameras" | "/v1/nearby" | "/v1/around"
        | "/v1/within" | "/v1/hotspots" | "/v1/ties" | "/v1/cameras/seeing" | "/v1/cameras/along"
        | "/v1/search/phone" => ManyThings,
        _ if path.starts_with("/tiles/{tileset}/") => ManyThings,
        _ if path.starts_with("/v1/changesets") || path.starts_with("/v1/revisions") => SameForAll,
        "/tiles"
        | "/tiles/{tileset}"
        | "/styles"
        | "/styles/{style}"
        | "/v1/city"
        | "/v1/events"
        | "/v1/units/{id}"
        | "/v1/topology/{unit}"
        | "/v1/responsibility"
        | "/v1/responsibility/batch"
        | "/v1/locate"
        | "/v1/locate/batch"
        | "/v1/locate/reverse"
        | "/metrics"
        | "/health/fresh"
        | "/v1/me"
        | "/v1/tokens"
        | "/v1/tokens/{id}"
        | "/v1/second-factor"
        | "/v1/users"
        | "/v1/users/{name}"
        | "/v1/users/{name}/invitation"
        | "/v1/users/{name}/membership"
        | "/v1/users/{name}/second-factor"
        | "/v1/audit" => SameForAll,
        _ => panic!("{method} {path} has no expectation: say here what a scope hides of it"),
    }
}

/// Every operation that demands something: method, path, and the address with something in the place of parameters.
fn operations() -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap().iter();
        let demanding = methods.filter(|(_, operation)| operation["x-cim-action"].is_string());
        operations.extend(demanding.map(|(method, _)| (method.to_uppercase(), path.clone())));
    }
    operations
}

fn address(path: &str, kind: &str, id: &str) -> String {
    let part = |part: &str| match part {
        "{kind}" => kind.to_owned(),
        _ if part.starts_with('{') => id.to_owned(),
        _ => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What an answer says, without the number of the request and with one name in the place of the thing's.
fn said(reply: &Reply, id: &str) -> String {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    body.to_string().replace(id, "THING")
}

#[test]
fn every_operation_has_an_expectation() {
    let operations = operations();
    let of_one = |(method, path): &&(String, String)| matches!(expected(method, path), OneThing(_));
    assert!(operations.len() > 70, "{}", operations.len());
    assert!(operations.iter().filter(of_one).count() >= 14);
}

#[test]
fn a_membership_that_does_not_hold_does_nothing_whatever_the_role_and_whatever_was_open() {
    let door = Door::open();
    let sessions: Vec<(&str, String)> = ACCOUNTS.iter().map(|name| (*name, door.sign_in(name))).collect();
    let sql = |text: &str| assert!(door.home.run(&["psql", "-c", text]).status.success(), "{text}");
    let mut asked = 0;
    for (state, change) in [
        ("suspended", "state = 'suspended'"),
        ("invited", "state = 'invited'"),
        ("expired", "valid_until = date '2026-01-01'"),
        ("not begun", "valid_from = date '2999-01-01'"),
    ] {
        // Beneath the command line, which would end the sessions too.
        sql("update cim.account set state = 'active', valid_from = null, valid_until = null");
        sql(&format!("update cim.account set {change}"));
        std::thread::sleep(REMEMBERED);
        for (name, cookie) in &sessions {
            let first = said(&door.get("/v1/me", cookie), name);
            for (method, path) in operations() {
                let reply = door.running.send(&method, &address(&path, "case", "1"), &[("cookie", cookie)]);
                assert_eq!(reply.status, 403, "{method} {path} by {name} who is {state}: {}", reply.text());
                assert_eq!(said(&reply, name), first, "{method} {path} by {name} who is {state}");
                asked += 1;
            }
        }
    }
    assert!(asked > 2_000, "{asked}");
    sql("update cim.account set state = 'active', valid_from = null, valid_until = null");
    std::thread::sleep(REMEMBERED);
    for (name, cookie) in &sessions {
        door.get("/v1/me", cookie).expect(200);
        let reply = door.get("/v1/cases", cookie);
        assert_eq!(reply.status == 200, !["sysadmin", "secadmin", "auditor"].contains(name), "{name}");
    }
    assert!(door.running.stop().success());
}

/// Somebody of a role who sees a part, and a thing of each kind that they do not see.
struct Limited<'a> {
    door: &'a Door,
    relation: &'static str,
    cookie: String,
    hidden: Vec<(&'static str, String)>,
}

impl Limited<'_> {
    /// Asks every operation on one thing for one out of sight and for one that is not there.
    fn compare(&self) -> usize {
        let mut compared = 0;
        for (method, path) in operations() {
            let OneThing(kind) = expected(&method, &path) else { continue };
            let Some((_, id)) = self.hidden.iter().find(|(of, _)| *of == kind) else { continue };
            let ask = |id: &str| {
                let body = match (method.as_str(), kind) {
                    ("GET", _) => "",
                    (_, "case") if path.ends_with("/events") => r#"{"event":"accept"}"#,
                    (_, "case") if path.ends_with("/reveal") => r#"{"reason":"a good reason"}"#,
                    (_, "case") => r#"{"title":"taken over"}"#,
                    (_, "inspection") => r#"{"summary":"taken over"}"#,
                    (_, "finding") => r#"{"content":"taken over"}"#,
                    _ => r#"{"name":"taken over"}"#,
                };
                let mut address = address(&path, kind, id);
                if path.ends_with("/video") {
                    address.push_str("?purpose=look");
                }
                let headers = [
                    ("cookie", self.cookie.as_str()),
                    ("content-type", "application/json"),
                    ("if-match", "\"v1\""),
                ];
                self.door.running.send_body(&method, &address, &headers, body.as_bytes())
            };
            let absent = if kind == "camera" { "32061400001310009999" } else { "no-such-thing" };
            let (of_hidden, of_absent) = (ask(id), ask(absent));
            let relation = self.relation;
            assert_eq!(
                of_absent.status,
                of_hidden.status,
                "{method} {path} {relation}: {}",
                of_hidden.text()
            );
            assert!(
                [403, 404].contains(&of_hidden.status),
                "{method} {path} {relation}: {}",
                of_hidden.text()
            );
            assert_eq!(
                said(&of_hidden, id),
                said(&of_absent, absent),
                "{method} {path} outside the {relation}"
            );
            compared += usize::from(of_hidden.status == 404);
        }
        compared
    }
}

#[test]
fn what_lies_outside_a_town_a_department_or_a_clearance_is_as_if_it_were_not_there() {
    let door = Door::open();
    let commander = door.sign_in("commander");
    let first = |path: &str, wanted: &dyn Fn(&Value) -> bool| {
        let page = door.get(&format!("{path}?limit=1000"), &commander).expect(200).json();
        let found = page["items"].as_array().unwrap().iter().find(|one| wanted(one)).cloned();
        found.unwrap_or_else(|| panic!("{path} has none"))
    };
    let id = |thing: &Value| thing["id"].as_str().unwrap().to_owned();
    let placed = |thing: &Value| thing["lon"].is_f64();
    let case = first("/v1/cases", &|case| placed(case) && case["lead_department_code"].is_string());
    let inspection = first("/v1/inspections", &|one| one["department_code"].is_string());
    let finding = first("/v1/findings", &placed);
    let secret = first("/v1/cameras", &|camera| camera["secrecy"] == true);
    let things = vec![("case", id(&case)), ("inspection", id(&inspection)), ("finding", id(&finding))];
    let (of_case, of_inspection) = (&case["lead_department_code"], &inspection["department_code"]);
    let cases = door.cases(&commander);
    let department = cases.iter().map(|case| &case["lead_department_code"]);
    let department =
        department.filter(|code| code.is_string()).find(|code| *code != of_case && *code != of_inspection);
    let department = department.unwrap().as_str().unwrap().to_owned();
    let mut compared = 0;
    for role in ["viewer", "operator", "officer"] {
        for (relation, limit, hidden) in [
            ("town", &["--town", "320614999"][..], things.clone()),
            ("department", &["--department", &department], things[..2].to_vec()),
            ("clearance", &[], vec![("camera", id(&secret))]),
        ] {
            let name = format!("{role}-{relation}");
            let cookie = cookie_of(&door.add(&name, &[&["--role", role], limit].concat()).expect(201));
            compared += Limited { door: &door, relation, cookie, hidden }.compare();
        }
    }
    // A commander sees all towns and departments, and what is secret only with the clearance. Not asked for a second factor.
    let added = door.home.run(&["user", "add", "chief", "--role", "commander"]);
    let said = String::from_utf8(added.stdout).unwrap();
    let free = door.home.run(&["psql", "-c", "update cim.account set is_demo = true where name = 'chief'"]);
    assert!(added.status.success() && free.status.success());
    let signed_in = door.try_to_sign_in("chief", said.trim().rsplit(' ').next().unwrap());
    let cookie = cookie_of(&signed_in.expect(201));
    let hidden = vec![("camera", id(&secret))];
    compared += Limited { door: &door, relation: "clearance", cookie, hidden }.compare();
    assert!(compared >= 40, "{compared}");
    // Nothing of it was changed.
    for (path, thing) in [("cases", &case), ("inspections", &inspection), ("findings", &finding)] {
        let now = door.get(&format!("/v1/{path}/{}", id(thing)), &commander).expect(200);
        assert!(!now.text().contains("taken over"), "{}", now.text());
    }
    assert!(door.running.stop().success());
}
