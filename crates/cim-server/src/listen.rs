//! Where the server may listen: on this machine, or for others too once there are accounts and TLS.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// An address to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(SocketAddr);

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address to listen on: write IP:PORT, for example 127.0.0.1:8080")]
pub struct ListenAddressError(String);

impl ListenAddress {
    /// The address itself.
    #[must_use]
    pub fn socket(self) -> SocketAddr {
        self.0
    }

    /// Whether other machines can reach it.
    #[must_use]
    pub fn is_exposed(self) -> bool {
        !self.0.ip().to_canonical().is_loopback()
    }

    /// The same interface with the port chosen by the system.
    #[must_use]
    pub fn any_port(self) -> Self {
        Self(SocketAddr::new(self.0.ip(), 0))
    }
}

impl Default for ListenAddress {
    fn default() -> Self {
        Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080))
    }
}

impl FromStr for ListenAddress {
    type Err = ListenAddressError;

    fn from_str(text: &str) -> Result<Self, ListenAddressError> {
        let numeric = text.trim().replacen("localhost:", "127.0.0.1:", 1);
        numeric.parse().map(Self).ok().ok_or_else(|| ListenAddressError(text.to_owned()))
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_knows_whether_others_can_reach_it() {
        let is_exposed = |text: &str| text.parse::<ListenAddress>().map(ListenAddress::is_exposed);
        for here in ["127.0.0.1:8080", "127.8.9.1:0", "[::1]:80", "localhost:8080", "[::ffff:127.0.0.1]:80"] {
            assert_eq!(is_exposed(here), Ok(false), "{here}");
        }
        for exposed in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:8080"] {
            assert_eq!(is_exposed(exposed), Ok(true), "{exposed}");
        }
        for none in ["8080", "haimen:80", ""] {
            assert!(is_exposed(none).is_err(), "{none}");
        }
    }
}
