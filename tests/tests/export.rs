//! `cim export tiles`: archives whose tiles are the server's, the same bytes every time, resumed where they were interrupted.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cim_tests::running::{Home, Running};
use pmtiles::{AsyncPmTilesReader, MmapBackend, TileCoord};
use rusqlite::Connection;

/// Houses to a side of the square town.
const SIDE: u32 = 40;
const WEST: f64 = 121.10;
const SOUTH: f64 = 31.85;
/// From one house to the next, degrees.
const STEP: f64 = 0.002;
const SIGXFSZ: i32 = 25;

type Tiles = BTreeMap<(u8, u32, u32), Vec<u8>>;

/// A pack of houses in rows, `floors` high.
fn write_pack(home: &Home, floors: u32) -> PathBuf {
    let folder = home.file("pack");
    fs::create_dir_all(&folder).unwrap();
    let manifest = "city = \"Rowtown\"\ndivision_code = \"320614\"\ncrs = \"wgs84\"\n\n[[source]]\n\
        collection = \"building\"\nfile = \"houses.geojson\"\n[source.fields]\ncode = \"code\"\nfloors_above = \"floors\"\n";
    fs::write(folder.join("city.toml"), manifest).unwrap();
    let mut features = String::new();
    for number in 0..SIDE * SIDE {
        let (column, row) = (f64::from(number % SIDE), f64::from(number / SIDE));
        let (west, south) = (WEST + column * STEP, SOUTH + row * STEP);
        let (east, north) = (west + 0.0003, south + 0.0002);
        let separator = if number == 0 { "" } else { "," };
        write!(
            features,
            "{separator}{{\"type\":\"Feature\",\"properties\":{{\"code\":\"H{number}\",\"floors\":{floors}}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west:.6},{south:.6}],[{east:.6},{south:.6}],\
             [{east:.6},{north:.6}],[{west:.6},{north:.6}],[{west:.6},{south:.6}]]]}}}}"
        )
        .unwrap();
    }
    let collection = format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}");
    fs::write(folder.join("houses.geojson"), collection).unwrap();
    folder
}

fn load(home: &Home, floors: u32) {
    let pack = write_pack(home, floors);
    let loaded = home.run(&["load", pack.to_str().unwrap()]);
    assert!(loaded.status.success(), "{}", text(&loaded));
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn command(home: &Home, archive: &Path, more: &[&str]) -> Command {
    let mut arguments = vec!["export", "tiles", "building", archive.to_str().unwrap()];
    arguments.extend(more);
    home.command(&arguments)
}

fn export(home: &Home, archive: &Path, more: &[&str]) -> String {
    let exported = command(home, archive, more).output().unwrap();
    assert!(exported.status.success(), "{}", text(&exported));
    text(&exported)
}

/// The same export, which may write no file longer than so many blocks of 512 bytes. Where it would, the system ends it in
/// the middle of the write, or with `as_error` answers as a full disk does.
fn export_within(home: &Home, archive: &Path, blocks: u32, as_error: bool) -> Output {
    let plain = command(home, archive, &[]);
    let trap = if as_error { "trap '' XFSZ; " } else { "" };
    let mut limited = Command::new("sh");
    limited.arg("-c").arg(format!("{trap}ulimit -f {blocks}; exec \"$0\" \"$@\""));
    limited.arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited.output().unwrap()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// The columns and rows of a zoom around the town, a tile more on every side.
fn around(z: u8) -> Vec<(u8, u32, u32)> {
    let side = f64::from(1_u32 << z);
    let column = |lon: f64| (lon + 180.0) / 360.0 * side;
    let row = |lat: f64| (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * side;
    let end = f64::from(SIDE) * STEP;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in the middle of the matrix"
    )]
    let whole = |number: f64| number as u32;
    let columns = whole(column(WEST)) - 1..=whole(column(WEST + end)) + 1;
    let rows = whole(row(SOUTH + end)) - 1..=whole(row(SOUTH)) + 1;
    rows.flat_map(|y| columns.clone().map(move |x| (z, x, y))).collect()
}

/// Everything that the server answers for the zooms.
fn served(running: &Running, zooms: std::ops::RangeInclusive<u8>) -> Tiles {
    let mut tiles = Tiles::new();
    for (z, x, y) in zooms.flat_map(around) {
        let reply = running.get(&format!("/tiles/building/{z}/{x}/{y}"));
        if reply.status == 200 {
            tiles.insert((z, x, y), reply.bytes);
        } else {
            assert_eq!(reply.status, 204, "{z}/{x}/{y}");
        }
    }
    tiles
}

fn in_pmtiles(archive: &Path, zooms: std::ops::RangeInclusive<u8>) -> Tiles {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let reader =
            AsyncPmTilesReader::try_from_source(MmapBackend::try_from(archive).await.unwrap()).await.unwrap();
        let header = reader.get_header();
        assert_eq!((header.min_zoom, header.max_zoom), (*zooms.start(), *zooms.end()));
        let mut tiles = Tiles::new();
        for (z, x, y) in zooms.flat_map(around) {
            if let Some(bytes) = reader.get_tile(TileCoord::new(z, x, y).unwrap()).await.unwrap() {
                tiles.insert((z, x, y), unpacked(&bytes));
            }
        }
        assert_eq!(header.n_addressed_tiles().unwrap().get(), tiles.len() as u64, "and no tile elsewhere");
        tiles
    })
}

