//! Many who ask for the same tile at once wait for one drawing of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::sync::Barrier;
use std::thread::scope;
use std::time::Duration;

use cim_tests::running::{Home, Running};
use cim_tests::wire::WireRequest;

const READERS: usize = 500;
const UP: [&str; 8] = ["up", "--open", "--demo", "small", "--live-rate", "0", "--listen", "127.0.0.1:0"];

#[test]
fn five_hundred_who_ask_for_a_cold_tile_at_once_cause_one_drawing() {
    let home = Home::new();
    let running = home.start(&UP);
    // Buildings of the whole town, and a base map that is drawn long enough for everybody to arrive meanwhile.
    for tile in ["building/13/6855/3328", "base/12/3427/1664", "base/14/13710/6656"] {
        one_drawing_serves_all(&running, &format!("/tiles/{tile}"));
    }
    running.assert_log_clean();
    assert!(running.stop().success());
}

fn one_drawing_serves_all(running: &Running, path: &str) {
    let before = drawn(running);
    let request = WireRequest::whole("GET", path, &[("accept-encoding", "gzip")], b"");
    let together = Barrier::new(READERS);
    let tiles: Vec<Vec<u8>> = scope(|scope| {
        let read = || {
            together.wait();
            let reply = request.send(&running.address, Duration::from_mins(1));
            assert_eq!(reply.status, Some(200), "{path}: {}", reply.head);
            reply.body
        };
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    assert!(!tiles[0].is_empty() && tiles.iter().all(|tile| *tile == tiles[0]), "{path}: all get the same");
    assert_eq!(drawn(running) - before, 1, "{path}: drawn once");
    // Who comes later is served from what was drawn.
    assert_eq!(request.send(&running.address, Duration::from_mins(1)).body, tiles[0]);
    assert_eq!(drawn(running) - before, 1, "{path}: drawn once");
}

/// How many tiles the server has drawn.
fn drawn(running: &Running) -> u64 {
    let page = running.get("/metrics").expect(200).text();
    let line = page.lines().find(|line| line.starts_with("cim_tiles_drawn_total ")).unwrap();
    line.rsplit(' ').next().unwrap().parse().unwrap()
}
