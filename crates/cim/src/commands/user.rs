//! `cim user`: who may sign in, and what each may see.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context, bail};
use cim_access::password::Password;
use cim_access::secret::SessionId;
use cim_access::{Areas, Clearance, Departments, Membership, MembershipState, Reach, Role};
use cim_store::{NewAccount, Store};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::commands::Place;
use crate::database::Database;
use crate::language::Language;
use crate::say;

/// Who does what is done here: whoever may run commands on this machine.
pub(crate) const COMMAND_LINE: &str = "command line";

/// Add an account, give it another role and reach, or stop it.
#[derive(Debug, Args)]
pub(crate) struct User {
    #[command(subcommand)]
    action: Doing,
}

#[derive(Debug, Subcommand)]
enum Doing {
    /// Add an account; prints a password unless one is given
    Add(Add),
    /// Print a link with which an account chooses its first or another password
    Invite(Invite),
    /// Give an account another role and reach; ends its sessions
    SetRole(SetRole),
    /// Stop an account; ends its sessions
    Disable(Disable),
}

#[derive(Debug, Args)]
struct Add {
    /// What is typed to sign in: lower-case letters, digits, dots and dashes
    name: String,
    /// How people call them [default: the name]
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    #[command(flatten)]
    standing: RoleAndReach,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Invite {
    /// The account
    name: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct SetRole {
    /// The account
    name: String,
    #[command(flatten)]
    standing: RoleAndReach,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Disable {
    /// The account
    name: String,
    #[command(flatten)]
    place: Place,
}

/// What an account may do, where and how long.
#[derive(Debug, Args)]
struct RoleAndReach {
    /// viewer, operator, officer, planner, commander, `system_admin`, `security_admin` or auditor
    #[arg(long)]
    role: Role,
    /// Code of a town it sees; may be repeated [default: all]
    #[arg(long = "town", value_name = "CODE")]
    towns: Vec<String>,
    /// Code of a department whose work it sees; may be repeated [default: all]
    #[arg(long = "department", value_name = "CODE")]
    departments: Vec<String>,
    /// Whether it sees secret cameras
    #[arg(long)]
    secret: bool,
    /// The first day on which it holds
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The first day on which it holds no longer
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
}

impl RoleAndReach {
    fn membership(self, state: MembershipState) -> Membership {
        let some = |codes: Vec<String>| -> Option<BTreeSet<String>> {
            (!codes.is_empty()).then(|| codes.into_iter().collect())
        };
        let reach = Reach {
            areas: some(self.towns).map_or(Areas::All, Areas::Towns),
            departments: some(self.departments).map_or(Departments::All, Departments::Only),
            clearance: if self.secret { Clearance::Secret } else { Clearance::Open },
        };
        Membership { state, from: self.from, until: self.until, role: self.role, reach }
    }
}

pub(crate) async fn run(user: User, language: Language) -> anyhow::Result<ExitCode> {
    let place = match &user.action {
        Doing::Add(Add { place, .. })
        | Doing::Invite(Invite { place, .. })
        | Doing::SetRole(SetRole { place, .. })
        | Doing::Disable(Disable { place, .. }) => place.clone(),
    };
    let database = Database::borrow(&place).await?;
    let done = async {
        let store = database.connect().await?;
        store.migrate().await.context("bringing the schema up to date")?;
        match user.action {
            Doing::Add(new) => add(&store, new, language).await,
            Doing::Invite(Invite { name, .. }) => invite(&store, &name, language).await,
            Doing::SetRole(change) => set_role(&store, change, language).await,
            Doing::Disable(Disable { name, .. }) => disable(&store, &name, language).await,
        }
    }
    .await;
    database.close().await?;
    done.map(|()| ExitCode::SUCCESS)
}

async fn add(store: &Store, new: Add, language: Language) -> anyhow::Result<()> {
    let given = if new.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("reading the password")?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        None
    };
    let password = given.clone().map_or_else(new_password, Ok)?;
    let account = NewAccount {
        display_name: new.display_name.unwrap_or_else(|| new.name.clone()),
        password_hash: Some(hash(&new.name, &password)?),
        membership: new.standing.membership(MembershipState::Active),
        is_demo: false,
        name: new.name,
    };
    store.add_account(&account, COMMAND_LINE).await.with_context(|| format!("adding `{}`", account.name))?;
    let added = language.pick("added", "已添加");
    match given {
        Some(_) => say::line(format_args!("{added} {}", account.name)),
        None => say::line(format_args!(
            "{added} {}{} {password}",
            account.name,
            language.pick(", password:", "，密码：")
        )),
    }
    Ok(())
}

async fn invite(store: &Store, name: &str, language: Language) -> anyhow::Result<()> {
    let Some(invited) = cim_city::invite(store, name, COMMAND_LINE).await? else {
        bail!("there is no account `{name}`")
    };
    say::line(format_args!(
        "{} {}",
        language.pick("link, behind the address of the server:", "链接（接在服务器地址之后）："),
        invited.link
    ));
    Ok(())
}

async fn set_role(store: &Store, change: SetRole, language: Language) -> anyhow::Result<()> {
    let known = store.account(&change.name).await.context("reading the account")?;
    let Some(known) = known else { bail!("there is no account `{}`", change.name) };
    let membership = change.standing.membership(known.membership.state);
    store.set_membership(&change.name, &membership, COMMAND_LINE).await.context("changing the account")?;
    say::line(format_args!(
        "{} {}",
        language.pick("changed; its sessions have ended:", "已更改，其会话已结束："),
        change.name
    ));
    Ok(())
}

async fn disable(store: &Store, name: &str, language: Language) -> anyhow::Result<()> {
    let known = store.account(name).await.context("reading the account")?;
    let Some(known) = known else { bail!("there is no account `{name}`") };
    let membership = Membership { state: MembershipState::Suspended, ..known.membership };
    store.set_membership(name, &membership, COMMAND_LINE).await.context("changing the account")?;
    say::line(format_args!(
        "{} {name}",
        language.pick("stopped; its sessions have ended:", "已停用，其会话已结束：")
    ));
    Ok(())
}

/// A password that nobody can guess: 120 bits.
pub(crate) fn new_password() -> anyhow::Result<String> {
    let random = SessionId::generate().context("asking the system for randomness")?;
    Ok(random.reveal().chars().take(20).collect())
}

/// The hash of a password that may be chosen for a name.
pub(crate) fn hash(name: &str, password: &str) -> anyhow::Result<String> {
    let chosen = Password::typed(password.to_owned()).chosen_for(name, &cim_city::LOCAL_WORDS);
    let hash = chosen.context("choose another password")?.hash().context("hashing the password")?;
    Ok(hash.as_str().to_owned())
}
