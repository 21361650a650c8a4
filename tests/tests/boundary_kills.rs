//! A publication that is killed in the middle, server or PostgreSQL, leaves the old state or the new one, whole.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use cim_tests::door::{cookie_of, demo_password};
use cim_tests::running::{Home, Running};
use serde_json::{Value, json};

const SERVE: [&str; 7] = ["up", "--demo", "small", "--listen", "127.0.0.1:0", "--live-rate", "0"];

/// A draft and who acts on it, with the version that the last answer named.
struct Draft<'a> {
    office: &'a Office<'a>,
    id: i64,
    version: String,
}

/// A server, one planner who draws and another who approves.
struct Office<'a> {
    running: &'a Running,
    planner: String,
    other: String,
}

impl<'a> Office<'a> {
    fn of(running: &'a Running) -> Self {
        let password = demo_password(running);
        let sign_in = |name: &str| {
            cookie_of(
                &running.post_json("/v1/session", &json!({"name": name, "password": password})).expect(201),
            )
        };
        Self { running, planner: sign_in("planner"), other: sign_in("planner2") }
    }

    fn get(&self, path: &str) -> Value {
        self.running.get_with(path, &[("cookie", &self.planner)]).expect(200).json()
    }
}

impl<'a> Draft<'a> {
    fn begin(office: &'a Office<'a>) -> Self {
        let cookie = [("cookie", office.planner.as_str())];
        let begun = office.running.post_with("/v1/changesets", &cookie, Some(&json!({"title": "x"})));
        let begun = begun.expect(201);
        let version = begun.header("etag").to_owned();
        Self { office, id: begun.json()["id"].as_i64().unwrap(), version }
    }

    fn step(&mut self, step: &str, cookie: &str, body: Option<&Value>, status: u16) -> Value {
        let path = format!("/v1/changesets/{}/{step}", self.id);
        let headers = [("cookie", cookie), ("if-match", self.version.as_str())];
        let answer = self.office.running.post_with(&path, &headers, body).expect(status);
        let version = answer.header("etag").to_owned();
        self.version = version;
        answer.json()
    }
}

/// An arc between two grids of the small town, and where its second point can go.
fn border(office: &Office<'_>, shift: f64) -> Value {
    let units = office.get("/v1/topology/320614103001Z04W04?margin_m=300");
    let arcs = units["arcs"].as_array().unwrap();
    let inner = arcs.iter().find(|arc| {
        arc["points"].as_array().unwrap().len() > 3 && !arc["left"].is_null() && !arc["right"].is_null()
    });
    let arc = inner.unwrap();
    let at = arc["points"][1].as_array().unwrap();
    let to = [at[0].as_f64().unwrap() + shift, at[1].as_f64().unwrap()];
    json!({"op": "move_vertex", "arc": arc["id"], "index": 1, "to": to})
}

fn today() -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8));
    jiff::Timestamp::now().to_zoned(zone).date().to_string()
}

#[test]
fn a_publication_that_is_killed_leaves_the_old_state_or_the_new_one_whole() {
    let home = Home::new();
    let mut published = 0;
    for round in 0..6_u64 {
        let running = home.start(&SERVE);
        let office = Office::of(&running);
        let mut draft = Draft::begin(&office);
        let shift = if round % 2 == 0 { 1e-7 } else { -1e-7 };
        draft.step("ops", &office.planner, Some(&border(&office, shift)), 201);
        draft.step("submit", &office.planner, None, 200);
        draft.step("approve", &office.other, Some(&json!({"effective_from": today()})), 200);
        let (id, version, cookie) = (draft.id, draft.version.clone(), office.other.clone());
        std::thread::scope(|scope| {
            let address = running.address.trim_start_matches("http://").to_owned();
            scope.spawn(move || publish_and_forget(&address, id, &version, &cookie));
            std::thread::sleep(Duration::from_millis(15 + round * 12));
            if round % 3 == 2 {
                kill_postgresql(&home);
                std::thread::sleep(Duration::from_millis(300));
            }
            running.kill();
        });
        let running = home.start(&SERVE);
        let office = Office::of(&running);
        let state = office.get(&format!("/v1/changesets/{id}"));
        let head = office.get("/v1/revisions?limit=1")["items"][0].clone();
        let is_new = state["state"] == "published";
        assert_eq!(head["changeset"] == json!(id), is_new, "{state} {head}");
        published += u64::from(is_new);
        let valid = office.get(&format!("/v1/changesets/{id}/validate"));
        assert_eq!(valid["valid"], true, "{valid}");
        assert!(running.stop().success());
        let checked = home.run(&["check", "--json"]);
        let rules: Value = serde_json::from_slice(&checked.stdout).unwrap();
        for rule in rules["rules"].as_array().unwrap() {
            if ["boundary_state", "boundary_polygon", "coverage_exact", "tie_stale"]
                .iter()
                .any(|name| rule["rule"] == *name)
            {
                assert_eq!(rule["total"], 0, "{rule}");
            }
        }
    }
    assert!(published <= 6);
}

/// Ends the database of this home as a crash would.
fn kill_postgresql(home: &Home) {
    let file = home.path().join("postgres/postmaster.pid");
    let text = std::fs::read_to_string(file).unwrap();
    let pid = text.lines().next().unwrap();
    assert!(std::process::Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

/// Asks for a publication without waiting for its answer.
fn publish_and_forget(address: &str, id: i64, version: &str, cookie: &str) {
    use std::io::Write as _;
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return };
    let head = format!(
        "POST /v1/changesets/{id}/publish HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\nif-match: {version}\r\ncontent-length: 0\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes());
    std::thread::sleep(Duration::from_millis(200));
}
