//! Random edits as people make them: one statement or several in a transaction, through SQL.

use cim_store::Xid;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::small_city::{SOUTH, STEP, WEST};

/// Makes one edit after the other from a fixed seed.
pub(crate) struct Editor {
    client: Client,
    dice: u64,
    made: u64,
}

impl Editor {
    pub(crate) async fn new(client: Client) -> Self {
        let mut editor = Self { client, dice: 20_261_124, made: 0 };
        let group = "insert into cim.contact_group (code, grid_code, platform, household_count) values ('x', 'g0', 'x', 0)";
        editor.run(group).await;
        // Something of every kind to begin with.
        for kind in 0..7 {
            let text = editor.insert(kind);
            editor.run(&text).await;
        }
        editor
    }

    /// One transaction of one to three changes that surely writes something.
    /// Edits something, and gives the transaction that did.
    pub(crate) async fn edit(&mut self) -> Xid {
        let changes = 1 + self.below(3) / 2;
        let mut text: Vec<String> = (0..changes).map(|_| self.change()).collect();
        // An edit that finds no row must still move the state on.
        text.push("update cim.contact_group set household_count = household_count + 1".to_owned());
        self.run(&text.join("; ")).await
    }

    /// A transaction that moves the state on and writes nothing of the city, as pruning and vacuuming do.
    pub(crate) async fn pass_by(&self) {
        self.run("select 1").await;
    }

    /// Runs statements in one transaction, and gives its number.
    async fn run(&self, text: &str) -> Xid {
        let text = format!("begin; {text}; select pg_current_xact_id()::text as xid; commit");
        let said = self.client.simple_query(&text).await.unwrap_or_else(|error| panic!("{text}: {error:?}"));
        let number = said.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.try_get("xid").ok().flatten(),
            _ => None,
        });
        Xid(number.unwrap().parse().unwrap())
    }

    fn below(&mut self, end: u64) -> u64 {
        self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % end
    }

    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn position(&mut self) -> (f64, f64) {
        let (x, y) = (self.below(10_000) as f64 / 10_000.0, self.below(10_000) as f64 / 10_000.0);
        (WEST + x * 4.0 * STEP, SOUTH + y * 2.0 * STEP)
    }

    fn point(&mut self) -> String {
        let (lon, lat) = self.position();
        format!("st_setsrid(st_makepoint({lon}, {lat}), 4490)")
    }

    fn area(&mut self) -> String {
        let (west, south) = self.position();
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (width, height) = (self.below(90) as f64 * 1e-5 + 2e-5, self.below(60) as f64 * 1e-5 + 2e-5);
        format!("st_makeenvelope({west}, {south}, {}, {}, 4490)", west + width, south + height)
    }

    fn line(&mut self) -> String {
        let points: Vec<String> = (0..2 + self.below(4)).map(|_| self.point()).collect();
        format!("st_multi(st_makeline(array[{}]))", points.join(", "))
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let count = u64::try_from(words.len()).expect("few words");
        words[usize::try_from(self.below(count)).expect("one of few")]
    }

    fn insert(&mut self, kind: u64) -> String {
        self.made += 1;
        let no = self.made;
        match kind {
            0 => {
                let (area, floors) = (self.area(), self.below(9));
                format!(
                    "insert into cim.building (code, name, floors_above, geom) values ('e{no}', 'n{}', {floors}, st_multi({area}))",
                    no % 5
                )
            }
            1 => {
                let (line, class) = (self.line(), self.one_of(&["motorway", "main", "lane", "path"]));
                format!(
                    "insert into cim.road (code, name, class, geom) values ('e{no}', '路{no}', '{class}', {line})"
                )
            }
            2 => {
                let geometry = if no.is_multiple_of(2) { self.area() } else { self.line() };
                let class = self.one_of(&["river", "canal", "pond", "ditch"]);
                format!("insert into cim.water (code, class, geom) values ('e{no}', '{class}', {geometry})")
            }
            3 => {
                let (point, kind) = (self.point(), self.one_of(&["town", "village", "estate", "poi"]));
                format!(
                    "insert into cim.place (code, name, kind, rank, geom) values ('e{no}', '名{no}', '{kind}', {}, {point})",
                    no % 4
                )
            }
            4 => {
                let (point, kind) = (self.point(), self.one_of(&["school", "hospital", "park"]));
                format!(
                    "insert into cim.key_place (code, name, kind, geom) values ('e{no}', '所{no}', '{kind}', {point})"
                )
            }
            5 => {
                let (point, azimuth) = (self.point(), self.below(360));
                format!(
                    "insert into cim.camera (gb_id, name, status, azimuth_deg, geom) values ('{:020}', '机{no}', 'online', {azimuth}, {point})",
                    32_061_400_001_320_000_000 + u128::from(no) + 10
                )
            }
            _ => {
                let (point, state, hours) = (self.point(), self.state(), self.below(96));
                format!(
                    "insert into cim.\"case\" (case_no, source_system, source_no, title, state, received_at, due_at, location_state, geom) values ('e{no}', 't', 'e{no}', '件{no}', '{state}', now() - interval '1 day', now() + interval '{hours} hours' - interval '2 days', 'located', {point})"
                )
            }
        }
    }

    fn state(&mut self) -> &'static str {
        self.one_of(&["accepted", "in_progress", "closed", "archived"])
    }

    /// An insert, a change of an attribute, a move, a change that shows nowhere, a removal, or a roll back.
    fn change(&mut self) -> String {
        const TABLES: [(&str, &str); 7] = [
            ("building", "code"),
            ("road", "code"),
            ("water", "code"),
            ("place", "code"),
            ("key_place", "code"),
            ("camera", "gb_id"),
            ("\"case\"", "case_no"),
        ];
        let kind = self.below(7);
        let (table, key) = TABLES[usize::try_from(kind).expect("one of seven")];
        let row = format!(
            "{key} = (select {key} from cim.{table} order by md5({key} || '{}') limit 1)",
            self.below(1_000_000)
        );
        match self.below(10) {
            0..=3 => self.insert(kind),
            4 | 5 => format!("update cim.{table} set {} where {row}", self.new_values(kind)),
            6 | 7 => format!("update cim.{table} set geom = {} where {row}", self.new_geometry(kind)),
            8 => format!("update cim.{table} set geom = geom where {row}"),
            _ => format!(
                "savepoint s; delete from cim.{table}; rollback to s; delete from cim.{table} where {row}"
            ),
        }
    }

    fn new_values(&mut self, kind: u64) -> String {
        let no = self.below(1000);
        match kind {
            0 => format!("name = 'n{no}', height_m = {}", no % 40),
            1 => format!("width_m = {no}"),
            2 => format!("name = '水{no}'"),
            3 => format!("name = '名{no}社区一网格'"),
            4 => format!("name = '所{no}'"),
            5 => format!("status = '{}'", self.one_of(&["online", "offline"])),
            _ => format!(
                "state = '{}', due_at = now() + interval '{no} minutes' - interval '8 hours'",
                self.state()
            ),
        }
    }

    fn new_geometry(&mut self, kind: u64) -> String {
        match kind {
            0 => format!("st_multi({})", self.area()),
            1 => self.line(),
            2 => self.area(),
            _ => self.point(),
        }
    }
}
