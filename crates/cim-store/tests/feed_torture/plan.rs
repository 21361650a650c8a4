//! What a poll costs the database: how many pages it touches, counted by PostgreSQL itself.

use std::fmt;

use serde_json::Value;

use crate::writers::connect;

const CHANGES: &str = include_str!("../../sql/feed/changes.sql");

/// The cost of one poll.
#[derive(Debug)]
pub(crate) struct Pages {
    /// Pages of the log and its index that were looked at.
    pub(crate) touched: u64,
    /// Rows in the log.
    pub(crate) log_rows: usize,
}

impl fmt::Display for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a poll touches {} pages of a log with {} rows", self.touched, self.log_rows)
    }
}

/// Polls once as a mirror of this snapshot.
pub(crate) async fn pages_of_a_poll(address: &str, snapshot: &str) -> Pages {
    let client = connect(address).await;
    let statement: Vec<&str> = CHANGES.lines().filter(|line| !line.starts_with("--")).collect();
    client.batch_execute(&format!("prepare asked as {}", statement.join("\n"))).await.unwrap();
    let explained = client
        .query_one(&format!("explain (analyze, buffers, format json) execute asked('{snapshot}')"), &[])
        .await
        .unwrap();
    let explained: Value = explained.get(0);
    let plan = &explained[0]["Plan"];
    let touched = ["Shared Hit Blocks", "Shared Read Blocks"].map(|kind| plan[kind].as_u64().unwrap());
    let rows: i64 = client.query_one("select count(*) from cim.change", &[]).await.unwrap().get(0);
    Pages { touched: touched.iter().sum(), log_rows: usize::try_from(rows).unwrap() }
}
