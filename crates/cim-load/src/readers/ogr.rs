//! Every other format, through `ogr2ogr` where it is installed: its output is read as a sequence of GeoJSON features.

use std::io::BufReader;
use std::process::{Command, Stdio};

use super::geojson::read_lines;
use crate::check::RowChecker;
use crate::job::ReadJob;
use crate::row::{Reading, Refusal, damaged};

/// Drivers that read other files or addresses than the one they are given.
const NO_DRIVERS: &str = "VRT,OGR_VRT,OAPIF,WFS,HTTP,WMS,PG,PostgreSQL,MySQL,ODBC,GMLAS,PDF,STACTA,STACIT,ESRIJSON,Elasticsearch,MongoDBv3,Carto,CSW,AmigoCloud,PLScenes,NGW,DAAS,EEDA";

/// Converts and reads. The limits on this process hold for the one it starts.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    let mut command = Command::new("ogr2ogr");
    command.args(["-f", "GeoJSONSeq", "/vsistdout/"]).arg(&job.path);
    if let Some(layer) = &job.mapping.layer {
        command.arg(layer);
    }
    // Without a system the coordinates come as they are, and the pack says what they are.
    command.args(["-a_srs", "none", "-lco", "RS=NO"]);
    command
        .env("OGR_SKIP", NO_DRIVERS)
        .env("GDAL_SKIP", NO_DRIVERS)
        .env("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "none");
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.map_err(|_cause: std::io::Error| {
        Refusal::new("format", "this format is not read directly: install ogr2ogr (package gdal-bin), or convert the file to GeoPackage")
    })?;
    let stdout = child.stdout.take().ok_or_else(|| damaged("ogr2ogr has no output"))?;
    checker.declare_crs(None)?;
    let outcome = read_lines(BufReader::with_capacity(1 << 18, stdout), checker);
    if outcome.is_err() {
        // It may have ended already, which is what is wanted.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| damaged(format!("ogr2ogr did not end: {error}")))?;
    outcome?;
    if status.success() { Ok(()) } else { Err(damaged("ogr2ogr cannot read the file")) }
}
