//! Half a million points tied to micro grids: over HTTP as CSV, and by PostGIS in one statement.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::Cover;
use geo_types::MultiPolygon;
use geozero::ToGeo;
use geozero::wkb::Ewkb;
use tokio_postgres::Client;

use crate::figures::number;
use crate::populated::Dice;
use crate::report::Report;

const POINTS: usize = 500_000;

pub(super) async fn measure(client: &Client, address: SocketAddr, report: &mut Report) -> Result<()> {
    let mut dice = Dice(41);
    let mut degrees = |west: f64, width: f64| west + width * dice.below(1_000_000) as f64 / 1e6;
    let points: Vec<(f64, f64)> =
        (0..POINTS).map(|_| (degrees(121.05, 0.45), degrees(31.80, 0.32))).collect();
    let mut csv = String::from("lon,lat\n");
    for (lon, lat) in &points {
        let _ = writeln!(csv, "{lon:.6},{lat:.6}");
    }
    let begun = Instant::now();
    let rows = post_csv(address, csv.as_bytes())?;
    let ours = POINTS as f64 / begun.elapsed().as_secs_f64();
    ensure!(rows == POINTS, "{rows} rows came back");
    let (lons, lats): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    let engine = engine_rate(client, &lons, &lats).await?;
    let statement = client.prepare(include_str!("../sql/linkage_batch.sql")).await?;
    let begun = Instant::now();
    let tied: i64 = client.query_one(&statement, &[&lons, &lats]).await?.get(0);
    let theirs = POINTS as f64 / begun.elapsed().as_secs_f64();
    report.line(format!(
        "{POINTS} points as CSV: {} points/s over HTTP with every level, exclusive grid and border distance. The micro grid \
         alone: {} points/s in the engine on one core, {} points/s by PostGIS ({tied} lie in one).",
        number(ours),
        number(engine),
        number(theirs)
    ));
    report.at_least("points a second in the engine", engine, 500_000.0);
    report.at_least("points a second over HTTP as CSV", ours, 200_000.0);
    report.at_least("points a second in the engine, times PostGIS", engine / theirs, 20.0);
    Ok(())
}

/// Points a second that the mirror's cover of micro grids answers, on one core.
async fn engine_rate(client: &Client, lons: &[f64], lats: &[f64]) -> Result<f64> {
    let rows = client.query("select code, geom::bytea from cim.micro_grid", &[]).await?;
    let polygon = |row: &tokio_postgres::Row| -> Result<(String, MultiPolygon<f64>)> {
        let geometry = Ewkb(row.get::<_, &[u8]>(1)).to_geo()?;
        Ok((row.get(0), geometry.try_into().map_err(|_other| anyhow!("a grid is no multipolygon"))?))
    };
    let grids: Vec<(String, MultiPolygon<f64>)> = rows.iter().map(polygon).collect::<Result<_>>()?;
    let cover = Cover::new(grids.iter().map(|(code, ground)| (code.as_str(), ground)));
    let points: Vec<LatticePoint> =
        lons.iter().zip(lats).map(|(lon, lat)| LatticePoint::from(LonLat { lon: *lon, lat: *lat })).collect();
    let begun = Instant::now();
    let tied = points.iter().filter(|point| cover.find(**point).is_some()).count();
    let rate = points.len() as f64 / begun.elapsed().as_secs_f64();
    ensure!(tied > points.len() / 2, "{tied} points lie in a grid");
    Ok(rate)
}

/// Sends while it reads, because the answer flows meanwhile; the number of rows that came.
fn post_csv(address: SocketAddr, body: &[u8]) -> Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    let head = format!(
        "POST /v1/responsibility/batch HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/csv\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    let mut sending = stream.try_clone()?;
    std::thread::scope(|scope| {
        scope.spawn(move || sending.write_all(body));
        let mut lines = 0;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = stream.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            // Lines of the CSV end with one byte; those of the chunks and the head with two.
            let seen = &buffer[..read];
            lines += seen.windows(2).filter(|pair| pair[1] == b'\n' && pair[0] != b'\r').count();
        }
        Ok(lines.saturating_sub(1))
    })
}
