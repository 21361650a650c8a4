//! The audit log: the database writes the chain that `cim_access` reads, and refuses to change it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use cim_access::audit_chain::{Head, verify};
use cim_store::Store;
use cim_testkit::TestDatabase;
use serde_json::json;

async fn head(store: &Store) -> (Vec<cim_access::audit_chain::AuditRow>, Head) {
    let rows = store.audit_after(0, 10_000).await.unwrap();
    let last = rows.last().map(|last| Head { seq: last.row.seq, hash: last.hash });
    (rows.into_iter().map(|stored| stored.row).collect(), last.unwrap_or(Head::EMPTY))
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_written_at_once_by_many_are_one_chain_and_every_later_change_shows() {
    let database = TestDatabase::new().await;
    let writers = (0..8).map(|writer| {
        let store = database.store().clone();
        tokio::spawn(async move {
            for number in 0..25 {
                let detail = json!({"number": number, "text": "文字 \"quoted\" \\ and \u{1F600}"});
                store.append_audit(&format!("作者{writer}"), "sign_in", "somebody", &detail).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let (rows, end) = head(database.store()).await;
    assert_eq!((rows.len(), end.seq), (200, 200));
    verify(Head::EMPTY, &rows, end).unwrap();
    // The owner of the tables can take the trigger away; the chain then shows what was done.
    let owner = database.client().await;
    for change in
        ["update cim.audit set actor = 'x' where seq = 7", "delete from cim.audit", "truncate cim.audit"]
    {
        assert!(owner.batch_execute(change).await.is_err(), "{change}");
    }
    owner
        .batch_execute(
            "alter table cim.audit disable trigger audit_only_added;
             update cim.audit set actor = 'x' where seq = 7",
        )
        .await
        .unwrap();
    let (rows, end) = head(database.store()).await;
    assert!(verify(Head::EMPTY, &rows, end).is_err());
}
