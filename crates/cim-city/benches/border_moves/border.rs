//! Moves single vertices of stored borders as a publication does, in one transaction.

use cim_crs::{LatticePoint, LonLat};
use cim_store::Xid;
use cim_tile::TileAddress;
use tokio_postgres::{Client, NoTls};

/// Units whose outlines may hold a vertex.
const LEVELS: [&str; 6] =
    ["district", "town", "village", "comprehensive_grid", "exclusive_grid", "micro_grid"];

pub(crate) struct Borders {
    client: Client,
    dice: u64,
}

/// A vertex and where it goes.
pub(crate) struct Vertex {
    arc: i64,
    points: Vec<i64>,
    from: LatticePoint,
    to: LatticePoint,
    /// West, south, east, north of the units on both sides.
    pub(crate) around: [f64; 4],
}

/// A committed move.
pub(crate) struct Move {
    pub(crate) xid: Xid,
}

impl Vertex {
    pub(crate) fn tile(&self) -> (u8, u32, u32) {
        self.tile_at(16)
    }

    pub(crate) fn tile_at(&self, zoom: u8) -> (u8, u32, u32) {
        let at = cim_mirror::WorldPoint::from(LonLat::from(self.from));
        let bounds = cim_mirror::WorldBox::around(&[at]).unwrap();
        let tile = TileAddress::meeting(&bounds, zoom).next().unwrap();
        (tile.zoom(), tile.column(), tile.row())
    }
}

impl Borders {
    pub(crate) async fn open(address: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        tokio::spawn(connection);
        Self { client, dice: std::process::id().into() }
    }

    fn below(&mut self, end: usize) -> usize {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.dice >> 33).unwrap() % end
    }

    /// A vertex inside a random border within the city, and a place a tenth of the way to the vertex before it and a
    /// little aside.
    pub(crate) async fn choose(&mut self) -> Vertex {
        let text = "select id, points from cim.arc where upper_inf(rev) and cardinality(points) > 6 \
                    and left_face is not null and right_face is not null and id >= (select min(id) + floor(random() * (max(id) - min(id))) from cim.arc) \
                    order by id limit 1";
        let row = self.client.query_one(text, &[]).await.unwrap();
        let points: Vec<i64> = row.get(1);
        let inner = points.len() / 2 - 2;
        let place = 1 + self.below(inner);
        let at = |place: usize| LatticePoint { x: points[2 * place], y: points[2 * place + 1] };
        let (from, before) = (at(place), at(place - 1));
        let (dx, dy) = ((before.x - from.x) / 10, (before.y - from.y) / 10);
        let to = LatticePoint { x: from.x + dx - dy / 2, y: from.y + dy + dx / 2 };
        let mut moved = points.clone();
        (moved[2 * place], moved[2 * place + 1]) = (to.x, to.y);
        let around = self.around(from).await;
        Vertex { arc: row.get(0), points: moved, from, to, around }
    }

    async fn around(&self, vertex: LatticePoint) -> [f64; 4] {
        let (x, y) = degrees(vertex);
        let text = "select st_xmin(box), st_ymin(box), st_xmax(box), st_ymax(box) from (select st_extent(geom) as box \
                    from cim.micro_grid where geom && st_expand(st_setsrid(st_makepoint($1, $2), 4490), 1e-7)) as found";
        let row = self.client.query_one(text, &[&x, &y]).await.unwrap();
        let [west, south, east, north] = [0, 1, 2, 3].map(|column| row.get::<_, f64>(column));
        [west - 1e-3, south - 1e-3, east + 1e-3, north + 1e-3]
    }

    pub(crate) async fn commit(&mut self, vertex: &Vertex) -> Move {
        let transaction = self.client.transaction().await.unwrap();
        transaction.batch_execute("set local cim.deriving = 'on'").await.unwrap();
        let rev: i32 = transaction
            .query_one(
                "insert into cim.revision (rev, parent, city_code, kind, clean, base_level, state_hash, activated_at) \
                 select rev + 1, rev, city_code, 'publish', clean, base_level, state_hash, now() from cim.revision \
                 order by rev desc limit 1 returning rev",
                &[],
            )
            .await
            .unwrap()
            .get(0);
        let closed = "update cim.arc set rev = int4range(lower(rev), $2) where id = $1 and upper_inf(rev) \
                      returning city_code, start_node, end_node, left_face, right_face";
        let arc = transaction.query_one(closed, &[&vertex.arc, &rev]).await.unwrap();
        let city: &str = arc.get(0);
        let (start, end): (i64, i64) = (arc.get(1), arc.get(2));
        let (left, right): (Option<i64>, Option<i64>) = (arc.get(3), arc.get(4));
        transaction
            .execute(
                "insert into cim.arc (id, rev, city_code, start_node, end_node, left_face, right_face, points) \
                 values ($1, int4range($2, null), $3, $4, $5, $6, $7, $8)",
                &[&vertex.arc, &rev, &city, &start, &end, &left, &right, &vertex.points],
            )
            .await
            .unwrap();
        let ((x, y), (new_x, new_y)) = (degrees(vertex.from), degrees(vertex.to));
        for table in LEVELS {
            let text = format!(
                "update cim.{table} set geom = st_geomfromtext(regexp_replace(st_astext(geom, 8), \
                 '([(,]){x} {y}(?=[,)])', '\\1{new_x} {new_y}', 'g'), 4490) \
                 where geom && st_setsrid(st_makepoint({x}, {y}), 4490) \
                 and st_astext(geom, 8) ~ '[(,]{x} {y}[,)]'"
            );
            transaction.execute(&text, &[]).await.unwrap();
        }
        let xid: String =
            transaction.query_one("select pg_current_xact_id()::text", &[]).await.unwrap().get(0);
        transaction.commit().await.unwrap();
        Move { xid: Xid(xid.parse().unwrap()) }
    }
}

fn degrees(point: LatticePoint) -> (f64, f64) {
    let at = LonLat::from(point);
    (at.lon, at.lat)
}
