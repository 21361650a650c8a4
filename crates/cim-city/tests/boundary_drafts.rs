//! Drafts of boundaries: drawn, refused, undone, and what they would mean before anybody publishes them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::float_cmp, reason = "places of borders come back exactly as they went in")]

mod drawn_city;
mod small_city;

use std::collections::BTreeSet;

use cim_city::{OperationBody, WaitFor};
use drawn_city::{DrawnCity, at, micro_code, rule, scope};
use serde_json::json;

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

/// Sixty cases at most four lattice steps beside the border as it is and as it will be: nearer than the mirror knows places.
async fn accept_cases_beside_the_border(drawn: &DrawnCity) {
    let mut random = drawn_city::Random(3);
    for number in 0..60 {
        let (along, aside) = (random.next(), random.next());
        let is_moved = number % 2 == 1;
        let [lon, lat] = at(if is_moved { 1.0 + 1.2 * along.min(1.0 - along) } else { 1.0 }, along);
        let case = json!({
            "source_system": "12345", "source_no": format!("b{number}"), "title": "噪音",
            "lon": lon + (aside * 9.0 - 4.5).round() * 1e-8, "lat": lat, "locate_method": "gps", "accuracy_m": 1.0,
        });
        let written = drawn.city.accept_case(&scope(), serde_json::from_value(case).unwrap()).await.unwrap();
        drawn.city.wait_for(&WaitFor::Xid(written.xid.unwrap())).await.unwrap();
    }
}

/// How many cases went from which unit of a level to which since the table `public.before` was made.
async fn moved_cases(
    client: &tokio_postgres::Client,
    level: &str,
) -> Vec<(Option<String>, Option<String>, i64)> {
    let recount = format!(
        "select before.{level}_code, tie.{level}_code, count(*) from public.before join cim.tie
         on tie.collection = 'case' and tie.row_id = before.row_id
         where tie.{level}_code is distinct from before.{level}_code group by 1, 2"
    );
    let rows = client.query(&recount, &[]).await.unwrap();
    let mut moved: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    moved.sort();
    moved
}

/// Which cases have another micro or exclusive grid than in the table `public.before`.
async fn moved_case_numbers(client: &tokio_postgres::Client) -> BTreeSet<String> {
    let recount =
        "select case_no from public.before join cim.tie using (row_id) join cim.\"case\" on id = row_id
         where tie.collection = 'case' and (tie.micro_grid_code, tie.exclusive_grid_code)
             is distinct from (before.micro_grid_code, before.exclusive_grid_code)";
    client.query(recount, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_impact_is_equal_to_a_recount_to_the_last_step_of_the_lattice() {
    let drawn = DrawnCity::open().await;
    accept_cases_beside_the_border(&drawn).await;
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
    for level in ["micro_grid", "comprehensive_grid", "exclusive_grid"] {
        let mut told: Vec<_> = impact
            .moves
            .iter()
            .filter(|one| one.level == level && one.counts.cases > 0)
            .map(|one| (one.from.clone(), one.to.clone(), i64::try_from(one.counts.cases).unwrap()))
            .collect();
        told.sort();
        assert!(!told.is_empty(), "{level}");
        assert_eq!(told, moved_cases(&client, level).await, "{level}");
    }
    let told = impact.items.iter().filter(|item| item.kind == "case").map(|item| item.id.clone());
    assert_eq!(told.collect::<BTreeSet<_>>(), moved_case_numbers(&client).await, "case by case");
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
