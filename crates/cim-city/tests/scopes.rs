//! What a scope shows of tiles that are kept: a change that shows to nobody else shows to whom it concerns.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::float_cmp, reason = "places of borders come back exactly as they went in")]

mod drawn_city;
mod small_city;

use cim_access::{Action, Membership, MembershipState, Reach, Role, Scope};
use cim_city::{City, CityOptions, Encoding, MatrixSet, Position, TileBody, TilePlace, TileRequest, WaitFor};
use drawn_city::{DrawnCity, at, micro_code, scope, today};
use serde_json::json;
use small_city::until;

const TOWN: &str = "320614100";

fn limited_to(reach: Reach) -> Scope {
    let state = MembershipState::Active;
    let membership = Membership { state, from: None, until: None, role: Role::Viewer, reach };
    membership.member_on(today()).unwrap().may(Action::ReadMap).unwrap()
}

/// The tile of single cases around a place, as a scope shows it.
fn cases(city: &City, scope: &Scope, [lon, lat]: Position) -> Vec<u8> {
    let point = cim_mirror::WorldPoint::from(cim_crs::LonLat { lon, lat });
    let place = TilePlace::new(MatrixSet::WebMercatorQuad, 16, point.y >> 16, point.x >> 16, false).unwrap();
    let request = TileRequest {
        tileset: "linkage".to_owned(),
        place,
        filter: None,
        datetime: None,
        known_at: None,
        encoding: Encoding::Identity,
        if_none_match: None,
    };
    match city.tile(scope, &request).unwrap().body {
        TileBody::Tile { bytes, .. } => bytes.to_vec(),
        _ => Vec::new(),
    }
}

/// Takes in the one case of this test, led by a department, and waits until it shows.
async fn take_in(drawn: &DrawnCity, [lon, lat]: Position, department: &str) {
    let case = json!({
        "source_system": "12345", "source_no": "scope", "title": "噪音", "lead_department_code": department,
        "lon": lon, "lat": lat, "locate_method": "gps", "accuracy_m": 5.0,
    });
    let case = case.as_object().unwrap();
    let written = drawn.city.write_thing(&scope(), cim_model::Collection::Case, case).await.unwrap();
    drawn.city.wait_for(&WaitFor::Xid(written.xid.unwrap())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_tile_is_drawn_again_when_a_border_or_a_department_hides_what_it_shows() {
    let drawn = DrawnCity::open().await;
    let corner = at(0.2, 0.2);
    let town = limited_to(Reach::of_town(TOWN));
    let (one, other) = (limited_to(Reach::of_department("D1")), limited_to(Reach::of_department("D2")));
    take_in(&drawn, corner, "D1").await;
    let shown = |scope: &Scope| cases(&drawn.city, scope, corner);
    let in_the_town = shown(&town);
    assert!(!in_the_town.is_empty() && in_the_town == shown(&scope()), "all of it lies in the town");
    let of_one = shown(&one);
    assert!(!of_one.is_empty() && of_one != in_the_town && shown(&other).is_empty());
    // Another department leads it from now on.
    take_in(&drawn, corner, "D2").await;
    assert!(shown(&one).is_empty() && !shown(&other).is_empty());
    // The outline of the town moves and leaves the corner outside; the case itself is not written.
    let topology = drawn.topology(&micro_code(0, 0), None).await;
    let place = |points: &[Position]| points.iter().position(|point| *point == at(0.0, 0.0));
    let (arc, index) =
        topology.arcs.iter().find_map(|arc| Some((arc.id, place(arc.points.as_ref()?)?))).unwrap();
    let draft = drawn.begin_opening("planner").await;
    let body = json!({"op": "move_vertex", "arc": arc, "index": index, "to": at(0.8, 0.8)});
    drawn.publish(&drawn.draw(&draft, body).await.unwrap()).await.unwrap();
    assert!(shown(&town) != in_the_town, "what lies outside is gone from the kept tile");
    // As a server that has just started shows it, and whoever sees everything still sees the case.
    let fresh = City::open(drawn.database.store().clone(), CityOptions::default()).unwrap();
    until(|| fresh.health().ready).await;
    for scope in [&town, &one, &other, &scope()] {
        assert!(shown(scope) == cases(&fresh, scope, corner));
    }
    assert!(shown(&scope()) != shown(&town) && !shown(&other).is_empty());
}
