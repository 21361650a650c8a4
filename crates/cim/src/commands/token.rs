//! `cim token`: keys for programs.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, bail};
use cim_access::Action;
use cim_access::secret::{ApiToken, TokenId};
use cim_store::{NewToken, Store};
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use crate::commands::Place;
use crate::commands::user::COMMAND_LINE;
use crate::database::Database;
use crate::language::Language;
use crate::say;

/// Make a key for a program, or revoke one.
#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(subcommand)]
    action: Doing,
}

#[derive(Debug, Subcommand)]
enum Doing {
    /// Make a token of an account and print it; it is shown this once
    Create(Create),
    /// Revoke a token
    Revoke(Revoke),
}

#[derive(Debug, Args)]
struct Create {
    /// The account whose rights it takes a part of
    account: String,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// An action it may do, see docs/ROLES.md; may be repeated
    #[arg(long = "action", value_name = "NAME", required = true)]
    actions: Vec<Action>,
    /// Days until it ends
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=365), value_name = "N")]
    days: i64,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Revoke {
    /// The part of the token between its underscores
    id: String,
    #[command(flatten)]
    place: Place,
}

pub(crate) async fn run(token: Token, language: Language) -> anyhow::Result<ExitCode> {
    let place = match &token.action {
        Doing::Create(Create { place, .. }) | Doing::Revoke(Revoke { place, .. }) => place.clone(),
    };
    let database = Database::borrow(&place).await?;
    let done = async {
        let store = database.connect().await?;
        store.migrate().await.context("bringing the schema up to date")?;
        match token.action {
            Doing::Create(Create { account, title, actions, days, .. }) => {
                let made = make(&store, &account, title, actions.into_iter().collect(), days).await?;
                say::line(made.reveal().as_str());
            }
            Doing::Revoke(Revoke { id, .. }) => {
                let known = TokenId::parse(&id).context("reading the id of the token")?;
                if !store.revoke_api_token(&known, None, COMMAND_LINE).await.context("revoking")? {
                    bail!("there is no token `{id}`, or it was revoked before");
                }
                say::line(format_args!("{} {id}", language.pick("revoked", "已撤销")));
            }
        }
        anyhow::Ok(())
    }
    .await;
    database.close().await?;
    done.map(|()| ExitCode::SUCCESS)
}

/// A new token of an account.
pub(crate) async fn make(
    store: &Store,
    account: &str,
    title: String,
    actions: BTreeSet<Action>,
    days: i64,
) -> anyhow::Result<ApiToken> {
    let token = ApiToken::generate().context("asking the system for randomness")?;
    let expires_at = Timestamp::now() + SignedDuration::from_hours(24 * days);
    let new = NewToken { id: token.id(), digest: token.digest(), title, actions, expires_at };
    if !store.add_api_token(account, &new, COMMAND_LINE).await.context("adding the token")? {
        bail!("there is no account `{account}`");
    }
    Ok(token)
}
