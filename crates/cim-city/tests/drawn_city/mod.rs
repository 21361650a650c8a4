//! A city whose boundaries can be drawn on: two villages, eight grids, forty-eight micro grids, with work in them.

#![allow(dead_code, reason = "every test file uses its own part of this")]

use cim_access::Scope;
use cim_city::{
    ApproveBody, ChangesetAnswer, City, CityError, CityOptions, EditFinding, Encoding, MatrixSet,
    NewChangeset, OperationBody, Position, PublishedAnswer, ResponsibilityQuery, TileBody, TilePlace,
    TileRequest, TopologyAnswer, TopologyQuery, WaitFor,
};
use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::LatticePoint;
use cim_model::{Collection, Record, Value};
use cim_store::{UnitRow, UnitsLoad};
use cim_testkit::TestDatabase;

use crate::small_city::{case, load, point, record, square, text, until};

pub(crate) const WEST: i64 = 12_110_000_000;
pub(crate) const SOUTH: i64 = 3_180_000_000;
/// The width of a micro grid: 0.002 degree.
pub(crate) const STEP: i64 = 200_000;
pub(crate) const COLUMNS: i64 = 8;
pub(crate) const ROWS: i64 = 6;

pub(crate) struct DrawnCity {
    pub(crate) city: City,
    pub(crate) database: TestDatabase,
}

pub(crate) fn scope() -> Scope {
    Scope::whole_district()
}

/// A place by micro grids from the south-western corner.
pub(crate) fn at(column: f64, row: f64) -> Position {
    let degrees = |corner: f64, steps: f64| ((corner + steps * 0.002) * 1e8).round() / 1e8;
    [degrees(121.1, column), degrees(31.8, row)]
}

fn village_code(column: i64) -> String {
    format!("32061410000{}", column / 4 + 1)
}

fn grid_code(column: i64, row: i64) -> String {
    format!("{}Z{:02}", village_code(column), column % 4 / 2 * 2 + row / 3 + 1)
}

/// The code of the micro grid in a column and row.
pub(crate) fn micro_code(column: i64, row: i64) -> String {
    format!("{}W{:02}", grid_code(column, row), column % 2 * 3 + row % 3 + 1)
}

/// A square with a vertex in the middle of every side.
fn cell(column: i64, row: i64) -> LatticePolygon {
    let point = |x: i64, y: i64| LatticePoint { x: WEST + column * STEP + x, y: SOUTH + row * STEP + y };
    let half = STEP / 2;
    let outer = vec![
        point(0, 0),
        point(half, 0),
        point(STEP, 0),
        point(STEP, half),
        point(STEP, STEP),
        point(half, STEP),
        point(0, STEP),
        point(0, half),
    ];
    LatticePolygon { outer, holes: Vec::new() }
}

fn unit(collection: Collection, code: &str, parent: Option<&str>) -> UnitRow {
    UnitRow {
        collection,
        code: code.to_owned(),
        name: format!("名{code}"),
        kind: None,
        parent_code: parent.map(str::to_owned),
        urban_rural_class: None,
        polygons: None,
    }
}

pub(crate) fn units() -> UnitsLoad {
    let mut units =
        vec![unit(Collection::District, "320614", None), unit(Collection::Town, "320614100", Some("320614"))];
    let mut base = Vec::new();
    for column in 0..COLUMNS {
        for row in 0..ROWS {
            let (village, grid, micro) =
                (village_code(column), grid_code(column, row), micro_code(column, row));
            for (level, code, parent) in [
                (Collection::Village, &village, "320614100"),
                (Collection::ComprehensiveGrid, &grid, village.as_str()),
                (Collection::MicroGrid, &micro, grid.as_str()),
            ] {
                if units.iter().all(|known| known.code != *code) {
                    units.push(unit(level, code, Some(parent)));
                }
            }
            base.push(LayerUnit { key: micro, parent: None, polygons: vec![cell(column, row)] });
        }
    }
    let built = build(&base, &[]);
    UnitsLoad {
        units,
        coverage: built.coverage,
        base_level: Collection::MicroGrid,
        base_codes: base.into_iter().map(|unit| unit.key).collect(),
        overlay_codes: Vec::new(),
    }
}

