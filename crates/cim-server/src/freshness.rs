//! `min_xid` and `min_snapshot`: a read that must show a write waits for it, or says that it cannot yet.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use cim_city::{City, WaitFor};

use crate::language::Words;
use crate::params::Params;
use crate::problem::ApiError;

/// Proof that the mirror shows what the request asks to see.
#[derive(Debug)]
pub(crate) struct Fresh;

impl<S: Sync> FromRequestParts<S> for Fresh
where
    City: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let city = City::from_ref(state);
        for wanted in wanted(parts)? {
            city.wait_for(&wanted).await.map_err(ApiError::NotYetVisible)?;
        }
        Ok(Self)
    }
}

pub(crate) fn wanted(parts: &Parts) -> Result<Vec<WaitFor>, ApiError> {
    let mut params = Params::parse(parts.uri.query().unwrap_or_default())?;
    let header = |name: &str| {
        let value = parts.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    // Both are read where both are given: what cannot be understood is refused even where the other one can.
    let xids = [("min_xid", params.text("min_xid")), ("x-cim-min-xid", header("x-cim-min-xid"))];
    let snapshots =
        [("min_snapshot", params.text("min_snapshot")), ("x-cim-min-snapshot", header("x-cim-min-snapshot"))];
    let mut wanted = Vec::new();
    for (name, text) in given(xids) {
        let expected = Words::new("give the number of an x-cim-xid header", "请给出 x-cim-xid 头中的数字");
        let xid = text.trim().parse().ok().ok_or_else(|| ApiError::bad_parameter(name, &text, expected))?;
        wanted.push(WaitFor::Xid(xid));
    }
    for (name, text) in given(snapshots) {
        let expected =
            Words::new("give the text of an x-cim-snapshot header", "请给出 x-cim-snapshot 头中的文本");
        if !is_snapshot(&text) {
            return Err(ApiError::bad_parameter(name, &text, expected));
        }
        wanted.push(WaitFor::Snapshot(text));
    }
    Ok(wanted)
}

/// Those that were given; an empty text counts as not given.
fn given(both: [(&'static str, Option<String>); 2]) -> impl Iterator<Item = (&'static str, String)> {
    both.into_iter().filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)))
}

/// `xmin:xmax:xip,xip`, as PostgreSQL writes a snapshot.
fn is_snapshot(text: &str) -> bool {
    let mut parts = text.split(':');
    let mut number = || parts.next().and_then(|part| part.parse::<u64>().ok());
    let bounds = (number(), number());
    let in_progress = parts.next();
    matches!(bounds, (Some(xmin), Some(xmax)) if xmin <= xmax)
        && in_progress
            .is_some_and(|list| list.is_empty() || list.split(',').all(|xid| xid.parse::<u64>().is_ok()))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::{is_snapshot, wanted};
    use crate::problem::ApiError;

    #[test]
    fn a_header_that_cannot_be_understood_is_refused_whatever_the_query_says() {
        let asked = |header: &str| {
            let request = axum::http::Request::get("/v1/city?min_xid=7").header("x-cim-min-xid", header);
            wanted(&request.body(()).unwrap().into_parts().0)
        };
        assert_eq!(asked("8").unwrap().len(), 2);
        assert_eq!(asked("").unwrap().len(), 1);
        let refused = asked("null,null").unwrap_err();
        assert!(matches!(refused, ApiError::BadParameter { name, .. } if name == "x-cim-min-xid"));
    }

    #[test]
    fn snapshots_are_recognised_as_postgresql_writes_them() {
        for good in ["10:20:10,14,15", "7:7:"] {
            assert!(is_snapshot(good), "{good}");
        }
        for bad in ["", "7", "7:7", "9:7:", "a:b:", "1:2:x", "1:2:3:4"] {
            assert!(!is_snapshot(bad), "{bad}");
        }
    }
}
