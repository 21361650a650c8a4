//! The command line: what a user may type, each command in a module of its own.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod env;
pub(crate) mod export;
pub(crate) mod listening;
pub(crate) mod load;
pub(crate) mod migrate;
pub(crate) mod psql;
pub(crate) mod serve;
pub(crate) mod token;
mod translation;
pub(crate) mod up;
pub(crate) mod user;
pub(crate) mod verify;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use cim_access::sealing::SealingKey;
use cim_city::{PersonalOptions, VideoOptions};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

pub(crate) use listening::Listening;

use crate::key_file;
use crate::language::Language;

/// A city information model server: live vector tiles, spatial questions, and who is responsible where.
#[derive(Debug, Parser)]
#[command(name = "cim", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start everything: database, schema, demo data if wanted, server
    Up(up::Up),
    /// Serve an existing database
    Serve(serve::Serve),
    /// Bring the schema up to date; safe to repeat
    Migrate(Place),
    /// Load a city pack or one file: everything or nothing
    Load(load::Load),
    /// Write the synthetic district as a city pack
    Demo(demo::Demo),
    /// Look for faults in what is loaded
    Check(check::Check),
    /// Prove that what is stored is what was written
    Verify(verify::Verify),
    /// Write what is loaded into a file
    Export(export::Export),
    /// Say who may sign in, and what each may see
    User(user::User),
    /// Make keys for programs, or revoke them
    Token(token::Token),
    /// Open psql on the database
    Psql(psql::Psql),
    /// Print the address of the database
    Env(Place),
}

/// Which database.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Use this database and start none
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Folder of the private database [default: /var/lib/cim for root, the user's data folder otherwise]
    #[arg(long, env = "CIM_HOME", value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
}

/// Where the pictures of cameras come from; off by default, and every look is recorded.
#[derive(Debug, Clone, Args)]
pub(crate) struct Video {
    /// Address of a page that plays a camera, with `{gb_id}` in the place of its id [default: off]
    #[arg(long, env = "CIM_VIDEO_PLAYER_URL", value_name = "URL", value_parser = template)]
    video_player_url: Option<String>,
    /// Address of a camera's last still picture, with `{gb_id}` in the place of its id [default: off]
    #[arg(long, env = "CIM_VIDEO_STILL_URL", value_name = "URL", value_parser = template)]
    video_still_url: Option<String>,
}

fn template(text: &str) -> Result<String, String> {
    VideoOptions::template(text).map_err(|error| error.to_string())
}

impl Video {
    pub(crate) fn options(&self) -> VideoOptions {
        VideoOptions { player_url: self.video_player_url.clone(), still_url: self.video_still_url.clone() }
    }
}

/// The people behind cases.
#[derive(Debug, Clone, Args)]
pub(crate) struct People {
    /// Days after the end of a case until the person behind it is forgotten
    #[arg(long, env = "CIM_KEEP_PEOPLE_DAYS", default_value_t = 730, value_name = "N")]
    keep_people_days: u32,
}

/// What personal data are sealed with; belongs into no backup that holds the database too.
const PERSONAL_KEY: &str = "personal-key";

impl People {
    /// The options, with the key of the home; the first call makes it.
    pub(crate) fn options(&self, home: &Path) -> anyhow::Result<PersonalOptions> {
        let seed = key_file::read_or_make(home, PERSONAL_KEY, || {
            Ok(*SealingKey::generate().context("asking the system for randomness")?.reveal())
        })?;
        let keep = Duration::from_hours(u64::from(self.keep_people_days) * 24);
        Ok(PersonalOptions { key: Some(Arc::new(SealingKey::from_seed(&seed))), keep: Some(keep) })
    }
}

/// How much of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scale {
    /// One town with everything
    Small,
    /// The whole district
    District,
}

impl Cli {
    /// What was typed. Ends the process with help or a usage message (exit 2) when it cannot be meant.
    pub(crate) fn read(language: Language) -> Self {
        let command = match language {
            Language::English => Self::command(),
            Language::Chinese => translation::into_chinese(Self::command()),
        };
        let matches = command.get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

impl Command {
    /// Whether the command stays and answers requests.
    pub(crate) fn serves(&self) -> bool {
        matches!(self, Self::Up(_) | Self::Serve(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_in_both_languages() {
        Cli::command().debug_assert();
        translation::into_chinese(Cli::command()).debug_assert();
    }

    #[test]
    fn every_command_and_argument_has_a_chinese_help() {
        let is_chinese = |text: &clap::builder::StyledStr| !text.to_string().is_ascii();
        let mut commands: Vec<clap::Command> = vec![translation::into_chinese(Cli::command())];
        while let Some(command) = commands.pop() {
            assert!(command.get_about().is_some_and(is_chinese), "{}", command.get_name());
            let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set());
            for argument in arguments {
                let help = argument.get_help().is_some_and(is_chinese);
                assert!(help, "{} {}", command.get_name(), argument.get_id());
            }
            commands.extend(command.get_subcommands().cloned());
        }
    }

    #[test]
    fn an_address_is_an_ip_with_a_port() {
        assert!(Cli::try_parse_from(["cim", "up", "--listen", "127.0.0.1:0"]).is_ok());
        let error = Cli::try_parse_from(["cim", "serve", "--listen", "haimen"]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("no address to listen on"), "{error}");
    }
}
