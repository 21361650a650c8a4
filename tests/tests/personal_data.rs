//! 500 people planted by the real interface: found nowhere afterwards but in reveals that the audit log tells of.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use cim_tests::door::Door;
use serde_json::{Value, json};

const PEOPLE: usize = 500;
const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// Somebody who is like nobody else in the city.
struct Planted {
    name: String,
    phone: String,
    address: String,
}

fn planted(number: usize) -> Planted {
    let word: String =
        format!("{number:03}").bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect();
    Planted {
        name: format!("鼍{word}"),
        phone: format!("1990{:07}", 4_417_003 + number * 7),
        address: format!("鼍巷{word}号"),
    }
}

fn case(number: usize, at: (f64, f64)) -> Value {
    let Planted { name, phone, address } = planted(number);
    json!({
        "source_system": "canary", "source_no": number.to_string(),
        "title": format!("{name}反映噪音"), "content": format!("来电人{name}，电话{phone}，请回复{name}。"),
        "raw_location": format!("联系电话{phone}"), "lon": at.0, "lat": at.1, "category_code": "01",
        "reporter": { "name": name, "phone": phone, "address": address },
    })
}

#[test]
fn five_hundred_people_are_found_nowhere_but_in_audited_reveals() {
    let door = Door::open();
    let (operator, commander) = (door.sign_in("operator"), door.sign_in("commander"));
    let some = door.cases(&commander).into_iter().find(|case| case["lon"].is_f64()).unwrap();
    let at = (some["lon"].as_f64().unwrap(), some["lat"].as_f64().unwrap());
    let mut heard = Heard::default();
    let events = door.running.first_event_with("/v1/events?topics=tiles", &[("cookie", &commander)], || {
        plant_many(&door, &operator, at, &mut heard);
    });
    heard.take("events", events.as_bytes());
    plant_one_by_one(&door, &operator, at, &mut heard);
    ask_wrongly(&door, &operator, at, &mut heard);
    ask_everything(&door, &commander, at, &mut heard);
    masked_is_what_everybody_sees(&door, &operator);
    let audited = reveal_some(&door, &operator, &commander);
    export(&door, &mut heard);
    heard.0.insert("log".to_owned(), door.running.log().into_bytes());
    heard.0.insert("said".to_owned(), door.running.said().into_bytes());
    let home = door.home.path();
    assert!(door.running.stop().success());
    // Tables, indexes, the write-ahead log, PostgreSQL's log, caches, keys: all files of the home.
    heard.read_folder(&home);
    assert!(heard.0.values().map(Vec::len).sum::<usize>() > 10_000_000, "the search looked at something");
    heard.assert_nobody();
    assert_eq!(audited, 6);
}

/// Bytes that somebody or something could read.
#[derive(Default)]
struct Heard(BTreeMap<String, Vec<u8>>);

impl Heard {
    fn take(&mut self, what: impl Into<String>, bytes: &[u8]) {
        self.0.entry(what.into()).or_default().extend_from_slice(bytes);
    }

    fn read_folder(&mut self, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                self.read_folder(&entry.path());
            } else if kind.is_file() {
                self.take(entry.path().display().to_string(), &fs::read(entry.path()).unwrap());
            }
        }
    }

    fn assert_nobody(&self) {
        let patterns: Vec<String> = (0..PEOPLE)
            .flat_map(|number| {
                let Planted { name, phone, address } = planted(number);
                [name, phone, address]
            })
            .collect();
        let search = aho_corasick::AhoCorasick::new(&patterns).unwrap();
        for (what, bytes) in &self.0 {
            if let Some(found) = search.find(bytes) {
                let from = found.start().saturating_sub(80);
                let around =
                    String::from_utf8_lossy(&bytes[from..bytes.len().min(found.end() + 80)]).into_owned();
                panic!("{} in {what}: {around}", patterns[found.pattern().as_usize()]);
            }
        }
    }
}

/// By the batch.
fn plant_many(door: &Door, operator: &str, at: (f64, f64), heard: &mut Heard) {
    let lines: Vec<String> = (100..PEOPLE).map(|number| case(number, at).to_string()).collect();
    let headers = [("cookie", operator), ("content-type", "application/x-ndjson")];
    let reply =
        door.running.send_body("POST", "/v1/cases", &headers, lines.join("\n").as_bytes()).expect(200);
    assert_eq!(reply.json()["created"], PEOPLE - 100);
    heard.take("answers to batches", &reply.bytes);
}

