//! The cookie that keeps a session: unreadable for scripts, and sent by no other site's pages.

use axum::http::{HeaderMap, HeaderValue, header};
use cim_access::secret::SessionId;

/// Over TLS, where the prefix keeps other hosts and paths from setting it.
const SECURE: &str = "__Host-cim-session";
/// Over plain HTTP, which only this machine is answered on.
const PLAIN: &str = "cim-session";

/// The session that a request carries. Over TLS the cookie with the prefix alone: any other could be another host's.
pub(crate) fn read(headers: &HeaderMap, is_tls: bool) -> Option<SessionId> {
    let kept = if is_tls { SECURE } else { PLAIN };
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| if name == kept { SessionId::parse(value).ok() } else { None })
}

/// Keeps a session until the browser ends; the server ends it earlier.
pub(crate) fn keep(session: &SessionId, is_tls: bool) -> Option<HeaderValue> {
    let (name, secure) = if is_tls { (SECURE, "; Secure") } else { (PLAIN, "") };
    let text = format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{secure}", session.reveal().as_str());
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Forgets it.
pub(crate) fn forget() -> [HeaderValue; 2] {
    [
        HeaderValue::from_static("cim-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
        HeaderValue::from_static("__Host-cim-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_again_among_other_cookies() {
        let session = SessionId::generate().unwrap();
        for is_tls in [false, true] {
            let kept = keep(&session, is_tls).unwrap();
            let pair = kept.to_str().unwrap().split(';').next().unwrap().to_owned();
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("theme=dark; {pair}; x=y").parse().unwrap());
            assert_eq!(read(&headers, is_tls).map(|found| found.digest()), Some(session.digest()));
            assert!(read(&headers, !is_tls).is_none());
            assert_eq!(kept.to_str().unwrap().contains("Secure"), is_tls);
            assert!(kept.is_sensitive() && kept.to_str().unwrap().contains("HttpOnly"));
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("cim-session=guess"));
        assert!(read(&headers, false).is_none());
    }
}
