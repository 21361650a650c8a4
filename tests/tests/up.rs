//! `cim up --demo small` from an empty home to a living map, and again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::time::Duration;

use cim_tests::running::{Home, Reply, Running};
use cim_tests::schema::{answer_schema, differences};
use cim_tests::tile_dump;
use serde_json::{Value, json};

const UP: [&str; 8] = ["up", "--open", "--demo", "small", "--live-rate", "0", "--listen", "127.0.0.1:0"];

/// A place of the demo that has everything around it.
struct Place {
    lon: f64,
    lat: f64,
}

#[test]
fn an_empty_home_becomes_a_living_map_and_the_second_start_loads_nothing() {
    let home = Home::new();
    let running = home.start(&UP);
    let document = running.get("/api/openapi.json").expect(200).json();
    let counts = the_town_is_there(&running, &document);
    let place = a_busy_place(&running);
    tiles_show_it_at_every_zoom(&running, &document, &place);
    questions_are_answered(&running, &document, &place);
    batches_agree_with_single_questions(&running, &document, &place);
    let case_no = a_case_lives(&running, &document, &place);
    the_server_tells_how_it_is(&running);
    running.assert_log_clean();
    assert!(running.stop().success());

    let again = home.start(&UP);
    let log = again.log();
    assert!(!log.contains("Generate"), "the second start generated again:\n{log}");
    let mut counts_again = the_town_is_there(&again, &document);
    counts_again.entry("case".to_owned()).and_modify(|count| *count -= 1);
    assert_eq!(counts_again, counts);
    again.get(&format!("/v1/cases/{case_no}")).expect(200);
    again.assert_log_clean();
    assert!(again.stop().success());
}

#[test]
fn a_start_that_was_killed_half_way_is_finished_by_the_next_and_the_city_comes_alive() {
    let home = Home::new();
    home.kill_when(&UP, "[2/4]");
    let running =
        home.start(&["up", "--open", "--demo", "small", "--live-rate", "600", "--listen", "127.0.0.1:0"]);
    wait_until("everything is said", || running.said().contains("Stop with Ctrl-C"));
    let said = running.said();
    let links: Vec<&str> = said.split_whitespace().filter(|word| word.contains("/?c=")).collect();
    assert_eq!(links.len(), 3, "a hot spot, a case and a camera: {said}");
    for link in links {
        running.get(link.strip_prefix(&running.address).unwrap()).expect(200);
    }
    let cases = || running.get("/health/fresh").expect(200).json()["counts"]["case"].as_u64().unwrap();
    let before = cases();
    let event = running.first_event("/v1/events?topics=tiles", || {});
    assert!(event.starts_with("event: "), "{event}");
    let posted = || {
        let metrics = running.get("/metrics").expect(200).text();
        let line = "cim_http_requests_total{method=\"POST\",route=\"/v1/cases/{id}/events\",status=\"200\"} ";
        metrics.lines().find_map(|one| one.strip_prefix(line)).and_then(|count| count.parse::<u64>().ok())
    };
    wait_until("live cases move on", || posted().unwrap_or_default() > 10 && cases() > before);
    running.assert_log_clean();
    assert!(running.stop().success());
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    for _ in 0..600 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what}: not within a minute");
}

/// The answer, compared with what the document says about it.
fn described(document: &Value, template: &str, reply: &Reply) -> Value {
    let value = reply.json();
    let method = if reply.posted { "post" } else { "get" };
    let media = reply.header("content-type").to_owned();
    let schema = answer_schema(document, method, template, reply.status, &media)
        .unwrap_or_else(|| panic!("{method} {template} {} {media} is not described", reply.status));
    let found = differences(document, schema, &value);
    assert!(found.is_empty(), "{}: {found:#?}", reply.path);
    value
}

fn the_town_is_there(running: &Running, document: &Value) -> BTreeMap<String, u64> {
    let health = described(document, "/health/ready", &running.get("/health/ready").expect(200));
    described(document, "/health/fresh", &running.get("/health/fresh").expect(200));
    described(document, "/health/live", &running.get("/health/live").expect(200));
    assert_eq!(health["stale"], false);
    let city = described(document, "/v1/city", &running.get("/v1/city").expect(200));
    assert_eq!(city["synthetic"], true);
    let counts: BTreeMap<String, u64> = serde_json::from_value(city["counts"].clone()).unwrap();
    for collection in
        ["town", "village", "comprehensive_grid", "micro_grid", "building", "camera", "case", "road"]
    {
        assert!(counts.get(collection).is_some_and(|count| *count > 0), "no {collection}: {counts:?}");
    }
    counts
}

