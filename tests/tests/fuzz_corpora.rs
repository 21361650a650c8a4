//! Replays the checked-in corpora of the fuzzers: every file goes through its target, as `make fuzz` would begin.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// All targets by name.
/// A name and what takes any bytes under it.
type Target = (&'static str, fn(&[u8]));

fn targets() -> Vec<Target> {
    [
        cim_access::fuzz::TARGETS,
        cim_city::fuzz::TARGETS,
        cim_crs::fuzz::TARGETS,
        cim_load::fuzz::TARGETS,
        cim_server::fuzz::TARGETS,
        cim_store::fuzz::TARGETS,
        cim_tile::fuzz::TARGETS,
    ]
    .concat()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let name = |entry: fs::DirEntry| {
        let path = entry.path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect()
}

#[test]
fn every_target_has_a_corpus_and_a_fuzzer_and_nothing_else_has() {
    let targets: BTreeSet<String> = targets().iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names_in(&folder().join("corpus")), targets);
    assert_eq!(names_in(&folder().join("fuzz_targets")), targets);
}

#[test]
fn no_input_that_was_ever_found_does_more_than_be_refused() {
    let mut failed = Vec::new();
    for (name, target) in targets() {
        let corpus = folder().join("corpus").join(name);
        let mut count = 0;
        for entry in fs::read_dir(&corpus).unwrap_or_else(|_| panic!("{name} has no corpus")) {
            let path = entry.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            count += 1;
            if catch_unwind(|| target(&bytes)).is_err() {
                failed.push(path);
            }
        }
        assert!(count > 0, "the corpus of {name} is empty");
    }
    assert!(failed.is_empty(), "these inputs made their target panic: {failed:?}");
}

#[test]
fn the_corpora_stay_small() {
    let size = |path: PathBuf| -> u64 {
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    };
    let corpora = fs::read_dir(folder().join("corpus")).unwrap();
    let bytes: u64 = corpora.map(|entry| size(entry.unwrap().path())).sum();
    assert!(bytes < 300_000, "{bytes} bytes: keep what each target needs");
}
