//! Packs and files loaded into a real database: what changes, what does not, and what is refused.

#![expect(clippy::unwrap_used, reason = "helpers of tests are outside #[test]")]

mod support;

use cim_crs::Crs;
use cim_load::{FileSource, LoadReport, Outcome};
use cim_model::Collection;
use support::{Loader, rules, stored};

const TOWNS: &str = "code,name,kind,geom\n\
    001,东镇,town,\"POLYGON((121.0 31.0,121.1 31.0,121.1 31.1,121.0 31.1,121.0 31.0))\"\n\
    002,西镇,town,\"POLYGON((121.1 31.0,121.2 31.0,121.2 31.1,121.1 31.1,121.1 31.0))\"\n";
const BUILDINGS: &str = "code,name,height_m,geom\n\
    b1,一号楼,12.5,\"POLYGON((121.01 31.01,121.0101 31.01,121.0101 31.0101,121.01 31.0101,121.01 31.01))\"\n\
    b2,,,\"POLYGON((121.02 31.01,121.0201 31.01,121.0201 31.0101,121.02 31.0101,121.02 31.01))\"\n";
const PACK: &str = "city = '试验市'\ndivision_code = '320614'\ncrs = 'cgcs2000'\nsynthetic = true\n\
    [[source]]\ncollection = 'town'\nfile = 'town.csv'\n\
    [[source]]\ncollection = 'building'\nfile = 'building.csv'\n";

