//! How places are written, one behaviour at a time, over a small made-up district.

use cim_crs::{LocalFrame, LonLat, near_distance_m};
use cim_locate::{
    AddressEntry, Candidate, Gazetteer, GazetteerBuilder, KeyPlaceEntry, MatchLevel, PartKind, PlaceEntry,
    RoadEntry, UnitEntry, WaterEntry,
};
use cim_model::Collection;

const ORIGIN: LonLat = LonLat { lon: 121.25, lat: 31.93 };

fn at(east: f64, north: f64) -> LonLat {
    LocalFrame::around(ORIGIN).to_lonlat(east, north)
}

fn entry<'a>(
    code: &'a str,
    full_text: &'a str,
    town: &'a str,
    village: &'a str,
    at: LonLat,
) -> AddressEntry<'a> {
    AddressEntry {
        code,
        full_text,
        town_name: Some(town),
        village_name: Some(village),
        road_name: None,
        group_name: None,
        number: None,
        estate_name: None,
        building_no: None,
        unit_no: None,
        building_code: None,
        aliases: Vec::new(),
        at,
    }
}

fn add_units(builder: &mut GazetteerBuilder) {
    let mut add = |level, code, name, aliases: &[&'static str], parent, at, radius_m| {
        let aliases = aliases.to_vec();
        builder.add_unit(&UnitEntry { level, code, name, aliases, parent_code: parent, at, radius_m });
    };
    add(Collection::District, "320614", "海门区", &["海门市"], None, at(0.0, 0.0), 25_000.0);
    add(Collection::Town, "320614103", "常乐镇", &["麒麟镇"], Some("320614"), at(0.0, 0.0), 5_000.0);
    add(Collection::Town, "320614104", "悦来镇", &[], Some("320614"), at(15_000.0, 0.0), 5_000.0);
    add(Collection::Village, "320614103201", "颐生村村委会", &[], Some("320614103"), at(0.0, 3_000.0), 900.0);
    add(Collection::Village, "320614103001", "状元街居委会", &[], Some("320614103"), at(0.0, 0.0), 900.0);
    add(
        Collection::Village,
        "320614104001",
        "悦来镇居委会",
        &[],
        Some("320614104"),
        at(15_000.0, 0.0),
        900.0,
    );
}

fn add_addresses(builder: &mut GazetteerBuilder) {
    for number in 1..=40 {
        let text = format!("江苏省南通市海门区常乐镇颐生村12组{number}号");
        let code = format!("G{number}");
        let number_text = format!("{number}号");
        builder.add_address(&AddressEntry {
            group_name: Some("12组"),
            number: Some(&number_text),
            building_code: Some(&code),
            ..entry(&code, &text, "常乐镇", "颐生村", at(f64::from(number) * 15.0, 3_000.0))
        });
    }
    for (town, village, east) in [("常乐镇", "状元街", 0.0), ("悦来镇", "悦来镇", 15_000.0)] {
        for number in 1..=30 {
            let text = format!("江苏省南通市海门区{town}人民路{number}号");
            let code = format!("R{town}{number}");
            let number_text = format!("{number}号");
            builder.add_address(&AddressEntry {
                road_name: Some("人民路"),
                number: Some(&number_text),
                ..entry(&code, &text, town, village, at(east + f64::from(number) * 20.0, 12.0))
            });
        }
    }
    for building in 1..=8 {
        for stair in 1..=3 {
            let text = format!("江苏省南通市海门区常乐镇东洲新村{building}幢{stair}单元");
            let code = format!("E{building}U{stair}");
            let alias = format!("东洲新村{building}号楼{stair}单元");
            let (house, no, unit) = (format!("E{building}"), format!("{building}幢"), format!("{stair}单元"));
            builder.add_address(&AddressEntry {
                estate_name: Some("东洲新村"),
                building_no: Some(&no),
                unit_no: Some(&unit),
                building_code: Some(&house),
                aliases: vec![&alias],
                ..entry(
                    &code,
                    &text,
                    "常乐镇",
                    "状元街",
                    at(f64::from(stair) * 10.0, -200.0 - f64::from(building) * 30.0),
                )
            });
        }
    }
}

