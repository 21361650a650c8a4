//! `cim verify`: whether what is stored is what was written: borders, ties, and the audit log against its signed checkpoints.

use std::process::ExitCode;

use anyhow::Context;
use cim_model::Severity;
use clap::Args;

use crate::audit_checkpoints::Checkpoints;
use crate::commands::{Place, check};
use crate::database::Database;
use crate::language::Language;
use crate::{home, say};

/// Prove that what is stored is what was written: borders, ties and the audit log.
///
/// Ends with 0 when everything is whole, 1 otherwise. A running server compares its mirror with the tables once a minute.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(verify: Verify, language: Language) -> anyhow::Result<ExitCode> {
    let database = Database::borrow(&verify.place).await?;
    let verified = async {
        let store = database.connect().await?;
        let checked = check::everything(&store).await?;
        let checkpoints = Checkpoints::of(&home::folder(verify.place.home.clone())?)?;
        anyhow::Ok((checked, checkpoints.verify(&store).await))
    }
    .await;
    database.close().await?;
    let (checked, audit) = verified.context("reading what is stored")?;
    let faulty: Vec<_> =
        checked.iter().filter(|rule| rule.severity == Severity::Error && rule.total > 0).collect();
    for rule in &faulty {
        say::line(format_args!("{}: {}", rule.rule, rule.total));
    }
    match &audit {
        Ok((rows, signed)) => say::line(match language {
            Language::English => {
                format!("audit log: {rows} rows are one chain, {signed} signed checkpoints agree")
            }
            Language::Chinese => format!("审计日志：{rows} 行链条完整，与 {signed} 个签名检查点一致"),
        }),
        Err(error) => say::line(format_args!("{error:#}")),
    }
    Ok(ExitCode::from(u8::from(!faulty.is_empty() || audit.is_err())))
}
