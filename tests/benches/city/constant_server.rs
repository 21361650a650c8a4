//! A bench-only server that does nothing: as many constant bytes as the path says, with the headers of a real answer.

use std::str::FromStr;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

pub(crate) const NAME: &str = "constant-server";
const MOST_BYTES: usize = 16 << 20;

#[derive(Clone)]
struct Constant {
    bytes: Bytes,
    headers: Arc<HeaderMap>,
}

/// Serves `/{bytes}` until it is stopped; the arguments are header lines.
pub(crate) async fn run(arguments: &[String]) -> Result<()> {
    let mut headers = HeaderMap::new();
    for (name, value) in arguments.iter().filter_map(|line| line.split_once(':')) {
        headers.insert(HeaderName::from_str(name)?, HeaderValue::from_str(value.trim())?);
    }
    let constant = Constant { bytes: Bytes::from(vec![b'x'; MOST_BYTES]), headers: Arc::new(headers) };
    let app = Router::new().route("/{length}", get(answer)).with_state(constant);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn answer(State(constant): State<Constant>, Path(length): Path<usize>) -> Response {
    let mut response = Body::from(constant.bytes.slice(..length.min(MOST_BYTES))).into_response();
    let headers = constant.headers.iter().map(|(name, value)| (name.clone(), value.clone()));
    response.headers_mut().extend(headers);
    response
}
