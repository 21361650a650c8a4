//! The tiles drawn so far, in a file beside the target, from which an interrupted export goes on.
//!
//! The file begins with the job. Records follow in the order of the tiles: number, length, checksum, gzip bytes. A record
//! without bytes says that all tiles up to it are done and show nothing. What a crash left at the end fails its checksum and
//! is drawn again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::{ArchiveError, Target, Tile};

const MAGIC: &[u8; 8] = b"cimpart1";
/// A longer job is not believed.
const LONGEST_JOB: u64 = 64 * 1024;
const RECORD_HEAD_BYTES: u64 = 20;

/// What is drawn: equal jobs draw equal tiles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Which tiles of which tileset.
    pub selection: String,
    /// Everything that the tiles are drawn from.
    pub content: String,
    /// The moment that "overdue" refers to, milliseconds since 1970.
    pub as_of_ms: i64,
}

/// The job of an export that was interrupted and can go on, if there is one.
pub fn unfinished(target: &Target) -> Result<Option<Job>, ArchiveError> {
    let path = target.partial();
    match File::open(&path) {
        Ok(file) => Ok(read_job(&mut BufReader::new(file)).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ArchiveError::file("reading", &path)(error)),
    }
}

/// The file of drawn tiles, held by this process alone.
#[derive(Debug)]
pub(crate) struct Partial {
    path: PathBuf,
    file: BufWriter<File>,
    job: Option<Job>,
    tiles: u64,
    last: Option<u64>,
}

impl Partial {
    /// Takes hold of the file beside the target, new or as an interrupted export left it.
    pub(crate) fn hold(target: &Target) -> Result<Self, ArchiveError> {
        let path = target.partial();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(ArchiveError::file("writing", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ArchiveError::InUse(target.path().to_path_buf())),
            Err(TryLockError::Error(error)) => return Err(ArchiveError::file("locking", &path)(error)),
        }
        let mut partial = Self { path, file: BufWriter::new(file), job: None, tiles: 0, last: None };
        partial.find_end().map_err(ArchiveError::file("reading", &partial.path))?;
        Ok(partial)
    }

    /// The job whose tiles it holds.
    pub(crate) fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// How many tiles that show something it holds.
    pub(crate) fn tiles(&self) -> u64 {
        self.tiles
    }

    /// Up to which tile everything is done.
    pub(crate) fn last(&self) -> Option<u64> {
        self.last
    }

    /// Drops what it holds and begins with a job.
    pub(crate) fn begin(&mut self, job: &Job) -> Result<(), ArchiveError> {
        let begin = |file: &mut BufWriter<File>| -> io::Result<()> {
            file.rewind()?;
            file.get_ref().set_len(0)?;
            let text = serde_json::to_vec(job)?;
            file.write_all(MAGIC)?;
            file.write_all(&(text.len() as u64).to_le_bytes())?;
            file.write_all(&checksum(0, &text).to_le_bytes())?;
            file.write_all(&text)?;
            file.flush()
        };
        begin(&mut self.file).map_err(ArchiveError::file("writing", &self.path))?;
        (self.job, self.tiles, self.last) = (Some(job.clone()), 0, None);
        Ok(())
    }

    /// Adds tiles in their order, those without bytes shown by the numbers that are left out.
    pub(crate) fn push(&mut self, tiles: &[(u64, Vec<u8>)]) -> Result<(), ArchiveError> {
        let push = |file: &mut BufWriter<File>| -> io::Result<()> {
            for (place, (number, bytes)) in tiles.iter().enumerate() {
                if !bytes.is_empty() || place + 1 == tiles.len() {
                    write_record(file, *number, bytes)?;
                }
            }
            file.flush()
        };
        push(&mut self.file).map_err(ArchiveError::file("writing", &self.path))?;
        self.tiles += tiles.iter().filter(|(_, bytes)| !bytes.is_empty()).count() as u64;
        self.last = tiles.last().map(|(number, _)| *number).or(self.last);
        Ok(())
    }

