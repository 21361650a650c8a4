//! Real files of other cities taken in as cases and cameras, through the address that sources use.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on ends, and says what it saw"
)]

use std::path::{Path, PathBuf};

use cim_tests::running::{Home, Running};
use serde_json::{Value, json};

const SERVE: [&str; 6] = ["up", "--open", "--live-rate", "0", "--listen", "127.0.0.1:0"];
const LINES_AT_ONCE: usize = 10_000;

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("CIM_TEST_DATA").map(PathBuf::from);
    if data.is_none() {
        println!("did not run: CIM_TEST_DATA is not set");
    }
    data
}

/// A file of requests as the lines of a source, each with its number, title, place and times.
fn requests(file: &Path, system: &str, columns: [&str; 5]) -> Vec<String> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let headers = reader.headers().unwrap().clone();
    let place = columns.map(|name| headers.iter().position(|header| header == name).unwrap());
    let line = |row: csv::StringRecord| {
        let [number, title, received, lon, lat] = place.map(|column| row[column].to_owned());
        let mut case = json!({ "source_system": system, "source_no": number, "title": title });
        // The files name no zone.
        let received = received.replace(' ', "T").chars().take(19).collect::<String>();
        case["received_at"] = format!("{received}Z").into();
        match (lon.parse::<f64>(), lat.parse::<f64>()) {
            (Ok(lon), Ok(lat)) => (case["lon"], case["lat"]) = (lon.into(), lat.into()),
            _ => case["location_not_needed"] = true.into(),
        }
        case.to_string()
    };
    reader.records().map(|row| line(row.unwrap())).collect()
}

/// What became of the lines, and the last transaction that wrote.
fn sent(running: &Running, path: &str, lines: &[String]) -> (u64, u64, u64, Vec<Value>, String) {
    let mut sum = (0, 0, 0, Vec::new(), String::new());
    for lines in lines.chunks(LINES_AT_ONCE) {
        let reply = running.post(path, "application/x-ndjson", lines.join("\n").as_bytes()).expect(200);
        reply.header("x-cim-xid").clone_into(&mut sum.4);
        let answer = reply.json();
        let count = |name: &str| answer[name].as_u64().unwrap();
        sum.0 += count("created");
        sum.1 += count("changed");
        sum.2 += count("unchanged") + count("stale");
        sum.3.extend(answer["refused"].as_array().unwrap().clone());
    }
    sum
}

#[test]
fn the_requests_of_two_cities_are_taken_in_once_however_often_they_are_sent() {
    let Some(data) = data() else { return };
    let home = Home::new();
    let running = home.start(&SERVE);
    for (file, system, columns, all) in [
        (
            "hotline/la_311_39999.csv",
            "la-311",
            ["srnumber", "requesttype", "createddate", "longitude", "latitude"],
            39_999,
        ),
        (
            "hotline/chicago_311_5000.csv",
            "chicago-311",
            ["sr_number", "sr_type", "created_date", "longitude", "latitude"],
            5_000,
        ),
    ] {
        let lines = requests(&data.join(file), system, columns);
        assert_eq!(lines.len(), all);
        let (created, changed, other, refused, _) = sent(&running, "/v1/cases", &lines);
        println!("{file}: {created} new, {changed} changed, {other} as before, {} refused", refused.len());
        assert!(refused.is_empty(), "{}", refused[0]);
        assert_eq!((created + other, changed), (all as u64, 0));
        let (created, changed, other, refused, _) = sent(&running, "/v1/cases", &lines);
        assert_eq!((created, changed, other, refused.len()), (0, 0, all as u64, 0));
    }
    running.assert_log_clean();
    assert!(running.stop().success());
}

#[test]
fn cameras_of_openstreetmap_see_by_direction_or_say_that_it_is_assumed() {
    let Some(data) = data() else { return };
    let text = std::fs::read_to_string(data.join("cameras/osm_surveillance.geojson")).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let lines: Vec<String> = file["features"].as_array().unwrap().iter().map(camera).collect();
    assert_eq!(lines.len(), 387);
    let home = Home::new();
    let running = home.start(&SERVE);
    let (created, _, other, refused, xid) = sent(&running, "/v1/cameras", &lines);
    assert_eq!((created + other, refused.len()), (387, 0));
    let cameras = running.get("/v1/cameras?limit=1000").expect(200).json();
    let cameras = cameras["items"].as_array().unwrap();
    let directed = cameras.iter().filter(|camera| camera["azimuth_deg"].is_number()).count();
    assert!(directed >= 25, "{directed}");
    for camera in cameras {
        // The list comes from the database, the view from the mirror, which may be some milliseconds behind.
        let path = format!("/v1/cameras/{}/view?min_xid={xid}", camera["id"].as_str().unwrap());
        let view = running.get(&path).expect(200).json();
        // No range is known of any of them.
        assert_eq!(view["camera"]["is_assumed"], true, "{camera}");
        assert_eq!(view["camera"]["azimuth_deg"], camera["azimuth_deg"]);
        assert_eq!(view["features"][0]["properties"]["sight"], "assumed");
    }
    assert!(running.stop().success());
}

fn camera(feature: &Value) -> String {
    let tags = &feature["properties"];
    let at = feature["geometry"]["coordinates"].as_array().unwrap();
    let number = |tag: &str| tags[tag].as_str().and_then(|text| text.parse::<f64>().ok());
    let mut camera = json!({
        "gb_id": tags["osm_id"].to_string(), "name": "OpenStreetMap", "status": "unknown", "lon": at[0], "lat": at[1],
    });
    for (field, tag) in [
        ("azimuth_deg", "camera:direction"),
        ("azimuth_deg", "direction"),
        ("field_angle_deg", "camera:angle"),
        ("mount_height_m", "height"),
    ] {
        if let Some(value) = number(tag) {
            camera[field] = value.into();
        }
    }
    camera.to_string()
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once() {
    let home = Home::new();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let running = home.start(&SERVE);
        for number in 0..40 {
            let case = json!({
                "source_system": "k", "source_no": format!("{round}-{number}"), "title": "积水", "location_not_needed": true,
            });
            running.post_json("/v1/cases", &case).expect(201);
            acknowledged.push(format!("k-{round}-{number}"));
        }
        // Unclean, with a batch under way.
        let lines: Vec<String> = (0..5_000)
            .map(|number| {
                json!({ "source_system": "b", "source_no": format!("{round}-{number}"), "title": "x" })
                    .to_string()
            })
            .collect();
        std::thread::scope(|scope| {
            let body = lines.join("\n");
            let address = running.address.trim_start_matches("http://").to_owned();
            scope.spawn(move || send_and_forget(&address, &body));
            std::thread::sleep(std::time::Duration::from_millis(60));
            running.kill();
        });
    }
    let running = home.start(&SERVE);
    for case_no in &acknowledged {
        running.get(&format!("/v1/cases/{case_no}")).expect(200);
    }
    let mut batch_rows = 0;
    let mut after = String::new();
    loop {
        let page = running.get(&format!("/v1/cases?limit=1000{after}")).expect(200).json();
        let items = page["items"].as_array().unwrap();
        batch_rows += items.iter().filter(|item| item["source_system"] == "b").count();
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(batch_rows % 5_000, 0, "a batch is there whole or not at all");
    assert!(running.stop().success());
}

/// Sends a batch without waiting for the answer.
fn send_and_forget(address: &str, body: &str) {
    use std::io::Write as _;
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return };
    let head = format!(
        "POST /v1/cases HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    std::thread::sleep(std::time::Duration::from_millis(200));
}
