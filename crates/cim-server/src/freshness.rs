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

fn wanted(parts: &Parts) -> Result<Vec<WaitFor>, ApiError> {
    let mut params = Params::parse(parts.uri.query().unwrap_or_default())?;
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let xid = params.text("min_xid").or_else(|| header("x-cim-min-xid"));
    let snapshot = params.text("min_snapshot").or_else(|| header("x-cim-min-snapshot"));
    let mut wanted = Vec::new();
    if let Some(text) = xid {
        let expected = Words::new("give the number of an x-cim-xid header", "请给出 x-cim-xid 头中的数字");
        let xid =
            text.trim().parse().ok().ok_or_else(|| ApiError::bad_parameter("min_xid", &text, expected))?;
        wanted.push(WaitFor::Xid(xid));
    }
    if let Some(text) = snapshot {
        let expected =
            Words::new("give the text of an x-cim-snapshot header", "请给出 x-cim-snapshot 头中的文本");
        if !is_snapshot(&text) {
            return Err(ApiError::bad_parameter("min_snapshot", &text, expected));
        }
        wanted.push(WaitFor::Snapshot(text));
    }
    Ok(wanted)
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
    use super::is_snapshot;

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