fn counts(report: &LoadReport, collection: &str) -> (u64, u64, u64, u64) {
    let one = report.collections.iter().find(|one| one.collection == collection).unwrap();
    (one.read, one.loaded, one.changed, one.unchanged)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_loaded_and_a_second_load_changes_nothing() {
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", BUILDINGS)]).await;
    let first = loader.load().await;
    assert_eq!(first.outcome, Outcome::Loaded, "{}", support::readable(&first));
    assert_eq!(counts(&first, "town"), (2, 2, 0, 0));
    assert_eq!(counts(&first, "building"), (2, 2, 0, 0));
    let second = loader.load().await;
    assert!(second.changed_nothing(), "{}", support::readable(&second));
    assert_eq!(counts(&second, "town"), (2, 0, 0, 2));
    assert_eq!(counts(&second, "building"), (2, 0, 0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_changed() {
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", BUILDINGS)]).await;
    loader.load().await;
    loader.write("building.csv", &BUILDINGS.replace("12.5", "15"));
    let report = loader.load().await;
    assert_eq!(counts(&report, "building"), (2, 0, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_a_load_would_do_and_does_nothing() {
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", BUILDINGS)]).await;
    let report = loader.dry_run().await;
    assert_eq!(report.outcome, Outcome::Checked);
    assert_eq!(counts(&report, "building"), (2, 2, 0, 0));
    assert_eq!(stored(&loader, Collection::Building).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_with_one_key_refuse_the_pack_and_both_are_named() {
    let twice = format!("{BUILDINGS}{}", BUILDINGS.lines().nth(1).unwrap());
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", &twice)]).await;
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Refused);
    let finding = report.findings.iter().find(|finding| finding.rule == "duplicate_key").unwrap();
    assert_eq!(
        (finding.file.as_deref(), finding.row, finding.key.as_deref()),
        (Some("building.csv"), Some(3), Some("b1"))
    );
    assert!(finding.message.contains("row 1 of building.csv"), "{}", finding.message);
    assert_eq!(stored(&loader, Collection::Building).await, 0);
    assert_eq!(stored(&loader, Collection::Town).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_refuse_the_pack_with_file_row_and_rule() {
    for (row, rule) in [
        ("b3,,,\"POLYGON((NaN 31,121.1 31,121.1 31.1,NaN 31))\"", "coordinate_not_finite"),
        ("b3,,,\"POLYGON((31 121,31.1 121,31.1 121.1,31 121))\"", "axes_swapped"),
        ("b3,,,\"POLYGON((121 31,121.1 31.1,121.1 31,121 31.1,121 31))\"", "ring_self_crossing"),
        ("b3,,,POINT(121 31)", "geometry_kind"),
        ("b3,,,", "required_missing"),
        (",,,\"POLYGON((121 31,121.1 31,121.1 31.1,121 31))\"", "required_missing"),
        ("b3,,tall,\"POLYGON((121 31,121.1 31,121.1 31.1,121 31))\"", "not_a_number"),
        (
            "b3,,,0102000000ffffffff0000000000000000000000000000000000000000000000000000000000",
            "geometry_unreadable",
        ),
        ("b3,,", "row_length"),
    ] {
        let text = format!("{BUILDINGS}{row}\n");
        let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", &text)]).await;
        let report = loader.load().await;
        assert_eq!(report.outcome, Outcome::Refused, "{row}");
        let finding = report.findings.iter().find(|finding| finding.rule == rule);
        let finding = finding.unwrap_or_else(|| panic!("{row}: {}", support::readable(&report)));
        assert_eq!((finding.file.as_deref(), finding.row), (Some("building.csv"), Some(3)), "{row}");
        assert_eq!(stored(&loader, Collection::Building).await, 0, "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_leave_out_its_bad_rows_but_not_silently() {
    let pack = PACK.replace("file = 'building.csv'\n", "file = 'building.csv'\nreject = 'rows'\n");
    let text = format!("{BUILDINGS}b3,,,POINT(121 31)\n");
    let loader = Loader::new(&[("city.toml", &pack), ("town.csv", TOWNS), ("building.csv", &text)]).await;
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(counts(&report, "building"), (3, 2, 0, 0));
    assert_eq!(rules(&report), ["geometry_kind"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn safe_repairs_are_made_and_told() {
    let text = format!(
        "{BUILDINGS}b3,,,\"POLYGON((121.03 31.01,121.0301 31.01,121.0301 31.01,121.0301 31.0101,121.03 31.0101))\"\n"
    );
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", &text)]).await;
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded);
    assert_eq!(rules(&report), ["repaired_repeated_vertex", "repaired_unclosed_ring"]);
    assert!(report.findings.iter().all(|finding| finding.row == Some(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_encoding_is_given_or_guessed_and_never_wrong_in_silence() {
    let gbk = encoding_rs::GBK.encode(BUILDINGS).0.into_owned();
    let with = |encoding: &str| {
        PACK.replace("file = 'building.csv'\n", &format!("file = 'building.csv'\nencoding = '{encoding}'\n"))
    };
    let mut broken = gbk.clone();
    broken.extend(b"b4,\xff\xff,,\n");
    for (pack, bytes, outcome, rule) in [
        (with("gbk"), gbk.as_slice(), Outcome::Loaded, None),
        (PACK.to_owned(), gbk.as_slice(), Outcome::Loaded, Some("encoding_guessed")),
        (with("utf-8"), gbk.as_slice(), Outcome::Refused, Some("encoding_wrong")),
        (with("gbk"), BUILDINGS.as_bytes(), Outcome::Refused, Some("encoding_wrong")),
        (PACK.to_owned(), broken.as_slice(), Outcome::Refused, Some("encoding_wrong")),
    ] {
        let loader = Loader::new(&[("city.toml", &pack), ("town.csv", TOWNS)]).await;
        loader.write_bytes("building.csv", bytes);
        let report = loader.load().await;
        assert_eq!(report.outcome, outcome, "{}", support::readable(&report));
        assert_eq!(rules(&report).first().map(String::as_str), rule);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parser_that_takes_too_much_memory_is_ended_and_the_file_is_named() {
    // One string without end: the JSON reader must hold it whole.
    let bomb = format!("{{\"type\":\"FeatureCollection\",\"name\":\"{}", "x".repeat(200 << 20));
    let pack = "city = 'a'\n[[source]]\ncollection = 'building'\nfile = 'bomb.geojson'\n";
    let loader = Loader::new(&[("city.toml", pack), ("bomb.geojson", &bomb)]).await.with_memory_mib(96);
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Refused);
    assert_eq!(report.findings[0].file.as_deref(), Some("bomb.geojson"));
    assert!(
        ["parser_out_of_memory", "file_damaged"].contains(&report.findings[0].rule.as_str()),
        "{report:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unclean_layer_is_loaded_as_such_and_its_repair_is_proposed_and_applied() {
    // The western town begins 3 m west of where the eastern one ends: an overlap.
    let towns = TOWNS.replace(
        "POLYGON((121.1 31.0,121.2 31.0,121.2 31.1,121.1 31.1,121.1 31.0))",
        "POLYGON((121.09997 31.0,121.2 31.0,121.2 31.1,121.09997 31.1,121.09997 31.0))",
    );
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", &towns), ("building.csv", BUILDINGS)]).await;
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded, "{}", support::readable(&report));
    assert!(!report.findings.is_empty(), "{}", support::readable(&report));
    assert!(!support::clean(&loader).await);
    assert_eq!(report.proposals.len(), 1);
    let repaired = loader.repair(&report).await;
    assert_eq!(repaired.outcome, Outcome::Loaded, "{}", support::readable(&repaired));
    assert!(support::clean(&loader).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_loaded_without_a_pack() {
    let text = "ID,NAME,X,Y\n1,东站,121.1,31.5\n2,西站,121.2,31.5\n";
    let loader = Loader::new(&[]).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stations.csv"), text).unwrap();
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let source = |map| FileSource {
        file: folder.path().join("stations.csv"),
        collection: Collection::GridStation,
        crs: Some(Crs::Cgcs2000),
        map,
        key: Some("ID".to_owned()),
    };
    let map = vec![pair("NAME", "name"), pair("ID", "grid_code"), pair("X", "lon"), pair("Y", "lat")];
    let report = cim_load::load_file(loader.database.store(), source(map), loader.options()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Loaded, "{}", support::readable(&report));
    assert_eq!(stored(&loader, Collection::GridStation).await, 2);
    let mistyped = source(vec![pair("NAME", "nmae")]);
    let error = cim_load::load_file(loader.database.store(), mistyped, loader.options()).await.unwrap_err();
    assert!(error.to_string().contains("no field `nmae`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_belongs_to_the_city_that_is_loaded() {
    let loader = Loader::new(&[("city.toml", PACK), ("town.csv", TOWNS), ("building.csv", BUILDINGS)]).await;
    loader.load().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stations.csv"), "code,name,grid_code,lon,lat\n1,东站,g,121.1,31.5\n")
        .unwrap();
    let source = FileSource {
        file: folder.path().join("stations.csv"),
        collection: Collection::GridStation,
        crs: Some(Crs::Cgcs2000),
        map: Vec::new(),
        key: None,
    };
    let report = cim_load::load_file(loader.database.store(), source, loader.options()).await.unwrap();
    assert_eq!(report.outcome, Outcome::Loaded, "{}", support::readable(&report));
    assert_eq!(report.city, "试验市");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_source_removes_what_it_has_not_but_never_everything() {
    let pack = PACK.replace("file = 'building.csv'\n", "file = 'building.csv'\ncomplete = true\n");
    let loader = Loader::new(&[("city.toml", &pack), ("town.csv", TOWNS), ("building.csv", BUILDINGS)]).await;
    loader.load().await;
    loader.write("building.csv", BUILDINGS.lines().next().unwrap());
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Refused, "{}", support::readable(&report));
    assert_eq!(rules(&report), ["complete_but_empty"]);
    assert_eq!(stored(&loader, Collection::Building).await, 2);
    loader.write("building.csv", &BUILDINGS.lines().take(2).collect::<Vec<_>>().join("\n"));
    assert_eq!(loader.load().await.outcome, Outcome::Loaded);
    assert_eq!(stored(&loader, Collection::Building).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_callers_are_kept_in_no_case_and_shown_in_no_report() {
    let pack = PACK
        .replace("collection = 'building'\nfile = 'building.csv'", "collection = 'case'\nfile = 'case.csv'");
    let cases = "case_no,source_system,source_no,title,content,raw_location,state,received_at\n\
                 c1,12345,1,噪音,请回13800135678,海门路1号13800135678,registered,2026-01-31T08:00:00+08:00\n";
    let loader = Loader::new(&[("city.toml", &pack), ("town.csv", TOWNS), ("case.csv", cases)]).await;
    let report = loader.load().await;
    assert_eq!(report.outcome, Outcome::Loaded, "{}", support::readable(&report));
    let kept = format!("{:?}", support::rows(&loader, Collection::Case).await);
    assert!(kept.contains("请回138****5678") && kept.contains("海门路1号138****5678"), "{kept}");
    assert!(!kept.contains("13800135678"), "{kept}");
    assert!(loader.load().await.changed_nothing(), "the mask is what is compared");
    loader.write("case.csv", &cases.replace("2026-01-31T08:00:00+08:00", "13800135678"));
    let told = format!("{:?}", loader.load().await);
    assert!(told.contains("138****5678") && !told.contains("13800135678"), "{told}");
}
