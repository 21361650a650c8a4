//! Accounts that the measurements work as, and their tokens.

use anyhow::{Context, Result, ensure};

use crate::process::cim_command;

/// Adds an account to the database of an address and makes a token of it with these actions.
pub(crate) fn token(
    database: &str,
    name: &str,
    role: &str,
    reach: &[&str],
    actions: &[&str],
) -> Result<String> {
    let place = ["--database-url", database];
    said(&[&["user", "add", name, "--role", role], reach, &place].concat())?;
    let wanted = actions.iter().flat_map(|action| ["--action", action]);
    let made: Vec<&str> = ["token", "create", name, "--title", "bench"].into_iter().chain(wanted).collect();
    let told = said(&[&made[..], &place].concat())?;
    told.split_whitespace().last().map(str::to_owned).context("a token")
}

fn said(arguments: &[&str]) -> Result<String> {
    let output = cim_command(arguments)?.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
