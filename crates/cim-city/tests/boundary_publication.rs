//! Publication of boundaries: reviewed by somebody else, whole or not at all, replayed on what others published.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::float_cmp, reason = "places of borders come back exactly as they went in")]

mod drawn_city;
mod small_city;

use cim_city::{ApproveBody, CityError, Position, RebaseBody};
use drawn_city::{DrawnCity, at, micro_code, responsible_at, rule, scope, today};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_published_draft_moves_the_border_the_polygons_and_the_ties_together() {
    let drawn = DrawnCity::open().await;
    let (west, east) = (micro_code(0, 0), micro_code(1, 0));
    let arc = drawn.border(&west, &east).await;
    let draft = drawn.begin("planner").await;
    let draft = drawn
        .draw(&draft, json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(1.4, 0.5)}))
        .await
        .unwrap();
    let before = drawn.count("select count(*) from cim.arc where upper_inf(rev)").await;
    let published = drawn.publish(&draft).await.unwrap();
    assert!(published.is_effective && published.codes_created.is_empty());
    let client = drawn.database.client().await;
    let written =
        |table: &str| format!("select count(*) from cim.{table} where lower(rev) = {}", published.rev);
    // A border move writes one arc and nothing else of the coverage.
    for (table, rows) in [("arc", 1), ("node", 0), ("face", 0), ("unit", 0)] {
        assert_eq!(drawn.count(&written(table)).await, rows, "{table}");
    }
    assert_eq!(drawn.count("select count(*) from cim.arc where upper_inf(rev)").await, before);
    drawn.assert_exact().await;
    assert_eq!(drawn.stale_ties().await, 0);
    let moved = client
        .query_one(
            "select count(*) from cim.tie where collection = 'case' and revision = $1",
            &[&i64::from(published.rev)],
        )
        .await
        .unwrap()
        .get::<_, i64>(0);
    assert!(moved > 0, "cases changed hands");
    // The mirror shows it too.
    let at_point = |column, row| responsible_at(at(column, row));
    let answer = drawn.city.responsibility(&scope(), &at_point(1.2, 0.5)).unwrap();
    assert_eq!(
        (answer.chain[0].code.as_str(), answer.revision),
        (west.as_str(), Some(i64::from(published.rev)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_publishes_what_nobody_else_approved_and_nothing_is_backdated() {
    let drawn = DrawnCity::open().await;
    let arc = drawn.border(&micro_code(0, 0), &micro_code(1, 0)).await;
    let draft = drawn.begin("planner").await;
    let city = &drawn.city;
    let empty = city.submit_changeset(&scope(), draft.id, draft.version, "planner").await;
    assert_eq!(rule(empty).0, "nothing_changes");
    let drawn_on = drawn.draw(&draft, json!({"op": "delete_vertex", "arc": arc, "index": 1})).await.unwrap();
    let stale = drawn.draw(&draft, json!({"op": "delete_vertex", "arc": arc, "index": 1})).await;
    assert!(matches!(stale, Err(CityError::Stale { what: "changeset", .. })), "{stale:?}");
    let early = city.publish_changeset(&scope(), draft.id, drawn_on.version, "boss").await;
    assert_eq!(rule(early).0, "not_reviewed");
    let submitted = city.submit_changeset(&scope(), draft.id, drawn_on.version, "planner").await.unwrap().0;
    let closed = drawn
        .draw(&submitted, json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(1.1, 0.5)}))
        .await;
    assert!(matches!(closed, Err(CityError::Conflict { .. })), "{closed:?}");
    let on = |effective_from| ApproveBody { effective_from, doc_no: None };
    let own = city.approve_changeset(&scope(), draft.id, submitted.version, "planner", on(today())).await;
    assert_eq!(rule(own).0, "own_review");
    let yesterday = today().yesterday().unwrap();
    let back = city.approve_changeset(&scope(), draft.id, submitted.version, "boss", on(yesterday)).await;
    assert_eq!(rule(back).0, "backdated");
    let evidence = city.get_changeset(&scope(), draft.id).await.unwrap();
    assert!(evidence.impact_at_submit.is_some());
    assert_eq!(
        evidence.events.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(),
        ["create", "submit"]
    );
    assert_eq!(drawn.count("select count(*)::bigint from cim.revision").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_on_different_borders_publish_by_themselves_and_on_the_same_one_tell_base_mine_and_theirs() {
    let drawn = DrawnCity::open().await;
    let first = drawn.border(&micro_code(0, 0), &micro_code(1, 0)).await;
    let second = drawn.border(&micro_code(1, 0), &micro_code(2, 0)).await;
    let move_to = |arc, column| json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(column, 0.5)});
    let (one, two, three) = (drawn.begin("one").await, drawn.begin("two").await, drawn.begin("three").await);
    let one = drawn.draw(&one, move_to(first, 1.2)).await.unwrap();
    // Two borders of one grid, and two splits that are given the same next code.
    let two = drawn.draw(&two, move_to(second, 2.2)).await.unwrap();
    let split =
        |row: f64| json!({"op": "split", "unit": micro_code(4, 1), "line": [at(3.9, row), at(5.1, row)]});
    let two = drawn.draw(&two, split(1.5)).await.unwrap();
    let three =
        drawn.draw(&three, json!({"op": "rename", "unit": micro_code(7, 5), "name": "河东"})).await.unwrap();
    let three = drawn.draw(&three, move_to(first, 0.8)).await.unwrap();
    drawn.publish(&one).await.unwrap();
    let replayed = drawn.publish(&two).await.unwrap();
    assert_eq!(replayed.codes_created.len(), 1);
    drawn.assert_exact().await;
    let Err(CityError::BoundaryConflict(conflicts)) = drawn.publish(&three).await else {
        panic!("no conflict")
    };
    assert_eq!((conflicts.len(), conflicts[0].seq), (1, 2));
    let arc = &conflicts[0].elements[0];
    assert_eq!((arc.kind, arc.id), ("arc", first));
    assert!(
        arc.base.is_some() && arc.mine.is_some() && arc.base != arc.theirs && arc.mine != arc.theirs,
        "{arc:?}"
    );
    // The planner goes back to drawing: what does not conflict is kept.
    let now = drawn.city.get_changeset(&scope(), three.id).await.unwrap().changeset;
    let open = drawn.city.withdraw_changeset(&scope(), now.id, now.version, "three").await.unwrap().0;
    let refused =
        drawn.city.rebase_changeset(&scope(), open.id, open.version, "three", RebaseBody::default()).await;
    assert!(matches!(refused, Err(CityError::BoundaryConflict(_))));
    let keep = RebaseBody { keep_before_conflict: true };
    let rebased = drawn.city.rebase_changeset(&scope(), open.id, open.version, "three", keep).await.unwrap();
    assert_eq!((rebased.changeset.op_count, rebased.changeset.base_rev), (1, replayed.rev));
    let published = drawn.publish(&rebased.changeset).await.unwrap();
    assert_eq!(drawn.count("select count(*) from cim.micro_grid where name = '河东'").await, 1);
    assert_eq!(published.parent, replayed.rev);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_writes_during_fifty_publications_leave_no_stale_tie() {
    let drawn = DrawnCity::open().await;
    let arc = drawn.border(&micro_code(1, 1), &micro_code(2, 1)).await;
    let city = drawn.city.clone();
    let writers = (0..4_u32).map(|writer| {
        let city = city.clone();
        tokio::spawn(async move {
            let mut random = drawn_city::Random(u64::from(writer) + 99);
            for number in 0..250 {
                let place = at(1.0 + random.next() * 2.0, 1.0 + random.next());
                let case = serde_json::from_value(json!({
                    "source_system": "12345", "source_no": format!("w{writer}-{number}"), "title": "噪音",
                    "lon": place[0], "lat": place[1], "locate_method": "gps", "accuracy_m": 8.0,
                }));
                city.accept_case(&scope(), case.unwrap()).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for number in 0..50 {
        let draft = drawn.begin("planner").await;
        let column = if number % 2 == 0 { 2.7 } else { 1.3 };
        let body = json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(column, 1.5)});
        let draft = drawn.draw(&draft, body).await.unwrap();
        let approved = drawn.review(&draft).await;
        drawn.city.publish_changeset(&scope(), approved.id, approved.version, "boss").await.unwrap();
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(drawn.count("select count(*) from cim.\"case\"").await, 1_600);
    assert_eq!(drawn.count("select count(*) from cim.revision").await, 51);
    assert_eq!((drawn.stale_ties().await, drawn.ties_to_mend().await), (0, 0));
    drawn.assert_exact().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_left_outside_by_a_moved_outline_fails_to_be_tied_and_is_tied_again_when_taken_in() {
    let drawn = DrawnCity::open().await;
    let micro = micro_code(0, 0);
    let failed = "select count(*) from cim.tie where state = 'failed' and reason = 'outside_the_city'";
    let accepted = "select count(*) from cim.tie where accepted is not null";
    let (none_failed, all_accepted) = (drawn.count(failed).await, drawn.count(accepted).await);
    for (from, to, is_outside) in [(at(0.0, 0.0), at(0.8, 0.8), true), (at(0.8, 0.8), at(0.0, 0.0), false)] {
        let topology = drawn.topology(&micro, None).await;
        let corner = |points: &[Position]| points.iter().position(|point| *point == from);
        let (arc, index) =
            topology.arcs.iter().find_map(|arc| Some((arc.id, corner(arc.points.as_ref()?)?))).unwrap();
        let draft = drawn.begin_opening("planner").await;
        let body = json!({"op": "move_vertex", "arc": arc, "index": index, "to": to});
        drawn.publish(&drawn.draw(&draft, body).await.unwrap()).await.unwrap();
        assert_eq!(drawn.count(failed).await > none_failed, is_outside);
        assert_eq!(drawn.count(accepted).await, all_accepted, "what was accepted is kept");
        assert_eq!(drawn.ties_to_mend().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_pack_again_leaves_what_was_edited_and_a_recoded_unit_meets_no_other() {
    let drawn = DrawnCity::open().await;
    let draft = drawn.begin("planner").await;
    let draft =
        drawn.draw(&draft, json!({"op": "recode", "unit": micro_code(0, 0), "code": "NEW"})).await.unwrap();
    drawn.publish(&draft).await.unwrap();
    assert_eq!(drawn.stale_ties().await, 0);
    small_city::load(&drawn.database, Some(drawn_city::units()), Vec::new()).await;
    assert_eq!(drawn.count("select count(*) from cim.micro_grid where code = 'NEW'").await, 1);
    assert_eq!(drawn.count("select count(*) from cim.revision").await, 2);
    // A pack that differs holds: the old code is a unit of its own again, and the recoded one ends.
    let mut other = drawn_city::units();
    other.units[0].name = "另名".to_owned();
    small_city::load(&drawn.database, Some(other), Vec::new()).await;
    assert_eq!(drawn.count("select count(*) from cim.micro_grid where code = 'NEW'").await, 0);
    assert_eq!(drawn.count("select count(*) from cim.micro_grid").await, 48);
    drawn.assert_exact().await;
    assert_eq!(drawn.stale_ties().await, 0);
}
