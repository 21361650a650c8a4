//! Whatever is written, something sensible or nothing is answered.

use std::sync::LazyLock;

use cim_crs::LonLat;
use cim_locate::{AddressEntry, Gazetteer, GazetteerBuilder, RoadEntry};
use proptest::prelude::*;

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut builder = GazetteerBuilder::new();
    let at = LonLat { lon: 121.2, lat: 31.9 };
    for (code, full_text) in [
        ("A", "上海市黄浦区蓬莱路225号(迎勋北路)"),
        ("B", "海门区常乐镇颐生村12组35号"),
        ("C", "镇路街号弄"),
        ("D", "号"),
    ] {
        builder.add_address(&AddressEntry {
            code,
            full_text,
            town_name: None,
            village_name: None,
            road_name: None,
            group_name: None,
            number: None,
            estate_name: None,
            building_no: None,
            unit_no: None,
            building_code: None,
            aliases: vec!["颐生酒店", ""],
            at,
        });
    }
    for (code, name) in [("R1", "人民路"), ("R2", "蓬莱路"), ("R3", "")] {
        let line = vec![at, LonLat { lon: 121.21, lat: 31.9 }, at];
        builder.add_road(&RoadEntry { code, name, lines: vec![line, Vec::new()] });
    }
    builder.finish()
});

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn no_text_of_address_characters_panics(
        text in "[上海市区镇村路街弄号幢栋楼单元室组东南西北角口与之间米0-9一二三十百零第蓬莱颐生人民常乐 　１２#\\-、（）]{0,230}"
    ) {
        check(&text);
    }
}

fn check(text: &str) {
    for candidate in GAZETTEER.locate(text, 5) {
        assert!((0.0..=1.0).contains(&candidate.score));
        assert!(candidate.accuracy_m >= 1.0 && candidate.accuracy_m.is_finite(), "{candidate:?}");
        assert!(candidate.at.lon.is_finite() && candidate.at.lat.is_finite());
        for part in candidate.parts {
            assert!(text.contains(&part.text));
        }
    }
}