fn gazetteer() -> Gazetteer {
    let mut builder = GazetteerBuilder::new();
    add_units(&mut builder);
    add_addresses(&mut builder);
    let mut road = |code, name, line: &[(f64, f64)]| {
        let line = line.iter().map(|&(east, north)| at(east, north)).collect();
        builder.add_road(&RoadEntry { code, name, lines: vec![line] });
    };
    road("L1", "人民路", &[(-1_000.0, 0.0), (1_000.0, 0.0)]);
    road("L2", "人民路", &[(14_000.0, 0.0), (16_000.0, 0.0)]);
    road("L3", "建设路", &[(500.0, -1_000.0), (500.0, 1_000.0)]);
    road("L4", "建设路", &[(15_500.0, -1_000.0), (15_500.0, 1_000.0)]);
    road("L5", "文化路", &[(-300.0, -1_000.0), (-300.0, 1_000.0)]);
    let river = vec![vec![at(-2_000.0, 700.0), at(2_000.0, 700.0)]];
    builder.add_water(&WaterEntry { name: "通吕运河", lines_or_rings: river });
    builder.add_place(&PlaceEntry { code: "P1", name: "东洲新村", kind: "estate", at: at(20.0, -335.0) });
    builder.add_key_place(&KeyPlaceEntry {
        code: "K1",
        name: "状元小学",
        kind: "school",
        at: at(200.0, 300.0),
    });
    builder.add_key_place(&KeyPlaceEntry {
        code: "K2",
        name: "常乐镇卫生院",
        kind: "hospital",
        at: at(600.0, 300.0),
    });
    builder.finish()
}

fn first(text: &str) -> Candidate {
    let found = gazetteer().locate(text, 5);
    assert!(!found.is_empty(), "{text} is found nowhere");
    found[0].clone()
}

fn check_address(text: &str, code: &str) {
    let found = first(text);
    assert_eq!(found.address_code.as_deref(), Some(code), "{text}: {found:?}");
    assert!(found.match_level.is_door(), "{text}: {found:?}");
}

fn check_point(text: &str, level: MatchLevel, meant: LonLat, at_most_m: f64) {
    let found = first(text);
    assert_eq!(found.match_level, level, "{text}: {found:?}");
    let off = near_distance_m(found.at, meant);
    assert!(off <= found.accuracy_m, "{text} is {off:.0} m off: {found:?}");
    assert!(found.accuracy_m <= at_most_m, "{text}: {found:?}");
}

#[test]
fn a_full_text_is_found_with_all_its_parts() {
    let found = first("江苏省南通市海门区常乐镇颐生村12组35号");
    assert_eq!(found.address_code.as_deref(), Some("G35"));
    assert!(found.score > 0.999, "{found:?}");
    let kinds: Vec<PartKind> = found.parts.iter().map(|part| part.kind).collect();
    assert!(
        kinds.ends_with(&[PartKind::Town, PartKind::Village, PartKind::Group, PartKind::Number]),
        "{found:?}"
    );
    assert_eq!(found.unit_code.as_deref(), Some("320614103201"));
}

#[test]
fn ways_of_writing_an_address_lead_to_it() {
    for text in [
        "常乐镇颐生村12组35号",
        "颐生村12组35号",
        "颐生村十二组三十五号",
        "颐生村１２组３５号",
        "颐生村第12村民小组35号门前",
        "常乐颐生12组35号",
        "海门市常乐镇颐生村12组35号附近",
        "颐生村12组35",
    ] {
        check_address(text, "G35");
    }
    for text in
        ["东洲新村3号楼2单元", "常乐镇东洲新村3栋2单元501室", "东洲新村三幢二单元", "东洲新村３＃楼２单元"]
    {
        check_address(text, "E3U2");
    }
}

#[test]
fn a_typing_error_is_forgiven() {
    for text in [
        "常乐镇颐升村12组35号",
        "常乐镇颐村12组35号",
        "江苏省南通市海们区常乐镇颐生村12组35号",
        "常了镇颐生村12组35号",
    ] {
        check_address(text, "G35");
    }
    let found = first("常乐镇东州新村3幢2单元");
    assert_eq!(found.address_code.as_deref(), Some("E3U2"));
    assert!(found.parts.iter().any(|part| !part.exact && part.matched == "东洲新村"), "{found:?}");
}

#[test]
fn the_town_tells_two_roads_of_one_name_apart() {
    check_address("常乐镇人民路7号", "R常乐镇7");
    check_address("悦来镇人民路7号", "R悦来镇7");
    let found = gazetteer().locate("人民路7号", 5);
    assert!(found.len() >= 2 && found[0].accuracy_m > 10_000.0, "{found:?}");
}

#[test]
fn an_old_or_merged_name_stands_for_the_unit() {
    check_address("麒麟镇颐生村12组35号", "G35");
    assert_eq!(first("麒麟镇").unit_code.as_deref(), Some("320614103"));
}

#[test]
fn a_number_that_does_not_exist_falls_back_to_what_does() {
    for (text, level) in [
        ("常乐镇颐生村12组99号", MatchLevel::Group),
        ("常乐镇颐生村77组3号", MatchLevel::Village),
        ("常乐镇人民路999号", MatchLevel::Road),
        ("东洲新村88幢", MatchLevel::Estate),
        ("东洲新村88幢2单元", MatchLevel::Estate),
    ] {
        let found = first(text);
        assert_eq!(found.match_level, level, "{text}: {found:?}");
        assert!(found.accuracy_m > 40.0 && found.score < 0.95, "{text}: {found:?}");
    }
}

