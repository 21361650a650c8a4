//! Drafts of boundaries: drawn, reviewed, published, replayed on what others published, undone, and read as of any day.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::float_cmp, reason = "places of borders come back exactly as they went in")]

mod drawn_city;
mod small_city;

use cim_city::{
    ApproveBody, AsOf, CityError, EditFinding, OperationBody, RebaseBody, ResponsibilityQuery, UnitQuery,
    WaitFor,
};
use cim_crs::LonLat;
use drawn_city::{DrawnCity, at, micro_code, scope, today};
use serde_json::json;

/// The rule that refused.
fn rule<T: std::fmt::Debug>(result: Result<T, CityError>) -> (&'static str, EditFinding) {
    match result {
        Err(CityError::RefusedEdit(mut findings)) => (findings[0].rule, findings.remove(0)),
        other => panic!("{other:?}"),
    }
}

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
    let at_point = |column, row| ResponsibilityQuery {
        at: LonLat { lon: at(column, row)[0], lat: at(column, row)[1] },
        category: None,
        datetime: None,
    };
    let answer = drawn.city.responsibility(&scope(), &at_point(1.2, 0.5)).unwrap();
    assert_eq!(
        (answer.chain[0].code.as_str(), answer.revision),
        (west.as_str(), Some(i64::from(published.rev)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rule_refuses_changes_nothing_and_names_the_rule_the_units_and_the_geometry() {
    let drawn = DrawnCity::open().await;
    let (one, beside) = (micro_code(0, 0), micro_code(1, 0));
    let arc = drawn.border(&one, &beside).await;
    let draft = drawn.begin("planner").await;
    let tried = |body| drawn.draw(&draft, body);
    let (name, finding) =
        rule(tried(json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(2.5, 0.5)})).await);
    assert!(["border_crossing", "self_crossing"].contains(&name), "{name}");
    assert!(finding.geometry.is_some() && !finding.units.is_empty(), "{finding:?}");
    let (name, finding) =
        rule(tried(json!({"op": "split", "unit": one, "line": [at(0.2, 0.2), at(0.6, 0.6)]})).await);
    assert_eq!((name, finding.units), ("line_misses", vec![one.clone()]));
    // The last micro grids of the one village and the first of the other.
    let merged = json!({"op": "merge", "into": micro_code(3, 0), "from": [micro_code(4, 0)]});
    let (name, finding) = rule(tried(merged).await);
    assert_eq!(name, "different_parents");
    assert!(finding.units.contains(&micro_code(4, 0)), "{finding:?}");
    let outline = drawn
        .topology(&one, None)
        .await
        .arcs
        .into_iter()
        .find(|arc| arc.left.is_none() || arc.right.is_none());
    let outline = outline.unwrap().id;
    let (name, _) =
        rule(tried(json!({"op": "move_vertex", "arc": outline, "index": 1, "to": at(-0.1, 0.5)})).await);
    assert_eq!(name, "outline_locked");
    let (name, _) = rule(tried(json!({"op": "recode", "unit": one, "code": micro_code(0, 1)})).await);
    assert_eq!(name, "code_taken");
    let unknown = json!({"op": "rename", "unit": "nowhere", "name": "x"});
    assert!(rule(tried(unknown).await).1.message.contains("nowhere"));
    let whole = scope();
    let somebody = drawn.city.edit_changeset(
        &whole,
        draft.id,
        draft.version,
        "somebody",
        OperationBody::DeleteVertex { arc, index: 1 },
    );
    assert_eq!(rule(somebody.await).0, "not_the_author");
    let unchanged = drawn.city.get_changeset(&scope(), draft.id).await.unwrap();
    assert_eq!((unchanged.changeset.op_count, unchanged.changeset.version), (0, 1));
    assert_eq!(drawn.count("select count(*)::bigint from cim.revision").await, 1);
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
async fn undo_and_redo_walk_between_states_and_a_restart_finds_them_again() {
    let drawn = DrawnCity::open().await;
    let arc = drawn.border(&micro_code(0, 0), &micro_code(1, 0)).await;
    let mut draft = drawn.begin("planner").await;
    for column in [1.1, 1.2, 1.3] {
        let body = json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(column, 0.5)});
        draft = drawn.draw(&draft, body).await.unwrap();
    }
    let shown = async |id| {
        let topology = drawn.topology(&micro_code(0, 0), Some(id)).await;
        topology.arcs.into_iter().find(|one| one.id == arc).unwrap().points.unwrap()[1]
    };
    let city = &drawn.city;
    let undone = city.undo_changeset(&scope(), draft.id, draft.version, "planner", 2).await.unwrap();
    assert_eq!(shown(draft.id).await, at(1.1, 0.5));
    let redone =
        city.redo_changeset(&scope(), draft.id, undone.changeset.version, "planner", 1).await.unwrap();
    assert_eq!(shown(draft.id).await, at(1.2, 0.5));
    assert_eq!(redone.changed.arcs.len(), 1);
    // Another server, or this one after a restart, reads the same from the log.
    let options = cim_city::CityOptions::default();
    let other = cim_city::City::open(drawn.database.store().clone(), options).unwrap();
    small_city::until(|| other.health().ready).await;
    let query = cim_city::TopologyQuery { unit: micro_code(0, 0), margin_m: 0.0, changeset: Some(draft.id) };
    let there = other.topology(&scope(), &query).await.unwrap();
    let here = drawn.topology(&micro_code(0, 0), Some(draft.id)).await;
    assert_eq!(there, here);
    // Drawing after an undo forgets what was undone.
    let last = redone.changeset;
    let body = json!({"op": "rename", "unit": micro_code(0, 0), "name": "新名"});
    let last = drawn.draw(&last, body).await.unwrap();
    assert_eq!(
        rule(city.redo_changeset(&scope(), last.id, last.version, "planner", 1).await).0,
        "nothing_to_redo"
    );
}

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
    let place = at(1.2, 0.5);
    let query =
        ResponsibilityQuery { at: LonLat { lon: place[0], lat: place[1] }, category: None, datetime: None };
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
    let place = at(1.2, 0.5);
    let query =
        ResponsibilityQuery { at: LonLat { lon: place[0], lat: place[1] }, category: None, datetime: None };
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

