//! Do the servers of the comparison give the same tiles? Decoded, they hold the same features and vertices.

use anyhow::{Result, ensure};
use cim_testkit::mvt::{self, Geometry, Point};

use crate::client::Connection;
use crate::cold::Servers;
use crate::database::Database;
use crate::dataset::Dataset;
use crate::figures::{number, row, rule};
use crate::populated::{self, Populated};
use crate::process::Server;
use crate::report::Report;

const SAMPLE: usize = 40;
const MOST_DIFFERENCE: f64 = 0.01;
const HEAD: [&str; 7] = [
    "city",
    "zoom",
    "tiles",
    "features: cim, others",
    "vertices: cim, others",
    "of them corners",
    "features and corners differ by",
];

/// What a sample of tiles holds.
#[derive(Debug, Clone, Copy, Default)]
struct Contents {
    features: usize,
    vertices: usize,
    /// Vertices that do not lie straight between their neighbours: `ST_AsMVTGeom` leaves out those that do.
    corners: usize,
}

impl Contents {
    fn of(server: &Server, tiles: &[Populated], prefix: &str) -> Result<Self> {
        let mut connection = Connection::open(server.address)?;
        let mut contents = Self::default();
        for tile in tiles {
            let path = tile.path(prefix);
            let answer = connection.get(&path, "")?;
            ensure!(answer.status == 200, "{path}: {}", answer.status);
            let reading = mvt::read(answer.body);
            let features = reading.layers.iter().flat_map(|layer| &layer.features);
            features.for_each(|feature| contents.add(&feature.geometry));
        }
        Ok(contents)
    }

    fn add(&mut self, geometry: &Geometry) {
        self.features += 1;
        self.vertices += geometry.vertex_count();
        self.corners += geometry.parts().map(corners).sum::<usize>();
    }

    /// The largest difference, as a part of the other's.
    fn apart(&self, other: &Self) -> f64 {
        let apart = |a: usize, b: usize| (a as f64 - b as f64).abs() / b as f64;
        apart(self.features, other.features).max(apart(self.corners, other.corners))
    }
}

fn corners(ring: &[Point]) -> usize {
    let before = ring.iter().cycle().skip(ring.len().saturating_sub(1));
    let after = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(before)
        .zip(after)
        .filter(|((at, before), after)| {
            let (in_x, in_y) = (at.x - before.x, at.y - before.y);
            let (out_x, out_y) = (after.x - at.x, after.y - at.y);
            in_x * out_y != in_y * out_x
        })
        .count()
}

/// Prints the difference by zoom; more than one per cent is an error.
pub(crate) async fn check(
    city: Dataset,
    database: &Database,
    servers: &Servers,
    report: &mut Report,
) -> Result<()> {
    report.line("What a sample of tiles holds, decoded:");
    report.line("");
    report.line(row(&HEAD));
    report.line(rule(HEAD.len()));
    for zoom in 13..=16 {
        let mut tiles = populated::tiles(&database.client, zoom).await?;
        tiles.truncate(SAMPLE);
        let ours = Contents::of(&servers.ours, &tiles, "/tiles/building_plain")?;
        let mut others = vec![Contents::of(&servers.postgis, &tiles, "")?];
        if let Some(martin) = &servers.martin {
            others.push(Contents::of(martin, &tiles, "/building")?);
        }
        let all = |count: &dyn Fn(&Contents) -> usize| {
            let counts = std::iter::once(&ours).chain(&others).map(|one| number(count(one) as f64));
            counts.collect::<Vec<_>>().join("; ")
        };
        let most = others.iter().map(|one| ours.apart(one)).fold(0.0, f64::max);
        report.line(row(&[
            city.name(),
            zoom.to_string(),
            tiles.len().to_string(),
            all(&|one| one.features),
            all(&|one| one.vertices),
            all(&|one| one.corners),
            format!("{:.2} %", most * 100.0),
        ]));
        ensure!(most <= MOST_DIFFERENCE, "the servers do not give the same tiles: {most}");
    }
    report.line("");
    Ok(())
}
