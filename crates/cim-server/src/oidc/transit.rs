//! What a browser carries while somebody is at the identity provider: sealed, so that the server keeps nothing of who never
//! comes back.

use axum::http::{HeaderMap, HeaderValue, header};
use cim_access::sealing::SealingKey;
use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Over TLS, where the prefix keeps other hosts from setting it.
const SECURE: &str = "__Host-cim-transit";
const PLAIN: &str = "cim-transit";
const PURPOSE: &str = "on the way to the identity provider";
/// Nobody types a password for longer.
const LONGEST: SignedDuration = SignedDuration::from_mins(10);

/// What the answer of the provider has to fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transit {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) begun_at: Timestamp,
}

/// The key, which ends with the server.
pub(crate) struct TransitSeal(SealingKey);

impl TransitSeal {
    pub(crate) fn generate() -> Option<Self> {
        SealingKey::generate().ok().map(Self)
    }

    /// The cookie of somebody who leaves.
    pub(crate) fn keep(&self, transit: &Transit, is_tls: bool) -> Option<HeaderValue> {
        let sealed = self.0.seal(PURPOSE, &serde_json::to_string(transit).ok()?).ok()?;
        let (name, secure) = if is_tls { (SECURE, "; Secure") } else { (PLAIN, "") };
        let value = BASE64URL_NOPAD.encode(&sealed);
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", LONGEST.as_secs());
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// What somebody who comes back left with.
    pub(crate) fn read(&self, headers: &HeaderMap, is_tls: bool, now: Timestamp) -> Option<Transit> {
        let kept = if is_tls { SECURE } else { PLAIN };
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == kept)?;
        let opened = self.0.open(PURPOSE, &BASE64URL_NOPAD.decode(value.as_bytes()).ok()?).ok()?;
        let transit: Transit = serde_json::from_str(&opened).ok()?;
        (now.duration_since(transit.begun_at) < LONGEST).then_some(transit)
    }
}

/// Forgets it.
pub(crate) fn forget(is_tls: bool) -> HeaderValue {
    HeaderValue::from_static(if is_tls {
        "__Host-cim-transit=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    } else {
        "cim-transit=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_in_time_has_what_they_left_with() {
        let seal = TransitSeal::generate().unwrap();
        let transit = Transit {
            state: "s".to_owned(),
            nonce: "n".to_owned(),
            verifier: "v".to_owned(),
            begun_at: Timestamp::now(),
        };
        let kept = seal.keep(&transit, false).unwrap();
        let pair = kept.to_str().unwrap().split(';').next().unwrap().to_owned();
        assert!(!pair.contains("verifier"));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, format!("theme=dark; {pair}").parse().unwrap());
        assert_eq!(seal.read(&headers, false, transit.begun_at), Some(transit.clone()));
        assert_eq!(seal.read(&headers, false, transit.begun_at + LONGEST), None, "too late");
        assert_eq!(seal.read(&headers, true, transit.begun_at), None, "another name over TLS");
        let other = TransitSeal::generate().unwrap();
        assert_eq!(other.read(&headers, false, transit.begun_at), None, "another server's");
    }
}
