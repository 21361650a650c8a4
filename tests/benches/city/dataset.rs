//! The cities that are measured, each in a home of its own that the next run finds again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use cim_store::schema_fingerprint;

use crate::process::cim_command;

/// A city to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dataset {
    /// One town of the demo.
    Town,
    /// The demo's district, so many times.
    Districts(u32),
    /// The demo's district with half a million cases.
    MoreCases,
    /// The demo's district with five million cases.
    ManyCases,
    /// The buildings of New York.
    NewYork,
}

impl Dataset {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Town => "one town".to_owned(),
            Self::Districts(1) => "district".to_owned(),
            Self::Districts(factor) => format!("{factor} districts"),
            Self::MoreCases => "district with 500,000 cases".to_owned(),
            Self::ManyCases => "district with 5 million cases".to_owned(),
            Self::NewYork => "New York".to_owned(),
        }
    }

    /// Whether what it is made of is there.
    pub(crate) fn is_there(self) -> bool {
        let is_there = self != Self::NewYork || std::env::var_os("CIM_TEST_DATA").is_some();
        if !is_there {
            println!("New York is left out: CIM_TEST_DATA does not name the folder of the real files");
        }
        is_there
    }

    /// What makes it of the loaded pack.
    pub(crate) fn sql(self) -> Option<&'static str> {
        match self {
            Self::MoreCases => Some(include_str!("sql/more_cases.sql")),
            Self::ManyCases => Some(include_str!("sql/multiply_cases.sql")),
            Self::Town | Self::Districts(_) | Self::NewYork => None,
        }
    }

    /// The home of its database, loaded by the first run.
    pub(crate) fn home(self) -> Result<PathBuf> {
        let folder = root()?.join(self.name().replace(' ', "-").replace(',', "").to_lowercase());
        let (home, mark) = (folder.join("home"), folder.join("loaded"));
        let loaded = format!("{} {}", env!("CARGO_PKG_VERSION"), schema_fingerprint());
        if fs::read_to_string(&mark).is_ok_and(|found| found == loaded) {
            return Ok(home);
        }
        println!("loading {} into {}, once", self.name(), folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let pack = self.pack(&folder)?;
        run(cim_command(&["load"])?.arg(&pack).env("CIM_HOME", &home))?;
        if pack.starts_with(&folder) {
            fs::remove_dir_all(&pack)?;
        }
        fs::write(&mark, loaded)?;
        Ok(home)
    }

    fn pack(self, folder: &Path) -> Result<PathBuf> {
        let (scale, factor) = match self {
            Self::NewYork => {
                return Ok(Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/new-york"));
            }
            Self::Town => ("small", 1),
            Self::MoreCases | Self::ManyCases => ("district", 1),
            Self::Districts(factor) => ("district", factor),
        };
        let pack = folder.join("pack");
        let factor = factor.to_string();
        run(cim_command(&["demo", "--scale", scale, "--factor", &factor, "--out"])?.arg(&pack))?;
        Ok(pack)
    }
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Where the homes lie: beside the compiled programs, or in the temporary folder when that is closed to the account that
/// PostgreSQL runs as.
pub(crate) fn root() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let target = own.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    let target = target.context("this program lies in a target folder")?;
    let is_open = target
        .ancestors()
        .all(|each| fs::metadata(each).is_ok_and(|found| found.permissions().mode() & 0o001 != 0));
    let root = if is_open { target.join("bench") } else { std::env::temp_dir().join("cim-bench") };
    fs::create_dir_all(&root)?;
    Ok(root)
}
