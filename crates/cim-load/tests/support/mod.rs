//! A folder with a pack and a database of its own.

#![expect(dead_code, reason = "every test file uses a part of it")]

use std::path::{Path, PathBuf};

use cim_load::{Isolation, Language, LoadOptions, LoadReport};
use cim_model::{Collection, Record};
use cim_testkit::TestDatabase;
use futures_util::TryStreamExt;
use tempfile::TempDir;

/// Loads packs from a folder into a database.
pub(crate) struct Loader {
    pub(crate) database: TestDatabase,
    folder: TempDir,
    memory_mib: u64,
}

impl Loader {
    pub(crate) async fn new(files: &[(&str, &str)]) -> Self {
        let loader = Self {
            database: TestDatabase::new().await,
            folder: tempfile::tempdir().unwrap(),
            memory_mib: 1024,
        };
        for (name, text) in files {
            loader.write(name, text);
        }
        loader
    }

    pub(crate) fn with_memory_mib(mut self, memory_mib: u64) -> Self {
        self.memory_mib = memory_mib;
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        self.write_bytes(name, text.as_bytes());
    }

    pub(crate) fn write_bytes(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    pub(crate) fn options(&self) -> LoadOptions {
        LoadOptions {
            isolation: Isolation::Program(PathBuf::from(env!("CARGO_BIN_EXE_cim-parse-worker")), Vec::new()),
            parse_memory_mib: self.memory_mib,
            variables: data_root().map(|root| ("CIM_TEST_DATA".to_owned(), root)).into_iter().collect(),
            ..LoadOptions::default()
        }
    }

    pub(crate) async fn load(&self) -> LoadReport {
        self.load_folder(self.folder.path()).await
    }

    pub(crate) async fn load_folder(&self, folder: &Path) -> LoadReport {
        cim_load::load_pack(self.database.store(), folder, self.options()).await.unwrap()
    }

    pub(crate) async fn dry_run(&self) -> LoadReport {
        let options = LoadOptions { dry_run: true, ..self.options() };
        cim_load::load_pack(self.database.store(), self.folder.path(), options).await.unwrap()
    }

    pub(crate) async fn repair(&self, report: &LoadReport) -> LoadReport {
        let path = self.folder.path().join("report.json");
        std::fs::write(&path, serde_json::to_vec(report).unwrap()).unwrap();
        cim_load::repair_load(self.database.store(), &path, self.options()).await.unwrap()
    }
}

/// The folder of the real files, where there is one.
pub(crate) fn data_root() -> Option<PathBuf> {
    std::env::var_os("CIM_TEST_DATA").map(PathBuf::from)
}

/// The stored rows of a collection.
pub(crate) async fn rows(loader: &Loader, collection: Collection) -> Vec<Record> {
    let reader = loader.database.store().open_snapshot().await.unwrap();
    reader.read(collection).await.unwrap().map_ok(|row| row.record).try_collect().await.unwrap()
}

/// How many rows of a collection are stored.
pub(crate) async fn stored(loader: &Loader, collection: Collection) -> usize {
    rows(loader, collection).await.len()
}

/// Whether the one stored coverage is an exact partition.
pub(crate) async fn clean(loader: &Loader) -> bool {
    let reader = loader.database.store().open_snapshot().await.unwrap();
    reader.read_coverage().await.unwrap().iter().all(|coverage| coverage.clean)
}

/// The rules of the findings, in order, each once.
pub(crate) fn rules(report: &LoadReport) -> Vec<String> {
    report.findings_by_rule.keys().cloned().collect()
}

pub(crate) fn readable(report: &LoadReport) -> String {
    report.readable(Language::English)
}
