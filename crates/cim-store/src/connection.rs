//! Connections of one's own, for long transactions; those for short statements come from `pool`.

use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls};

use crate::{StoreError, query};

pub(crate) const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(5);
/// A server that vanished without a word is given up after this time, not after the two hours of the system.
const WAIT_FOR_SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Reads a database address.
pub(crate) fn parse(connection_string: &str) -> Result<Config, StoreError> {
    let mut config: Config = connection_string.parse().map_err(StoreError::Address)?;
    if config.get_application_name().is_none() {
        config.application_name("cim");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(WAIT_FOR_CONNECTION);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(WAIT_FOR_SIGN_OF_LIFE);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(WAIT_FOR_SIGN_OF_LIFE);
    }
    Ok(config)
}

/// A connection of its own: dropping it ends the session and undoes an open transaction.
pub(crate) async fn open(config: &Config) -> Result<Client, StoreError> {
    let (client, connection) = config.connect(NoTls).await.map_err(StoreError::Connect)?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    Ok(client)
}

/// Refuses a server that follows another one.
pub(crate) async fn refuse_standby(client: &Client) -> Result<(), StoreError> {
    let is_standby: bool = query::FEED_IS_STANDBY.row(client, &[]).await?.get(0);
    if is_standby { Err(StoreError::Standby) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_times_gets_short_ones_and_keeps_its_own() {
        let config = parse("postgres://cim@db/cim").unwrap();
        assert_eq!(config.get_tcp_user_timeout(), Some(&WAIT_FOR_SIGN_OF_LIFE));
        assert_eq!(config.get_keepalives_idle(), WAIT_FOR_SIGN_OF_LIFE);
        let config =
            parse("postgres://cim@db/cim?tcp_user_timeout=7&keepalives_idle=8&connect_timeout=9").unwrap();
        assert_eq!(config.get_tcp_user_timeout(), Some(&Duration::from_secs(7)));
        assert_eq!(config.get_keepalives_idle(), Duration::from_secs(8));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(9)));
    }
}
