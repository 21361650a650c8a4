//! Random edits of borders, each written as a publication does: faces, arcs and derived polygons in one transaction.

mod ground;
mod partition;

use std::fmt::Write as _;

use cim_coverage::LatticePolygon;
use cim_crs::LonLat;
use cim_store::Xid;
use tokio_postgres::{Client, SimpleQueryMessage};

pub(crate) use ground::{Ground, Kind};
pub(crate) use partition::clean_units;

/// Makes one edit after the other from a fixed seed.
pub(crate) struct Publisher {
    client: Client,
    ground: Ground,
    dice: u64,
    renamed: u32,
    pub(crate) made: [usize; 6],
}

impl Publisher {
    pub(crate) async fn new(client: Client) -> Self {
        let ground = Ground::read(&client).await;
        Self { client, ground, dice: 20_261_125, renamed: 0, made: [0; 6] }
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.dice >> 33).unwrap() % end
    }

    /// Publishes an edit that leaves an exact partition, and gives the transaction.
    pub(crate) async fn publish(&mut self) -> Xid {
        let mut text = "begin; set local cim.deriving = 'on'; \
             insert into cim.revision (rev, parent, city_code, kind, clean, base_level, state_hash, activated_at) \
             select rev + 1, rev, city_code, 'publish', clean, base_level, state_hash, now() from cim.revision \
             order by rev desc limit 1; "
            .to_owned();
        if self.below(8) == 0 {
            self.renamed += 1;
            let unit = self.below(8);
            write!(text, "update cim.micro_grid set name = '新{}' where code = 'm{unit}'; ", self.renamed)
                .unwrap();
        }
        let (kind, after) = loop {
            let kind = Kind::ALL[self.below(Kind::ALL.len())];
            let dice: Vec<usize> = (0..6).map(|_| self.below(1 << 30)).collect();
            if let Some(after) = self.ground.clone().edited(kind, &dice) {
                break (kind, after);
            }
        };
        self.made[kind as usize] += 1;
        text.push_str(&self.ground.difference_to(&after));
        let (old, new) = (self.ground.polygons(), after.polygons());
        for ((table, code), polygons) in &new {
            if old.get(&(*table, code.clone())) != Some(polygons) {
                let geom = if polygons.is_empty() {
                    "null".to_owned()
                } else {
                    format!("st_geomfromtext('{}', 4490)", multi_polygon(polygons))
                };
                write!(text, "update cim.{table} set geom = {geom} where code = '{code}'; ").unwrap();
            }
        }
        // An edit that changes no polygon must still move the units on.
        text.push_str(
            "update cim.district set name = name; select pg_current_xact_id()::text as xid; commit",
        );
        let said = self.client.simple_query(&text).await.unwrap_or_else(|error| panic!("{text}: {error:?}"));
        self.ground = after;
        let number = said.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.try_get("xid").ok().flatten(),
            _ => None,
        });
        Xid(number.unwrap().parse().unwrap())
    }
}

fn multi_polygon(polygons: &[LatticePolygon]) -> String {
    let ring = |points: &Vec<cim_crs::LatticePoint>| {
        let written: Vec<String> = points
            .iter()
            .chain(points.first())
            .map(|point| LonLat::from(*point))
            .map(|at| format!("{} {}", at.lon, at.lat))
            .collect();
        format!("({})", written.join(","))
    };
    let written: Vec<String> = polygons
        .iter()
        .map(|polygon| {
            let rings: Vec<String> =
                std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect();
            format!("({})", rings.join(","))
        })
        .collect();
    format!("multipolygon({})", written.join(","))
}
