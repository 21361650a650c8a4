//! The limits of a server that others reach: how often each may ask, and how often passwords may be tried.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;

use crate::app::App;
use crate::front::Front;
use crate::problem::ApiError;
use crate::rate_limit::{Allowance, OF_AN_ADDRESS, OF_SIGNING_IN, RateLimit, TooOften, network_of};
use crate::serve::Peer;

/// What everybody has left.
#[derive(Debug)]
pub(crate) struct Limits {
    accounts: RateLimit<String>,
    addresses: RateLimit<IpAddr>,
    signing_in: RateLimit<IpAddr>,
}

impl Limits {
    /// With so many requests a second to each account.
    pub(crate) fn new(requests_per_second: u32) -> Self {
        Self {
            accounts: RateLimit::new(Allowance::of_an_account(requests_per_second)),
            addresses: RateLimit::new(OF_AN_ADDRESS),
            signing_in: RateLimit::new(OF_SIGNING_IN),
        }
    }

    /// Somebody who is signed in asks.
    pub(crate) fn of_account(&self, name: &str) -> Result<(), ApiError> {
        self.accounts.take(&name.to_owned()).map_err(refused)
    }

    /// Somebody asks of whom only the address is known. Of this machine nobody is refused.
    pub(crate) fn of_address(&self, client: Client) -> Result<(), ApiError> {
        client.0.map_or(Ok(()), |network| self.addresses.take(&network)).map_err(refused)
    }

    /// Somebody tries a password.
    pub(crate) fn of_signing_in(&self, client: Client) -> Result<(), ApiError> {
        client.0.map_or(Ok(()), |network| self.signing_in.take(&network)).map_err(refused)
    }
}

fn refused(TooOften { retry_after_s }: TooOften) -> ApiError {
    ApiError::TooOften { retry_after_s }
}

/// The network of whoever asks; none for this machine itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client(Option<IpAddr>);

impl Client {
    pub(crate) fn of(front: &Front, request: &Request) -> Self {
        Self::told_by(front, request.extensions().get::<Peer>(), request.headers())
    }

    fn told_by(front: &Front, peer: Option<&Peer>, headers: &axum::http::HeaderMap) -> Self {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Peer(address)| *address);
        let client = front.client_of(peer, headers);
        // A proxy on this machine that says nothing of its client stands for all of them.
        let is_here = front.proxies.is_empty() && client.to_canonical().is_loopback();
        Self((!is_here).then(|| network_of(client)))
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self::told_by(&app.front, parts.extensions.get::<Peer>(), &parts.headers))
    }
}
