//! Which content encoding a client gets, by `Accept-Encoding` with its weights.

use axum::http::{HeaderMap, header};
use cim_city::Encoding;

use crate::language::tag_and_quality;
use crate::problem::ApiError;

/// The encodings of tiles, the cheapest for both sides first.
pub(crate) const FOR_TILES: [Encoding; 3] = [Encoding::Zstd, Encoding::Brotli, Encoding::Gzip];

/// The best of `offered` (in order of our liking, which breaks ties) that the client accepts. Identity counts last
/// unless it is weighted higher, and is refused only when the client says so.
pub(crate) fn negotiate(headers: &HeaderMap, offered: &[Encoding]) -> Result<Encoding, ApiError> {
    let accepted = Accepted::read(headers);
    let mut best: Option<(f32, Encoding)> = None;
    for encoding in offered.iter().copied().chain([Encoding::Identity]) {
        let quality = accepted.quality(encoding);
        if quality > 0.0 && best.is_none_or(|(most, _)| quality > most) {
            best = Some((quality, encoding));
        }
    }
    best.map(|(_, encoding)| encoding).ok_or(ApiError::NoAcceptableEncoding)
}

struct Accepted(Vec<(String, f32)>);

impl Accepted {
    fn read(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
        Self(lines.flat_map(|line| line.split(',')).map(tag_and_quality).collect())
    }

    fn quality(&self, encoding: Encoding) -> f32 {
        let named = |name: &str| self.0.iter().find(|(tag, _)| tag == name).map(|(_, quality)| *quality);
        let Some(token) = encoding.content_encoding() else {
            // A client that does not name identity still takes it, but prefers whatever it named.
            return named("identity").or_else(|| named("*").filter(|q| *q <= 0.0)).unwrap_or(0.001);
        };
        named(token).or_else(|| named("*")).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(accept: &'static str, expected: Option<Encoding>) {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
        }
        assert_eq!(negotiate(&headers, &FOR_TILES).ok(), expected, "{accept}");
    }

    #[test]
    fn the_highest_weight_wins_and_our_order_breaks_ties() {
        check("", Some(Encoding::Identity));
        check("gzip, deflate, br, zstd", Some(Encoding::Zstd));
        check("gzip, deflate, br", Some(Encoding::Brotli));
        check("gzip;q=1.0, br;q=0.5", Some(Encoding::Gzip));
        check("zstd;q=0, *;q=0.3", Some(Encoding::Brotli));
        check("*", Some(Encoding::Zstd));
        check("identity, gzip;q=0.5", Some(Encoding::Identity));
        check("deflate", Some(Encoding::Identity));
        check("GZIP;Q=0.9", Some(Encoding::Gzip));
    }

    #[test]
    fn a_client_that_refuses_everything_we_have_is_told() {
        check("identity;q=0", None);
        check("*;q=0", None);
        check("gzip;q=0.5, identity;q=0", Some(Encoding::Gzip));
    }
}
