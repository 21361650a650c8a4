//! The server part of `up` and `serve`: take a port, answer until the end is wished for.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::Context;
use cim_server::{ListenAddress, Listener};

use crate::language::Language;
use crate::say;

/// Takes the address that was asked for; without one the usual, or any other port when that is taken.
pub(crate) async fn listen(
    asked: Option<ListenAddress>,
    language: Language,
) -> anyhow::Result<(Listener, SocketAddr)> {
    let address = asked.unwrap_or_default();
    let listener = match Listener::bind(address).await {
        Err(error) if error.kind() == ErrorKind::AddrInUse && asked.is_none() => {
            say::note(language.pick(
                "port 8080 is taken by another program: using another port",
                "端口 8080 已被占用，改用其他端口",
            ));
            Listener::bind(address.any_port()).await
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
        Some(_) => listen(asked, language).await.map(drop),
        None => Ok(()),
    }
}
