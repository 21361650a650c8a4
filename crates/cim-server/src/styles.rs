//! `/styles`: the map styles, with the addresses of this server in them.

use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};

use crate::embedded::{style_file, style_files};
use crate::front::OwnAddress;
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;
use crate::web_app::no_such;

pub(crate) async fn list(Asked(Nothing): Asked<Nothing>, OwnAddress(base): OwnAddress) -> Json<Value> {
    let styles = style_files().iter().filter_map(|file| file.path.strip_suffix(".json"));
    let entries = styles.map(|name| json!({ "name": name, "style": format!("{base}/styles/{name}") }));
    Json(json!({ "styles": entries.collect::<Vec<_>>() }))
}

pub(crate) async fn style(
    Path(name): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    OwnAddress(base): OwnAddress,
) -> Result<Json<Value>, ApiError> {
    let stem = name.strip_suffix(".json").unwrap_or(&name);
    let missing = || no_such("style", "/styles lists them all", "全部样式见 /styles");
    let file = style_file(&format!("{stem}.json")).ok_or_else(missing)?;
    let mut style = serde_json::from_slice(file.bytes).ok().ok_or_else(missing)?;
    make_absolute(&mut style, &base);
    Ok(Json(style))
}

/// Map libraries outside our own page need whole addresses where the file has only paths.
fn make_absolute(value: &mut Value, base: &str) {
    match value {
        Value::String(text)
            if ["/tiles/", "/fonts/", "/styles/"].iter().any(|path| text.starts_with(path)) =>
        {
            text.insert_str(0, base);
        }
        Value::Array(values) => values.iter_mut().for_each(|one| make_absolute(one, base)),
        Value::Object(members) => members.values_mut().for_each(|one| make_absolute(one, base)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_server_become_whole_addresses() {
        let mut style = json!({"sources": {"base": {"url": "/tiles/base"}}, "layers": [{"id": "tiles/x"}]});
        make_absolute(&mut style, "http://127.0.0.1:1");
        let expected = json!({"sources": {"base": {"url": "http://127.0.0.1:1/tiles/base"}}, "layers": [{"id": "tiles/x"}]});
        assert_eq!(style, expected);
    }
}