#[test]
fn a_building_is_found_without_its_stair() {
    let found = first("东洲新村3幢");
    assert_eq!((found.match_level, found.building_code.as_deref()), (MatchLevel::Building, Some("E3")));
    check_point("东洲新村3幢", MatchLevel::Building, at(20.0, -290.0), 25.0);
}

#[test]
fn a_village_group_is_found_as_a_whole() {
    check_point("颐生村12组", MatchLevel::Group, at(307.0, 3_000.0), 400.0);
}

#[test]
fn crossings_are_where_the_lines_meet() {
    for text in ["常乐镇人民路与建设路交叉口", "常乐镇人民路建设路口", "常乐镇建设路和人民路十字路口"]
    {
        check_point(text, MatchLevel::Crossing, at(500.0, 0.0), 40.0);
    }
    check_point("悦来镇人民路与建设路交叉口", MatchLevel::Crossing, at(15_500.0, 0.0), 40.0);
    check_point("文化路通吕运河大桥", MatchLevel::Crossing, at(-300.0, 700.0), 40.0);
    check_point("文化路与通吕运河交汇处", MatchLevel::Crossing, at(-300.0, 700.0), 40.0);
}

#[test]
fn an_offset_leads_away_from_a_crossing() {
    check_point("常乐镇人民路与建设路交叉口北300米", MatchLevel::Crossing, at(500.0, 300.0), 80.0);
    check_point("常乐镇人民路与建设路交叉口向西二百米", MatchLevel::Crossing, at(300.0, 0.0), 80.0);
    check_point("常乐镇人民路与建设路交叉口东南角", MatchLevel::Crossing, at(515.0, -15.0), 40.0);
    check_point("状元小学北100米", MatchLevel::Place, at(200.0, 400.0), 150.0);
}

#[test]
fn between_is_the_stretch_or_the_middle() {
    check_point("人民路文化路与建设路之间", MatchLevel::RoadSide, at(100.0, 0.0), 450.0);
    check_point("常乐镇人民路（文化路至建设路段）", MatchLevel::RoadSide, at(100.0, 0.0), 450.0);
    check_point("状元小学与常乐镇卫生院之间", MatchLevel::RoadSide, at(400.0, 300.0), 320.0);
}

#[test]
fn places_have_names_and_surroundings() {
    check_point("状元小学", MatchLevel::Place, at(200.0, 300.0), 100.0);
    check_point("常乐镇卫生院对面", MatchLevel::Place, at(600.0, 330.0), 150.0);
    check_point("状元小学附近", MatchLevel::Place, at(300.0, 300.0), 250.0);
    assert_eq!(first("常乐镇").match_level, MatchLevel::Town);
    assert_eq!(first("颐生村").match_level, MatchLevel::Village);
}

#[test]
fn what_is_not_there_gets_no_door() {
    let gazetteer = gazetteer();
    for text in ["幸福家园3幢2单元", "解放路7号", "海东村12组35号", "人民街7号", "东洲东村3幢"]
    {
        let found = gazetteer.locate(text, 5);
        assert!(found.iter().all(|candidate| !candidate.match_level.is_door()), "{text}: {found:?}");
    }
}

#[test]
fn nothing_comes_of_nothing() {
    let gazetteer = gazetteer();
    for text in ["", "   ", "？！", "asdf qwer", "今天天气很好", "\u{0}\u{ffff}", "12345"] {
        assert_eq!(gazetteer.locate(text, 5), [], "{text}");
    }
    assert_eq!(GazetteerBuilder::new().finish().locate("人民路7号", 5), []);
    assert_eq!(GazetteerBuilder::new().finish().reverse(ORIGIN, 5), []);
}

#[test]
fn a_point_leads_back_to_its_address_and_road() {
    let found = gazetteer().reverse(at(141.0, 12.0), 3);
    assert_eq!(found[0].address_code, "R常乐镇7");
    assert!((found[0].distance_m - 1.0).abs() < 0.01, "{found:?}");
    assert!((found[0].bearing_deg - 270.0).abs() < 1.0, "{found:?}");
    let road = found[0].road.as_ref().unwrap();
    assert_eq!(road.name, "人民路");
    assert!((road.distance_m - 12.0).abs() < 0.05, "{road:?}");
}

#[test]
fn the_same_text_gets_the_same_answer() {
    let (one, other) = (gazetteer(), gazetteer());
    for text in ["人民路7号", "人民路", "常乐镇", "东洲新村"] {
        assert_eq!(one.locate(text, 5), other.locate(text, 5));
    }
}
