//! The demo city: which parts are loaded, and how a missing part is generated and loaded.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use cim_demo::{DemoOptions, DemoSummary};
use cim_load::{Isolation, LoadOptions, LoadReport};
use cim_store::Store;

use crate::commands::Scale;
use crate::language::Language;
use crate::plan::Told;

/// What of the demo stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// Nothing is loaded at all.
    Nothing,
    /// One town.
    Small,
    /// The whole district.
    District,
    /// Something that is no demo: it is left as it is.
    AnotherCity,
}

impl Loaded {
    /// By the loads that the database remembers.
    pub(crate) async fn find(store: &Store) -> anyhow::Result<Self> {
        let reader = store.open_snapshot().await.context("asking what is loaded")?;
        let loads = reader.loaded_sources().await.context("asking what is loaded")?;
        let any = |scale| loads.iter().any(|load| load.source.contains(pack_name(scale)));
        Ok(match loads.is_empty() {
            true => Self::Nothing,
            false if any(Scale::District) => Self::District,
            false if any(Scale::Small) => Self::Small,
            false => Self::AnotherCity,
        })
    }

    /// Whether what is shown is made up.
    pub(crate) fn is_demo(self) -> bool {
        matches!(self, Self::Small | Self::District)
    }

    /// The scales that must still be loaded, the small one first because it is on the map sooner.
    pub(crate) fn missing(self, wanted: Scale) -> Vec<Scale> {
        match (self, wanted) {
            (Self::Nothing, Scale::Small) => vec![Scale::Small],
            (Self::Nothing, Scale::District) => vec![Scale::Small, Scale::District],
            (Self::Small, Scale::District) => vec![Scale::District],
            (Self::Small | Self::District | Self::AnotherCity, _) => Vec::new(),
        }
    }
}

/// The name of a pack's folder, by which the database remembers it.
fn pack_name(scale: Scale) -> &'static str {
    match scale {
        Scale::Small => "demo-small",
        Scale::District => "demo-district",
    }
}

impl From<Scale> for cim_demo::Scale {
    fn from(scale: Scale) -> Self {
        match scale {
            Scale::Small => Self::Small,
            Scale::District => Self::District,
        }
    }
}

/// Writes the pack into the cache folder and gives its folder. A pack that was written whole before is taken as it is.
pub(crate) async fn generate(cache: &Path, scale: Scale, told: Arc<Told>) -> anyhow::Result<PathBuf> {
    let finished = cache.join(pack_name(scale));
    let unfinished = cache.join(format!("{}.unfinished", pack_name(scale)));
    let folder = finished.clone();
    tokio::task::spawn_blocking(move || {
        if finished.is_dir() {
            return Ok(());
        }
        remove(&unfinished)?;
        fs::create_dir_all(&unfinished)
            .with_context(|| format!("making the folder {}", unfinished.display()))?;
        write(&unfinished, DemoOptions { scale: scale.into(), ..DemoOptions::default() }, &told)?;
        fs::rename(&unfinished, &finished)
            .with_context(|| format!("naming the folder {}", finished.display()))
    })
    .await
    .context("generating the demo")??;
    Ok(folder)
}

/// Writes a pack and tells what is being written.
pub(crate) fn write(folder: &Path, options: DemoOptions, told: &Told) -> anyhow::Result<DemoSummary> {
    cim_demo::write_pack(folder, &options, &mut |progress| {
        told.tell(&format!("{} {}/{}", progress.step, progress.done, progress.total));
    })
    .with_context(|| format!("writing the demo to {}", folder.display()))
}

/// Loads a generated pack, then removes its folder: the database has it now.
pub(crate) async fn load(
    store: &Store,
    folder: &Path,
    language: Language,
    told: Arc<Told>,
) -> anyhow::Result<LoadReport> {
    let options = LoadOptions {
        // Our own files of a moment ago need no process of their own.
        isolation: Isolation::Thread,
        progress: Some(Arc::new(move |collection, rows| told.tell(&format!("{collection} {rows}")))),
        ..LoadOptions::default()
    };
    let report = cim_load::load_pack(store, folder, options).await.context("loading the demo")?;
    if !report.accepted() {
        bail!("{}", report.readable(language.of_report()));
    }
    remove(folder)?;
    Ok(report)
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing the folder {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_loaded_and_a_real_city_is_left_alone() {
        assert_eq!(Loaded::Nothing.missing(Scale::District), [Scale::Small, Scale::District]);
        assert_eq!(Loaded::Small.missing(Scale::District), [Scale::District]);
        assert_eq!(Loaded::District.missing(Scale::Small), []);
        assert_eq!(Loaded::AnotherCity.missing(Scale::District), []);
    }
}
