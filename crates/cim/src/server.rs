//! The server part of `up` and `serve`: take a port, answer until the end is wished for.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context, bail};
use cim_access::MembershipState;
use cim_city::City;
use cim_server::{Door, ListenAddress, Listener, Tls};
use cim_store::{Store, StoredAccount};

use crate::language::Language;
use crate::say;

/// Takes the address that was asked for; without one the usual, or any other port when that is taken.
pub(crate) async fn listen(
    asked: Option<ListenAddress>,
    tls: Option<Tls>,
    language: Language,
) -> anyhow::Result<(Listener, SocketAddr)> {
    let address = asked.unwrap_or_default();
    let listener = match Listener::bind(address, tls.clone()).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse && asked.is_none() => {
            say::note(language.pick(
                "port 8080 is taken by another program: using another port",
                "端口 8080 已被占用，改用其他端口",
            ));
            Listener::bind(address.any_port(), tls).await
        }
        other => other,
    };
    let listener = listener.with_context(|| match language {
        Language::English => format!("listening on {address}: choose another address with --listen"),
        Language::Chinese => format!("无法监听 {address}：请用 --listen 指定其他地址"),
    })?;
    let taken = listener.address().context("asking for the address that was taken")?;
    Ok((listener, taken))
}

/// Fails early when an address that was asked for cannot be had; the work before serving may take minutes.
pub(crate) async fn check_free(asked: Option<ListenAddress>, language: Language) -> anyhow::Result<()> {
    match asked {
        Some(_) => listen(asked, None, language).await.map(drop),
        None => Ok(()),
    }
}

/// Says who is let in; where nobody can sign in yet, the link with which the first accounts are made.
pub(crate) async fn tell_door(door: Door, city: &City, base: &str, language: Language) -> anyhow::Result<()> {
    if door == Door::Open {
        say::line(language.pick(
            "OPEN: there are no accounts; whoever uses this machine sees and changes everything",
            "开放模式：不设账号，本机的任何人都可查看和修改",
        ));
    } else if city.has_no_accounts().await.context("reading the accounts")? {
        let link = city.set_up_link().context("making the set-up link")?;
        say::line(language.pick(
            "nobody can sign in yet: name the three administrators with this link, which holds once and until the server \
             stops, or add accounts with `cim user add NAME --role ROLE`",
            "还没有账号：请打开以下链接指定三名管理员（仅可使用一次，服务停止即失效），或用 cim user add NAME --role ROLE 添加账号",
        ));
        say::line(format_args!("  {}  {base}{link}", language.pick("set up    ", "初始设置")));
    }
    Ok(())
}

/// Refuses to show a server to others whose accounts have a password that is printed at every start.
pub(crate) async fn refuse_demo_accounts(
    store: &Store,
    is_exposed: bool,
    language: Language,
) -> anyhow::Result<()> {
    if !is_exposed {
        return Ok(());
    }
    let accounts = store.accounts().await.context("reading the accounts")?;
    let demo =
        |account: &&StoredAccount| account.is_demo && account.membership.state == MembershipState::Active;
    let names: Vec<&str> = accounts.iter().filter(demo).map(|account| account.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let names = names.join(", ");
    bail!(match language {
        Language::English => format!(
            "the accounts {names} belong to a demo and share a printed password: serve another database to other \
             machines, or stop each with `cim user disable NAME`"
        ),
        Language::Chinese => {
            format!(
                "账号 {names} 属于演示数据且共用已打印的口令：请改用其他数据库，或用 cim user disable NAME 逐一停用"
            )
        }
    })
}