/// One by one, again, and changed.
fn plant_one_by_one(door: &Door, operator: &str, at: (f64, f64), heard: &mut Heard) {
    let cookie = [("cookie", operator)];
    for (numbers, status) in [(0..100, 201), (90..110, 200)] {
        for number in numbers {
            let reply = door.running.post_with("/v1/cases", &cookie, Some(&case(number, at))).expect(status);
            heard.take("answers to cases", &reply.bytes);
        }
    }
    for number in 0..20 {
        let path = format!("/v1/cases/canary-{number}");
        let version = door.get(&path, operator).expect(200).header("etag").to_owned();
        let given = case(number, at);
        let change = json!({"content": given["content"], "reporter": given["reporter"], "is_key": true});
        let headers =
            [("cookie", operator), ("content-type", "application/json"), ("if-match", version.as_str())];
        let body = change.to_string();
        let reply = door.running.send_body("PATCH", &path, &headers, body.as_bytes()).expect(200);
        heard.take("answers to changes", &reply.bytes);
        let note = json!({"event": "reject", "note": format!("已电话{}告知", planted(number).phone)});
        let reply = door.running.post_with(&format!("{path}/events"), &cookie, Some(&note)).expect(200);
        heard.take("answers to events", &reply.bytes);
    }
}

/// Personal data in every place where they do not belong: a refusal repeats none.
fn ask_wrongly(door: &Door, operator: &str, at: (f64, f64), heard: &mut Heard) {
    let good = case(400, at);
    let Planted { name, phone, .. } = planted(400);
    let mut wrong = Vec::new();
    for member in good.as_object().unwrap().keys().map(String::as_str).chain([
        "crs",
        "urgency",
        "received_at",
        "accuracy_m",
        "state",
        "is_key",
        "channel",
        "lead_department_code",
    ]) {
        // A text in the place of a text is no mistake that anybody could see.
        let is_text = ["channel", "lead_department_code", "category_code", "source_system", "source_no"];
        let mut values = vec![json!({"x": name}), json!([phone]), json!(phone.parse::<u64>().unwrap())];
        values.extend((!is_text.contains(&member)).then(|| json!(name)));
        for value in values {
            let mut case = good.clone();
            case[member] = value;
            wrong.push(case.to_string());
        }
    }
    let whole = good.to_string();
    let cuts = whole.char_indices().map(|(place, _)| place).step_by(3);
    wrong.extend(cuts.map(|place| whole.get(..place).unwrap().to_owned()));
    wrong.push(whole.replace("\"lon\"", &format!("\"{name}\"")));
    wrong.push(whole.replace("\"lon\"", &format!("\"{phone}\"")));
    for body in &wrong {
        for kind in ["application/json", "application/x-ndjson"] {
            let headers = [("cookie", operator), ("content-type", kind)];
            let reply = door.running.send_body("POST", "/v1/cases", &headers, body.as_bytes());
            assert!(reply.status < 500, "{} {body}", reply.status);
            // What became a case of its own has its own words as title.
            if !(200..300).contains(&reply.status) || kind.ends_with("ndjson") {
                heard.take(format!("refusals as {kind}"), &reply.bytes);
            }
        }
    }
    for reply in [
        door.get(&format!("/v1/cases/{phone}"), operator),
        door.get(&format!("/v1/locate?text={phone}"), operator),
        door.get(&format!("/v1/nearby?lon={phone}&lat=1&radius_m=1"), operator),
    ] {
        assert!(reply.status < 500, "{}", reply.text());
    }
}