fn in_mbtiles(archive: &Path) -> Tiles {
    let database = Connection::open(archive).unwrap();
    let mut select =
        database.prepare("select zoom_level, tile_column, tile_row, tile_data from tiles").unwrap();
    let rows = select.query_map((), |row| {
        let (z, x, from_south): (u8, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(((z, x, (1_u32 << z) - 1 - from_south), unpacked(&row.get::<_, Vec<u8>>(3)?)))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_archive_holds_the_servers_tiles_whatever_happened_on_the_way() {
    let home = Home::new();
    load(&home, 3);
    let running = home.start(&["serve", "--open", "--listen", "127.0.0.1:0"]);
    let (first, second) = (home.file("first.pmtiles"), home.file("second.pmtiles"));
    export(&home, &first, &[]);
    let whole = fs::read(&first).unwrap();
    let tiles = served(&running, 13..=17);
    assert!(tiles.len() > 1_000, "{}", tiles.len());
    assert_eq!(in_pmtiles(&first, 13..=17), tiles);

    it_goes_on_after_a_sudden_end(&home, &second, &whole);
    a_full_disk_leaves_no_half_archive(&home, &whole);
    a_part_is_chosen_by_zoom_and_box(&home, &tiles);
    let rows = home.file("a.mbtiles");
    export(&home, &rows, &[]);
    assert_eq!(in_mbtiles(&rows), tiles);
    wrong_usage_is_told(&home);
    let told =
        "select actor || ' ' || detail from cim.audit where action = 'export_data' and subject = 'building'";
    let told = text(&home.run(&["psql", "-At", "-c", told]));
    assert!(told.starts_with("command line ") && told.contains(r#""bbox":["#), "{told}");

    // The data change while an export is interrupted.
    let third = home.file("third.pmtiles");
    assert_eq!(export_within(&home, &third, 40, false).status.signal(), Some(SIGXFSZ));
    load(&home, 4);
    assert!(export(&home, &third, &[]).contains("data have changed"));
    assert_ne!(fs::read(&third).unwrap(), whole);
    let snapshot = running.get("/health/ready").expect(200).json()["snapshot"].as_str().unwrap().to_owned();
    running.get(&format!("/v1/city?min_snapshot={snapshot}")).expect(200);
    assert_eq!(in_pmtiles(&third, 13..=17), served(&running, 13..=17));
    running.assert_log_clean();
    assert!(running.stop().success());
}

fn it_goes_on_after_a_sudden_end(home: &Home, archive: &Path, whole: &[u8]) {
    let ended = export_within(home, archive, 40, false);
    assert_eq!(ended.status.signal(), Some(SIGXFSZ), "{}", text(&ended));
    let partial = archive.with_extension("pmtiles.part");
    assert!(!archive.exists() && partial.exists());
    let mut again = command(home, archive, &[]);
    let again = again.env("RAYON_NUM_THREADS", "1").output().unwrap();
    assert!(again.status.success() && text(&again).contains("going on: "), "{}", text(&again));
    assert!(fs::read(archive).unwrap() == whole, "the same bytes, by one thread and in two parts");
    assert!(!partial.exists());
}

fn a_full_disk_leaves_no_half_archive(home: &Home, whole: &[u8]) {
    let archive = home.file("full.pmtiles");
    let full = export_within(home, &archive, 40, true);
    assert_eq!(full.status.code(), Some(1), "{}", text(&full));
    assert!(text(&full).contains("the same command goes on from there"), "{}", text(&full));
    assert!(!archive.exists() && !archive.with_extension("pmtiles.new").exists());
    assert!(export(home, &archive, &[]).contains("going on: "));
    assert!(fs::read(&archive).unwrap() == whole);
}

fn a_part_is_chosen_by_zoom_and_box(home: &Home, tiles: &Tiles) {
    let archive = home.file("part.pmtiles");
    let (east, north) = (WEST + 0.01, SOUTH + 0.01);
    export(home, &archive, &["--zoom", "0-14", "--bbox", &format!("{WEST},{SOUTH},{east},{north}")]);
    let part = in_pmtiles(&archive, 13..=14);
    assert!(!part.is_empty() && part.iter().all(|(place, bytes)| tiles.get(place) == Some(bytes)));
    assert!(part.len() < tiles.keys().filter(|(z, ..)| *z <= 14).count());
}

fn wrong_usage_is_told(home: &Home) {
    let archive = home.file("wrong.pmtiles");
    let archive = archive.to_str().unwrap();
    let missing = home.file("missing/a.pmtiles");
    let zip = home.file("a.zip");
    for (arguments, words) in [
        (vec!["nothing", archive], "there are base, boundary, building, linkage"),
        (vec!["building", archive, "--zoom", "3-5"], "the zooms of tileset `building` are 13-17"),
        (vec!["building", archive, "--zoom", "5-3"], "write FIRST-LAST"),
        (vec!["building", archive, "--bbox", "1,2,3"], "west,south,east,north"),
        (vec!["building", archive, "--bbox", "-70,-30,-69,-29"], "nothing lies in the chosen tiles"),
        (vec!["building", missing.to_str().unwrap()], "does not exist: make it first"),
        (vec!["building", zip.to_str().unwrap()], ".pmtiles or .mbtiles"),
    ] {
        let refused = home.run(&[&["export", "tiles"], &arguments[..]].concat());
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {}", text(&refused));
        assert!(text(&refused).contains(words), "{arguments:?}: {}", text(&refused));
    }
    assert!(!Path::new(archive).exists() && !Path::new(&format!("{archive}.part")).exists());
}
