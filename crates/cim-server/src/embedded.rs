//! Files that the binary carries, and how they are sent: tagged, compressed where it helps, cached by their names.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cim_city::Encoding;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::content_encoding::negotiate;
use crate::problem::ApiError;

/// A file as it was when the binary was built.
#[derive(Debug)]
pub(crate) struct EmbeddedFile {
    pub(crate) path: &'static str,
    pub(crate) bytes: &'static [u8],
    pub(crate) etag: &'static str,
}

static WEB_APP: &[EmbeddedFile] = &include!(concat!(env!("OUT_DIR"), "/web_app.rs"));
static STYLES: &[EmbeddedFile] = &include!(concat!(env!("OUT_DIR"), "/styles.rs"));

pub(crate) fn web_app_file(path: &str) -> Option<&'static EmbeddedFile> {
    find(WEB_APP, path)
}

pub(crate) fn style_file(path: &str) -> Option<&'static EmbeddedFile> {
    find(STYLES, path)
}

pub(crate) fn web_app_files() -> &'static [EmbeddedFile] {
    WEB_APP
}

pub(crate) fn style_files() -> &'static [EmbeddedFile] {
    STYLES
}

fn find(files: &'static [EmbeddedFile], path: &str) -> Option<&'static EmbeddedFile> {
    files.binary_search_by(|file| file.path.cmp(path)).ok().map(|place| &files[place])
}

impl EmbeddedFile {
    /// The file as an answer to a request with these headers.
    pub(crate) fn answer(&'static self, asked: &HeaderMap) -> Result<Response, ApiError> {
        let packed = self.brotli();
        let offered: &[Encoding] = match packed {
            _ if !self.is_text() => &[],
            Some(_) => &[Encoding::Brotli, Encoding::Gzip],
            None => &[Encoding::Gzip],
        };
        let encoding = negotiate(asked, offered)?;
        let etag = match encoding.content_encoding() {
            None => self.etag.to_owned(),
            Some(token) => format!("{}-{token}\"", self.etag.trim_end_matches('"')),
        };
        let known =
            asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut response = if known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else if encoding == Encoding::Identity {
            Body::from(Bytes::from_static(self.bytes)).into_response()
        } else {
            let bytes =
                packed.filter(|_| encoding == Encoding::Brotli).map(|file| Bytes::from_static(file.bytes));
            let mut response = Body::from(bytes.unwrap_or_else(|| self.gzipped())).into_response();
            let token = HeaderValue::from_static(encoding.content_encoding().unwrap_or("identity"));
            response.headers_mut().insert(header::CONTENT_ENCODING, token);
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache_control()));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Ok(value) = HeaderValue::from_str(&etag) {
            headers.insert(header::ETAG, value);
        }
        Ok(response)
    }

    /// What the web build packed beforehand, much smaller than what could be packed during a request.
    fn brotli(&self) -> Option<&'static EmbeddedFile> {
        web_app_file(&format!("{}.br", self.path))
    }

    /// Compressed once, at the first request for it.
    fn gzipped(&'static self) -> Bytes {
        static DONE: LazyLock<Mutex<HashMap<&'static str, Bytes>>> = LazyLock::new(Mutex::default);
        let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
        let compress = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            let written = encoder.write_all(self.bytes).and_then(|()| encoder.finish());
            Bytes::from(written.expect("writing into memory does not fail"))
        };
        done.entry(self.etag).or_insert_with(compress).clone()
    }

    fn extension(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    fn is_text(&self) -> bool {
        matches!(
            self.extension(),
            "html" | "js" | "mjs" | "css" | "json" | "svg" | "txt" | "map" | "webmanifest"
        )
    }

    pub(crate) fn media_type(&self) -> &'static str {
        match self.extension() {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" | "map" => "application/json",
            "webmanifest" => "application/manifest+json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "pbf" => "application/x-protobuf",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }

    /// A name with its content's hash in it never changes its content.
    fn cache_control(&self) -> &'static str {
        if has_content_hash(self.path) { "public, max-age=31536000, immutable" } else { "no-cache" }
    }
}

/// `name-HASH.ext` or `name.HASH.ext` with at least eight characters of hash, digits among them.
fn has_content_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    let hash = stem.rsplit(['-', '.']).next().unwrap_or_default();
    let in_assets = path.starts_with("assets/");
    let looks_hashed =
        hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    hash != stem && looks_hashed && (in_assets || hash.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for hashed in
            ["assets/index-BkTQxZ_a.js", "fonts/han.3f2a9c01.woff2", "fonts/sc-400-0a1b2c3d4e.woff2"]
        {
            assert!(has_content_hash(hashed), "{hashed}");
        }
        for plain in
            ["index.html", "icon.svg", "fonts/sources.json", "fonts/regular-slices.json", "12345678.js"]
        {
            assert!(!has_content_hash(plain), "{plain}");
        }
    }
}