/// The same numbers every time, between 0 and 1.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    pub(crate) fn place(&mut self) -> Position {
        at(self.next() * 8.0, self.next() * 6.0)
    }
}

fn work() -> Vec<(Collection, Vec<Record>)> {
    let mut random = Random(7);
    let cases = (0..600).map(|no| {
        let [lon, lat] = random.place();
        case(no, if no % 3 == 0 { "in_progress" } else { "closed" }, lon, lat)
    });
    let cases: Vec<Record> = cases.collect();
    let buildings: Vec<Record> = (0..400)
        .map(|no| {
            let [west, south] = random.place();
            let ground = square(west, south, 0.0002, 0.0001);
            record(
                Collection::Building,
                &[
                    ("code", text(&format!("b{no}"))),
                    ("household_count", Value::Int(20)),
                    ("population", Value::Int(50)),
                    ("geom", Value::Geometry(ground.into())),
                ],
            )
        })
        .collect();
    let cameras: Vec<Record> = (0..20)
        .map(|no| {
            let [lon, lat] = random.place();
            record(
                Collection::Camera,
                &[
                    ("gb_id", text(&format!("320614000013200{no:05}"))),
                    ("name", text("路口")),
                    ("status", text("online")),
                    ("geom", point(lon, lat)),
                ],
            )
        })
        .collect();
    vec![(Collection::Building, buildings), (Collection::Camera, cameras), (Collection::Case, cases)]
}

impl DrawnCity {
    pub(crate) async fn open() -> Self {
        let database = TestDatabase::new().await;
        load(&database, Some(units()), work()).await;
        let city = City::open(database.store().clone(), CityOptions::default()).unwrap();
        until(|| city.health().ready).await;
        Self { city, database }
    }

    pub(crate) async fn begin(&self, actor: &str) -> ChangesetAnswer {
        self.begin_new(actor, false).await
    }

    /// Begins a draft that may move the outline of the city.
    pub(crate) async fn begin_opening(&self, actor: &str) -> ChangesetAnswer {
        self.begin_new(actor, true).await
    }

    async fn begin_new(&self, actor: &str, opens_outline: bool) -> ChangesetAnswer {
        let new = NewChangeset { title: "调整".to_owned(), city_code: None, opens_outline };
        self.city.create_changeset(&scope(), actor, new).await.unwrap().0
    }

    /// Does an operation and answers with the draft after it.
    pub(crate) async fn draw(
        &self,
        draft: &ChangesetAnswer,
        body: serde_json::Value,
    ) -> Result<ChangesetAnswer, CityError> {
        let body: OperationBody = serde_json::from_value(body).unwrap();
        let edit = self.city.edit_changeset(&scope(), draft.id, draft.version, &draft.author, body).await?;
        Ok(edit.changeset)
    }

    /// Has a draft reviewed by somebody else, for today.
    pub(crate) async fn review(&self, draft: &ChangesetAnswer) -> ChangesetAnswer {
        let submitted =
            self.city.submit_changeset(&scope(), draft.id, draft.version, &draft.author).await.unwrap().0;
        let body = ApproveBody { effective_from: today(), doc_no: None };
        let scope = scope();
        let approved = self.city.approve_changeset(&scope, submitted.id, submitted.version, "reviewer", body);
        approved.await.unwrap().0
    }

    pub(crate) async fn publish(&self, draft: &ChangesetAnswer) -> Result<PublishedAnswer, CityError> {
        let approved = self.review(draft).await;
        let published =
            self.city.publish_changeset(&scope(), approved.id, approved.version, "publisher").await?;
        if let Some(xid) = published.xid {
            self.city.wait_for(&WaitFor::Xid(xid)).await.unwrap();
        }
        Ok(published)
    }

    pub(crate) async fn topology(&self, unit: &str, changeset: Option<i64>) -> TopologyAnswer {
        let query = TopologyQuery { unit: unit.to_owned(), margin_m: 0.0, changeset };
        self.city.topology(&scope(), &query).await.unwrap()
    }