    /// All tiles that show something, in their order.
    pub(crate) fn drawn(&self) -> Result<DrawnTiles, ArchiveError> {
        let open = || -> io::Result<DrawnTiles> {
            // The same open file: its name may be another's by now.
            let mut file = BufReader::with_capacity(1 << 20, self.file.get_ref().try_clone()?);
            let end = file.seek(SeekFrom::End(0))?;
            file.rewind()?;
            read_job(&mut file)?;
            let left = end - file.stream_position()?;
            Ok(DrawnTiles { path: self.path.clone(), file, left })
        };
        open().map_err(ArchiveError::file("reading", &self.path))
    }

    /// Removes the file: its tiles are in the archive now.
    pub(crate) fn remove(self) -> Result<(), ArchiveError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(ArchiveError::file("removing", &self.path)(error))
            }
            _ => Ok(()),
        }
    }

    /// Counts the whole records and drops what follows them.
    fn find_end(&mut self) -> io::Result<()> {
        let mut file = BufReader::with_capacity(1 << 20, self.file.get_ref().try_clone()?);
        let length = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        self.job = read_job(&mut file).ok();
        let mut end = if self.job.is_some() { file.stream_position()? } else { 0 };
        while self.job.is_some() {
            let Ok(Some(record)) = read_record(&mut file, length - end) else { break };
            end += RECORD_HEAD_BYTES + record.bytes.len() as u64;
            self.tiles += u64::from(!record.bytes.is_empty());
            self.last = Some(record.number);
        }
        self.file.get_ref().set_len(end)?;
        self.file.seek(SeekFrom::Start(end)).map(drop)
    }
}

/// The tiles of a partial file, read one after another.
pub(crate) struct DrawnTiles {
    path: PathBuf,
    file: BufReader<File>,
    left: u64,
}

impl DrawnTiles {
    fn take(&mut self) -> io::Result<Option<(Tile, Vec<u8>)>> {
        while let Some(record) = read_record(&mut self.file, self.left)? {
            self.left -= RECORD_HEAD_BYTES + record.bytes.len() as u64;
            let tile = Tile::of_number(record.number).ok_or(io::ErrorKind::InvalidData)?;
            if !record.bytes.is_empty() {
                return Ok(Some((tile, record.bytes)));
            }
        }
        Ok(None)
    }
}

impl Iterator for DrawnTiles {
    type Item = Result<(Tile, Vec<u8>), ArchiveError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.path.clone();
        self.take().map_err(ArchiveError::file("reading", &path)).transpose()
    }
}

struct Record {
    number: u64,
    bytes: Vec<u8>,
}

fn read_job(file: &mut impl Read) -> io::Result<Job> {
    let mut magic = [0; 8];
    file.read_exact(&mut magic)?;
    let (length, sum) = (read_number(file)?, read_number(file)?);
    if &magic != MAGIC || length > LONGEST_JOB {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Vec::new();
    file.take(length).read_to_end(&mut text)?;
    if text.len() as u64 != length || checksum(0, &text) != sum {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(serde_json::from_slice(&text)?)
}

/// The next record within the bytes that are left; none at their end, an error when it is not whole.
fn read_record(file: &mut impl Read, left: u64) -> io::Result<Option<Record>> {
    if left == 0 {
        return Ok(None);
    }
    let number = read_number(file)?;
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    let sum = read_number(file)?;
    if RECORD_HEAD_BYTES + length > left {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    let is_whole = bytes.len() as u64 == length && checksum(number, &bytes) == sum;
    if is_whole { Ok(Some(Record { number, bytes })) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn read_number(file: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn write_record(file: &mut impl Write, number: u64, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_too_long| io::ErrorKind::FileTooLarge)?;
    file.write_all(&number.to_le_bytes())?;
    file.write_all(&length.to_le_bytes())?;
    file.write_all(&checksum(number, bytes).to_le_bytes())?;
    file.write_all(bytes)
}

fn checksum(number: u64, bytes: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(&number.to_le_bytes());
    hash.update(bytes);
    hash.digest()
}
