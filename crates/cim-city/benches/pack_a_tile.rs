//! What does it cost to pack a real tile, by encoding and level, and how small does it get?
//!
//! The tiles come from a running server: `cargo bench -p cim-city --bench pack_a_tile -- http://127.0.0.1:8080`.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fmt::Display;
use std::time::{Duration, Instant};

use cim_city::{Encoding, Packers, PackingLevels};
use cim_mirror::WorldPoint;

const GROUPS: [(&str, u8); 7] = [
    ("building", 13),
    ("building", 14),
    ("building", 15),
    ("building", 16),
    ("linkage", 14),
    ("boundary", 9),
    ("boundary", 13),
];
const MOST_TILES: usize = 200;
const ROUNDS: usize = 4;

fn main() {
    let Some(server) = std::env::args().find(|argument| argument.starts_with("http")) else {
        println!("name a running server that has a city: -- http://127.0.0.1:8080");
        return;
    };
    for (tileset, zoom) in GROUPS {
        let tiles = fetch(&server, tileset, zoom);
        if tiles.is_empty() {
            continue;
        }
        let bytes: usize = tiles.iter().map(Vec::len).sum();
        println!("\n{tileset} z{zoom}: {} tiles, {} bytes each", tiles.len(), bytes / tiles.len());
        for level in [-5, -1, 1, 3] {
            measure(&tiles, Encoding::Zstd, level, PackingLevels { zstd: level, ..PackingLevels::default() });
        }
        for level in [1, 4, 6] {
            measure(&tiles, Encoding::Gzip, level, PackingLevels { gzip: level, ..PackingLevels::default() });
        }
        for level in [0, 1, 2, 3, 4] {
            measure(
                &tiles,
                Encoding::Brotli,
                level,
                PackingLevels { brotli: level, ..PackingLevels::default() },
            );
        }
    }
}

fn measure(tiles: &[Vec<u8>], encoding: Encoding, level: impl Display, levels: PackingLevels) {
    let packers = Packers::new(levels);
    let plain: usize = tiles.iter().map(Vec::len).sum();
    let (mut best, mut packed) = (Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let copies = tiles.to_vec();
        let begun = Instant::now();
        packed = copies
            .into_iter()
            .map(|tile| packers.pack(tile, encoding).expect("a tile can be packed").len())
            .sum();
        best = best.min(begun.elapsed());
    }
    let name = encoding.content_encoding().unwrap_or("identity");
    let count = u32::try_from(tiles.len()).unwrap_or(u32::MAX);
    let (time_us, share) = ((best / count).as_secs_f64() * 1e6, percent(packed, plain));
    println!("  {name:>5} {level:>3}  {time_us:8.1} us a tile  {share:5.1} %");
}

#[expect(clippy::cast_precision_loss, reason = "a share is printed to a tenth of a percent")]
fn percent(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64 * 100.0
}

/// The tiles of a zoom that hold something, spread evenly over the city.
fn fetch(server: &str, tileset: &str, zoom: u8) -> Vec<Vec<u8>> {
    let city: serde_json::Value =
        serde_json::from_slice(&get(&format!("{server}/v1/city"))).expect("the server answers");
    let degrees = |place: usize| city["bounds"][place].as_f64().expect("a city is loaded");
    let corner = |lon, lat| {
        let point = WorldPoint::from(cim_crs::LonLat { lon, lat });
        (point.x >> (32 - u32::from(zoom)), point.y >> (32 - u32::from(zoom)))
    };
    let ((west, north), (east, south)) = (corner(degrees(0), degrees(3)), corner(degrees(2), degrees(1)));
    let all: Vec<(u32, u32)> = (west..=east).flat_map(|x| (north..=south).map(move |y| (x, y))).collect();
    let step = all.len().div_ceil(MOST_TILES).max(1);
    all.iter()
        .step_by(step)
        .map(|(x, y)| get(&format!("{server}/tiles/{tileset}/{zoom}/{x}/{y}")))
        .filter(|tile| tile.len() > 200)
        .collect()
}

fn get(address: &str) -> Vec<u8> {
    let answer = ureq::get(address).header("accept-encoding", "identity").call().expect("the server answers");
    answer.into_body().read_to_vec().expect("a body")
}