#[tokio::test(flavor = "multi_thread")]
async fn the_impact_is_equal_to_a_recount() {
    let drawn = DrawnCity::open().await;
    let (west, east) = (micro_code(0, 0), micro_code(1, 0));
    let arc = drawn.border(&west, &east).await;
    let draft = drawn.begin("planner").await;
    let draft = drawn
        .draw(&draft, json!({"op": "move_vertex", "arc": arc, "index": 1, "to": at(1.6, 0.5)}))
        .await
        .unwrap();
    let split = json!({"op": "split", "unit": micro_code(5, 5), "line": [at(4.9, 5.5), at(6.1, 5.5)]});
    let draft = drawn.draw(&draft, split).await.unwrap();
    let reassigned = json!({"op": "reassign", "units": [micro_code(4, 2)], "to": micro_code(4, 3).split('W').next().unwrap()});
    let draft = drawn.draw(&draft, reassigned).await.unwrap();
    let ring = [at(2.5, 3.5), at(3.5, 3.5), at(3.5, 4.5), at(2.5, 4.5)];
    let draft = drawn
        .draw(&draft, json!({"op": "carve", "ring": ring, "name": "集市", "kind": "market"}))
        .await
        .unwrap();
    let impact = drawn.city.changeset_impact(&scope(), draft.id).await.unwrap();
    let client = drawn.database.client().await;
    client.batch_execute("create table public.before as select row_id, micro_grid_code, comprehensive_grid_code, exclusive_grid_code from cim.tie where collection = 'case'").await.unwrap();
    drawn.publish(&draft).await.unwrap();
    for (level, column) in [
        ("micro_grid", "micro_grid_code"),
        ("comprehensive_grid", "comprehensive_grid_code"),
        ("exclusive_grid", "exclusive_grid_code"),
    ] {
        let rows = client
            .query(
                &format!(
                    "select before.{column}, tie.{column}, count(*) from public.before join cim.tie
                     on tie.collection = 'case' and tie.row_id = before.row_id
                     where tie.{column} is distinct from before.{column} group by 1, 2 order by 1, 2"
                ),
                &[],
            )
            .await
            .unwrap();
        let mut recount: Vec<(Option<String>, Option<String>, u64)> = rows
            .iter()
            .map(|row| (row.get(0), row.get(1), u64::try_from(row.get::<_, i64>(2)).unwrap()))
            .collect();
        let mut told: Vec<_> = impact
            .moves
            .iter()
            .filter(|one| one.level == level && one.counts.cases > 0)
            .map(|one| (one.from.clone(), one.to.clone(), one.counts.cases))
            .collect();
        recount.sort();
        told.sort();
        assert_eq!(told, recount, "{level}");
        assert!(!told.is_empty(), "{level}");
    }
    assert!(!impact.straddling.is_empty());
    assert!(
        impact.straddling.iter().all(|one| (one.shares.values().sum::<f64>() - 1.0).abs() < 0.01),
        "{:?}",
        impact.straddling
    );
    assert_eq!((impact.codes_created.len(), impact.codes_retired.len()), (2, 0));
    assert_eq!(drawn.stale_ties().await, 0);
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
    assert_eq!(drawn.stale_ties().await, 0);
    drawn.assert_exact().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grid_with_too_many_households_is_offered_ways_to_be_split_evenly() {
    let drawn = DrawnCity::open().await;
    let draft = drawn.begin("planner").await;
    let grid = micro_code(0, 0).split('W').next().unwrap().to_owned();
    let query = cim_city::ProposalQuery { changeset: draft.id, unit: grid };
    let answer = drawn.city.changeset_proposals(&scope(), &query).await.unwrap();
    assert!(answer.unit.households > 500, "{:?}", answer.unit);
    let best = &answer.proposals[0];
    assert_eq!((best.reason, best.units.len()), ("along_micro_grids", 2));
    let worst = best.units.iter().map(|unit| unit.households).max().unwrap();
    assert!(worst < answer.unit.households * 7 / 10, "{best:?}");
    assert!(best.units.iter().all(|unit| unit.parts == 1));
    // It is sent as it is.
    let whole = scope();
    let edit =
        drawn.city.edit_changeset(&whole, draft.id, draft.version, "planner", best.operations[0].clone());
    let edit = edit.await.unwrap();
    let created = edit.changed.units.iter().find(|unit| unit.id < 0).unwrap();
    assert!(created.code.as_deref().unwrap().ends_with("Z05"), "{created:?}");
    let published = drawn.publish(&edit.changeset).await.unwrap();
    assert_eq!(published.codes_created.len(), 1);
    drawn.city.wait_for(&WaitFor::Xid(published.xid.unwrap())).await.unwrap();
    drawn.assert_exact().await;
    assert_eq!(drawn.stale_ties().await, 0);
}
