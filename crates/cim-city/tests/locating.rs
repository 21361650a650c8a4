//! Written places are found among the names that are loaded, and give a case its place.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{AcceptCase, ReverseQuery};
use cim_crs::LonLat;
use cim_model::{Collection, Record};
use small_city::{SOUTH, SmallCity, WEST, load, point, record, text, until};

fn scope() -> Scope {
    Scope::whole_district()
}

fn address(code: &str, number: &str, lon: f64, lat: f64) -> Record {
    record(
        Collection::Address,
        &[
            ("code", text(code)),
            ("full_text", text(&format!("江苏省南通市海门区常乐镇颐生村12组{number}"))),
            ("town_name", text("常乐镇")),
            ("village_name", text("颐生村")),
            ("group_name", text("12组")),
            ("number", text(number)),
            ("geom", point(lon, lat)),
        ],
    )
}

async fn with_addresses() -> SmallCity {
    let small = SmallCity::open().await;
    let addresses = vec![
        address("a1", "35号", WEST + 0.005, SOUTH + 0.005),
        address("a2", "36号", WEST + 0.0052, SOUTH + 0.005),
    ];
    load(&small.database, None, vec![(Collection::Address, addresses)]).await;
    until(|| {
        let found = small.city.locate(&scope(), "颐生村12组35号", 5);
        found.is_ok_and(|answer| !answer.candidates.is_empty())
    })
    .await;
    small
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_is_found_by_the_ways_people_write_it_and_named_again_from_its_place() {
    let small = with_addresses().await;
    for written in ["颐生村12组35号", "颐生村十二组３５号", "海门区常乐镇颐生村12组35号"]
    {
        let best = &small.city.locate(&scope(), written, 5).unwrap().candidates[0];
        assert_eq!((best.address_code.as_deref(), best.match_level), (Some("a1"), "number"), "{written}");
        assert!(best.accuracy_m <= 40.0);
    }
    assert!(small.city.locate(&scope(), "火星大道9号", 5).unwrap().candidates.is_empty());
    let at = LonLat { lon: WEST + 0.00501, lat: SOUTH + 0.005 };
    let named = small.city.locate_reverse(&scope(), &ReverseQuery { at, limit: 2 }).unwrap();
    assert_eq!(named.addresses.iter().map(|near| near.code.as_str()).collect::<Vec<_>>(), ["a1", "a2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_with_words_alone_gets_their_place_and_its_units() {
    let small = with_addresses().await;
    let case = |number: &str, words: &str| -> AcceptCase {
        let json = serde_json::json!({
            "source_system": "12345", "source_no": number, "title": "积水", "raw_location": words,
        });
        serde_json::from_value(json).unwrap()
    };
    let placed = small.city.accept_case(&scope(), case("n1", "常乐镇颐生村12组36号门口")).await.unwrap().case;
    assert_eq!(placed.fields["locate_method"], "address_match");
    assert_eq!(placed.fields["location_state"], "located");
    assert!((placed.lon.unwrap() - (WEST + 0.0052)).abs() < 1e-6);
    let ties = placed.ties.unwrap();
    assert_eq!((ties.state.as_str(), ties.units.micro_grid_code.as_deref()), ("tied", Some("m0")));
    assert_eq!(ties.address_code.as_deref(), Some("a2"));
    let lost = small.city.accept_case(&scope(), case("n2", "老地方")).await.unwrap().case;
    assert_eq!(lost.ties.unwrap().reason.as_deref(), Some("text_not_found"));
    // Sent again with other words, it keeps the place that it has.
    let again = small.city.accept_case(&scope(), case("n1", "常乐镇颐生村12组35号")).await.unwrap().case;
    assert!((again.lon.unwrap() - (WEST + 0.0052)).abs() < 1e-6);
}
