//! Martin, when there is one: `MARTIN` names it, or it is on the PATH.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use serde_json::json;

use crate::database::{Database, log};
use crate::dataset::root;
use crate::process::{Server, free_address};

/// The program.
pub(crate) struct Martin(PathBuf);

impl Martin {
    /// Looks for it.
    pub(crate) fn find() -> Option<Self> {
        let named = std::env::var_os("MARTIN").map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = named.into_iter().chain(std::env::split_paths(&path).map(|folder| folder.join("martin")));
        let martin = found.into_iter().find(|program| program.is_file()).map(Self);
        if martin.is_none() {
            println!("Martin is left out: MARTIN does not name it and it is not on the PATH");
        }
        martin
    }

    pub(crate) fn version(&self) -> String {
        let output = Command::new(&self.0).arg("--version").output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    }

    /// Serves the copied buildings as `/building/{z}/{x}/{y}`; a cache of 0 MB draws every tile.
    pub(crate) fn serve(&self, database: &Database, connections: usize, cache_mb: u32) -> Result<Server> {
        let address = free_address()?;
        // A mapping in JSON is one in YAML.
        let config = json!({
            "listen_addresses": address.to_string(),
            "cache_size_mb": cache_mb,
            "postgres": {
                "connection_string": url(database.address()),
                "pool_size": connections,
                "auto_publish": false,
                "tables": { "building": {
                    "schema": "bench", "table": "building_3857", "srid": 3857, "geometry_column": "geom",
                    "geometry_type": "MULTIPOLYGON", "id_column": "id", "extent": 4096, "buffer": 64,
                    "clip_geom": true,
                    "properties": {
                        "code": "text", "name": "text", "height_m": "float8", "floors_above": "int8", "use": "text",
                    },
                } },
            },
        });
        let file = root()?.join("martin.yaml");
        std::fs::write(&file, config.to_string())?;
        let mut command = Command::new(&self.0);
        command.arg("--config").arg(&file).env("RUST_LOG", "warn");
        Server::start(command, Some(address), "/health", &log("martin")?)
    }
}

/// `host='/folder' port=5432 user=cim dbname=cim` as a URL, which is the form that Martin takes.
fn url(address: &str) -> String {
    let part = |name: &str| {
        let value = address.split_once(&format!("{name}="))?.1.split(' ').next()?;
        Some(value.trim_matches('\''))
    };
    let part = |name: &str| part(name).unwrap_or_default();
    let host = part("host").replace('/', "%2F");
    format!("postgresql://{}@{host}:{}/{}", part("user"), part("port"), part("dbname"))
}
