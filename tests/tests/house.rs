//! The rules of the house that a reader should be able to rely on: who imports whom, and how files look.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who may import whom, as docs/ARCHITECTURE.md draws it. A crate that is not listed may import nothing of ours.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("cim-crs", &[]),
    ("cim-model", &["cim-crs"]),
    ("cim-access", &[]),
    ("cim-coverage", &["cim-crs"]),
    ("cim-mirror", &["cim-crs", "cim-model", "cim-coverage"]),
    ("cim-tile", &["cim-crs", "cim-model", "cim-coverage", "cim-mirror"]),
    ("cim-locate", &["cim-crs", "cim-model"]),
    ("cim-store", &["cim-crs", "cim-model", "cim-access", "cim-coverage"]),
    ("cim-load", &["cim-crs", "cim-model", "cim-access", "cim-coverage", "cim-store"]),
    ("cim-demo", &["cim-crs", "cim-model", "cim-coverage"]),
    (
        "cim-city",
        &[
            "cim-crs",
            "cim-model",
            "cim-access",
            "cim-coverage",
            "cim-mirror",
            "cim-tile",
            "cim-locate",
            "cim-store",
        ],
    ),
    ("cim-server", &["cim-city", "cim-access", "cim-model", "cim-crs"]),
    ("cim-archive", &[]),
    ("cim-testkit", &["cim-crs", "cim-model", "cim-coverage", "cim-store"]),
];

/// Crates that compute and nothing else: no runtime, no database, no sockets.
const PURE: &[&str] =
    &["cim-crs", "cim-model", "cim-access", "cim-coverage", "cim-mirror", "cim-tile", "cim-locate"];
const IMPURE_DEPENDENCIES: &[&str] =
    &["tokio", "tokio-postgres", "deadpool-postgres", "axum", "ureq", "hyper"];

/// Longest file, tests not counted. An exception has its reason beside it.
const MOST_LINES: usize = 600;
const LONGER_WITH_REASON: &[(&str, &str)] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace holds this crate").to_path_buf()
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Dependencies by package: (name, kind), kind empty for an ordinary one.
fn dependencies() -> BTreeMap<String, Vec<(String, String)>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let wanted = package["dependencies"].as_array().unwrap().iter();
            (text(&package["name"]), wanted.map(|one| (text(&one["name"]), text(&one["kind"]))).collect())
        })
        .collect()
}

#[test]
fn crates_import_only_what_the_architecture_allows() {
    let dependencies = dependencies();
    for (name, allowed) in MAY_IMPORT {
        for (wanted, kind) in &dependencies[*name] {
            let ours = wanted.starts_with("cim-") && kind != "dev";
            assert!(!ours || allowed.contains(&wanted.as_str()), "{name} must not import {wanted}");
        }
    }
}

#[test]
fn pure_crates_depend_on_no_runtime_database_or_socket() {
    let dependencies = dependencies();
    for name in PURE {
        for (wanted, kind) in &dependencies[*name] {
            assert!(
                kind == "dev" || !IMPURE_DEPENDENCIES.contains(&wanted.as_str()),
                "{name} must not import {wanted}"
            );
        }
    }
}

#[test]
fn only_the_store_speaks_sql_and_only_the_server_and_its_clients_speak_http() {
    for (name, wanted) in dependencies() {
        for (wanted, kind) in wanted {
            if kind == "dev" || name == "cim-testkit" || name == "cim-tests" {
                continue;
            }
            let sql = ["tokio-postgres", "deadpool-postgres", "refinery"].contains(&wanted.as_str());
            assert!(!sql || name == "cim-store", "{name} must not import {wanted}: SQL lives in cim-store");
            assert!(
                wanted != "axum" || name == "cim-server",
                "{name} must not import axum: HTTP lives in cim-server"
            );
        }
    }
}

#[test]
fn every_crate_has_a_readme_of_one_sentence() {
    for entry in fs::read_dir(root().join("crates")).unwrap().map(Result::unwrap) {
        let readme = fs::read_to_string(entry.path().join("README.md")).unwrap_or_default();
        let sentence = readme.trim();
        let one_line = !sentence.is_empty() && sentence.lines().count() == 1 && sentence.ends_with('.');
        assert!(one_line, "{}/README.md must be one sentence", shown(&entry.path()));
    }
}

#[test]
fn every_file_opens_by_saying_what_it_is_for() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let opening = text.lines().next().unwrap_or_default();
        assert!(
            opening.starts_with("//!") || opening.starts_with("#![doc"),
            "{} must open with one sentence that says what it is for",
            shown(&path)
        );
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let logic = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
        let excused = LONGER_WITH_REASON.iter().any(|(name, _)| shown(&path) == *name);
        assert!(
            excused || logic <= MOST_LINES,
            "{} has {logic} lines: split it by what it does",
            shown(&path)
        );
    }
}

#[test]
fn names_say_something() {
    for path in rust_files() {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let empty = ["util", "utils", "helper", "helpers", "common", "manager", "misc"].contains(&stem);
        assert!(!empty, "{} is a name that says nothing", shown(&path));
    }
}

#[test]
fn every_sql_statement_is_in_a_file_that_says_what_it_is_for() {
    let mut folders = vec![root().join("crates/cim-store/sql")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.starts_with("--"), "{} must open with a comment", shown(&path));
            }
        }
    }
}
