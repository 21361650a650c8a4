//! An export: tiles drawn on all cores into the partial file, then bound into the archive, which gets its name when whole.

use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;

use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::prelude::*;

use crate::partial::Partial;
use crate::target::ArchiveFormat;
use crate::{ArchiveError, Description, Job, Target, Tile, mbtiles, pmtiles_file};

/// So many tiles are drawn between two looks at whether to go on, and lost by a crash at most.
const TILES_A_STEP: usize = 256;

/// How an export began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// From nothing.
    New,
    /// Where the same job was interrupted, with so many tiles drawn.
    GoesOn {
        /// Tiles that show something.
        tiles: u64,
    },
    /// From nothing, because the data have changed since the one that was interrupted.
    DataChanged,
    /// From nothing, because the one that was interrupted draws other tiles.
    AnotherSelection,
}

/// Whether everything was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// All tiles that were asked for.
    All,
    /// The progress said to stop; the partial file holds what was drawn.
    Stopped,
}

/// A whole archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// Tiles that show something.
    pub tiles: u64,
    /// The length of the file.
    pub bytes: u64,
}

/// Told after each step how many of the tiles asked for are done; says whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// What is to be exported, and where to.
#[derive(Debug, Clone, PartialEq)]
pub struct ArchiveJob {
    /// The file.
    pub target: Target,
    /// What the tiles are drawn from.
    pub job: Job,
    /// What the archive says of itself.
    pub description: Description,
}

/// An archive that is being written.
#[derive(Debug)]
pub struct Archive {
    target: Target,
    description: Description,
    partial: Partial,
    beginning: Beginning,
}

impl Archive {
    /// Begins, or goes on where the same job was interrupted.
    pub fn begin(job: ArchiveJob) -> Result<Self, ArchiveError> {
        let ArchiveJob { target, job, description } = job;
        let mut partial = Partial::hold(&target)?;
        let beginning = match partial.job() {
            None => Beginning::New,
            Some(before) if *before == job => Beginning::GoesOn { tiles: partial.tiles() },
            Some(before) if before.selection == job.selection => Beginning::DataChanged,
            Some(_) => Beginning::AnotherSelection,
        };
        if !matches!(beginning, Beginning::GoesOn { .. }) {
            partial.begin(&job)?;
        }
        Ok(Self { target, description: description.within_zooms(), partial, beginning })
    }

    /// How it began.
    #[must_use]
    pub fn beginning(&self) -> Beginning {
        self.beginning
    }

    /// Draws tiles on all cores: `draw` gives the plain bytes of one, none when it shows nothing. Whoever calls it several
    /// times begins with the lowest zoom. Which core draws what leaves no trace in the archive.
    pub fn draw(
        &mut self,
        tiles: Vec<Tile>,
        draw: &(dyn Fn(Tile) -> Vec<u8> + Sync),
        progress: Progress<'_>,
    ) -> Result<Drawn, ArchiveError> {
        let mut numbers: Vec<u64> = tiles.into_iter().filter_map(Tile::number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let done = self.partial.last().map_or(0, |last| numbers.partition_point(|number| *number <= last));
        let mut count = done as u64;
        for step in numbers.get(done..).unwrap_or_default().chunks(TILES_A_STEP) {
            if progress(count).is_break() {
                return Ok(Drawn::Stopped);
            }
            let drawn: io::Result<Vec<(u64, Vec<u8>)>> = step
                .par_iter()
                .map(|number| {
                    let bytes = Tile::of_number(*number).map(draw).unwrap_or_default();
                    Ok((*number, packed(&bytes)?))
                })
                .collect();
            let drawn = drawn.map_err(ArchiveError::file("packing tiles for", self.target.path()))?;
            self.partial.push(&drawn)?;
            count += step.len() as u64;
        }
        Ok(if progress(count).is_break() { Drawn::Stopped } else { Drawn::All })
    }

    /// Binds everything drawn into the archive and gives it its name. A failure leaves no archive, but what was drawn.
    pub fn finish(self) -> Result<Finished, ArchiveError> {
        let Self { target, description, partial, .. } = self;
        if partial.tiles() == 0 {
            partial.remove()?;
            return Err(ArchiveError::Empty);
        }
        let unnamed = target.unnamed();
        let bind = match target.format() {
            ArchiveFormat::PmTiles => pmtiles_file::bind,
            ArchiveFormat::MbTiles => mbtiles::bind,
        };
        let bound = partial.drawn().and_then(|tiles| bind(&unnamed, &description, tiles)).and_then(|tiles| {
            let bytes = fs::metadata(&unnamed).map_err(ArchiveError::file("reading", &unnamed))?.len();
            fs::rename(&unnamed, target.path()).map_err(ArchiveError::file("naming", target.path()))?;
            Ok(Finished { tiles, bytes })
        });
        match bound {
            Ok(finished) => partial.remove().map(|()| finished),
            Err(error) => {
                // It is worthless and takes room that may be what is missing.
                let _ = fs::remove_file(&unnamed);
                Err(error)
            }
        }
    }
}

/// gzip without a name or a time in its header, so that equal tiles have equal bytes.
fn packed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
