//! The PostgreSQL versions that are installed on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::ClusterError;

/// The versions that the schema is written for.
const MAJORS: std::ops::RangeInclusive<u32> = 14..=18;

/// One installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Installation {
    pub(super) major: u32,
    pub(super) programs: PathBuf,
}

impl Installation {
    /// The newest one that has PostGIS.
    pub(super) fn newest() -> Result<Self, ClusterError> {
        all()
            .into_iter()
            .filter(Self::has_postgis)
            .max_by_key(|found| found.major)
            .ok_or(ClusterError::NotInstalled)
    }

    /// The one that can open a home made by version `major`.
    pub(super) fn of_major(major: u32, home: &Path) -> Result<Self, ClusterError> {
        all()
            .into_iter()
            .find(|found| found.major == major)
            .ok_or_else(|| ClusterError::OtherMajor { home: home.to_owned(), found: major })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    fn has_postgis(&self) -> bool {
        let beside = self.programs.join("pg_config");
        let asked = if beside.exists() { printed(&beside, "--sharedir") } else { None };
        let debian = PathBuf::from(format!("/usr/share/postgresql/{}", self.major));
        [asked.map(PathBuf::from), Some(debian)]
            .into_iter()
            .flatten()
            .any(|share| share.join("extension/postgis.control").exists())
    }
}

fn all() -> Vec<Installation> {
    let mut folders: Vec<PathBuf> =
        MAJORS.map(|major| PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"))).collect();
    folders.extend(MAJORS.map(|major| PathBuf::from(format!("/usr/pgsql-{major}/bin"))));
    folders.extend(printed(Path::new("pg_config"), "--bindir").map(PathBuf::from));
    let mut found: Vec<Installation> = folders.into_iter().filter_map(inspect).collect();
    found.dedup_by_key(|installation| fs::canonicalize(&installation.programs).ok());
    found
}

fn inspect(programs: PathBuf) -> Option<Installation> {
    let complete =
        ["initdb", "pg_ctl", "pg_isready", "postgres"].iter().all(|name| programs.join(name).exists());
    if !complete {
        return None;
    }
    let major = major_of(&printed(&programs.join("postgres"), "--version")?)?;
    MAJORS.contains(&major).then_some(Installation { major, programs })
}

/// Reads `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_of(version: &str) -> Option<u32> {
    let number =
        version.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

fn printed(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_prints() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("postgres"), None);
    }

    #[test]
    fn a_home_of_a_version_that_is_not_installed_is_refused_with_the_remedy() {
        let refused = Installation::of_major(9, Path::new("/var/lib/cim")).unwrap_err().to_string();
        assert!(
            refused.contains("install postgresql-9-postgis-3") && refused.contains("pg_upgrade"),
            "{refused}"
        );
    }
}
