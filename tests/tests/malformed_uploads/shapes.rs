//! JSON of the right form whose shapes cannot be.

use cim_tests::wire::WireRequest;
use serde_json::{Value, json};

use crate::upload::{Due, Upload};

/// Coordinates of a polygon; what is left without the outer list is no line either.
const NO_COORDINATES: [(&str, &str); 13] = [
    ("no ring", "[]"),
    ("an empty ring", "[[]]"),
    ("a ring of a place", "[[[121,31]]]"),
    ("a place of one number", "[[[121],[122],[123],[121]]]"),
    ("texts", "[[[\"121\",\"31\"],[\"121.1\",\"31\"],[\"121.1\",\"31.1\"],[\"121\",\"31\"]]]"),
    ("nulls", "[[[null,null],[121.1,31],[121.1,31.1],[121,31]]]"),
    ("too shallow", "[[121,31],[121.1,31],[121.1,31.1],[121,31]]"),
    ("too deep", "[[[[121,31],[121.1,31],[121.1,31.1],[121,31]]]]"),
    ("out of the world", "[[[121,31],[221,31],[221,131],[121,31]]]"),
    ("latitude first", "[[[31,121],[31,121.1],[31.1,121.1],[31,121]]]"),
    ("huge numbers", "[[[1e300,1e300],[2e300,1e300],[2e300,2e300],[1e300,1e300]]]"),
    ("a number instead", "7"),
    ("nothing", "null"),
];
/// Rings that are lines, but bound no area.
const NO_AREAS: [(&str, &str); 3] = [
    ("a ring of two places", "[[[121,31],[121.1,31],[121,31]]]"),
    ("a place again and again", "[[[121,31],[121,31],[121,31],[121,31]]]"),
    ("a crossing", "[[[121,31],[121.1,31.1],[121.1,31],[121,31.1],[121,31]]]"),
];
const NO_SYSTEMS: [&str; 6] = ["mars", "epsg:", "epsg:99999999", "EPSG:4326:1", "%00", "%FF"];

/// All of them.
pub(crate) fn impossible_shapes(session: &str) -> Vec<Upload> {
    let headers = [("cookie", session), ("content-type", "application/json")];
    let mut uploads = Vec::new();
    let mut add = |path: &str, what: &str, due, body: Vec<(Vec<u8>, usize)>| {
        let request = WireRequest::filled("POST", path, &headers, body);
        uploads.push(Upload { name: format!("POST {path}: {what}"), request, due });
    };
    add("/v1/within", "5,001 vertices", Due::Problem, vertices(5_000));
    add("/v1/within", "a million vertices", Due::ProblemOrClosed, vertices(1_000_000));
    for (what, coordinates) in NO_COORDINATES.into_iter().chain(NO_AREAS) {
        let body = format!("{{\"area\":{{\"type\":\"Polygon\",\"coordinates\":{coordinates}}}}}");
        add("/v1/within", what, Due::Problem, vec![(body.into_bytes(), 1)]);
    }
    for (what, coordinates) in NO_COORDINATES {
        let line = coordinates.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or("{}");
        let line = if line.is_empty() { "[]" } else { line };
        let body = format!("{{\"line\":{{\"type\":\"LineString\",\"coordinates\":{line}}}}}");
        add("/v1/cameras/along", what, Due::Problem, vec![(body.into_bytes(), 1)]);
    }
    for area in no_geometries() {
        let body = json!({ "area": area }).to_string().into_bytes();
        add("/v1/within", &area.to_string(), Due::Problem, vec![(body, 1)]);
    }
    for crs in NO_SYSTEMS {
        let body = json!({ "area": triangle() }).to_string().into_bytes();
        add(&format!("/v1/within?crs={crs}"), "a system", Due::Problem, vec![(body, 1)]);
    }
    uploads
}

/// A polygon of so many places and one.
fn vertices(times: usize) -> Vec<(Vec<u8>, usize)> {
    vec![
        (b"{\"area\":{\"type\":\"Polygon\",\"coordinates\":[[[121,31]".to_vec(), 1),
        (b",[121.1,31.1]".to_vec(), times),
        (b"]]}}".to_vec(), 1),
    ]
}

fn triangle() -> Value {
    json!({"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1], [121, 31]]]})
}

fn no_geometries() -> [Value; 9] {
    [
        json!({"type": "Point", "coordinates": [121, 31]}),
        json!({"type": "polygon", "coordinates": triangle()["coordinates"]}),
        json!({"type": "GeometryCollection", "geometries": []}),
        json!({"type": "FeatureCollection", "features": []}),
        json!({"type": "Feature", "geometry": null}),
        json!({"type": "MultiPolygon", "coordinates": 1}),
        json!({"type": 1}),
        json!({}),
        json!("POLYGON((121 31,121.1 31,121.1 31.1,121 31))"),
    ]
}
