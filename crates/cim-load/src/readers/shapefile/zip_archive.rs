//! Unpacks a Shapefile from a zip within limits: a bomb is refused while it swells.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::super::open;
use crate::row::{Reading, Refusal, Stop, damaged};

const MOST_ENTRIES: usize = 1_000;
const MOST_BYTES: u64 = 2 << 30;
/// Tables of blanks shrink to a fortieth; a bomb to a thousandth.
const MOST_RATIO: u64 = 200;
/// Below this size nobody minds the ratio.
const SMALL_BYTES: u64 = 16 << 20;
const PARTS: [&str; 5] = ["shp", "dbf", "prj", "cpg", "shx"];

/// Unpacks the parts of the one Shapefile in the archive, or of the one that is named.
pub(super) fn unpack(path: &Path, scratch: &Path, layer: Option<&str>) -> Result<PathBuf, Stop> {
    let mut archive = open_archive(path)?;
    let stem = choose(&archive, layer)?;
    let mut allowance = Allowance::new(path)?;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = entry.name().map_err(|error| broken(&error))?.into_owned();
        let Some((entry_stem, extension)) = name.rsplit_once('.') else { continue };
        let extension = extension.to_ascii_lowercase();
        if entry_stem == stem && PARTS.contains(&extension.as_str()) {
            let mut file = File::create(scratch.join(format!("unpacked.{extension}")))
                .map_err(|error| damaged(format!("the archive cannot be unpacked: {error}")))?;
            allowance.copy(entry, &mut file, &name)?;
        }
    }
    Ok(scratch.join("unpacked.shp"))
}

fn open_archive(path: &Path) -> Result<ZipArchive<File>, Stop> {
    let archive = ZipArchive::new(open(path)?).map_err(|error| broken(&error))?;
    if archive.len() > MOST_ENTRIES {
        let message = format!("the archive has {} entries: at most {MOST_ENTRIES} are read", archive.len());
        return Err(Refusal::new("archive_too_large", message).into());
    }
    Ok(archive)
}

fn broken(error: &zip::result::ZipError) -> Stop {
    damaged(format!("the archive cannot be read: {error}"))
}

fn choose(archive: &ZipArchive<File>, layer: Option<&str>) -> Result<String, Stop> {
    let names: Vec<String> =
        archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    let found: Vec<&str> = names
        .iter()
        // What macOS adds for itself is no Shapefile.
        .filter(|name| {
            !name.starts_with("__MACOSX/") && !name.rsplit('/').next().unwrap_or(name).starts_with('.')
        })
        .filter_map(|name| name.rsplit_once('.'))
        .filter(|(_, extension)| extension.eq_ignore_ascii_case("shp"))
        .map(|(stem, _)| stem)
        .collect();
    let is_asked_for = |stem: &&&str| layer.is_none_or(|layer| stem.rsplit('/').next() == Some(layer));
    let mut fitting = found.iter().filter(is_asked_for);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) => Ok((*only).to_owned()),
        (None, _) => Err(Refusal::new(
            "layer_missing",
            format!("the archive holds no such Shapefile; it holds: {}", found.join(", ")),
        )
        .into()),
        (Some(_), Some(_)) => Err(Refusal::new(
            "layer_missing",
            format!("the archive holds several Shapefiles, name one with layer = : {}", found.join(", ")),
        )
        .into()),
    }
}

/// Unpacks every entry to one place after another, mostly nowhere, to see whether it stays within the limits.
pub(in crate::readers) fn check_bounds(path: &Path, out: &mut impl Write) -> Reading {
    let mut archive = open_archive(path)?;
    let mut allowance = Allowance::new(path)?;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| broken(&error))?;
        let name = entry.name().map_err(|error| broken(&error))?.into_owned();
        allowance.copy(entry, out, &name)?;
    }
    Ok(())
}

/// What may still be unpacked. The sizes that an archive states are not believed: bytes are counted as they come.
struct Allowance {
    packed: u64,
    unpacked: u64,
}

impl Allowance {
    fn new(path: &Path) -> Result<Self, Stop> {
        let packed =
            path.metadata().map_err(|error| damaged(format!("the file cannot be read: {error}")))?.len();
        Ok(Self { packed, unpacked: 0 })
    }

    fn copy(&mut self, mut entry: impl Read, out: &mut impl Write, name: &str) -> Reading {
        let mut buffer = vec![0_u8; 1 << 16];
        loop {
            let count = entry
                .read(&mut buffer)
                .map_err(|error| damaged(format!("{name} in the archive cannot be unpacked: {error}")))?;
            if count == 0 {
                return Ok(());
            }
            self.unpacked += count as u64;
            let swollen = self.unpacked > SMALL_BYTES && self.unpacked / self.packed.max(1) > MOST_RATIO;
            if swollen || self.unpacked > MOST_BYTES {
                let message = format!(
                    "{name} swells to more than {MOST_RATIO} times the archive or {MOST_BYTES} bytes: it is made to do harm, or must be unpacked by hand"
                );
                return Err(Refusal::new("archive_bomb", message).into());
            }
            out.write_all(&buffer[..count])
                .map_err(|error| damaged(format!("the archive cannot be unpacked: {error}")))?;
        }
    }
}
