//! Links worth opening first, found in the city that is loaded.

use std::collections::HashMap;

use cim_access::Scope;
use cim_city::{City, NearbyFilter, NearbyItem, NearbyQuery, StateFilter};
use cim_crs::LonLat;
use cim_model::Collection;

use crate::language::Language;

/// The city is looked at from so many points each way.
const VIEWPOINTS: u32 = 7;
/// Cases within a square of this size make a hot spot, in degrees (about 200 m).
const SQUARE_DEG: f64 = 0.002;

/// A title and the path of a page.
pub(crate) struct Look {
    pub(crate) title: &'static str,
    pub(crate) path: String,
}

/// What there is to see; nothing in an empty city.
pub(crate) fn find(city: &City, language: Language) -> Vec<Look> {
    let Some((hot, open_cases)) = hot_spot(city) else { return Vec::new() };
    let mut looks = vec![Look {
        title: language.pick("hot spot  ", "诉求热点"),
        path: view(hot.lon, hot.lat, 15.5, "0,0", None),
    }];
    if let Some(case) = open_cases.first() {
        looks.push(Look {
            title: language.pick("case      ", "一件案件"),
            path: view(case.lon, case.lat, 17.0, "0,0", Some(case)),
        });
    }
    let cameras = near(city, hot, Collection::Camera, None, 50);
    let directed =
        |camera: NearbyItem| camera.fields.get("azimuth_deg")?.as_f64().map(|azimuth| (camera, azimuth));
    if let Some((camera, azimuth)) = cameras.into_iter().find_map(directed) {
        looks.push(Look {
            title: language.pick("camera    ", "视频点位"),
            path: view(camera.lon, camera.lat, 17.5, &format!("{azimuth:.0},55"), Some(&camera)),
        });
    }
    looks
}

/// The square with most open cases, and the cases in it.
fn hot_spot(city: &City) -> Option<(LonLat, Vec<NearbyItem>)> {
    let [west, south, east, north] = city.figures(&Scope::whole_district()).ok()?.bounds?;
    let mut squares: HashMap<(i64, i64), HashMap<String, NearbyItem>> = HashMap::new();
    for step in 0..VIEWPOINTS * VIEWPOINTS {
        let part = |number: u32| (f64::from(number) + 0.5) / f64::from(VIEWPOINTS);
        let lon = west + part(step % VIEWPOINTS) * (east - west);
        let lat = south + part(step / VIEWPOINTS) * (north - south);
        for case in near(city, LonLat { lon, lat }, Collection::Case, Some(StateFilter::Open), 1_000) {
            squares.entry(square(&case)).or_default().insert(case.id.clone(), case);
        }
    }
    let busiest = squares.into_iter().max_by_key(|(square, cases)| (cases.len(), *square))?;
    let mut cases: Vec<NearbyItem> = busiest.1.into_values().collect();
    cases.sort_by(|a, b| b.id.cmp(&a.id));
    let first = cases.first()?;
    Some((LonLat { lon: first.lon, lat: first.lat }, cases))
}

#[expect(clippy::cast_possible_truncation, reason = "degrees over 0.002 are small numbers")]
fn square(item: &NearbyItem) -> (i64, i64) {
    ((item.lon / SQUARE_DEG).floor() as i64, (item.lat / SQUARE_DEG).floor() as i64)
}

fn near(
    city: &City,
    at: LonLat,
    kind: Collection,
    state: Option<StateFilter>,
    limit: usize,
) -> Vec<NearbyItem> {
    let filter = NearbyFilter { state, ..NearbyFilter::default() };
    let query = NearbyQuery { at, radius_m: Some(cim_city::MAX_RADIUS_M), kinds: vec![kind], filter, limit };
    city.nearby(&Scope::whole_district(), &query).map(|answer| answer.items).unwrap_or_default()
}

/// The address of a view as the web app reads it: longitude, latitude, zoom, bearing, pitch, and the place asked about.
fn view(lon: f64, lat: f64, zoom: f64, bearing_and_pitch: &str, asked: Option<&NearbyItem>) -> String {
    let at = asked.map(|item| format!("&at={:.6},{:.6}", item.lon, item.lat)).unwrap_or_default();
    format!("/?c={lon:.6},{lat:.6},{zoom},{bearing_and_pitch}{at}")
}
