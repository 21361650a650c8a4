//! A bench-only tile server: Martin's statement through a pool, on the same HTTP stack as ours.

use std::io::Write;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::{Manager, Pool};
use tokio_postgres::{Config, NoTls};

pub(crate) const NAME: &str = "postgis-server";
const STATEMENT: &str = include_str!("sql/tile.sql");

/// Serves `/{z}/{x}/{y}` until it is stopped: database address and connections.
pub(crate) async fn run(arguments: &[String]) -> Result<()> {
    let [address, connections] = arguments else {
        anyhow::bail!("give a database and a number of connections")
    };
    let manager = Manager::new(address.parse::<Config>()?, NoTls);
    let pool = Pool::builder(manager).max_size(connections.parse()?).build().context("a pool")?;
    let app = Router::new()
        .route("/health", get(async || "well"))
        .route("/{z}/{x}/{y}", get(tile))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

async fn tile(
    State(pool): State<Pool>,
    Path((z, x, y)): Path<(i32, i32, i32)>,
    headers: HeaderMap,
) -> Result<Response, (StatusCode, String)> {
    let failed = |error: anyhow::Error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}"));
    let bytes = draw(&pool, z, x, y).await.map_err(failed)?;
    if bytes.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let accept = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (token, body) = packed(bytes, accept).map_err(failed)?;
    let kind = [(header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile")];
    Ok(match token {
        Some(token) => (kind, [(header::CONTENT_ENCODING, token)], body).into_response(),
        None => (kind, body).into_response(),
    })
}

async fn draw(pool: &Pool, z: i32, x: i32, y: i32) -> Result<Vec<u8>> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(STATEMENT).await?;
    Ok(client.query_one(&statement, &[&z, &x, &y]).await?.get(0))
}

/// The fastest level of what the client asks for; brotli clients get it plain.
fn packed(bytes: Vec<u8>, accept: &str) -> Result<(Option<&'static str>, Vec<u8>)> {
    Ok(match accept {
        "zstd" => (Some("zstd"), zstd::bulk::compress(&bytes, 1)?),
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&bytes)?;
            (Some("gzip"), encoder.finish()?)
        }
        _ => (None, bytes),
    })
}
