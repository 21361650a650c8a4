//! The parser process alone: what `cim parse-worker` does, for tests and for programs that are not `cim`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cim_load::parse_worker_main()
}
