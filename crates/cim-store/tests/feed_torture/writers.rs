//! Those who write: short transactions of every kind, and now and then very many rows at once.

use std::fmt::Write;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use tokio::sync::Semaphore;
use tokio_postgres::{Client, NoTls};

/// What is done in a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// So many write at once.
    pub(crate) writers: usize,
    /// Transactions of all writers together.
    pub(crate) transactions: usize,
    /// The feed's connection is cut again and again.
    pub(crate) cuts: bool,
    /// Statements on very many rows, and COPY.
    pub(crate) bulk: bool,
}

impl Work {
    pub(crate) fn of(transactions: usize) -> Self {
        Self { writers: 12, transactions, cuts: false, bulk: false }
    }
}

/// What the writers share with the one who follows them.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    /// Transactions that ended, one way or the other.
    pub(crate) done: Arc<AtomicUsize>,
    /// So many more may begin: writers are never far ahead of the comparisons.
    pub(crate) allowed: Arc<Semaphore>,
}

pub(crate) async fn connect(address: &str) -> Client {
    try_connect(address).await.unwrap()
}

async fn try_connect(address: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Connects to a database that may be coming back.
pub(crate) async fn connect_again(address: &str) -> Client {
    let began = Instant::now();
    loop {
        match try_connect(address).await {
            Ok(client) => return client,
            Err(error) => assert!(began.elapsed() < Duration::from_mins(1), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A die that falls the same way in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }
}

/// Makes the transactions of one writer; a connection that is lost is opened again.
pub(crate) async fn write(address: String, writer: usize, round: usize, count: usize, progress: Progress) {
    let mut dice = Dice((writer * 1_000 + round) as u64);
    let mut client = connect_again(&address).await;
    for number in 0..count {
        progress.allowed.acquire().await.unwrap().forget();
        let (first, second) = transaction(&mut dice, &format!("w{writer}"), round * 1_000_000 + number);
        let mut result = client.batch_execute(&first).await;
        if result.is_ok() && !second.is_empty() {
            tokio::time::sleep(Duration::from_millis(dice.below(20))).await;
            result = client.batch_execute(&second).await;
        }
        if let Err(error) = result {
            assert!(error.is_closed() || is_going_down(&error), "{error:?}");
            client = connect_again(&address).await;
        }
        progress.done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whether PostgreSQL ended the session or does not take one at the moment.
fn is_going_down(error: &tokio_postgres::Error) -> bool {
    error.code().is_some_and(|code| code.code().starts_with("57"))
        || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

/// A transaction in one piece, or in two with a pause between them.
fn transaction(dice: &mut Dice, own: &str, number: usize) -> (String, String) {
    let mut text = String::from("begin;");
    let mut pieces = vec![];
    for _ in 0..=dice.below(3) {
        let change = change(dice, own, number);
        match dice.below(6) {
            0 => write!(text, "savepoint s; {change} rollback to savepoint s;").unwrap(),
            1 => write!(text, "savepoint s; {change} release savepoint s;").unwrap(),
            2 => write!(
                text,
                "do $$ begin {change} raise 'no'; exception when raise_exception then null; end $$;"
            )
            .unwrap(),
            _ => text.push_str(&change),
        }
        if dice.one_in(20) && pieces.is_empty() {
            pieces.push(std::mem::take(&mut text));
        }
    }
    if dice.one_in(4) {
        // What others write too comes last and is one row, so that no two writers wait for each other.
        write!(text, "update cim.place set name = '{own}-{number}' where code = 's{}';", dice.below(40))
            .unwrap();
    }
    text.push_str(if dice.one_in(6) { "rollback;" } else { "commit;" });
    pieces.push(text);
    let second = if pieces.len() == 2 { pieces.remove(1) } else { String::new() };
    (pieces.remove(0), second)
}

fn change(dice: &mut Dice, own: &str, number: usize) -> String {
    let recent = number.saturating_sub(usize::try_from(dice.below(25)).unwrap());
    // All of one writer's codes, in a form that an index serves.
    let all_own = format!("code > '{own}-' and code < '{own}.'");
    match dice.below(9) {
        0..=2 => format!(
            "insert into cim.place (code, name, kind, geom)
             values ('{own}-{recent}', 'new', 'poi', 'srid=4490;point(121 31)')
             on conflict (code) do update set name = 'again';"
        ),
        3 => format!("update cim.place set name = '{own}-{number}' where {all_own} and id % 4 = 1;"),
        // Another version with the same values.
        4 => format!("update cim.place set name = name where code = '{own}-{recent}';"),
        // Another id.
        5 => format!("update cim.place set id = default where code = '{own}-{recent}';"),
        6 => format!(
            "delete from cim.place where {all_own}
             and id < (select max(id) - 2000 from cim.place where {all_own});"
        ),
        7 => format!(
            "insert into cim.building (code, geom) values ('{own}-{recent}', {GROUND})
             on conflict (code) do update set height_m = {number};"
        ),
        _ => format!("delete from cim.building where {all_own} and id % 2 = {};", number % 2),
    }
}

const GROUND: &str = "'srid=4490;multipolygon(((121 31, 121.1 31, 121.1 31.1, 121 31)))'";

/// The rows that writers share, and the one that only a transaction that stays open writes.
pub(crate) async fn prepare(address: &str) {
    connect(address)
        .await
        .batch_execute(
            "insert into cim.place (code, name, kind, geom)
             select code, 'x', 'poi', 'srid=4490;point(121 31)'
             from (select 's' || n from generate_series(0, 39) n union values ('held')) as list (code)",
        )
        .await
        .unwrap();
}

/// A transaction that wrote and does not end.
pub(crate) async fn hold_open(address: &str) -> Client {
    let client = connect_again(address).await;
    let write = "begin; update cim.place set name = 'held' where code = 'held'";
    client.batch_execute(write).await.unwrap();
    client
}

/// Statements on more rows than are listed one by one: by one statement, by several, by COPY, and taken back.
pub(crate) async fn write_bulk(address: String) {
    let client = connect_again(&address).await;
    let insert = |prefix: &str, count: usize| {
        format!(
            "insert into cim.building (code, geom)
             select '{prefix}' || n, {GROUND} from generate_series(1, {count}) n"
        )
    };
    for statement in [
        format!("begin; {}; rollback", insert("r", 50_001)),
        insert("b", 50_001),
        "update cim.building set height_m = 1 where code like 'b%'".to_owned(),
        "delete from cim.building where code like 'b%'".to_owned(),
        format!("begin; {}; {}; commit", insert("c", 20_000), insert("d", 40_000)),
        "begin; delete from cim.building where code like 'c%'; delete from cim.building where code like 'd%'; commit"
            .to_owned(),
    ] {
        client.batch_execute(&statement).await.unwrap();
    }
    let mut rows = pin!(client.copy_in("copy cim.building (code, geom) from stdin").await.unwrap());
    for number in 0..60_000 {
        let line = format!("k{number}\t{}\n", GROUND.trim_matches('\''));
        rows.as_mut().feed(bytes::Bytes::from(line)).await.unwrap();
    }
    rows.finish().await.unwrap();
    client.batch_execute("delete from cim.building where code like 'k%'").await.unwrap();
}
