//! Signed checkpoints of the audit log: where its chain stood, in a file and under a key that the database does not reach.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use cim_access::audit_chain::{ChainCheck, Head, RowHash};
use cim_access::checkpoint::{Checkpoint, CheckpointSigner, SignedCheckpoint};
use cim_store::{Store, hexadecimal};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::key_file;

const KEY_FILE: &str = "audit-key";
const FILE: &str = "audit-checkpoints.jsonl";
const EVERY: Duration = Duration::from_hours(1);
const ROWS_AT_ONCE: i64 = 10_000;

/// The checkpoints of one home.
pub(crate) struct Checkpoints {
    file: PathBuf,
    signer: CheckpointSigner,
}

/// A checkpoint as a line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    /// The hash of the first row: which log it is.
    log: String,
    seq: u64,
    hash: String,
    at: jiff::Timestamp,
    signature: String,
}

/// A log that was walked from its beginning to its end.
struct Walked {
    log: String,
    head: Head,
}

impl Checkpoints {
    /// Those of a home, with its key; the first call makes the key.
    pub(crate) fn of(home: &Path) -> anyhow::Result<Self> {
        let seed = key_file::read_or_make(home, KEY_FILE, || {
            let signer = CheckpointSigner::generate().context("asking the system for randomness")?;
            Ok(*signer.reveal())
        })?;
        let signer = CheckpointSigner::from_seed(&seed);
        Ok(Self { file: home.join(FILE), signer })
    }

    /// Signs where the log stands now, once it was found whole, unless nothing was added.
    pub(crate) async fn sign(&self, store: &Store) -> anyhow::Result<()> {
        let known = self.read()?;
        let walked = walk(store, &known).await?;
        let is_news = known.last().is_none_or(|last| last.head != walked.head);
        if walked.head.seq == 0 || !is_news {
            return Ok(());
        }
        let signed = self.signer.sign(Checkpoint { epoch: walked.log, head: walked.head });
        let line = Line {
            log: signed.checkpoint.epoch.clone(),
            seq: walked.head.seq,
            hash: hexadecimal(walked.head.hash.as_bytes()),
            at: jiff::Timestamp::now(),
            signature: hexadecimal(&signed.signature),
        };
        let line = serde_json::to_string(&line).context("writing a checkpoint")?;
        let opened = fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&self.file);
        let written = opened.and_then(|mut file| writeln!(file, "{line}"));
        written.with_context(|| format!("adding to {}", self.file.display()))
    }

    /// Walks the whole log against every checkpoint; the number of rows and of checkpoints.
    pub(crate) async fn verify(&self, store: &Store) -> anyhow::Result<(u64, usize)> {
        let known = self.read()?;
        let walked = walk(store, &known).await?;
        Ok((walked.head.seq, known.len()))
    }

    /// The checkpoints of the file, each under our signature.
    fn read(&self) -> anyhow::Result<Vec<Checkpoint>> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("reading {}", self.file.display())),
        };
        let verifier = self.signer.verifier();
        let read = |(number, line): (usize, &str)| {
            let signed = signed_of(line);
            let checked = signed.as_ref().and_then(|signed| verifier.verify(signed).ok());
            checked.cloned().with_context(|| {
                format!(
                    "line {} of {} is no checkpoint that this key signed",
                    number + 1,
                    self.file.display()
                )
            })
        };
        text.lines().enumerate().map(read).collect()
    }
}

fn signed_of(line: &str) -> Option<SignedCheckpoint> {
    let line: Line = serde_json::from_str(line).ok()?;
    let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
    let hash = RowHash::from_bytes(bytes(&line.hash)?.try_into().ok()?);
    let checkpoint = Checkpoint { epoch: line.log, head: Head { seq: line.seq, hash } };
    Some(SignedCheckpoint { checkpoint, signature: bytes(&line.signature)?.try_into().ok()? })
}

/// Walks the log row by row: it is one chain, its stored hashes are its own, and it stood where every checkpoint says.
async fn walk(store: &Store, known: &[Checkpoint]) -> anyhow::Result<Walked> {
    let mut check = ChainCheck::after(Head::EMPTY);
    let mut log = String::new();
    loop {
        let after = i64::try_from(check.head().seq).unwrap_or(i64::MAX);
        let rows = store.audit_after(after, ROWS_AT_ONCE).await.context("reading the audit log")?;
        if rows.is_empty() {
            break;
        }
        for stored in rows {
            check.take(&stored.row)?;
            if stored.hash != stored.row.hash() {
                bail!("the audit log is broken at row {}: its hash is not its own", stored.row.seq);
            }
            if stored.row.seq == 1 {
                log = stored.hash.to_string();
            }
            let here = known.iter().filter(|one| one.head.seq == stored.row.seq);
            for one in here {
                if one.head != check.head() || one.epoch != log {
                    bail!(
                        "the audit log was rewritten: row {} is not the one that was signed",
                        stored.row.seq
                    );
                }
            }
        }
    }
    if let Some(beyond) = known.iter().find(|one| one.head.seq > check.head().seq) {
        bail!(
            "the audit log was cut off: {} rows were signed, {} are there",
            beyond.head.seq,
            check.head().seq
        );
    }
    Ok(Walked { log, head: check.head() })
}

/// Signs once an hour as long as the server runs, and says aloud when the log is not whole.
pub(crate) async fn keep(store: Store, home: PathBuf) {
    loop {
        let signed = match Checkpoints::of(&home) {
            Ok(checkpoints) => checkpoints.sign(&store).await,
            Err(error) => Err(error),
        };
        if let Err(error) = signed {
            tracing::error!(error = format!("{error:#}"), "no checkpoint of the audit log was signed");
        }
        tokio::time::sleep(EVERY).await;
    }
}
