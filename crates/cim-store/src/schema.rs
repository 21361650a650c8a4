//! The schema: migrations once and in order, functions and triggers at every start.

use cim_model::{Collection, division};
use jiff::civil::Date;
use tokio_postgres::Client;
use tokio_postgres::types::Type;

use crate::query::{self, FUNCTIONS};
use crate::{StoreError, connection};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// What bringing the schema up to date did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationReport {
    /// The names of the migrations that were applied now.
    pub applied: Vec<String>,
}

/// A name that changes with every migration, function and seeded table: databases of one name are alike.
#[must_use]
pub fn schema_fingerprint() -> String {
    let migrations = embedded::migrations::runner();
    let parts = migrations
        .get_migrations()
        .iter()
        .map(|migration| migration.checksum().to_be_bytes().to_vec())
        .chain(FUNCTIONS.iter().map(|function| function.text.as_bytes().to_vec()))
        .chain([format!("{:?}", division::known_codes()).into_bytes()]);
    let hash = parts.flatten().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Brings the database of this connection up to date.
pub(crate) async fn migrate(mut client: Client) -> Result<MigrationReport, StoreError> {
    connection::refuse_standby(&client).await?;
    // Two processes that start at once take turns; the lock goes with the connection.
    query::SCHEMA_LOCK.rows(&client, &[]).await?;
    let offer = query::SCHEMA_OFFERS_POSTGIS.row(&client, &[]).await?;
    if !offer.get::<_, bool>(0) {
        return Err(StoreError::NoPostgis { major: offer.get::<_, i32>(1).unsigned_abs() });
    }
    let mut runner = embedded::migrations::runner().set_grouped(true);
    // With its schema: a user called cim would look into the schema of that name first.
    runner.set_migration_table_name("public.cim_schema_history");
    let report = runner.run_async(&mut client).await.map_err(|error| StoreError::Migrate(Box::new(error)))?;
    for function in FUNCTIONS {
        function.batch(&client).await?;
    }
    let names = |list: &[Collection]| list.iter().map(|one| one.name()).collect::<Vec<_>>();
    let (mirrored, derived) = (names(Collection::ALL), names(Collection::UNITS));
    query::SCHEMA_ASSERT_FEED
        .rows(&client, &[(&mirrored, Type::TEXT_ARRAY), (&derived, Type::TEXT_ARRAY)])
        .await?;
    query::SCHEMA_ASSERT_TIES.rows(&client, &[]).await?;
    let has_roles: bool = query::SCHEMA_ASSERT_ROLES.row(&client, &[]).await?.get("has_roles");
    if !has_roles {
        tracing::warn!(
            "the database user may make no roles: personal data is kept apart by sealing alone; \
             `alter role ... createrole` and a restart add the second guard"
        );
    }
    query::SCHEMA_TIE_ALL.rows(&client, &[]).await?;
    query::FEED_FORGET_FUTURE.execute(&client, &[]).await?;
    seed_admin_codes(&client).await?;
    let applied = report.applied_migrations().iter().map(ToString::to_string).collect();
    Ok(MigrationReport { applied })
}

async fn seed_admin_codes(client: &Client) -> Result<(), StoreError> {
    let codes = division::known_codes();
    let day = |text: &str| text.parse::<Date>().expect("the days of the code lists are days");
    let schemes: Vec<_> = codes.iter().map(|known| known.scheme).collect();
    let numbers: Vec<_> = codes.iter().map(|known| known.code.as_str()).collect();
    let from: Vec<_> = codes.iter().map(|known| day(known.valid_from)).collect();
    let to: Vec<_> = codes.iter().map(|known| known.valid_to.map(day)).collect();
    let levels: Vec<_> = codes.iter().map(|known| known.level).collect();
    let names: Vec<_> = codes.iter().map(|known| known.name.as_str()).collect();
    let aliases: Vec<_> = codes.iter().map(|known| known.alias.as_deref()).collect();
    query::ADMIN_CODE_SEED
        .execute(
            client,
            &[
                (&schemes, Type::TEXT_ARRAY),
                (&numbers, Type::TEXT_ARRAY),
                (&from, Type::DATE_ARRAY),
                (&to, Type::DATE_ARRAY),
                (&levels, Type::TEXT_ARRAY),
                (&names, Type::TEXT_ARRAY),
                (&aliases, Type::TEXT_ARRAY),
            ],
        )
        .await?;
    Ok(())
}
