//! The OpenAPI document describes exactly the routes there are, and is whole in itself.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;

use cim_server::Access;
use serde_json::Value;

fn document() -> Value {
    serde_json::from_str(include_str!("../openapi.json")).unwrap()
}

/// Path templates as OpenAPI writes them.
fn described(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect()
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let served: BTreeSet<(String, String)> = cim_server::addresses()
        .into_iter()
        .map(|(method, path, _)| (method.to_string(), path.replace("{*", "{")))
        .collect();
    assert_eq!(described(&document()), served);
}

#[test]
fn every_operation_says_what_its_door_demands() {
    let document = document();
    for (method, path, access) in cim_server::addresses() {
        let operation = &document["paths"][&path.replace("{*", "{")][method.as_str().to_lowercase()];
        let demanded = match access {
            Access::Public => None,
            Access::To(action) => Some(action.name()),
        };
        assert_eq!(operation["x-cim-action"].as_str(), demanded, "{method} {path}");
        assert_eq!(
            operation["security"].as_array().unwrap().is_empty(),
            demanded.is_none(),
            "{method} {path}"
        );
        assert_eq!(
            operation["responses"]["403"].is_object(),
            demanded.is_some() || method == "POST" && ["/v1/session", "/v1/invitation"].contains(&path),
            "{method} {path}"
        );
    }
}

#[test]
fn every_reference_leads_somewhere_inside_the_document() {
    fn walk<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
        if let Some(reference) = value["$ref"].as_str() {
            references.push(reference);
        }
        value.as_array().into_iter().flatten().for_each(|one| walk(one, references));
        value.as_object().into_iter().flatten().for_each(|(_, one)| walk(one, references));
    }
    let document = document();
    let mut references = Vec::new();
    walk(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn it_is_openapi_3_0_with_one_name_for_each_operation() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.0."));
    let mut names = BTreeSet::new();
    for (method, path) in described(&document) {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
        assert!(names.insert(name.to_owned()), "{name} stands for two operations");
        assert!(
            !operation["summary"].as_str().unwrap_or_default().is_empty(),
            "{method} {path} says nothing"
        );
    }
}

#[test]
fn every_part_of_a_path_is_a_declared_parameter() {
    let document = document();
    for (method, path) in described(&document) {
        let operation = &document["paths"][&path][method.to_lowercase()];
        let declared: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| match one["$ref"].as_str() {
                Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
                None => one,
            })
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        let used: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(declared, used, "{method} {path}");
    }
}
