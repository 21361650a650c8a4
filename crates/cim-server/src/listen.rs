//! Where the server may listen: on this machine only, until there are accounts.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// An address on the loopback interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenAddress(SocketAddr);

/// Why an address cannot be listened on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListenAddressError {
    /// It is no address at all.
    #[error("`{0}` is no address to listen on: write IP:PORT, for example 127.0.0.1:8080")]
    NotAnAddress(String),
    /// It is reachable from elsewhere.
    #[error(
        "{0} can be reached from other machines, and cim has no accounts yet: whoever reached it could read and \
         change everything. Listen on 127.0.0.1 and forward the port, for example with `ssh -L 8080:127.0.0.1:8080`"
    )]
    NotLoopback(SocketAddr),
}

impl ListenAddress {
    /// The address itself.
    #[must_use]
    pub fn socket(self) -> SocketAddr {
        self.0
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
        let address: SocketAddr =
            numeric.parse().ok().ok_or_else(|| ListenAddressError::NotAnAddress(text.to_owned()))?;
        if address.ip().is_loopback() {
            Ok(Self(address))
        } else {
            Err(ListenAddressError::NotLoopback(address))
        }
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
    fn only_addresses_of_this_machine_are_accepted() {
        for good in ["127.0.0.1:8080", "127.8.9.1:0", "[::1]:80", "localhost:8080"] {
            assert!(good.parse::<ListenAddress>().is_ok(), "{good}");
        }
        for bad in ["0.0.0.0:8080", "[::]:8080", "192.168.1.4:8080", "8080", "haimen:80", ""] {
            assert!(bad.parse::<ListenAddress>().is_err(), "{bad}");
        }
    }
}
