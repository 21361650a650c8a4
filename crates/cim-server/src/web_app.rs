//! The web app inside the binary: its files, its start page for every address of the app, its fonts.

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use crate::embedded::{web_app_file, web_app_files};
use crate::language::{Language, Words};
use crate::params::{Asked, Nothing};
use crate::problem::ApiError;

/// First segments of addresses that are data and never a page of the app.
const DATA: [&str; 8] = ["api", "fonts", "health", "metrics", "ogc", "styles", "tiles", "v1"];

/// Everything that no route took: a file of the app, or a page of it.
pub(crate) async fn file_or_page(request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if DATA.contains(&first) {
        return Err(ApiError::NoSuchPath);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(ApiError::MethodNotAllowed);
    }
    if let Some(file) = web_app_file(path) {
        return file.answer(request.headers());
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') { Err(ApiError::NoSuchPath) } else { start_page(request.headers()) }
}

fn start_page(headers: &HeaderMap) -> Result<Response, ApiError> {
    if let Some(file) = web_app_file("index.html") {
        return file.answer(headers);
    }
    let words = Words::new(NOT_BUILT_ENGLISH, NOT_BUILT_CHINESE);
    let page = words.speak(Language::asked_for(headers)).to_owned();
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-cache")], Html(page)).into_response())
}

const NOT_BUILT_ENGLISH: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>cim</title>\
    <h1>cim is running</h1><p>This binary was built without the web app. Build it with <code>make web</code>, \
    then build cim again. The interfaces work: see <a href=/api/docs>/api/docs</a>.</p>";
const NOT_BUILT_CHINESE: &str = "<!doctype html><html lang=zh-CN><meta charset=utf-8><title>cim</title>\
    <h1>cim 正在运行</h1><p>此程序未包含网页应用。请先运行 <code>make web</code>，再重新编译 cim。\
    接口可以使用：见 <a href=/api/docs>/api/docs</a>。</p>";

/// The fonts there are, by their addresses.
pub(crate) async fn fonts(Asked(Nothing): Asked<Nothing>) -> Json<Value> {
    let fonts = web_app_files().iter().filter(|file| file.path.starts_with("fonts/"));
    Json(json!({ "fonts": fonts.map(|file| format!("/{}", file.path)).collect::<Vec<_>>() }))
}

pub(crate) async fn font(
    Path(path): Path<String>,
    Asked(Nothing): Asked<Nothing>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let found = web_app_file(&format!("fonts/{path}"));
    found.ok_or_else(|| no_such("font", "/fonts lists them all", "全部字体见 /fonts"))?.answer(&headers)
}

pub(crate) fn no_such(what: &'static str, english: &str, chinese: &str) -> ApiError {
    ApiError::NoSuchThing { what, remedy: Words::new(english, chinese) }
}
