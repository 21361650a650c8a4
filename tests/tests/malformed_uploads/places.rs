//! Every address that takes a JSON object, with one that it would understand.

use cim_tests::running::Running;
use serde_json::{Value, json};

use crate::upload::{LONG, Place, SHORT};

/// All of them.
pub(crate) fn places(running: &Running, session: &str) -> Vec<Place> {
    let mut places = simple_places();
    for (kind, field) in
        [("cases", "title"), ("inspections", "summary"), ("findings", "title"), ("cameras", "name")]
    {
        let path = format!("/v1/{kind}/{}", first(running, session, kind));
        places.push(versioned(running, session, &path, place("PATCH", &path, json!({field: "t"}), SHORT)));
    }
    let case = format!("/v1/cases/{}", first(running, session, "cases"));
    places.push(place("POST", &format!("{case}/events"), json!({"event": "accept"}), SHORT));
    places.push(place("POST", &format!("{case}/reveal"), json!({"reason": "a call back"}), SHORT));
    let draft = running.post_with("/v1/changesets", &[("cookie", session)], Some(&json!({"title": "drawn"})));
    let draft = format!("/v1/changesets/{}", draft.expect(201).json()["id"]);
    places.push(place("POST", &format!("{draft}/comments"), json!({"text": "t"}), SHORT));
    for (step, good, most_bytes) in [
        ("ops", json!({"op": "rename", "unit": "320614103", "name": "t"}), 4 * SHORT),
        ("rebase", json!({"keep_before_conflict": false}), SHORT),
        ("approve", json!({"effective_from": "2030-01-01"}), SHORT),
        ("reject", json!({"reason": "t"}), SHORT),
    ] {
        let step = place("POST", &format!("{draft}/{step}"), good, most_bytes);
        places.push(versioned(running, session, &draft, step));
    }
    places
}

fn simple_places() -> Vec<Place> {
    let token = json!({"title": "t", "actions": ["read_map"], "expires_at": "2030-01-01T00:00:00Z"});
    let line = json!([[121.25, 31.93], [121.26, 31.93], [121.26, 31.94], [121.25, 31.93]]);
    let along = json!({"line": {"type": "LineString", "coordinates": line}});
    let within = json!({"area": {"type": "Polygon", "coordinates": [line]}});
    let posts = [
        ("/v1/session", json!({"name": "viewer", "password": "guess"}), SHORT),
        ("/v1/second-factor", json!({"secret": "AAAA", "code": "000000"}), SHORT),
        ("/v1/tokens", token, SHORT),
        ("/v1/cases", json!({"source_system": "bad", "source_no": "1", "title": "t"}), SHORT),
        ("/v1/inspections", json!({"inspection_no": "bad 1", "theme": "patrol"}), SHORT),
        ("/v1/findings", json!({"finding_no": "bad 1", "title": "t"}), SHORT),
        ("/v1/cameras", json!({"gb_id": "32061400091326990001", "name": "c"}), SHORT),
        ("/v1/within", within, SHORT),
        ("/v1/cameras/along", along, SHORT),
        ("/v1/responsibility/batch", json!({"points": [{"lon": 121.25, "lat": 31.93}]}), LONG),
        ("/v1/locate/batch", json!({"texts": ["a"]}), LONG),
        ("/v1/changesets", json!({"title": "t"}), SHORT),
        ("/v1/search/phone", json!({"phone": "5131234567", "reason": "a call back"}), SHORT),
    ];
    posts.into_iter().map(|(path, good, most_bytes)| place("POST", path, good, most_bytes)).collect()
}

fn place(method: &'static str, path: &str, good: Value, most_bytes: usize) -> Place {
    Place { method, path: path.to_owned(), good, headers: Vec::new(), most_bytes }
}

/// The same, naming the version that the thing has now.
fn versioned(running: &Running, session: &str, thing: &str, place: Place) -> Place {
    let thing = running.get_with(thing, &[("cookie", session)]).expect(200);
    Place { headers: vec![("if-match", thing.header("etag").to_owned())], ..place }
}

/// The first id of a collection.
fn first(running: &Running, session: &str, kind: &str) -> String {
    let page = running.get_with(&format!("/v1/{kind}?limit=1"), &[("cookie", session)]).expect(200).json();
    page["items"][0]["id"].as_str().unwrap().to_owned()
}
