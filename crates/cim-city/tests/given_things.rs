//! Sources give cases, findings, inspections and cameras: one by one, by the thousand, again, late and wrong.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod small_city;

use cim_access::Scope;
use cim_city::{CityError, NearbyFilter, NearbyQuery, WaitFor};
use cim_crs::LonLat;
use cim_model::Collection;
use serde_json::{Map, Value, json};
use small_city::{SOUTH, SmallCity, WEST};

fn scope() -> Scope {
    Scope::whole_district()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other}"),
    }
}

fn finding(number: u32) -> Map<String, Value> {
    object(json!({
        "finding_no": format!("f{number}"), "title": "乱堆物", "category_code": "0101",
        "lon": WEST + 0.002, "lat": SOUTH + 0.002, "accuracy_m": 5.0,
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_taken_in_tied_and_shown_near_at_once() {
    let small = SmallCity::open().await;
    let written = small.city.write_thing(&scope(), Collection::Finding, &finding(1)).await.unwrap();
    assert!(written.created);
    let ties = written.thing.ties.as_ref().unwrap();
    assert_eq!(ties.units.micro_grid_code.as_deref(), Some("m0"));
    assert_eq!(ties.accepted.as_ref(), Some(&ties.units));
    assert_eq!(written.thing.fields["state"], "reported");
    small.city.wait_for(&WaitFor::Xid(written.xid.unwrap())).await.unwrap();
    let query = NearbyQuery {
        at: LonLat { lon: WEST + 0.002, lat: SOUTH + 0.002 },
        radius_m: Some(20.0),
        kinds: vec![Collection::Finding],
        filter: NearbyFilter::default(),
        limit: 5,
    };
    assert_eq!(small.city.nearby(&scope(), &query).unwrap().items[0].id, "f1");
    let again = small.city.write_thing(&scope(), Collection::Finding, &finding(1)).await.unwrap();
    assert!(!again.created && again.xid.is_none(), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_given_twice_changes_nothing_and_names_every_wrong_row() {
    let small = SmallCity::open().await;
    let mut rows: Vec<Result<Map<String, Value>, String>> =
        (0..300).map(|number| Ok(finding(number))).collect();
    rows.push(Err("the row is no JSON object".to_owned()));
    rows.push(Ok(object(json!({ "finding_no": "x", "titel": "?", "lon": 300.0, "lat": 31.0 }))));
    rows.push(Ok(finding(7)));
    let first = small.city.write_batch(&scope(), Collection::Finding, rows.clone()).await.unwrap();
    assert_eq!((first.created, first.unchanged, first.stale), (300, 0, 1));
    let refused: Vec<usize> = first.refused.iter().map(|refused| refused.row).collect();
    assert_eq!(refused, [301, 302]);
    let rules: Vec<&str> = first.refused[1].findings.iter().map(|finding| finding.rule.as_str()).collect();
    assert_eq!(rules, ["titel", "lon", "title"]);
    let second = small.city.write_batch(&scope(), Collection::Finding, rows).await.unwrap();
    assert_eq!((second.created, second.changed, second.unchanged, second.xid), (0, 0, 300, None));
    let stored = small.database.store().page(Collection::Finding, 0, 1_000).await.unwrap();
    assert_eq!(stored.len(), 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_is_changed_only_on_the_version_that_was_read() {
    let small = SmallCity::open().await;
    let gb_id = "32061400001320000001";
    let camera = small.city.get_thing(&scope(), Collection::Camera, gb_id).await.unwrap();
    let turned = object(json!({ "azimuth_deg": 90.0, "name": "东看" }));
    let patch =
        async |version| small.city.patch_thing(&scope(), Collection::Camera, gb_id, version, &turned).await;
    let written = patch(camera.version).await.unwrap();
    assert_eq!(written.thing.fields["azimuth_deg"], 90.0);
    assert!(matches!(patch(camera.version).await, Err(CityError::Stale { .. })));
    let emptied = object(json!({ "azimuth_deg": null }));
    let city = &small.city;
    let now =
        city.patch_thing(&scope(), Collection::Camera, gb_id, written.thing.version, &emptied).await.unwrap();
    assert!(!now.thing.fields.contains_key("azimuth_deg"));
    let moved = object(json!({ "lon": WEST + 0.03, "lat": SOUTH + 0.015 }));
    let moved =
        city.patch_thing(&scope(), Collection::Camera, gb_id, now.thing.version, &moved).await.unwrap();
    assert_eq!(moved.thing.ties.unwrap().units.micro_grid_code.as_deref(), Some("m5"));
    let state = object(json!({ "state": "closed" }));
    let refused = city.patch_thing(&scope(), Collection::Case, "c1", 1, &state).await;
    assert!(matches!(refused, Err(CityError::Refused(_))), "{refused:?}");
    let nameless = object(json!({ "name": null }));
    let refused = city.patch_thing(&scope(), Collection::Camera, gb_id, 1, &nameless).await;
    assert!(matches!(refused, Err(CityError::Refused(_))), "{refused:?}");
    let key = object(json!({ "gb_id": "1" }));
    assert!(city.patch_thing(&scope(), Collection::Camera, gb_id, 1, &key).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_hold_everything_once_and_what_has_no_place_waits_in_the_queue() {
    let small = SmallCity::open().await;
    let case = |number: u32, place: Value| {
        let mut case =
            object(json!({ "source_system": "s", "source_no": format!("{number}"), "title": "噪声" }));
        case.extend(object(place));
        Ok(case)
    };
    let rows = vec![
        case(1, json!({ "location_not_needed": true })),
        case(2, json!({ "raw_location": "老地方" })),
        case(3, json!({ "lon": 119.0, "lat": 31.0 })),
        case(4, json!({})),
    ];
    small.city.write_batch(&scope(), Collection::Case, rows).await.unwrap();
    let mut ids = Vec::new();
    let mut after = None;
    loop {
        let page = small.city.list_things(&scope(), Collection::Case, after, 2).await.unwrap();
        ids.extend(page.items.iter().map(|item| item.id.clone()));
        let Some(next) = page.next else { break };
        after = Some(next.parse().unwrap());
    }
    assert_eq!(ids, ["c1", "c2", "c3", "s-1", "s-2", "s-3", "s-4"]);
    let first = small.city.failed_ties(&scope(), None, 2).await.unwrap();
    let (kind, id) = first.next.as_deref().unwrap().split_once('.').unwrap();
    assert_eq!(kind, "case");
    let last = (Collection::Case, id.parse().unwrap());
    let rest = small.city.failed_ties(&scope(), Some(&last), 2).await.unwrap();
    let told: Vec<(&str, &str)> = first
        .items
        .iter()
        .chain(&rest.items)
        .map(|item| (item.id.as_deref().unwrap(), item.reason.as_str()))
        .collect();
    assert_eq!(told, [("s-2", "text_not_found"), ("s-3", "outside_the_city"), ("s-4", "no_position")]);
    assert_eq!(rest.next, None);
}
