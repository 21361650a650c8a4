//! Every statement prepares, every file is listed, and what looks things up uses an index.

use std::collections::BTreeSet;
use std::path::Path;

use cim_model::Collection;
use cim_testkit::TestDatabase;
use tokio_postgres::Client;

use super::{ALL, FUNCTIONS, OF_CASES, OF_COLLECTIONS, OF_DATABASES, OF_GIVEN, OF_INDEXES, OF_UNITS, Query};
use crate::query;

fn listed() -> impl Iterator<Item = &'static Query> {
    [ALL, FUNCTIONS, OF_CASES, OF_COLLECTIONS, OF_DATABASES, OF_GIVEN, OF_INDEXES, OF_UNITS]
        .into_iter()
        .flatten()
}

#[test]
fn every_file_is_listed_and_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut files = BTreeSet::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            files.insert(format!(
                "{}/{}",
                folder.file_name().to_str().unwrap(),
                name.strip_suffix(".sql").unwrap()
            ));
        }
    }
    let names: BTreeSet<String> = listed().map(|query| query.name.to_owned()).collect();
    assert_eq!(names, files);
    for query in listed() {
        assert!(query.text.starts_with("-- "), "{} does not begin with its purpose", query.name);
    }
}

/// Statements that COPY, and utility commands, cannot be prepared: these are run by the tests of what uses them.
fn can_be_prepared(text: &str) -> bool {
    let statement = text.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
    let first = statement.trim_start_matches('(').split_whitespace().next().unwrap_or_default();
    ["select", "insert", "update", "delete", "with"].contains(&first)
}

#[tokio::test]
async fn every_statement_prepares() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client.batch_execute(query::COVERAGE_CREATE_STAGING.text).await.unwrap();
    let prepare = async |client: &Client, name: &str, text: &str| {
        if can_be_prepared(text) {
            client.prepare(text).await.unwrap_or_else(|error| panic!("{name}: {error:?}\n{text}"));
        }
    };
    // A staging table lives until the transaction ends.
    client.batch_execute("begin").await.unwrap();
    client.batch_execute(query::COVERAGE_CREATE_STAGING.text).await.unwrap();
    for query in ALL {
        prepare(&client, query.name, query.text).await;
    }
    for query in OF_CASES {
        prepare(&client, query.name, &query.of(Collection::Case)).await;
    }
    for collection in [Collection::Case, Collection::Inspection, Collection::Finding, Collection::Camera] {
        for query in OF_GIVEN {
            prepare(&client, query.name, &query.of(collection)).await;
        }
    }
    for collection in Collection::ALL.iter().copied() {
        let staging = if collection.is_unit() {
            query::COLLECTION_STAGE_DERIVED
        } else {
            query::COLLECTION_CREATE_STAGING
        };
        client.batch_execute(&staging.of(collection)).await.unwrap();
        if collection.is_unit() {
            for query in OF_UNITS {
                prepare(&client, query.name, &query.of(collection)).await;
            }
        }
        for query in OF_COLLECTIONS {
            let for_units_only =
                [query::COLLECTION_STAGE_DERIVED.name, query::COLLECTION_INSERT_DERIVED.name];
            if collection.is_unit() || !for_units_only.contains(&query.name) {
                prepare(&client, query.name, &query.of(collection)).await;
            }
        }
    }
}

/// The plan of a statement, with a plan that does not look at the values and tables that are too small for an index.
async fn plan(client: &Client, text: &str, values: &str) -> String {
    client.batch_execute("set plan_cache_mode = force_generic_plan; set enable_seqscan = off").await.unwrap();
    let statement: String =
        text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    client.batch_execute(&format!("prepare asked as {statement}")).await.unwrap();
    let rows = client.simple_query(&format!("explain execute asked{values}")).await.unwrap();
    client.batch_execute("deallocate asked").await.unwrap();
    format!("{rows:?}")
}

#[tokio::test]
async fn what_looks_things_up_uses_an_index() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let since = "('1:1:')";
    for (query, values, index) in [
        (query::FEED_CHANGES.text.to_owned(), since, "change_xid"),
        (query::COLLECTION_BY_KEY.of(Collection::Case), "('a')", "case_case_no"),
        (query::COLLECTION_PAGE.of(Collection::Case), "(7, 20)", "case_pkey"),
        (query::GIVEN_PATCH.of(Collection::Camera), "('a', '7', '{}')", "camera_key"),
        (query::TIE_OF_ROW.text.to_owned(), "('case', 7)", "tie_pkey"),
        (query::TIE_FAILED.text.to_owned(), "('case', 7, 20)", "tie_"),
        (query::CASE_STATE.text.to_owned(), "(1)", "case_pkey"),
        (query::COVERAGE_HEAD.text.to_owned(), "('320614')", "revision_city_code"),
        (query::COVERAGE_ARCS.text.to_owned(), "('320614')", "arc_city_code"),
        (query::COVERAGE_STORED_FACES.text.to_owned(), "('320614')", "face_city_code"),
        (query::COVERAGE_NODES.text.to_owned(), "('320614')", "node_head_place"),
        (query::COVERAGE_CLOSE_ARCS.text.to_owned(), "('{1,2}', 3)", "arc_"),
        (query::COLLECTION_READ_IDS.of(Collection::Building), "('{1,2}')", "building_pkey"),
        (
            query::CASE_APPEND_EVENT.of(Collection::Case),
            "(1, 'a', '{}', 'e', 'b', null, now(), null)",
            "case_pkey",
        ),
    ] {
        let plan = plan(&client, &query, values).await;
        assert!(plan.contains(index), "{query}\n{plan}");
    }
}

