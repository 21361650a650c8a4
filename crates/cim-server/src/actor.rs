//! Who acts: whoever is signed in; on a server without accounts, which only this machine reaches, whoever `x-cim-actor` names.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::guard;
use crate::language::Words;
use crate::problem::ApiError;

const HEADER: &str = "x-cim-actor";
const LONGEST: usize = 100;

/// The name of who acts.
#[derive(Debug)]
pub(crate) struct Actor(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = guard::caller(parts)?;
        let Some(given) = parts.headers.get(HEADER).filter(|_| caller.is_open()) else {
            return Ok(Self(caller.name().to_owned()));
        };
        let refused = || {
            let expected = Words::new(
                format!("give a name of 1 to {LONGEST} characters, UTF-8 or percent-encoded"),
                format!("请给出 1 到 {LONGEST} 个字的姓名，UTF-8 或百分号编码"),
            );
            ApiError::bad_parameter(HEADER, &String::from_utf8_lossy(given.as_bytes()), expected)
        };
        let name = percent_decoded(given.as_bytes()).ok_or_else(refused)?;
        let name = name.trim();
        let is_name = (1..=LONGEST).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if is_name { Ok(Self(name.to_owned())) } else { Err(refused()) }
    }
}

/// The text of percent-encoded UTF-8; a browser cannot put anything but ASCII into a header.
fn percent_decoded(bytes: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let hex =
            |at: usize| char::from(*after.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        match (*first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                rest = &after[2..];
            }
            (byte, _, _) => {
                decoded.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn a_name_may_be_written_as_it_is_or_percent_encoded() {
        assert_eq!(percent_decoded("王芳".as_bytes()).as_deref(), Some("王芳"));
        assert_eq!(percent_decoded(b"%E7%8E%8B%E8%8A%B3").as_deref(), Some("王芳"));
        assert_eq!(percent_decoded(b"100% Wang").as_deref(), Some("100% Wang"));
        assert_eq!(percent_decoded(b"%FF"), None);
    }
}
