//! Where to listen and who is let in: on this machine freely, for others with accounts and TLS alone.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use cim_server::{Door, Front, ListenAddress, OidcOptions, Scheme, Tls, USUAL_REQUESTS_PER_SECOND};
use clap::Args;

use crate::language::Language;

/// Where to listen.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Listening {
    /// Address to listen on [default: 127.0.0.1:8080, or another port when that is taken]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<ListenAddress>,
    /// Serve without accounts: whoever uses this machine sees and changes everything
    #[arg(long)]
    pub(crate) open: bool,
    /// Answer over TLS with this certificate chain (PEM); holds the key too, unless --tls-key names it
    #[arg(long, value_name = "FILE")]
    pub(crate) tls: Option<PathBuf>,
    /// The private key (PEM) of --tls
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Address of a proxy in front that speaks TLS with the outside; may be repeated
    #[arg(long = "proxy", value_name = "IP", conflicts_with = "tls")]
    pub(crate) proxies: Vec<IpAddr>,
    /// Name or address under which others reach the server; may be repeated
    #[arg(long = "name", value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Site whose pages may ask with a token, as `https://map.example`; may be repeated
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = origin)]
    pub(crate) origins: Vec<String>,
    /// Let people sign in at the identity provider that this file (TOML) describes too: see docs/ACCESS.md
    #[arg(long, env = "CIM_OIDC", value_name = "FILE", conflicts_with = "open")]
    pub(crate) oidc: Option<PathBuf>,
    /// Requests a second that one account may send in the long run; ten times as many at once
    #[arg(long, default_value_t = USUAL_REQUESTS_PER_SECOND, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests_per_second: u32,
}

/// How the server is reached, once it was found to be safe.
#[derive(Debug)]
pub(crate) struct Reached {
    pub(crate) front: Front,
    pub(crate) tls: Option<Tls>,
    /// Whether other machines reach it.
    pub(crate) is_exposed: bool,
}

impl Listening {
    pub(crate) fn door(&self) -> Door {
        if self.open { Door::Open } else { Door::Accounts }
    }

    /// Reads the certificate and refuses what would show the city to whoever comes along.
    pub(crate) fn reached(&self, language: Language) -> anyhow::Result<Reached> {
        let address = self.listen.unwrap_or_default();
        let is_exposed = address.is_exposed() || !self.proxies.is_empty();
        if is_exposed && self.open {
            bail!(language.pick(
                "--open is for this machine alone: other machines could reach the server, and whoever did would see and \
                 change everything. Leave --open out, or listen on 127.0.0.1",
                "--open 仅限本机使用：其他机器可访问该地址，任何人都能查看和修改。请去掉 --open，或监听 127.0.0.1",
            ));
        }
        if address.is_exposed() && self.tls.is_none() && self.proxies.is_empty() {
            bail!(match language {
                Language::English => format!(
                    "{address} can be reached from other machines, and passwords would cross the network in the clear: \
                     give a certificate with --tls, name the proxy in front with --proxy, or listen on 127.0.0.1"
                ),
                Language::Chinese => format!(
                    "{address} 可从其他机器访问，口令将以明文传输：请用 --tls 指定证书，或用 --proxy 指定前置代理，\
                     或监听 127.0.0.1"
                ),
            });
        }
        let tls = self.tls.as_ref().map(|chain| Tls::read(chain, self.tls_key.as_ref().unwrap_or(chain)));
        let tls = tls.transpose().context("reading the certificate")?;
        let oidc = self.oidc.as_ref().map(|file| OidcOptions::read(file)).transpose();
        let oidc = oidc.context("reading how the identity provider is reached")?;
        let is_secure = tls.is_some() || !self.proxies.is_empty();
        let mut names = self.names.clone();
        let ip = address.socket().ip();
        if !ip.is_unspecified() {
            names.push(ip.to_string());
        }
        let front = Front {
            door: self.door(),
            names,
            scheme: if is_secure { Scheme::Https } else { Scheme::Http },
            proxies: self.proxies.clone(),
            origins: self.origins.clone(),
            requests_per_second: self.requests_per_second,
            oidc,
        };
        Ok(Reached { front, tls, is_exposed })
    }
}

fn origin(text: &str) -> Result<String, String> {
    let (scheme, host) = text.split_once("://").unwrap_or_default();
    let is_plain = |char: char| char.is_ascii_alphanumeric() || ".-:[]".contains(char);
    if ["http", "https"].contains(&scheme) && !host.is_empty() && host.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("give scheme, name and port alone, for example https://map.example".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listening(address: &str) -> Listening {
        Listening { listen: Some(address.parse().unwrap()), ..Listening::default() }
    }

    fn refusal(listening: &Listening) -> String {
        listening.reached(Language::English).unwrap_err().to_string()
    }

    #[test]
    fn this_machine_is_answered_with_accounts_or_without() {
        for open in [true, false] {
            let reached = Listening { open, ..listening("127.0.0.1:0") }.reached(Language::English).unwrap();
            assert!(!reached.is_exposed && reached.front.scheme == Scheme::Http);
        }
    }

    #[test]
    fn other_machines_are_answered_over_tls_or_behind_a_proxy_and_never_without_accounts() {
        assert!(refusal(&listening("0.0.0.0:8080")).contains("--tls"));
        let proxies = vec!["10.0.0.1".parse().unwrap()];
        let behind = Listening { proxies: proxies.clone(), ..listening("10.0.0.2:8080") };
        let reached = behind.reached(Language::English).unwrap();
        assert!(reached.is_exposed && reached.front.scheme == Scheme::Https);
        assert_eq!(reached.front.names, ["10.0.0.2"]);
        for address in ["0.0.0.0:8080", "127.0.0.1:8080"] {
            let open = Listening { open: true, proxies: proxies.clone(), ..listening(address) };
            assert!(refusal(&open).contains("--open is for this machine alone"), "{address}");
        }
    }

    #[test]
    fn a_certificate_that_is_none_is_named() {
        let none = Listening { tls: Some("/nowhere/chain.pem".into()), ..listening("0.0.0.0:8443") };
        let told = format!("{:#}", none.reached(Language::English).unwrap_err());
        assert!(told.contains("/nowhere/chain.pem"), "{told}");
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_name() {
        assert!(origin("https://map.example").is_ok() && origin("http://localhost:5173").is_ok());
        for wrong in ["*", "map.example", "https://map.example/", "https://", "null", "file://x/y"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
