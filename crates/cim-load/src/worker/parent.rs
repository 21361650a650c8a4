//! The loader's side: starts a parser, reads what it says, and tells how it died if it did.

use std::io::{BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use cim_model::{Collection, Finding};
use tempfile::TempDir;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Message;
use super::decode::decode_rows;
use super::frame::{Kind, read_frame};
use crate::check::{Batch, BatchOutput, refused};
use crate::error::LoadError;
use crate::job::ReadJob;
use crate::options::Isolation;
use crate::readers::read_file;
use crate::row::{Reading, Refusal, Stop};

/// Batches on their way: enough that neither side waits for the other's every breath, few enough to stay small.
const BATCHES_IN_FLIGHT: usize = 4;

/// A running parser. Dropping it ends the process.
pub(crate) struct Parser {
    pub(crate) messages: Receiver<Message>,
    child: Option<Arc<Mutex<Child>>>,
    /// Held so that it is removed with the parser.
    _scratch: Option<TempDir>,
}

impl Drop for Parser {
    fn drop(&mut self) {
        if let Some(child) = &self.child {
            kill(child);
        }
    }
}

fn kill(child: &Mutex<Child>) {
    if let Ok(mut child) = child.lock() {
        // It may have ended already, which is what is wanted.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Starts a parser on one file.
pub(crate) fn start(
    mut job: ReadJob,
    collection: Collection,
    isolation: &Isolation,
) -> Result<Parser, LoadError> {
    let (sender, messages) = channel(BATCHES_IN_FLIGHT);
    let scratch = if job.needs_scratch() {
        let unusable = |source| LoadError::Read { path: std::env::temp_dir(), source };
        Some(TempDir::new().map_err(unusable)?)
    } else {
        None
    };
    job.scratch = scratch.as_ref().map(|folder| folder.path().to_path_buf());
    let (program, arguments) = match isolation {
        Isolation::Thread => {
            std::thread::spawn(move || read_in_thread(&job, &sender));
            return Ok(Parser { messages, child: None, _scratch: scratch });
        }
        Isolation::ChildProcess => (own_program()?, vec!["parse-worker".to_owned()]),
        Isolation::Program(program, arguments) => (program.clone(), arguments.clone()),
    };
    let failed = |source| LoadError::Worker { program: program.clone(), source };
    let mut child = Command::new(&program)
        .args(&arguments)
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "LD_LIBRARY_PATH"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let said = serde_json::to_vec(&job).map_err(|error| failed(error.into()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that does not listen says so by its exit.
        let _ = stdin.write_all(&said);
    }
    let stdout = child.stdout.take();
    let child = Arc::new(Mutex::new(child));
    let watched = Arc::clone(&child);
    std::thread::spawn(move || {
        if let Some(stdout) = stdout {
            let ended = relay(BufReader::with_capacity(1 << 18, stdout), collection, &sender);
            report_end(ended, &watched, &job, &sender);
        }
    });
    Ok(Parser { messages, child: Some(child), _scratch: scratch })
}

fn own_program() -> Result<PathBuf, LoadError> {
    std::env::current_exe().map_err(|source| LoadError::Worker { program: PathBuf::from("cim"), source })
}

/// How the stream of a parser process ended.
pub(crate) enum Ended {
    WithSummary,
    Early,
    Garbled(String),
    Unheard,
}

pub(crate) fn relay(
    mut stdout: impl std::io::Read,
    collection: Collection,
    sender: &Sender<Message>,
) -> Ended {
    let mut buffer = Vec::new();
    loop {
        let message = match read_frame(&mut stdout, &mut buffer) {
            Ok(None) => return Ended::Early,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ended::Early,
            Err(error) => return Ended::Garbled(error.to_string()),
            Ok(Some(Kind::Rows)) => match decode_rows(&buffer, collection.spec()) {
                Ok(rows) => Message::Rows(rows),
                Err(error) => return Ended::Garbled(error.to_string()),
            },
            Ok(Some(Kind::Finding)) => match serde_json::from_slice(&buffer) {
                Ok(finding) => Message::Finding(finding),
                Err(error) => return Ended::Garbled(error.to_string()),
            },
            Ok(Some(Kind::Done)) => match serde_json::from_slice(&buffer) {
                Ok(summary) => Message::Done(summary),
                Err(error) => return Ended::Garbled(error.to_string()),
            },
        };
        let last = matches!(message, Message::Done(_));
        if sender.blocking_send(message).is_err() {
            return Ended::Unheard;
        }
        if last {
            return Ended::WithSummary;
        }
    }
}

fn report_end(ended: Ended, child: &Mutex<Child>, job: &ReadJob, sender: &Sender<Message>) {
    let refusal = match ended {
        Ended::WithSummary | Ended::Unheard => return kill(child),
        Ended::Garbled(reason) => {
            kill(child);
            Refusal::new("parser_failed", format!("the parser process answered what it must not ({reason})"))
        }
        Ended::Early => {
            let status = child.lock().ok().and_then(|mut child| child.wait().ok());
            cause_of_death(status, job)
        }
    };
    // Nobody may be listening any more.
    let _ = sender.blocking_send(Message::Died(refused(&job.shown, refusal)));
}

fn cause_of_death(status: Option<ExitStatus>, job: &ReadJob) -> Refusal {
    const ABORTED: i32 = 6;
    const KILLED: i32 = 9;
    const CPU_LIMIT: i32 = 24;
    match status.and_then(|status| status.signal()) {
        Some(ABORTED) => Refusal::new(
            "parser_out_of_memory",
            format!(
                "reading the file took more than {} MiB of memory: it is damaged or made to do harm; split it if it is neither",
                job.memory_mib
            ),
        ),
        Some(CPU_LIMIT | KILLED) => Refusal::new(
            "parser_out_of_time",
            format!(
                "reading the file took more than {} s: it is damaged or made to do harm; split it if it is neither",
                job.cpu_s
            ),
        ),
        Some(signal) => {
            Refusal::new("parser_failed", format!("the parser process was ended by signal {signal}"))
        }
        None => Refusal::new("parser_failed", "the parser process ended before the file did"),
    }
}

fn read_in_thread(job: &ReadJob, sender: &Sender<Message>) {
    let mut output = Channel(sender);
    if let Ok(summary) = read_file(job, &mut output) {
        // Nobody may be listening any more.
        let _ = sender.blocking_send(Message::Done(summary));
    }
}

struct Channel<'a>(&'a Sender<Message>);

impl BatchOutput for Channel<'_> {
    fn batch(&mut self, batch: Batch) -> Reading {
        self.0.blocking_send(Message::Rows(batch)).map_err(|_cause| Stop::Abandoned)
    }

    fn finding(&mut self, finding: Finding) -> Reading {
        self.0.blocking_send(Message::Finding(finding)).map_err(|_cause| Stop::Abandoned)
    }
}
