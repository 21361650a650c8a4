//! JSON of the right form whose values cannot be: what a database or a calendar would choke on.

use serde_json::{Value, json};

use crate::upload::{Place, Upload, upload};

/// All of them.
pub(crate) fn impossible_values(places: &[Place], session: &str) -> Vec<Upload> {
    let mut uploads = Vec::new();
    for place in places {
        let fields = place.good.as_object().unwrap().iter();
        // A password may be anything; it is only ever wrong.
        for (field, _) in fields.filter(|(field, value)| value.is_string() && *field != "password") {
            // PostgreSQL keeps no NUL in a text.
            let mut body = place.good.clone();
            body[field] = json!("a\0b");
            let what = format!("an escaped NUL in {field}");
            uploads.push(upload(place, session, &what, vec![(body.to_string().into_bytes(), 1)]));
        }
    }
    let of = |path: &str| places.iter().find(|place| place.method == "POST" && place.path == path).unwrap();
    let mut add = |path: &str, changed: &[(&str, Value)]| {
        let mut body = of(path).good.clone();
        for (name, value) in changed {
            body[*name] = value.clone();
        }
        let told = |(name, value): &(&str, Value)| {
            format!(" {name} {}", value.to_string().chars().take(40).collect::<String>())
        };
        let told: String = changed.iter().map(told).collect();
        uploads.push(upload(of(path), session, &told, vec![(body.to_string().into_bytes(), 1)]));
    };
    for (lon, lat) in [(181.0, 31.0), (121.0, 91.0), (31.0, 121.0), (1e300, 1e300), (-1e-320, 1e308)] {
        add("/v1/cases", &[("lon", json!(lon)), ("lat", json!(lat))]);
        add("/v1/findings", &[("lon", json!(lon)), ("lat", json!(lat))]);
        add("/v1/cameras", &[("lon", json!(lon)), ("lat", json!(lat))]);
    }
    for time in ["yesterday", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "+999999-01-01T00:00:00Z", ""] {
        add("/v1/cases", &[("received_at", json!(time))]);
        add("/v1/tokens", &[("expires_at", json!(time))]);
    }
    for (name, value) in [
        ("crs", json!("mars")),
        ("state", json!("asleep")),
        ("urgency", json!("very")),
        ("is_drill", json!("yes")),
    ] {
        add("/v1/cases", &[(name, value), ("lon", json!(121.25)), ("lat", json!(31.93))]);
    }
    add("/v1/tokens", &[("actions", json!(["rule_the_world"]))]);
    add("/v1/tokens", &[("expires_at", json!("2001-01-01T00:00:00Z"))]);
    add("/v1/locate/batch", &[("texts", json!(vec![""; 10_001]))]);
    add("/v1/locate/batch", &[("limit", json!(-1))]);
    add("/v1/responsibility/batch", &[("crs", json!("mars"))]);
    add("/v1/responsibility/batch", &[("points", json!(vec![json!({"lon": 1, "lat": 2}); 100_001]))]);
    uploads
}