fn a_busy_place(running: &Running) -> Place {
    let city = running.get("/v1/city").expect(200).json();
    let bounds: Vec<f64> = serde_json::from_value(city["bounds"].clone()).unwrap();
    let (lon, lat) = (f64::midpoint(bounds[0], bounds[2]), f64::midpoint(bounds[1], bounds[3]));
    let path = format!("/v1/nearby?lon={lon}&lat={lat}&radius_m=5000&kinds=camera&limit=1");
    let camera = running.get(&path).expect(200).json()["items"][0].clone();
    Place { lon: camera["lon"].as_f64().unwrap(), lat: camera["lat"].as_f64().unwrap() }
}

/// The XYZ tile over a place.
fn tile_at(place: &Place, zoom: u8) -> String {
    let across = f64::from(1_u32 << zoom);
    let x = ((place.lon + 180.0) / 360.0 * across).floor();
    let latitude = place.lat.to_radians();
    let y = ((1.0 - latitude.tan().asinh() / std::f64::consts::PI) / 2.0 * across).floor();
    format!("{zoom}/{x}/{y}")
}

fn tiles_show_it_at_every_zoom(running: &Running, document: &Value, place: &Place) {
    described(document, "/tiles", &running.get("/tiles").expect(200));
    for tileset in ["base", "boundary", "building", "linkage"] {
        described(document, "/tiles/{tileset}", &running.get(&format!("/tiles/{tileset}")).expect(200));
    }
    for (tileset, zoom, layers) in [
        ("boundary", 9, vec!["town", "village"]),
        ("boundary", 11, vec!["comprehensive_grid", "village"]),
        ("boundary", 13, vec!["micro_grid", "comprehensive_grid"]),
        ("base", 13, vec!["road"]),
        ("building", 14, vec!["building"]),
        ("linkage", 14, vec!["camera"]),
        ("linkage", 12, vec!["case_count"]),
    ] {
        let path = format!("/tiles/{tileset}/{}", tile_at(place, zoom));
        // Cases are counted by grid in the background, just after the city is ready.
        wait_until(&path, || running.get(&path).status == 200);
        let tile = running.get(&path).expect(200);
        let dump = tile_dump::dump(&tile.bytes);
        for layer in layers {
            assert!(
                dump.lines().any(|line| line.starts_with(&format!("{layer} "))),
                "{path} lacks {layer}:\n{dump}"
            );
        }
        tiles_are_compressed_and_remembered(running, &path, &tile);
    }
    tiles_are_cut_in_degrees_too(running, document, place);
    tiles_show_chosen_rows(running, place);
    running.get("/tiles/building/3/6/3").expect(204);
    running.get("/tiles/base/3/8/0").expect(404);
    running.get("/tiles/nothing/0/0/0").expect(404);
}

fn tiles_are_cut_in_degrees_too(running: &Running, document: &Value, place: &Place) {
    let sets = "/tiles/{tileset}/tms";
    described(document, sets, &running.get("/tiles/linkage/tms").expect(200));
    let set = "/tiles/{tileset}/tms/{tileMatrixSetId}";
    let tianditu = described(document, set, &running.get("/tiles/linkage/tms/CGCS2000Quad").expect(200));
    let level =
        tianditu["tileMatrices"].as_array().unwrap().iter().find(|level| level["id"] == "14").unwrap();
    let degrees = level["cellSize"].as_f64().unwrap() * level["tileWidth"].as_f64().unwrap();
    let (row, column) = (((90.0 - place.lat) / degrees).floor(), ((place.lon + 180.0) / degrees).floor());
    let path = format!("/tiles/linkage/tms/CGCS2000Quad/14/{row}/{column}");
    let tile = running.get(&path).expect(200);
    assert!(tile_dump::dump(&tile.bytes).lines().any(|line| line.starts_with("camera ")), "{path}");
    let twin = running.get(&format!("/tiles/linkage/tms/WorldCRS84Quad/13/{row}/{column}")).expect(200);
    assert_eq!(twin.header("etag"), tile.header("etag"));
    tiles_are_compressed_and_remembered(running, &path, &tile);
}

