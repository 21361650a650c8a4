//! The accounts of a demo: one for each role, with a password that is made once and printed at every start.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context;
use cim_access::secret::ApiToken;
use cim_access::{Action, Clearance, Membership, MembershipState, Reach, Role};
use cim_store::{NewAccount, Store};

use crate::commands::token;
use crate::commands::user::{COMMAND_LINE, hash, new_password};

const PASSWORD_FILE: &str = "demo-password";
/// The live feed reports as this account.
const FEED: &str = "operator";
const FEED_DAYS: i64 = 30;

/// Name, how people call them, and role. Two planners, because nobody publishes what nobody else approved.
const ACCOUNTS: [(&str, &str, Role); 9] = [
    ("viewer", "浏览员 Viewer", Role::Viewer),
    ("operator", "坐席员 Operator", Role::Operator),
    ("officer", "执法员 Officer", Role::Officer),
    ("planner", "规划员甲 Planner", Role::Planner),
    ("planner2", "规划员乙 Second planner", Role::Planner),
    ("commander", "指挥长 Commander", Role::Commander),
    ("sysadmin", "系统管理员 System administrator", Role::SystemAdmin),
    ("secadmin", "安全管理员 Security administrator", Role::SecurityAdmin),
    ("auditor", "审计员 Auditor", Role::Auditor),
];

/// The names of the accounts and their one password.
pub(crate) struct DemoAccounts {
    pub(crate) names: Vec<&'static str>,
    pub(crate) password: String,
}

/// Adds the accounts to a database that has none; nothing where accounts of somebody else's are.
pub(crate) async fn ready(store: &Store, home: &Path) -> anyhow::Result<Option<DemoAccounts>> {
    let known = store.accounts().await.context("reading the accounts")?;
    if known.iter().any(|account| !account.is_demo) {
        return Ok(None);
    }
    let file = home.join(PASSWORD_FILE);
    let kept = fs::read_to_string(&file).ok().filter(|text| !text.is_empty());
    let password = match &kept {
        Some(password) => password.clone(),
        None => keep(&file, new_password()?)?,
    };
    // One hash for all: they have one password, and each hash takes its time.
    let of_all =
        if known.len() < ACCOUNTS.len() || kept.is_none() { Some(hash("demo", &password)?) } else { None };
    for (name, display_name, role) in ACCOUNTS {
        let Some(hash) = &of_all else { break };
        if known.iter().any(|account| account.name == name) {
            store.set_password(name, hash, COMMAND_LINE).await.context("renewing a demo account")?;
            continue;
        }
        let clearance = if role == Role::Commander { Clearance::Secret } else { Clearance::Open };
        let account = NewAccount {
            name: name.to_owned(),
            display_name: display_name.to_owned(),
            membership: Membership {
                state: MembershipState::Active,
                from: None,
                until: None,
                role,
                reach: Reach::whole_district(clearance),
            },
            password_hash: Some(hash.clone()),
            is_demo: true,
        };
        store.add_account(&account, COMMAND_LINE).await.context("adding a demo account")?;
    }
    Ok(Some(DemoAccounts { names: ACCOUNTS.iter().map(|(name, ..)| *name).collect(), password }))
}

/// The key of the live feed, for the time of one run.
pub(crate) async fn feed_token(store: &Store) -> anyhow::Result<ApiToken> {
    let actions = BTreeSet::from([Action::ReadMap, Action::ReadThings, Action::WriteCases]);
    token::make(store, FEED, "live feed of the demo".to_owned(), actions, FEED_DAYS).await
}

/// Keeps the password where only this user reads it.
fn keep(file: &Path, password: String) -> anyhow::Result<String> {
    let opened = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
    opened
        .and_then(|mut opened| opened.write_all(password.as_bytes()))
        .with_context(|| format!("keeping the demo password in {}", file.display()))?;
    Ok(password)
}
