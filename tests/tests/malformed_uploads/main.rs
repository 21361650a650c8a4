//! Uploads that make no sense, hundreds of them at every address that takes one: each is refused, and nothing of them stays.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod batches;
mod framing;
mod objects;
mod places;
mod shapes;
mod upload;
mod values;

use std::sync::Mutex;
use std::thread::scope;
use std::time::Duration;

use cim_tests::door::Door;
use cim_tests::running::Running;
use serde_json::json;

use crate::framing::{GIVEN_UP_WITHIN, broken_framing, stopped_bodies_are_given_up};
use crate::upload::{Upload, complaint};

/// From the last byte sent to the last byte of the answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
/// Bodies on their way at once.
const AT_ONCE: usize = 4;
/// How much the server may hold after a round that it did not hold after the same round before. What the allocator keeps
/// still settles: 7 to 8 MB were measured, and 137 MB held at most after six rounds where 122 were after the first; one
/// long body that stayed would be 32.
const MORE_MEMORY_BYTES: u64 = 20 << 20;

#[test]
fn malformed_uploads_are_refused_and_leave_nothing_behind() {
    let door = Door::open();
    let (running, session) = (&door.running, door.sign_in("commander"));
    let uploads = every_upload(running, &session);
    assert!(uploads.len() >= 300, "{} uploads", uploads.len());
    let counts =
        || running.get_with("/v1/city", &[("cookie", &session)]).expect(200).json()["counts"].clone();
    let counts_before = counts();
    // Once for whatever grows with use: caches, pools, the heaps of threads.
    send_all(running, &uploads);
    let before = resident_bytes(running);
    send_all(running, &uploads);
    let after = resident_bytes(running);
    println!("{} uploads; {} MB held before, {} MB after", uploads.len(), before >> 20, after >> 20);
    assert!(after < before + MORE_MEMORY_BYTES, "{before} bytes were held before, {after} after");
    stopped_bodies_are_given_up(running, &session);
    assert_eq!(counts(), counts_before, "nothing was taken in");
    let case = json!({"source_system": "well", "source_no": "1", "title": "well-formed", "location_not_needed": true});
    running.post_with("/v1/cases", &[("cookie", &session)], Some(&case)).expect(201);
    assert!(!running.log().contains(" ERROR ") && !running.log().contains("panicked"), "{}", running.log());
    assert!(door.running.stop().success());
}

/// Sends them, some at once, and complains of every answer that is not what was due.
fn send_all(running: &Running, uploads: &[Upload]) {
    let (rest, wrong) = (Mutex::new(uploads.iter()), Mutex::new(Vec::new()));
    scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(upload) = rest.lock().unwrap().next() else { return };
                    let reply = upload.request.send(&running.address, GIVEN_UP_WITHIN);
                    if let Some(complaint) = complaint(upload.due, &reply) {
                        wrong.lock().unwrap().push(format!("{}: {complaint}", upload.name));
                    } else if reply.took > ANSWERED_WITHIN {
                        wrong.lock().unwrap().push(format!("{}: after {:?}", upload.name, reply.took));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), uploads.len(), wrong.join("\n"));
}

/// What the process holds once it has had time to give back what it does not need.
fn resident_bytes(running: &Running) -> u64 {
    std::thread::sleep(Duration::from_secs(2));
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

/// All of them, for whoever may send to every address.
fn every_upload(running: &Running, session: &str) -> Vec<Upload> {
    let places = places::places(running, session);
    let mut uploads: Vec<Upload> =
        places.iter().flat_map(|place| objects::broken_objects(place, session)).collect();
    uploads.extend(batches::broken_lines(session));
    uploads.extend(batches::broken_tables(session));
    uploads.extend(shapes::impossible_shapes(session));
    uploads.extend(values::impossible_values(&places, session));
    uploads.extend(broken_framing(session));
    uploads
}
