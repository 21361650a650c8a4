//! The parser process: limits itself, reads one job, writes rows and findings, ends with a summary.

use std::io::{self, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use cim_model::Finding;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::encode::encode_rows;
use super::frame::{Kind, write_frame};
use crate::check::{Batch, BatchOutput, Summary};
use crate::job::ReadJob;
use crate::readers::read_file;
use crate::row::{Reading, Refusal, Stop};

/// The whole program of a parser process: reads one job from standard input, writes rows to standard output.
/// The binary calls it for its hidden subcommand `parse-worker`, before it starts any runtime.
#[must_use]
pub fn parse_worker_main() -> ExitCode {
    let mut text = String::new();
    if io::stdin().take(16 << 20).read_to_string(&mut text).is_err() {
        return ExitCode::from(2);
    }
    let Ok(job) = serde_json::from_str::<ReadJob>(&text) else { return ExitCode::from(2) };
    if limit(&job).is_err() {
        return ExitCode::from(2);
    }
    let mut pipe = Pipe { out: BufWriter::with_capacity(1 << 18, io::stdout().lock()), bytes: Vec::new() };
    match catch_unwind(AssertUnwindSafe(|| read_file(&job, &mut pipe))) {
        Ok(Ok(summary)) => end(&mut pipe, &summary),
        Ok(Err(_)) => ExitCode::from(3),
        Err(_) => {
            let refusal = Refusal::new(
                "parser_failed",
                "the parser failed on this file: it is damaged, or we have a bug",
            );
            let summary = Summary { blocking: 1, ..Summary::default() };
            match pipe.finding(crate::check::refused(&job.shown, refusal)) {
                Ok(()) => end(&mut pipe, &summary),
                Err(_) => ExitCode::from(3),
            }
        }
    }
}

/// Whatever the file makes the parser do, it cannot take more than this from the machine.
fn limit(job: &ReadJob) -> rustix::io::Result<()> {
    let to = |amount: u64| Rlimit { current: Some(amount), maximum: Some(amount) };
    setrlimit(Resource::As, to(job.memory_mib << 20))?;
    setrlimit(Resource::Cpu, to(job.cpu_s))?;
    setrlimit(Resource::Core, to(0))
}

fn end(pipe: &mut Pipe<'_>, summary: &Summary) -> ExitCode {
    let Ok(bytes) = serde_json::to_vec(summary) else { return ExitCode::from(3) };
    match write_frame(&mut pipe.out, Kind::Done, &bytes).and_then(|()| pipe.out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(3),
    }
}

struct Pipe<'a> {
    out: BufWriter<io::StdoutLock<'a>>,
    bytes: Vec<u8>,
}

impl BatchOutput for Pipe<'_> {
    fn batch(&mut self, batch: Batch) -> Reading {
        self.bytes.clear();
        encode_rows(&batch, &mut self.bytes);
        write_frame(&mut self.out, Kind::Rows, &self.bytes).map_err(|_cause: io::Error| Stop::Abandoned)
    }

    fn finding(&mut self, finding: Finding) -> Reading {
        let bytes = serde_json::to_vec(&finding).map_err(|_cause: serde_json::Error| Stop::Abandoned)?;
        write_frame(&mut self.out, Kind::Finding, &bytes).map_err(|_cause: io::Error| Stop::Abandoned)
    }
}