/// Lists, tiles, counts, figures: whatever can be asked about the place where they live.
fn ask_everything(door: &Door, commander: &str, at: (f64, f64), heard: &mut Heard) {
    let (lon, lat) = at;
    let mut paths = vec![
        format!("/v1/nearby?lon={lon}&lat={lat}&radius_m=400&kinds=case&limit=1000"),
        format!("/v1/around?lon={lon}&lat={lat}&radius_m=400"),
        "/v1/around/case/canary-7".to_owned(),
        "/v1/cases/canary-7/repeats".to_owned(),
        "/v1/ties?state=failed&limit=1000".to_owned(),
        format!("/v1/locate/reverse?lon={lon}&lat={lat}"),
        format!("/v1/responsibility?lon={lon}&lat={lat}"),
        "/v1/city".to_owned(),
        "/health/fresh".to_owned(),
    ];
    paths.extend((0..PEOPLE).step_by(10).map(|number| format!("/v1/cases/canary-{number}")));
    for zoom in 5..=17_u32 {
        let side = f64::from(1_u32 << zoom);
        let x = ((lon + 180.0) / 360.0 * side).floor();
        let y = ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side).floor();
        for tileset in ["linkage", "base", "boundary"] {
            paths.push(format!("/tiles/{tileset}/{zoom}/{x}/{y}"));
        }
    }
    for path in paths {
        let reply = door.get(&path, commander);
        assert!(reply.status < 500, "{path}");
        heard.take(path.split('?').next().unwrap_or_default(), &reply.bytes);
    }
    let square = json!({"type": "Polygon", "coordinates": [[
        [lon - 0.01, lat - 0.01], [lon + 0.01, lat - 0.01], [lon + 0.01, lat + 0.01], [lon - 0.01, lat + 0.01],
        [lon - 0.01, lat - 0.01]
    ]]});
    let within = json!({"area": square, "kinds": ["case"], "limit": 1000});
    let reply = door.running.post_with("/v1/within", &[("cookie", commander)], Some(&within));
    heard.take("within", &reply.bytes);
    heard.take("cases", serde_json::to_string(&door.cases(commander)).unwrap().as_bytes());
    heard.take("metrics", &door.get("/metrics", &door.sign_in("sysadmin")).expect(200).bytes);
}

fn masked_is_what_everybody_sees(door: &Door, operator: &str) {
    let case = door.get("/v1/cases/canary-123", operator).expect(200).json();
    assert_eq!(case["reporter"], json!({"name": "鼍***", "phone": "199****7864", "address": "******"}));
    assert_eq!(case["title"], "鼍***反映噪音");
    assert_eq!(case["content"], "来电人鼍***，电话199****7864，请回复鼍***。");
}

/// The number of rows that the audit log has of it.
fn reveal_some(door: &Door, operator: &str, commander: &str) -> usize {
    let reveal = |cookie: &str, case: &str, reason: &str| {
        let body = json!({ "reason": reason });
        door.running.post_with(&format!("/v1/cases/{case}/reveal"), &[("cookie", cookie)], Some(&body))
    };
    reveal(operator, "canary-123", "电话回访诉求人").expect(403);
    reveal(commander, "canary-123", " x ").expect(422);
    reveal(commander, "no-such-case", "电话回访诉求人").expect(404);
    for number in [0, 123, 499] {
        let revealed = reveal(commander, &format!("canary-{number}"), "电话回访诉求人").expect(200);
        assert_eq!(revealed.header("cache-control"), "no-store");
        let (Planted { name, phone, address }, revealed) = (planted(number), revealed.json());
        assert_eq!((&revealed["name"], &revealed["phone"]), (&json!(name), &json!(phone)));
        assert_eq!(revealed["address"], json!(address));
        assert_eq!(revealed["content"], json!(format!("来电人{name}，电话{phone}，请回复{name}。")));
    }
    let search = |cookie: &str, phone: &str| {
        let body = json!({"phone": phone, "reason": "核对重复来电"});
        door.running.post_with("/v1/search/phone", &[("cookie", cookie)], Some(&body))
    };
    let phone = planted(123).phone;
    search(operator, &phone).expect(403);
    let (prefix, rest) = phone.split_at(3);
    let spaced = format!("+86 {prefix}-{}-{}", rest.split_at(4).0, rest.split_at(4).1);
    for written in [&phone, &spaced] {
        assert_eq!(search(commander, written).expect(200).json()["case_nos"], json!(["canary-123"]));
    }
    assert_eq!(search(commander, "19900000000").expect(200).json()["case_nos"], json!([]));
    let page = door.get("/v1/audit?limit=1000", &door.sign_in("auditor")).expect(200).json();
    let rows = page["items"].as_array().unwrap();
    let told = rows.iter().filter(|row| {
        ["reveal_person", "search_by_phone"].contains(&row["action"].as_str().unwrap_or_default())
    });
    assert!(page.to_string().contains("电话回访诉求人") && page.to_string().contains("199****7864"));
    told.count()
}

fn export(door: &Door, heard: &mut Heard) {
    let file = door.home.file("linkage.mbtiles");
    let output = door.home.run(&["export", "tiles", "linkage", &file.display().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let archive = rusqlite::Connection::open(file).unwrap();
    let mut tiles = archive.prepare("select tile_data from tiles").unwrap();
    let tiles = tiles.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    for tile in tiles {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(tile.unwrap().as_slice()).read_to_end(&mut plain).unwrap();
        heard.take("export", &plain);
    }
}
