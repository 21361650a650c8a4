//! Refuses requests that a foreign web page could have caused: a `Host` or `Origin` that is not this machine.
//!
//! A page on another site can point its own name at 127.0.0.1 (DNS rebinding) and then talk to us as if we were it.
//! Its name still stands in the `Host` header, so only names of this machine are answered.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::ApiError;

pub(crate) async fn refuse_foreign_names(request: Request, next: Next) -> Response {
    match check(request.method(), request.headers(), request.uri().authority().map(Authority::as_str)) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(method: &Method, headers: &HeaderMap, uri_authority: Option<&str>) -> Result<(), ApiError> {
    let text =
        |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.to_str().unwrap_or_default());
    let host = uri_authority.or_else(|| text(header::HOST)).unwrap_or_default();
    if !is_this_machine(host) {
        return Err(ApiError::WrongHost { host: host.to_owned() });
    }
    let safe = method == Method::GET || method == Method::HEAD || method == Method::OPTIONS;
    match text(header::ORIGIN) {
        Some(origin) if !safe && !is_same_origin(origin, host) => {
            Err(ApiError::WrongHost { host: origin.to_owned() })
        }
        _ => Ok(()),
    }
}

fn is_same_origin(origin: &str, host: &str) -> bool {
    origin.strip_prefix("http://").is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

fn is_this_machine(authority: &str) -> bool {
    let name = without_port(authority).to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The name of an authority; an authority with anything but digits for a port has none.
fn without_port(authority: &str) -> &str {
    let (name, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (address, rest.strip_prefix(':').unwrap_or(rest)),
        None => authority.rsplit_once(':').unwrap_or((authority, "")),
    };
    if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { "" }
}

/// Our own address as the client wrote it: safe in links, because only names of this machine come this far.
pub(crate) fn own_address(headers: &HeaderMap) -> String {
    let host =
        headers.get(header::HOST).and_then(|value| value.to_str().ok()).filter(|host| is_this_machine(host));
    format!("http://{}", host.unwrap_or("127.0.0.1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn allowed(method: &Method, host: &'static str, origin: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        check(method, &headers, None).is_ok()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for good in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "map.localhost:8080"] {
            assert!(allowed(&Method::GET, good, None), "{good}");
        }
        for bad in [
            "",
            "evil.example",
            "127.0.0.1.evil.example:8080",
            "192.168.0.1",
            "localhost.evil.example",
            "[::]",
            "localhost:8080/x",
            "[::1]x",
        ] {
            assert!(!allowed(&Method::GET, bad, None), "{bad}");
        }
    }

    #[test]
    fn a_write_must_come_from_our_own_page_or_from_no_page() {
        assert!(allowed(&Method::POST, "127.0.0.1:8080", None));
        assert!(allowed(&Method::POST, "127.0.0.1:8080", Some("http://127.0.0.1:8080")));
        assert!(!allowed(&Method::POST, "127.0.0.1:8080", Some("http://127.0.0.1:9090")));
        assert!(!allowed(&Method::POST, "127.0.0.1:8080", Some("null")));
        assert!(allowed(&Method::GET, "127.0.0.1:8080", Some("http://elsewhere.example")));
    }
}
