//! What the server refuses, and how: over an empty city, because none of it needs data.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use cim_tests::running::{Home, Running};
use serde_json::{Value, json};

const SERVE: [&str; 6] = ["up", "--open", "--live-rate", "0", "--listen", "127.0.0.1:0"];

#[test]
fn every_wrong_request_is_answered_with_a_problem_that_names_the_remedy() {
    let home = Home::new();
    let running = home.start(&SERVE);
    unknown_and_bad_parameters_are_named(&running);
    bodies_are_checked_at_the_door(&running);
    problems_speak_the_readers_language(&running);
    foreign_names_and_methods_are_refused(&running);
    pages_and_data_are_kept_apart(&running);
    assert!(!running.log().contains(" ERROR "), "{}", running.log());
    assert!(running.stop().success());
}

fn unknown_and_bad_parameters_are_named(running: &Running) {
    for (path, kind, parameter) in [
        ("/v1/nearby?lon=121&lat=31&radus_m=5", "unknown-parameter", "radus_m"),
        ("/v1/nearby?lon=121", "missing-parameter", "lat"),
        ("/v1/nearby?lon=121&lat=31&lat=32", "bad-parameter", "lat"),
        ("/v1/nearby?lon=east&lat=31", "bad-parameter", "lon"),
        ("/v1/nearby?lon=NaN&lat=31", "bad-parameter", "lon"),
        ("/v1/nearby?lon=200&lat=31", "bad-parameter", "lon"),
        ("/v1/nearby?lon=121&lat=99", "bad-parameter", "lat"),
        ("/v1/nearby?lon=121&lat=31&radius_m=5001", "bad-parameter", "radius_m"),
        ("/v1/nearby?lon=121&lat=31&radius_m=-1", "bad-parameter", "radius_m"),
        ("/v1/nearby?lon=121&lat=31&kinds=camera,ufo", "bad-parameter", "kinds"),
        ("/v1/nearby?lon=121&lat=31&limit=0", "bad-parameter", "limit"),
        ("/v1/nearby?lon=121&lat=31&limit=1e3", "bad-parameter", "limit"),
        ("/v1/nearby?lon=121&lat=31&state=asleep", "bad-parameter", "state"),
        ("/v1/nearby?lon=121&lat=31&crs=epsg:banana", "bad-parameter", "crs"),
        ("/v1/nearby?lon=2&lat=48&crs=gcj02", "bad-parameter", "lon"),
        ("/v1/nearby?lon=121&lat=31&min_xid=soon", "bad-parameter", "min_xid"),
        ("/v1/nearby?lon=121&lat=31&min_snapshot=now", "bad-parameter", "min_snapshot"),
        ("/v1/responsibility?lon=121&lat=31&radius_m=5", "unknown-parameter", "radius_m"),
        ("/v1/responsibility?lon=121&lat=31&datetime=soon", "bad-parameter", "datetime"),
        ("/v1/nearby?lon=121&lat=31&from=yesterday", "bad-parameter", "from"),
        ("/v1/nearby?lon=121&lat=31&secrecy=perhaps", "bad-parameter", "secrecy"),
        ("/v1/around?lon=121&lat=31&radius_m=5001", "bad-parameter", "radius_m"),
        ("/v1/around/ufo/1", "bad-parameter", "kind"),
        ("/v1/cameras/seeing?lon=121&lat=NaN", "bad-parameter", "lat"),
        ("/v1/cameras/seeing?lon=121&lat=31&height_m=-1", "bad-parameter", "height_m"),
        ("/v1/cameras/along", "missing-parameter", "road"),
        ("/v1/cameras/along?road=x&buffer_m=900", "bad-parameter", "buffer_m"),
        ("/v1/cases/1/repeats?days=0", "bad-parameter", "days"),
        ("/v1/cases?limit=5000", "bad-parameter", "limit"),
        ("/v1/cases?after=last", "bad-parameter", "after"),
        ("/v1/hotspots?reach_m=0", "bad-parameter", "reach_m"),
        ("/v1/locate", "missing-parameter", "text"),
        ("/v1/ties?state=lost", "bad-parameter", "state"),
        ("/v1/ties?after=case", "bad-parameter", "after"),
        ("/v1/city?verbose=1", "unknown-parameter", "verbose"),
        ("/tiles?x=1", "unknown-parameter", "x"),
        ("/tiles/base/1/1/x", "bad-parameter", "y"),
        ("/tiles/base/1/1/0.mvt", "bad-parameter", "y"),
        ("/tiles/base/1/1/0?crs=bd09", "bad-parameter", "crs"),
        ("/tiles/base/tms/CGCS2000Quad/1/0/x", "bad-parameter", "col"),
        ("/tiles/base/tms/CGCS2000Quad/1/0/0?crs=gcj02", "bad-parameter", "crs"),
        ("/tiles/base/1/1/0?filter=name%3D%27x%27", "bad-parameter", "filter"),
        ("/tiles/linkage/1/1/0?filter=content%3D%27x%27", "bad-parameter", "filter"),
        ("/tiles/linkage/1/1/0?filter=state%3D", "bad-parameter", "filter"),
        ("/tiles/linkage/1/1/0?datetime=2026-03-01", "bad-parameter", "datetime"),
        ("/tiles/boundary/1/1/0?datetime=2026-03-01T00:00:00Z/..", "bad-parameter", "datetime"),
        ("/tiles/linkage?filter=state%3D%27closed%27", "unknown-parameter", "filter"),
        ("/health/live?deep=1", "unknown-parameter", "deep"),
        ("/metrics?name=x", "unknown-parameter", "name"),
        ("/v1/events?topics=everything", "bad-parameter", "topics"),
        ("/v1/cases/1?full=1", "unknown-parameter", "full"),
        ("/styles?x=%27%3B--", "unknown-parameter", "x"),
    ] {
        let problem = problem(running, path, 400);
        assert_eq!(problem["type"], format!("/api/problems/{kind}"), "{path}: {problem}");
        assert_eq!(problem["parameter"], parameter, "{path}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|text| text.len() > 10), "{path}: {problem}");
    }
    // A write that cannot have happened yet is not waited for.
    problem(running, "/v1/nearby?lon=121&lat=31&min_xid=999999999999", 503);
}

fn problem(running: &Running, path: &str, status: u16) -> Value {
    let reply = running.get(path).expect(status);
    assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
    assert_eq!(reply.header("access-control-allow-origin"), "");
    assert!(status != 503 || !reply.header("retry-after").is_empty(), "{path}");
    let problem = reply.json();
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"].as_str().unwrap(), reply.header("x-request-id"));
    running.get(problem["type"].as_str().unwrap()).expect(200);
    problem
}

fn bodies_are_checked_at_the_door(running: &Running) {
    let batch = "/v1/responsibility/batch";
    for (path, media, body, status) in [
        ("/v1/cases", "text/plain", "{}", 415),
        ("/v1/cases", "application/x-www-form-urlencoded", "title=x", 415),
        ("/v1/cases", "application/json", "{", 400),
        ("/v1/cases", "application/json", "{}", 400),
        (
            "/v1/cases",
            "application/json",
            r#"{"source_system":"a","source_no":"1","title":"x","colour":"red"}"#,
            400,
        ),
        (batch, "application/json", r#"{"points":[{"lon":1}]}"#, 400),
        (batch, "application/json", r#"{"points":[],"crs":"mars"}"#, 400),
        (batch, "text/csv", "x,y\n1,2\n", 400),
        (batch, "text/csv", "", 400),
        ("/v1/responsibility/batch?crs=mars", "text/csv", "lon,lat\n1,2\n", 400),
        ("/v1/cases/none/events", "application/json", r#"{"event":"accept"}"#, 404),
        ("/v1/findings", "application/json", r#"{"finding_no":"f","title":"x","lon":1}"#, 422),
        ("/v1/cameras", "application/json", "[]", 400),
        ("/v1/within", "application/json", r#"{"area":{"type":"Point","coordinates":[1,2]}}"#, 400),
        ("/v1/within", "application/json", r#"{"area":{"type":"Polygon","coordinates":[[[1,2],[3]]]}}"#, 400),
        (
            "/v1/within",
            "application/json",
            r#"{"area":{"type":"Polygon","coordinates":[[[121,31],[121.1,31.1],[121.1,31],[121,31.1],[121,31]]]}}"#,
            422,
        ),
        (
            "/v1/within",
            "application/json",
            r#"{"area":{"type":"Polygon","coordinates":[[[121,31],[121.1,31.1],[121.1,31]]]},"kinds":["ufo"]}"#,
            400,
        ),
        (
            "/v1/cameras/along",
            "application/json",
            r#"{"line":{"type":"LineString","coordinates":[[1,2]]}}"#,
            400,
        ),
    ] {
        let reply = running.post(path, media, body.as_bytes()).expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path} {body}");
    }
    let ring: Vec<[f64; 2]> = (0..5_001).map(|place| [121.0 + f64::from(place) * 1e-5, 31.0]).collect();
    let area = json!({ "area": { "type": "Polygon", "coordinates": [ring] } });
    assert_eq!(running.post_json("/v1/within", &area).expect(400).json()["parameter"], "area");
    let long = format!(r#"{{"source_system":"a","source_no":"1","title":"{}"}}"#, "x".repeat(10 << 20));
    running.post("/v1/cases", "application/json", long.as_bytes()).expect(413);
    let lines = "{}\n".repeat(10_001);
    running.post("/v1/findings", "application/x-ndjson", lines.as_bytes()).expect(413);
    let text = "x".repeat(5_000);
    assert_eq!(running.get(&format!("/v1/locate?text={text}")).expect(400).json()["parameter"], "text");
    let points: Vec<Value> = (0..100_001).map(|_| json!({ "lon": 1, "lat": 2 })).collect();
    running.post_json(batch, &json!({ "points": points })).expect(413);
    running.post_json(batch, &json!({ "points": [] })).expect(200);
}

fn problems_speak_the_readers_language(running: &Running) {
    let path = "/v1/nearby?lon=121";
    let chinese = running.get_with(path, &[("accept-language", "zh-CN,zh;q=0.9,en;q=0.5")]).expect(400);
    assert_eq!(chinese.json()["title"], "缺少参数");
    assert_eq!(chinese.header("content-language"), "zh-CN");
    let english = running.get_with(path, &[("accept-language", "de")]).expect(400);
    assert_eq!(english.json()["title"], "A parameter is missing");
}

fn foreign_names_and_methods_are_refused(running: &Running) {
    for host in ["evil.example", "127.0.0.1.evil.example:8080", "192.168.1.1"] {
        running.get_with("/v1/city", &[("host", host)]).expect(421);
    }
    running.get_with("/health/live", &[("host", "localhost:1234")]).expect(200);
    running.post_json("/v1/nearby?lon=1&lat=2", &json!({})).expect(405);
    running.get("/v1/within").expect(405);
}

fn pages_and_data_are_kept_apart(running: &Running) {
    for page in ["/", "/map", "/case/HM1", "/api/docs", "/api/problems/refused"] {
        let reply = running.get(page).expect(200);
        assert!(reply.header("content-type").starts_with("text/html"), "{page}");
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{page}: {policy}");
        assert!(!reply.text().contains("http://"), "{page} reaches outside");
    }
    for nothing in [
        "/v1/none",
        "/tiles/base/1",
        "/tiles/base/tms/Mars",
        "/tiles/base/tms/CGCS2000Quad/0/0/0",
        "/tiles/none/tms",
        "/fonts/../Cargo.toml",
        "/fonts/none.woff2",
        "/none.js",
        "/api/none",
    ] {
        let reply = running.get(nothing).expect(404);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{nothing}");
    }
    running.get("/styles").expect(200);
    running.get("/fonts").expect(200);
}