#[tokio::test]
async fn the_feed_uses_its_index_on_a_full_log_whatever_is_known_of_it() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client
        .batch_execute(
            "alter table cim.change set (autovacuum_enabled = off);
             insert into cim.change (xid, collection, id)
             select (n / 3)::text::xid8, 'building', n from generate_series(1, 300000) n",
        )
        .await
        .unwrap();
    let statement = query::FEED_CHANGES.text.lines().filter(|line| !line.starts_with("--"));
    client
        .batch_execute(&format!("prepare asked as {}", statement.collect::<Vec<_>>().join("\n")))
        .await
        .unwrap();
    let many: Vec<String> = (0..200).map(|number| (100 + number * 400).to_string()).collect();
    let snapshots = [
        "100001:100001:".to_owned(),
        "99990:99990:".to_owned(),
        "5:99990:5,2000,30000".to_owned(),
        format!("100:99990:{}", many.join(",")),
    ];
    for analyze in ["", "analyze cim.change"] {
        client.batch_execute(analyze).await.unwrap();
        for mode in ["force_custom_plan", "force_generic_plan"] {
            client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.unwrap();
            for snapshot in &snapshots {
                let explained =
                    client.simple_query(&format!("explain execute asked('{snapshot}')")).await.unwrap();
                let plan = format!("{explained:?}");
                assert!(
                    plan.matches("using change_xid on change").count() == 2 && !plan.contains("Seq Scan"),
                    "{analyze} {mode} {snapshot}\n{plan}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_geometry_column_has_a_spatial_index_and_named_rules() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    for collection in Collection::ALL.iter().filter(|collection| collection.spec().position("geom").is_some())
    {
        let within = format!(
            "select id from cim.\"{collection}\" where geom && st_makeenvelope(121, 31, 122, 32, 4490)"
        );
        let plan = plan(&client, &within, "").await;
        assert!(plan.contains(&format!("{collection}_geom")), "{plan}");
        let rules = client
            .query(
                "select conname::text from pg_constraint where conrelid = ('cim.' || quote_ident($1::text))::regclass",
                &[&collection.name()],
            )
            .await
            .unwrap();
        let rules: Vec<String> = rules.iter().map(|row| row.get(0)).collect();
        for rule in ["geom_finite", "geom_within_world"] {
            assert!(rules.contains(&format!("{collection}_{rule}")), "{collection}: {rules:?}");
        }
    }
}

#[tokio::test]
async fn every_table_and_column_is_explained_and_fits_the_specification() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let silent = client
        .query(
            "select c.relname::text, a.attname::text
             from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relnamespace = 'cim'::regnamespace and c.relkind = 'r'
               and (obj_description(c.oid) is null or col_description(c.oid, a.attnum) is null)",
            &[],
        )
        .await
        .unwrap();
    assert!(silent.is_empty(), "{silent:?}");
    for spec in Collection::ALL.iter().map(|collection| collection.spec()) {
        let columns = client
            .query(
                "select attname::text, format_type(atttypid, atttypmod), attnotnull
                 from pg_attribute where attrelid = ('cim.' || quote_ident($1::text))::regclass and attnum > 1
                 order by attnum",
                &[&spec.collection.name()],
            )
            .await
            .unwrap();
        let columns: Vec<(String, String, bool)> =
            columns.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let fields: Vec<(String, String, bool)> = spec
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), sql_type(field.field_type, spec.geometry), field.required))
            .collect();
        assert_eq!(columns, fields, "{}", spec.collection);
    }
}

fn sql_type(field_type: cim_model::FieldType, geometry: cim_model::GeometryKind) -> String {
    use cim_model::{FieldType, GeometryKind};
    match (field_type, geometry) {
        (FieldType::Text | FieldType::Code(_), _) => "text",
        (FieldType::Texts, _) => "text[]",
        (FieldType::Int, _) => "bigint",
        (FieldType::Float, _) => "double precision",
        (FieldType::Bool, _) => "boolean",
        (FieldType::Time, _) => "timestamp with time zone",
        (FieldType::Date, _) => "date",
        (FieldType::Geometry, GeometryKind::Point) => "geometry(Point,4490)",
        (FieldType::Geometry, GeometryKind::Line) => "geometry(MultiLineString,4490)",
        (FieldType::Geometry, GeometryKind::Polygon) => "geometry(MultiPolygon,4490)",
        (FieldType::Geometry, GeometryKind::Any | GeometryKind::None) => "geometry(Geometry,4490)",
    }
    .to_owned()
}
