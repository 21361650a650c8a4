//! Filters and times choose the rows that they name, and no text, however hostile, does more than be refused.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "a test that did not run must say so")]

use std::path::PathBuf;

use cim_mirror::{Row, Table, TableBuilder, WorldBox};
use cim_model::{Collection, Record, Value};
use cim_tile::{
    Counted, DatetimeError, Filter, FilterError, LayerSource, Selection, SelectionError, TileSource, Tileset,
    ValueKind,
};
use geo_types::Point;

const NOW_MS: i64 = 1_780_272_000_000;

/// Rows of some collections.
struct Rows(Vec<(Collection, Table)>);

impl TileSource for Rows {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        for (collection, table) in &self.0 {
            if source == LayerSource::Collection(*collection) {
                table.meeting(bounds).into_iter().for_each(|number| take(table.row(number)));
            }
        }
    }

    fn now_ms(&self) -> i64 {
        NOW_MS
    }
}

fn table(collection: Collection, rows: &[&[(&str, Value)]]) -> (Collection, Table) {
    let spec = collection.spec();
    let mut builder = TableBuilder::new(spec.fields, |_| true);
    for (id, row) in (1..).zip(rows) {
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        record.values[spec.position("geom").unwrap()] = Value::Geometry(Point::new(121.17, 31.89).into());
        for (name, value) in *row {
            record.values[spec.position(name).unwrap()] = value.clone();
        }
        builder.push(id, 0, &record);
    }
    (collection, builder.finish())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn time(text: &str) -> Value {
    Value::Time(text.parse().unwrap())
}

/// Four cases and two cameras.
fn city() -> Rows {
    let cases: [&[(&str, Value)]; 4] = [
        &[
            ("title", text("占道经营")),
            ("state", text("in_progress")),
            ("urgency", text("urgent")),
            ("category_code", text("0101")),
            ("received_at", time("2026-05-01T00:00:00Z")),
            ("due_at", time("2026-05-03T00:00:00Z")),
            ("is_key", Value::Bool(true)),
        ],
        &[
            ("title", text("Street Light")),
            ("state", text("closed")),
            ("urgency", text("normal")),
            ("category_code", text("0102")),
            ("received_at", time("2026-04-01T00:00:00Z")),
            ("closed_at", time("2026-04-05T00:00:00Z")),
            ("is_key", Value::Bool(false)),
        ],
        &[
            ("title", text("street noise")),
            ("state", text("cancelled")),
            ("category_code", text("0203")),
            ("received_at", time("2026-04-10T00:00:00Z")),
        ],
        &[
            ("title", text("100%_done\\")),
            ("state", text("assigned")),
            ("urgency", text("critical")),
            ("received_at", time("2026-05-30T00:00:00Z")),
            ("due_at", time("2026-06-01T12:00:00Z")),
        ],
    ];
    let cameras: [&[(&str, Value)]; 2] = [
        &[("name", text("路口")), ("status", text("online"))],
        &[("name", text("Gate 2")), ("status", text("offline"))],
    ];
    Rows(vec![table(Collection::Case, &cases), table(Collection::Camera, &cameras)])
}

fn tileset(name: &str) -> Tileset {
    Tileset::built_in().unwrap().into_iter().find(|tileset| tileset.name == name).unwrap()
}

fn chosen(rows: &Rows, selection: &Selection, collection: Collection) -> Vec<i64> {
    let mut ids = Vec::new();
    let source = LayerSource::Collection(collection);
    selection.of(rows).rows(source, 15, &WorldBox::WORLD, &mut |row| ids.push(row.id()));
    ids.sort_unstable();
    ids
}

fn select(tileset: &Tileset, filter: &str) -> Result<Selection, FilterError> {
    match tileset.select(Some(&filter.parse::<Filter>()?), None) {
        Ok(selection) => Ok(selection.unwrap()),
        Err(SelectionError::Filter(error)) => Err(error),
        Err(other) => panic!("{filter}: {other}"),
    }
}

#[test]
fn filters_choose_the_rows_that_they_name() {
    let (city, linkage) = (city(), tileset("linkage"));
    let check = |filter: &str, cases: &[i64], cameras: &[i64]| {
        let selection = select(&linkage, filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        assert_eq!(chosen(&city, &selection, Collection::Case), cases, "{filter}");
        assert_eq!(chosen(&city, &selection, Collection::Camera), cameras, "{filter}");
    };
    check("state = 'closed'", &[2], &[]);
    check("\"state\" = 'closed'", &[2], &[]);
    check("'closed' = state", &[2], &[]);
    check("state <> 'closed'", &[1, 3, 4], &[]);
    check("NOT state = 'closed'", &[1, 3, 4], &[]);
    check("urgency <> 'normal'", &[1, 4], &[]);
    check("NOT (urgency = 'normal')", &[1, 4], &[]);
    check("urgency IS NULL", &[3], &[1, 2]);
    check("urgency IS NOT NULL", &[1, 2, 4], &[]);
    check("state IN ('closed', 'assigned')", &[2, 4], &[]);
    check("state NOT IN ('closed','assigned')", &[1, 3], &[]);
    check("category_code BETWEEN '0101' AND '0102'", &[1, 2], &[]);
    check("category_code NOT BETWEEN '0101' AND '0102'", &[3], &[]);
    check("category_code LIKE '01%'", &[1, 2], &[]);
    check("category_code NOT LIKE '01%'", &[3], &[]);
    check("title LIKE '占道__'", &[1], &[]);
    check("title LIKE 'street%'", &[3], &[]);
    check("CASEI(title) LIKE CASEI('STREET%')", &[2, 3], &[]);
    check("casei(title) = casei('STREET light')", &[2], &[]);
    check("title LIKE '100\\%%'", &[4], &[]);
    check("is_key = true", &[1], &[]);
    check("is_key = FALSE OR status = 'online'", &[2], &[1]);
    check("is_key <> TRUE", &[2], &[]);
    check("overdue = TRUE", &[1], &[]);
    check("due_soon = TRUE", &[4], &[]);
    check("received_at >= TIMESTAMP('2026-05-01T08:00:00+08:00')", &[1, 4], &[]);
    check("TIMESTAMP('2026-05-01T08:00:00+08:00') > received_at", &[2, 3], &[]);
    check(
        "received_at BETWEEN TIMESTAMP('2026-04-01T00:00:00Z') AND TIMESTAMP('2026-04-30T00:00:00Z')",
        &[2, 3],
        &[],
    );
    check("state = 'closed' OR urgency = 'urgent' AND overdue = TRUE", &[1, 2], &[]);
    check("(state = 'closed' OR urgency = 'urgent') AND is_key = FALSE", &[2], &[]);
    check("state = 'closed' OR state IS NULL", &[2], &[1, 2]);
    check("TRUE", &[1, 2, 3, 4], &[1, 2]);
    check("NOT TRUE", &[], &[]);
    check("name = 'Gate 2'", &[], &[2]);
}

#[test]
fn a_measured_height_and_one_by_floors_are_asked_for_alike() {
    let buildings: [&[(&str, Value)]; 3] = [
        &[("height_m", Value::Float(31.5)), ("floors_above", Value::Int(5)), ("use", text("office"))],
        &[("floors_above", Value::Int(20)), ("use", text("residential"))],
        &[("use", text("shop"))],
    ];
    let city = Rows(vec![table(Collection::Building, &buildings)]);
    let building = tileset("building");
    let check = |filter: &str, expected: &[i64]| {
        let selection = select(&building, filter).unwrap();
        assert_eq!(chosen(&city, &selection, Collection::Building), expected, "{filter}");
    };
    check("height_m > 30", &[1, 2]);
    check("height_m BETWEEN 31.5 AND 59.9", &[1]);
    check("height_assumed = TRUE AND height_m IS NOT NULL", &[2]);
    check("floors_above IN (5, 20.0)", &[1, 2]);
    check("floors_above > -1 AND floors_above < +1e1", &[1]);
    check("height_m IS NULL", &[3]);
}

#[test]
fn a_time_chooses_what_was_there_and_leaves_what_has_no_time() {
    let (city, linkage) = (city(), tileset("linkage"));
    let check = |datetime: &str, expected: &[i64]| {
        let selection = linkage.select(None, Some(datetime.parse().unwrap())).unwrap().unwrap();
        assert_eq!(chosen(&city, &selection, Collection::Case), expected, "{datetime}");
        assert_eq!(chosen(&city, &selection, Collection::Camera), [1, 2], "{datetime}");
    };
    check("2026-04-02T00:00:00Z", &[2]);
    check("2026-04-05T00:00:00Z", &[]);
    check("2026-05-02T00:00:00Z", &[1]);
    check("2026-05-31T00:00:00Z", &[1, 4]);
    check("2026-04-04T00:00:00Z/2026-05-01T00:00:00Z", &[1, 2, 3]);
    check("../2026-04-09T00:00:00Z", &[2]);
    check("2026-04-11T00:00:00Z/..", &[1, 4]);
    let both = linkage
        .select(Some(&"urgency = 'critical'".parse().unwrap()), Some("2026-05-31T00:00:00Z".parse().unwrap()))
        .unwrap()
        .unwrap();
    assert_eq!(chosen(&city, &both, Collection::Case), [4]);
}

#[test]
fn counts_by_grid_are_left_out_of_a_selection() {
    struct Any;
    impl TileSource for Any {
        fn rows<'a>(&'a self, source: LayerSource, _: u8, _: &WorldBox, _: &mut dyn FnMut(Row<'a>)) {
            assert!(matches!(source, LayerSource::Collection(_)), "{source:?}");
        }
        fn now_ms(&self) -> i64 {
            0
        }
    }
    let selection = select(&tileset("linkage"), "state = 'closed'").unwrap();
    let counts = LayerSource::Count(Counted { of: Collection::Case, level: Collection::Town });
    selection.of(&Any).rows(counts, 11, &WorldBox::WORLD, &mut |_| panic!("a count"));
}

#[test]
fn a_tileset_that_does_not_allow_it_says_so() {
    let filter: Filter = "name = 'x'".parse().unwrap();
    let at = "2026-04-02T00:00:00Z".parse().unwrap();
    let refused = |name: &str, filter, at| tileset(name).select(filter, at).unwrap_err();
    let name = |name: &str| name.to_owned();
    assert_eq!(
        refused("base", Some(&filter), None),
        SelectionError::Filter(FilterError::NotAllowed { tileset: name("base") })
    );
    assert_eq!(
        refused("building", None, Some(at)),
        SelectionError::Datetime(DatetimeError::NotAllowed { tileset: name("building") })
    );
    assert_eq!(
        refused("boundary", None, Some(at)),
        SelectionError::Datetime(DatetimeError::BoundariesAreOfOneMoment)
    );
    assert!(tileset("boundary").select(None, None).unwrap().is_none());
}

#[test]
fn what_is_wrong_is_named_with_the_remedy() {
    let linkage = tileset("linkage");
    let refused = |filter: &str| select(&linkage, filter).unwrap_err();
    for (filter, part) in [
        ("content = 'x'", "`content` is not queryable here; queryable are state,"),
        ("geom IS NULL", "`geom` is not queryable"),
        ("state = 3", "`state` is a text in single quotes, not a number"),
        ("state = closed", "one property compared with written values"),
        ("received_at > '2026-05-01'", "TIMESTAMP('2026-03-01T08:00:00+08:00'), not a text"),
        ("received_at > DATE('2026-05-01')", "not a day"),
        ("is_key = 'true'", "`is_key` is TRUE or FALSE"),
        ("state = 'a' AND", "at character 16: found the end"),
        ("state == 'a'", "at character 8: found `=`"),
        ("state 'a'", "at character 7: found 'a', expected =,"),
        ("(state = 'a'", "found the end, expected )"),
        ("state = 'a')", "at character 12: found `)`, expected AND, OR or the end"),
        ("state = 'a", "' without an end"),
        ("state IN ()", "found `)`"),
        ("state IS 3", "expected NULL"),
        ("received_at > TIMESTAMP('soon')", "found 'soon', expected TIMESTAMP("),
        ("floors + 1 > 3", "arithmetic is not supported"),
        ("S_INTERSECTS(geom, BBOX(1,2,3,4))", "the function S_INTERSECTS is not supported"),
        ("state > 'a' + 'b'", "arithmetic"),
        ("ACCENTI(title) = 'a'", "the function ACCENTI"),
        ("", "found the end, expected a comparison"),
        ("NOT", "found the end, expected a comparison"),
        ("{\"op\":\"=\"}", "at character 1: found `{`"),
        ("AND = 'x'", "found `AND`"),
    ] {
        let said = refused(filter).to_string();
        assert!(said.contains(part), "{filter}: {said}");
    }
}

#[test]
fn hostile_texts_meet_limits() {
    let refused = |filter: &str| filter.parse::<Filter>().unwrap_err();
    assert!(matches!(refused(&"x".repeat(5_000)), FilterError::TooLong { .. }));
    assert!(matches!(refused(&"(".repeat(4_000)), FilterError::TooDeep { .. }));
    assert!(matches!(refused(&"NOT ".repeat(1_000)), FilterError::TooDeep { .. }));
    assert!(matches!(refused(&"CASEI(".repeat(600)), FilterError::TooDeep { .. }));
    assert!(matches!(refused(&format!("a LIKE {}", "CASEI(".repeat(600))), FilterError::TooDeep { .. }));
    assert!(matches!(refused(&format!("a IN ({}1)", "1,".repeat(1_000))), FilterError::TooManyTerms { .. }));
    assert!(matches!(refused(&"a=1 OR ".repeat(500)), FilterError::TooManyTerms { .. }));
    assert!(matches!(refused("a = 1e999"), FilterError::Syntax { .. }));
    let many = format!("{}b=2", "a=1 AND ".repeat(190));
    assert!(many.parse::<Filter>().is_ok());
}

#[test]
fn a_soup_of_words_is_read_or_refused_and_never_more() {
    let words = [
        "state",
        "'closed'",
        "'",
        "\"",
        "=",
        "<>",
        "<",
        "(",
        ")",
        ",",
        "AND",
        "OR",
        "NOT",
        "IN",
        "LIKE",
        "BETWEEN",
        "IS",
        "NULL",
        "CASEI(",
        "TIMESTAMP('2026-01-01T00:00:00Z')",
        "DATE(",
        "1",
        "-1.5e3",
        "é",
        "\u{0}",
        "🏙",
        "\\",
        "%",
        "TRUE",
        "received_at",
        "^",
        "div",
        ";--",
        "\u{202e}",
    ];
    let mut seed = 99_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let (city, linkage) = (city(), tileset("linkage"));
    let mut read = 0;
    for _ in 0..60_000 {
        let soup: Vec<&str> = (0..=next(9)).map(|_| words[next(words.len())]).collect();
        match select(&linkage, &soup.join(if next(3) == 0 { "" } else { " " })) {
            Ok(selection) => {
                read += 1;
                let _ids = chosen(&city, &selection, Collection::Case);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn queryables_are_listed_with_their_kinds_and_codes() {
    let queryables = tileset("linkage").queryables();
    let find = |name: &str| queryables.iter().find(|queryable| queryable.name == name).unwrap();
    assert_eq!(find("received_at").kind, ValueKind::Instant);
    assert_eq!(find("overdue").kind, ValueKind::Bool);
    assert_eq!(find("status").codes, ["online", "offline", "unknown"]);
    assert_eq!(find("status").layers, ["camera"]);
    assert!(find("state").codes.contains(&"self_handled") && find("state").codes.contains(&"in_progress"));
    assert!(tileset("boundary").queryables().is_empty());
}

/// The examples of the standard, or none with a word about it.
fn examples(kind: &str) -> Vec<(String, String)> {
    let Some(root) = std::env::var_os("CIM_TEST_DATA").map(PathBuf::from) else {
        println!("did not run: CIM_TEST_DATA names no folder");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("conformance/cql2/examples").join(kind))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_example_of_the_standard_is_read_or_told_what_is_not_supported() {
    let (mut read, mut refused) = (0, 0);
    for (name, text) in examples("text") {
        match text.parse::<Filter>() {
            Ok(_) => read += 1,
            // They are right CQL2, so nothing may be called wrong in them.
            Err(FilterError::Unsupported { what }) => {
                assert!(!what.is_empty(), "{name}");
                refused += 1;
            }
            Err(other) => panic!("{name}: {other}\n{text}"),
        }
    }
    println!("read {read}, refused {refused}");
    assert!(refused == 0 || read > 50, "read {read}, refused {refused}");
    for (name, text) in examples("json") {
        assert!(
            matches!(text.parse::<Filter>(), Err(FilterError::Syntax { .. } | FilterError::TooLong { .. })),
            "{name}"
        );
    }
}