    /// The arc between two micro grids.
    pub(crate) async fn border(&self, one: &str, other: &str) -> i64 {
        let topology = self.topology(one, None).await;
        let unit =
            |code: &str| topology.units.iter().find(|unit| unit.code.as_deref() == Some(code)).unwrap().id;
        let face = |code: &str| {
            let unit = unit(code);
            topology.faces.iter().find(|face| face.base == Some(unit)).unwrap().id
        };
        let sides = [Some(face(one)), Some(face(other))];
        let between = topology.arcs.iter().find(|arc| {
            let these = [arc.left, arc.right];
            these == sides || these == [sides[1], sides[0]]
        });
        between.unwrap().id
    }

    /// The bytes of the tile of boundaries at a place, as far as was known at a time.
    pub(crate) async fn tile_bytes(
        &self,
        z: u8,
        [lon, lat]: Position,
        known_at: Option<jiff::Timestamp>,
    ) -> Option<Vec<u8>> {
        let point = cim_mirror::WorldPoint::from(cim_crs::LonLat { lon, lat });
        let size = 32 - u32::from(z);
        let place =
            TilePlace::new(MatrixSet::WebMercatorQuad, z.into(), point.y >> size, point.x >> size, false)
                .unwrap();
        let request = TileRequest {
            tileset: "boundary".to_owned(),
            place,
            filter: None,
            datetime: None,
            known_at,
            encoding: Encoding::Identity,
            if_none_match: None,
        };
        match self.city.tile_as_of(&scope(), request).await.unwrap().body {
            TileBody::Tile { bytes, .. } => Some(bytes.to_vec()),
            _ => None,
        }
    }

    pub(crate) async fn count(&self, statement: &str) -> i64 {
        self.database.client().await.query_one(statement, &[]).await.unwrap().get(0)
    }

    /// Rows whose tie is not that of the micro grid that covers them now.
    pub(crate) async fn stale_ties(&self) -> i64 {
        self.count(
            "select count(*) from cim.\"case\" as item join cim.tie on tie.collection = 'case' and tie.row_id = item.id
             left join lateral (
                 select micro.code, micro.parent_code from cim.micro_grid as micro where st_covers(micro.geom, item.geom)
                 order by micro.code collate \"C\" limit 1
             ) as now on true
             where (tie.micro_grid_code, tie.comprehensive_grid_code) is distinct from (now.code, now.parent_code)",
        )
        .await
    }

    /// Ties that would be written if every row were tied anew: none, when publications tied what they had to.
    pub(crate) async fn ties_to_mend(&self) -> i64 {
        let client = self.database.client().await;
        client.batch_execute("begin").await.unwrap();
        let anew = "select cim.tie_rows('case', null) + cim.tie_rows('finding', null) + cim.tie_rows('camera', null)";
        let written = client.query_one(anew, &[]).await.unwrap().get(0);
        client.batch_execute("rollback").await.unwrap();
        written
    }

    /// That the derived polygons are one exact partition, by PostGIS.
    pub(crate) async fn assert_exact(&self) {
        let torn = self
            .count(
                "select count(*) from cim.district d where not (
                     st_equals(d.geom, (select st_union(geom) from cim.micro_grid))
                     and st_equals(d.geom, (select st_union(geom) from cim.comprehensive_grid))
                     and abs((select sum(st_area(geom)) from cim.micro_grid) - st_area(d.geom)) < 1e-15)",
            )
            .await;
        assert_eq!(torn, 0);
    }
}

/// Who is responsible at a place, now.
pub(crate) fn responsible_at([lon, lat]: Position) -> ResponsibilityQuery {
    ResponsibilityQuery { at: cim_crs::LonLat { lon, lat }, category: None, datetime: None }
}

/// The rule that refused.
#[expect(clippy::panic, reason = "a test fails by panicking")]
pub(crate) fn rule<T: std::fmt::Debug>(result: Result<T, CityError>) -> (&'static str, EditFinding) {
    match result {
        Err(CityError::RefusedEdit(mut findings)) => (findings[0].rule, findings.remove(0)),
        other => panic!("{other:?}"),
    }
}

/// The day that it is in China.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8))).date()
}
