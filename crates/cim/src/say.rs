//! What the binary prints: answers to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::language::Language;

/// A line of the answer. A reader that has gone away is no error.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// A line about the work.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The end of a command that could not do its work: the whole chain of causes, once.
pub(crate) fn failed(language: Language, error: &anyhow::Error) -> ExitCode {
    let opening = language.pick("cim: ", "cim：");
    note(format_args!("{opening}{}", chain(error)));
    ExitCode::from(1)
}

/// All causes in one line, none twice.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if !text.ends_with(&cause) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause);
        }
    }
    text
}