fn tiles_show_chosen_rows(running: &Running, place: &Place) {
    let tile = format!("/tiles/linkage/{}", tile_at(place, 14));
    let filtered =
        format!("{tile}?filter=status%20IN%20(%27online%27)%20AND%20CASEI(gb_id)%20LIKE%20%273%25%27");
    let plain = running.get(&filtered).expect(200);
    let dump = tile_dump::dump(&plain.bytes);
    assert!(dump.lines().any(|line| line.starts_with("camera ")), "{dump}");
    assert!(!dump.lines().any(|line| line.starts_with("case ")), "{dump}");
    tiles_are_compressed_and_remembered(running, &filtered, &plain);
    running.get(&format!("{tile}?datetime=2001-01-01T00:00:00Z&filter=state%3D%27closed%27")).expect(204);
}

fn tiles_are_compressed_and_remembered(running: &Running, path: &str, plain: &Reply) {
    assert_eq!(plain.header("cache-control"), "no-cache");
    assert_eq!(plain.header("content-encoding"), "");
    assert!(plain.header("vary").contains("Accept-Encoding"));
    assert!(!plain.header("x-cim-snapshot").is_empty());
    for token in ["zstd", "br", "gzip"] {
        let packed = running.get_with(path, &[("accept-encoding", token)]).expect(200);
        assert_eq!(packed.header("content-encoding"), token, "{path}");
        assert_ne!(packed.header("etag"), plain.header("etag"));
        let known = [("if-none-match", packed.header("etag")), ("accept-encoding", token)];
        assert!(running.get_with(path, &known).expect(304).bytes.is_empty());
        if token == "gzip" {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(packed.bytes.as_slice()).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain.bytes);
        }
    }
    running.get_with(path, &[("accept-encoding", "identity;q=0, br;q=0, zstd;q=0, gzip;q=0")]).expect(406);
}

