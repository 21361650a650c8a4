//! Boundaries as they were and as they will be: every revision, reverts, and days to come.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drawn_city;
mod small_city;

use cim_city::{ApproveBody, AsOf, UnitQuery};
use drawn_city::{DrawnCity, at, micro_code, responsible_at, rule, scope, today};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn every_revision_reads_as_it_was_and_a_revert_brings_the_state_back_to_its_hash() {
    let drawn = DrawnCity::open().await;
    let (west, east) = (micro_code(0, 0), micro_code(1, 0));
    let arc = drawn.border(&west, &east).await;
    let loaded = drawn.city.list_revisions(&scope(), None, None, 10).await.unwrap().items.remove(0);
    let tile_then = drawn.tile_bytes(16, at(1.2, 0.5), None).await.unwrap();
    let draft = drawn.begin("planner").await;
    let draft = drawn
        .draw(&draft, json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(1.4, 0.5)}))
        .await
        .unwrap();
    let split = json!({"op": "split", "unit": micro_code(5, 5), "line": [at(4.9, 5.5), at(6.1, 5.5)]});
    let draft = drawn.draw(&draft, split).await.unwrap();
    let published = drawn.publish(&draft).await.unwrap();
    let revision = drawn.city.get_revision(&scope(), published.rev).await.unwrap();
    assert!(
        revision.lineage.iter().any(|line| line.kind == "split" && line.area_share.is_some()),
        "{revision:?}"
    );
    let difference = drawn.city.revision_difference(&scope(), published.rev, None).await.unwrap();
    let changes: Vec<&str> = difference.units.iter().map(|unit| unit.change).collect();
    assert_eq!(changes, ["reshaped", "reshaped", "reshaped", "created"]);
    // As it was known before the publication, and as it is.
    let query = responsible_at(at(1.2, 0.5));
    let known_then = AsOf { known_at: Some(loaded.published_at.parse().unwrap()), datetime: None };
    let then = drawn.city.responsibility_as_of(&scope(), &query, known_then).await.unwrap();
    let now = drawn.city.responsibility_as_of(&scope(), &query, AsOf::default()).await.unwrap();
    assert_eq!((then.chain[0].code.as_str(), now.chain[0].code.as_str()), (east.as_str(), west.as_str()));
    assert_eq!((then.chain.len(), then.revision), (5, Some(i64::from(loaded.rev))));
    let asked = |as_of| UnitQuery { unit: west.clone(), as_of, geometry: true };
    let (was, is) = (
        drawn.city.unit(&scope(), &asked(known_then)).await.unwrap(),
        drawn.city.unit(&scope(), &asked(AsOf::default())).await.unwrap(),
    );
    assert!(was.figures.area_m2 < is.figures.area_m2);
    assert_eq!((was.id, is.lineage.len()), (is.id, 1));
    // The map too: the tile of then is the tile that was there then, and asked for now the one that is there now.
    let tile = async |known_at| drawn.tile_bytes(16, at(1.2, 0.5), known_at).await;
    assert_eq!(tile(known_then.known_at).await, Some(tile_then));
    let present = drawn.tile_bytes(16, at(1.2, 0.5), None).await;
    assert_eq!(tile(Some(jiff::Timestamp::now())).await, present);
    assert_ne!(tile(known_then.known_at).await, present);
    // Undone by a draft that is reviewed like any other.
    let (revert, _) = drawn.city.revert_revision(&scope(), published.rev, "planner").await.unwrap();
    let reverted = drawn.publish(&revert).await.unwrap();
    assert_eq!(reverted.state_hash, loaded.state_hash);
    assert_eq!(drawn.city.get_revision(&scope(), reverted.rev).await.unwrap().kind, "revert");
    drawn.assert_exact().await;
    assert_eq!(drawn.stale_ties().await, 0);
    let again = drawn.city.revert_revision(&scope(), published.rev, "planner").await;
    assert_eq!(rule(again).0, "changed_since");
}

#[tokio::test(flavor = "multi_thread")]
async fn boundaries_for_a_later_day_take_hold_on_that_day() {
    let drawn = DrawnCity::open().await;
    let (west, east) = (micro_code(0, 0), micro_code(1, 0));
    let arc = drawn.border(&west, &east).await;
    let draft = drawn.begin("planner").await;
    let draft = drawn
        .draw(&draft, json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(1.4, 0.5)}))
        .await
        .unwrap();
    let city = &drawn.city;
    let submitted = city.submit_changeset(&scope(), draft.id, draft.version, "planner").await.unwrap().0;
    let tomorrow = today().tomorrow().unwrap();
    let body = ApproveBody { effective_from: tomorrow, doc_no: Some("海政〔2026〕1号".to_owned()) };
    let approved =
        city.approve_changeset(&scope(), draft.id, submitted.version, "boss", body).await.unwrap().0;
    let published = city.publish_changeset(&scope(), draft.id, approved.version, "boss").await.unwrap();
    assert!(!published.is_effective);
    let query = responsible_at(at(1.2, 0.5));
    let code = |as_of| {
        let query = query.clone();
        async move { city.responsibility_as_of(&scope(), &query, as_of).await.unwrap().chain[0].code.clone() }
    };
    assert_eq!(code(AsOf::default()).await, east, "not yet");
    let noon =
        tomorrow.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8))).unwrap();
    assert_eq!(code(AsOf { datetime: Some(noon.timestamp()), known_at: None }).await, west, "tomorrow");
    // Nothing that follows can hold earlier, and a load would be lost under it.
    let other = drawn.begin("other").await;
    let other = drawn.draw(&other, json!({"op": "rename", "unit": west, "name": "新名"})).await.unwrap();
    let other = city.submit_changeset(&scope(), other.id, other.version, "other").await.unwrap().0;
    let body = ApproveBody { effective_from: today(), doc_no: None };
    assert_eq!(
        rule(city.approve_changeset(&scope(), other.id, other.version, "boss", body).await).0,
        "backdated"
    );
    // The day comes.
    let client = drawn.database.client().await;
    client
        .execute("update cim.revision set effective_from = $1 where rev = $2", &[&today(), &published.rev])
        .await
        .unwrap();
    let start = std::time::Instant::now();
    while code(AsOf::default()).await != west {
        assert!(
            start.elapsed() < std::time::Duration::from_secs(20),
            "its day has come and it does not hold"
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    drawn.assert_exact().await;
    assert_eq!(drawn.stale_ties().await, 0);
}
