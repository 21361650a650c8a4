//! How the server is reached: by which names, over TLS or not, and what stands in front of it.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::guard::Door;
use crate::oidc::OidcOptions;
use crate::problem::ApiError;

/// Who is let in, and under which names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// Who is let in.
    pub door: Door,
    /// Names and addresses under which others reach the server, without ports; this machine's own always hold.
    pub names: Vec<String>,
    /// What a browser sees.
    pub scheme: Scheme,
    /// Proxies in front, of which the address of whoever asks is believed.
    pub proxies: Vec<IpAddr>,
    /// Other sites whose pages may ask, as `https://map.example`.
    pub origins: Vec<String>,
    /// How often one account may ask in the long run; ten times as much at once.
    pub requests_per_second: u32,
    /// The identity provider at which people may sign in too.
    pub oidc: Option<OidcOptions>,
}

/// A map that is dragged about asks for hundreds of tiles in a second, and then for none.
pub const USUAL_REQUESTS_PER_SECOND: u32 = 300;

/// What a browser sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP, which only this machine is answered on.
    Http,
    /// TLS, ours or that of a proxy in front.
    Https,
}

impl Scheme {
    /// As it stands before an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    pub(crate) const fn is_secure(self) -> bool {
        matches!(self, Self::Https)
    }
}

impl Front {
    /// Reached from this machine alone, over plain HTTP.
    #[must_use]
    pub const fn of_this_machine(door: Door) -> Self {
        Self {
            door,
            names: Vec::new(),
            scheme: Scheme::Http,
            proxies: Vec::new(),
            origins: Vec::new(),
            requests_per_second: USUAL_REQUESTS_PER_SECOND,
            oidc: None,
        }
    }

    pub(crate) fn check(&self, method: &Method, host: &str, origin: Option<&str>) -> Result<(), ApiError> {
        if !self.is_ours(host) {
            return Err(ApiError::WrongHost { host: host.to_owned() });
        }
        let safe = method == Method::GET || method == Method::HEAD || method == Method::OPTIONS;
        match origin {
            Some(origin) if !safe && !self.is_same_origin(origin, host) && !self.is_allowed(origin) => {
                Err(ApiError::WrongHost { host: origin.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn is_same_origin(&self, origin: &str, host: &str) -> bool {
        let rest = origin.strip_prefix(self.scheme.name()).and_then(|rest| rest.strip_prefix("://"));
        rest.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    }

    pub(crate) fn is_allowed(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }

    fn is_ours(&self, authority: &str) -> bool {
        let name = without_port(authority).to_ascii_lowercase();
        is_this_machine(&name) || self.names.iter().any(|known| known.eq_ignore_ascii_case(&name))
    }

    /// Who asks, as the connection and the proxies in front tell: the last hop that none of ours is.
    pub(crate) fn client_of(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.proxies.contains(&peer) {
            return peer;
        }
        let told = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let hops: Vec<&str> = told.flat_map(|value| value.split(',')).map(str::trim).collect();
        let hops = hops.into_iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok());
        hops.into_iter().find(|hop| !self.proxies.contains(hop)).unwrap_or(peer)
    }
}

/// Refuses requests that a foreign web page could have caused: a `Host` that is not ours, or an `Origin` that may not ask.
///
/// A page on another site can point its own name at our address (DNS rebinding) and then talk to us as if we were it.
/// Its name still stands in the `Host` header, so only our names are answered.
pub(crate) async fn refuse_foreign_names(
    State(front): State<std::sync::Arc<Front>>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let authority = request.uri().authority().map(Authority::as_str);
    let host = authority.or_else(|| text(header::HOST)).unwrap_or_default().to_owned();
    match front.check(request.method(), &host, text(header::ORIGIN)) {
        Ok(()) => {
            let address = format!("{}://{host}", front.scheme.name());
            request.extensions_mut().insert(OwnAddress(address));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Our own address as the client wrote it: safe in links, because only our own names come this far.
#[derive(Clone)]
pub(crate) struct OwnAddress(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for OwnAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or(ApiError::WrongHost { host: String::new() })
    }
}

fn is_this_machine(name: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> Front {
        Front::of_this_machine(Door::Accounts)
    }

    fn exposed() -> Front {
        Front {
            names: vec!["cim.haimen.example".to_owned(), "192.168.1.4".to_owned()],
            scheme: Scheme::Https,
            proxies: vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()],
            origins: vec!["https://map.example".to_owned()],
            ..here()
        }
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for good in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "map.localhost:8080"] {
            assert!(here().check(&Method::GET, good, None).is_ok(), "{good}");
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
            assert!(here().check(&Method::GET, bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_server_that_others_reach_is_answered_under_its_names_alone() {
        for good in ["cim.haimen.example", "CIM.haimen.example:443", "192.168.1.4:8443", "localhost:8443"] {
            assert!(exposed().check(&Method::GET, good, None).is_ok(), "{good}");
        }
        for bad in ["haimen.example", "192.168.1.5", "x.cim.haimen.example", "cim.haimen.example.evil"] {
            assert!(exposed().check(&Method::GET, bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_write_must_come_from_our_own_page_from_an_allowed_one_or_from_no_page() {
        let here = here();
        let post = |origin| here.check(&Method::POST, "127.0.0.1:8080", origin).is_ok();
        assert!(post(None) && post(Some("http://127.0.0.1:8080")));
        assert!(!post(Some("http://127.0.0.1:9090")) && !post(Some("https://127.0.0.1:8080")));
        assert!(!post(Some("null")));
        assert!(here.check(&Method::GET, "127.0.0.1:8080", Some("http://elsewhere.example")).is_ok());
        let exposed = exposed();
        let post = |origin| exposed.check(&Method::POST, "cim.haimen.example", Some(origin)).is_ok();
        assert!(post("https://cim.haimen.example") && post("https://map.example"));
        assert!(!post("http://cim.haimen.example") && !post("https://map.example.evil"));
    }

    #[test]
    fn whoever_asks_is_told_by_the_last_hop_that_is_no_proxy_of_ours() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let client = |peer: &str, told: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in told {
                headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
            }
            exposed().client_of(ip(peer), &headers)
        };
        // Nobody but a proxy of ours is believed.
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), ip("203.0.113.9"));
        assert_eq!(client("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        // What the client itself wrote stands on the left.
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), ip("198.51.100.1"));
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(client("10.0.0.1", &["198.51.100.1, nonsense"]), ip("10.0.0.1"));
        assert_eq!(client("10.0.0.1", &[]), ip("10.0.0.1"));
    }
}