fn questions_are_answered(running: &Running, document: &Value, place: &Place) {
    let Place { lon, lat } = place;
    let here = format!("lon={lon}&lat={lat}");
    let nearby = running.get(&format!("/v1/nearby?{here}&radius_m=800&limit=50")).expect(200);
    let nearby = described(document, "/v1/nearby", &nearby);
    let items = nearby["items"].as_array().unwrap();
    let distances: Vec<f64> = items.iter().map(|item| item["distance_m"].as_f64().unwrap()).collect();
    assert_eq!(items.len(), 50);
    assert!(distances.is_sorted() && distances.iter().all(|metres| *metres <= 800.0), "{distances:?}");

    let answer = running.get(&format!("/v1/responsibility?{here}")).expect(200);
    let answer = described(document, "/v1/responsibility", &answer);
    let levels: Vec<&str> =
        answer["chain"].as_array().unwrap().iter().map(|unit| unit["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["micro_grid", "comprehensive_grid", "village", "town", "district"]);
    assert_eq!(answer["inside"], true);
    let posts = answer["chain"].as_array().unwrap().iter().flat_map(|unit| unit["posts"].as_array().unwrap());
    assert!(posts.count() > 0, "nobody is responsible");

    let far = described(
        document,
        "/v1/responsibility",
        &running.get("/v1/responsibility?lon=100&lat=10").expect(200),
    );
    assert_eq!((&far["inside"], far["chain"].as_array().map(Vec::len)), (&json!(false), Some(0)));
    assert!(far["nearest"]["distance_m"].as_f64().unwrap() > 1_000_000.0);

    // The same place in the systems that phones and local maps use.
    for crs in ["gcj02", "bd09"] {
        let path = format!("/v1/nearby?{here}&radius_m=1&kinds=camera&crs_out={crs}");
        let shifted = running.get(&path).expect(200).json();
        let (x, y) = (&shifted["items"][0]["lon"], &shifted["items"][0]["lat"]);
        let path = format!("/v1/nearby?lon={x}&lat={y}&crs={crs}&radius_m=1&kinds=camera");
        let back = running.get(&path).expect(200).json();
        assert!((back["items"][0]["lon"].as_f64().unwrap() - lon).abs() < 1e-7, "{back}");
    }

    // Noise at night, fumes of a works and cars on the pavement at one point: three departments lead.
    let lead = |category: &str| {
        let answer =
            running.get(&format!("/v1/responsibility?{here}&category={category}")).expect(200).json();
        assert_eq!(answer["departments"][0]["role"], "lead", "{answer}");
        answer["departments"][0]["code"].as_str().unwrap().to_owned()
    };
    let leads = [lead("040402"), lead("050201"), lead("010901")];
    assert!(leads[0] != leads[1] && leads[1] != leads[2] && leads[0] != leads[2], "{leads:?}");
}

fn batches_agree_with_single_questions(running: &Running, document: &Value, place: &Place) {
    let mut csv = "name,lon,lat\n".to_owned();
    let mut points = Vec::new();
    for step in 0..400 {
        let lon = place.lon + f64::from(step % 20 - 10) * 0.0007;
        let lat = place.lat + f64::from(step / 20 - 10) * 0.0007;
        let _ = writeln!(csv, "p{step},{lon},{lat}");
        points.push(json!({ "id": step, "lon": lon, "lat": lat }));
    }
    csv.push_str("broken,somewhere,31.9\n\"quoted, name\",999,31.9\n");
    let answer = running.post("/v1/responsibility/batch", "text/csv", csv.as_bytes()).expect(200);
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 402);
    assert!(lines[0].starts_with("name,lon,lat,inside,micro_grid_code,"), "{}", lines[0]);
    assert!(lines[401].contains("`somewhere` is not a number"), "{}", lines[401]);
    assert!(lines[402].starts_with("\"quoted, name\",999,31.9,,"), "{}", lines[402]);

    let batch = running.post_json("/v1/responsibility/batch", &json!({ "points": points })).expect(200);
    let rows = described(document, "/v1/responsibility/batch", &batch)["rows"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 400);
    for (step, row) in rows.iter().enumerate() {
        assert_eq!(row["id"], json!(step));
        let first = row["chain"][0]["code"].as_str().unwrap_or_default();
        assert_eq!(lines[step + 1].split(',').nth(4).unwrap(), first);
        if step % 37 == 0 {
            let (lon, lat) = (&points[step]["lon"], &points[step]["lat"]);
            let single = running.get(&format!("/v1/responsibility?lon={lon}&lat={lat}")).expect(200).json();
            assert_eq!(single["chain"][0]["code"].as_str().unwrap_or_default(), first);
            assert_eq!(single["responsible"], row["responsible"]);
        }
    }
}

fn a_case_lives(running: &Running, document: &Value, place: &Place) -> String {
    let case = json!({
        "source_system": "e2e", "source_no": "1", "title": "路灯不亮", "category_code": "011105", "lon": place.lon, "lat": place.lat,
    });
    let created = running.post_json("/v1/cases", &case).expect(201);
    let xid = created.header("x-cim-xid").to_owned();
    let location = created.header("location").to_owned();
    let created = described(document, "/v1/cases", &created);
    let case_no = created["case_no"].as_str().unwrap().to_owned();
    assert_eq!(location, format!("/v1/cases/{case_no}"));
    assert_eq!(created["state"], "registered");
    assert!(created["ties"]["micro_grid_code"].is_string(), "{created}");

    let again = running.post_json("/v1/cases", &case).expect(200);
    assert_eq!((again.header("x-cim-xid"), again.header("x-cim-snapshot").is_empty()), ("", false));
    assert_eq!(again.json()["case_no"], case_no.as_str());

    let here = format!("lon={}&lat={}", place.lon, place.lat);
    let near = running.get(&format!("/v1/nearby?{here}&radius_m=5&kinds=case&min_xid={xid}")).expect(200);
    let items = near.json()["items"].as_array().unwrap().clone();
    assert!(items.iter().any(|item| item["id"] == case_no.as_str()), "{items:?}");

    let events = format!("/v1/cases/{case_no}/events");
    let refused = running.post_json(&events, &json!({ "event": "resolve" })).expect(409);
    let problem = described(document, "/v1/cases/{id}/events", &refused);
    assert_eq!(problem["type"], "/api/problems/state-conflict");
    assert!(problem["allowed_events"].as_array().unwrap().contains(&json!("accept")), "{problem}");
    let accepted = running.post_json(&events, &json!({ "event": "accept", "actor": "e2e" })).expect(200);
    let accepted = described(document, "/v1/cases/{id}/events", &accepted);
    assert_eq!(accepted["state"], "accepted");
    let case =
        described(document, "/v1/cases/{id}", &running.get(&format!("/v1/cases/{case_no}")).expect(200));
    assert_eq!(case["events"].as_array().unwrap().len(), 2, "{case}");
    running.get("/v1/cases/no-such-case").expect(404);
    case_no
}

fn the_server_tells_how_it_is(running: &Running) {
    let metrics = running.get("/metrics").expect(200).text();
    for line in [
        "cim_mirror_ready 1",
        "cim_http_requests_total{method=\"GET\",route=\"/v1/nearby\",status=\"200\"}",
        "cim_http_requests_total{method=\"GET\",route=\"/tiles/{tileset}/{z}/{x}/{y}\",status=\"304\"}",
        "cim_features{collection=\"building\"}",
        "process_resident_memory_bytes ",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
}
