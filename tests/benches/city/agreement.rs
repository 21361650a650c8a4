//! Do the servers of the comparison give the same tiles? Decoded, they hold the same features and vertices.

use anyhow::{Result, ensure};
use cim_testkit::mvt;

use crate::client::Connection;
use crate::cold::Servers;
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::populated;
use crate::process::Server;
use crate::report::Report;

const SAMPLE: usize = 40;
const MOST_DIFFERENCE: f64 = 0.01;

/// Features and vertices of a sample of tiles.
#[derive(Debug, Clone, Copy, Default)]
struct Contents {
    features: usize,
    vertices: usize,
}

/// Prints the difference by zoom; more than one per cent is an error.
pub(crate) async fn check(
    city: Dataset,
    database: &Database,
    servers: &Servers,
    report: &mut Report,
) -> Result<()> {
    let head = ["city", "zoom", "tiles", "features: cim, others", "vertices: cim, others", "differ by"];
    report.line("What a sample of tiles holds, decoded:");
    report.line("");
    report.line(row(&head));
    report.line(rule(head.len()));
    for zoom in 13..=16 {
        let mut tiles = populated::tiles(&database.client, zoom).await?;
        tiles.truncate(SAMPLE);
        let of = |server: &Server, prefix: &str| -> Result<Contents> {
            let mut connection = Connection::open(server.address)?;
            let mut sum = Contents::default();
            for tile in &tiles {
                let path = tile.path(prefix);
                let answer = connection.get(&path, "")?;
                ensure!(answer.status == 200, "{path}: {}", answer.status);
                let reading = mvt::read(answer.body);
                sum.features += reading.feature_count();
                let features = reading.layers.iter().flat_map(|layer| &layer.features);
                sum.vertices += features.map(|feature| feature.geometry.vertex_count()).sum::<usize>();
            }
            Ok(sum)
        };
        let ours = of(&servers.ours, "/tiles/building_plain")?;
        let mut others = vec![of(&servers.postgis, "")?];
        if let Some(martin) = &servers.martin {
            others.push(of(martin, "/building")?);
        }
        let apart = |a: usize, b: usize| (a as f64 - b as f64).abs() / b as f64;
        let most = others
            .iter()
            .map(|one| apart(ours.features, one.features).max(apart(ours.vertices, one.vertices)))
            .fold(0.0, f64::max);
        let all = |count: &dyn Fn(&Contents) -> usize| {
            let counts = std::iter::once(&ours).chain(&others).map(|one| number(count(one) as f64));
            counts.collect::<Vec<_>>().join("; ")
        };
        report.line(row(&[
            city.name(),
            zoom.to_string(),
            tiles.len().to_string(),
            all(&|one| one.features),
            all(&|one| one.vertices),
            format!("{:.2} %", most * 100.0),
        ]));
        ensure!(most <= MOST_DIFFERENCE, "the servers do not give the same tiles: {most}");
    }
    report.line("");
    Ok(())
}
