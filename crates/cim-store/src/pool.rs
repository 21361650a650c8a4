//! Pools of connections for short statements: one for each kind of work, so that none takes the connections of another.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls};

use crate::{StoreError, query};

/// Who waits longer than this for a connection is told to come back.
const WAIT_FOR_TURN: Duration = Duration::from_secs(1);
/// The role that everything short is done as: it reads no personal data and writes no audit row but by the function.
const SERVER_ROLE: &str = "cim_server";

/// What connections of a pool are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Questions.
    Questions,
    /// Cases and whatever else sources give, and drafts of boundaries.
    Writes,
    /// Accounts, sessions, tokens and the audit log: whoever is to be let in does not wait behind the work of others.
    Accounts,
}

impl Work {
    const fn connections(self) -> usize {
        match self {
            Self::Questions | Self::Writes => 8,
            Self::Accounts => 4,
        }
    }

    /// The longest that a statement may run.
    const fn statement_timeout(self) -> Duration {
        match self {
            Self::Questions => Duration::from_secs(10),
            // A batch of 10,000 rows on a busy machine.
            Self::Writes => Duration::from_mins(1),
            Self::Accounts => Duration::from_secs(5),
        }
    }
}

/// The pools of one database.
#[derive(Debug, Clone)]
pub(crate) struct Pools {
    questions: Pool,
    writes: Pool,
    accounts: Pool,
}

impl Pools {
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            questions: pool(config, Work::Questions),
            writes: pool(config, Work::Writes),
            accounts: pool(config, Work::Accounts),
        }
    }

    /// A connection; one that is dropped while a statement runs on it cancels the statement.
    pub(crate) async fn client(&self, work: Work) -> Result<PooledClient, StoreError> {
        let pool = match work {
            Work::Questions => &self.questions,
            Work::Writes => &self.writes,
            Work::Accounts => &self.accounts,
        };
        let object = pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Backend(source) => StoreError::Connect(source),
            other => StoreError::Pool(other),
        })?;
        Ok(PooledClient {
            object: Some(object),
            is_running: AtomicBool::default(),
            is_in_transaction: AtomicBool::default(),
        })
    }

    /// Closes idle connections, so that the next ones are opened under the roles that are there now.
    pub(crate) fn renew(&self) {
        for pool in [&self.questions, &self.writes, &self.accounts] {
            drop(pool.retain(|_, _| false));
        }
    }
}

fn pool(config: &Config, work: Work) -> Pool {
    let manager = Manager::from_config(
        config.clone(),
        NoTls,
        ManagerConfig { recycling_method: RecyclingMethod::Fast },
    );
    Pool::builder(manager)
        .max_size(work.connections())
        .wait_timeout(Some(WAIT_FOR_TURN))
        .create_timeout(Some(crate::connection::WAIT_FOR_CONNECTION))
        .post_create(Hook::async_fn(move |client, _| {
            Box::pin(async move {
                let begun = take_role(client, work).await;
                begun.map_err(|error| HookError::Message(error.to_string().into()))
            })
        }))
        .runtime(Runtime::Tokio1)
        .build()
        .expect("a pool with a runtime can wait")
}

/// Steps down to the server's role, where the database has it, and sets how long statements may run.
async fn take_role(client: &Client, work: Work) -> Result<(), StoreError> {
    let milliseconds = work.statement_timeout().as_millis().to_string();
    let given: [(&(dyn ToSql + Sync), Type); 2] = [(&SERVER_ROLE, Type::TEXT), (&milliseconds, Type::TEXT)];
    query::SCHEMA_TAKE_ROLE.rows(client, &given).await.map(drop)
}

/// A connection of a pool. It goes back when it is dropped; one whose statement was not waited for is cancelled and closed.
pub(crate) struct PooledClient {
    /// There until it is dropped.
    object: Option<Object>,
    is_running: AtomicBool,
    is_in_transaction: AtomicBool,
}

/// What statements run on.
pub(crate) trait RunsStatements: Sync {
    fn client(&self) -> &Client;

    /// Whether a statement was begun whose end nobody has seen yet.
    fn set_running(&self, _is_running: bool) {}
}

impl RunsStatements for Client {
    fn client(&self) -> &Client {
        self
    }
}

impl RunsStatements for std::sync::Arc<Client> {
    fn client(&self) -> &Client {
        self
    }
}

impl RunsStatements for PooledClient {
    fn client(&self) -> &Client {
        self.object.as_ref().expect("a pooled connection is there until it is dropped")
    }

    fn set_running(&self, is_running: bool) {
        self.is_running.store(is_running, Ordering::Relaxed);
    }
}

impl PooledClient {
    /// Begins a transaction. A connection that is dropped before its end is closed, which undoes it.
    pub(crate) async fn begin(&self) -> Result<(), StoreError> {
        self.is_in_transaction.store(true, Ordering::Relaxed);
        query::LOAD_BEGIN.batch(self).await
    }

    /// Ends it. Not cancelled, whoever still waits: a commit that was sent holds or does not, and nothing in between.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        query::LOAD_COMMIT.batch(self.client()).await?;
        self.is_in_transaction.store(false, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for PooledClient {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let is_running = self.is_running.load(Ordering::Relaxed);
        if !is_running && !self.is_in_transaction.load(Ordering::Relaxed) {
            return;
        }
        // Not back into the pool: a late cancel must not meet the statement of somebody else.
        let client = Object::take(object);
        if !is_running {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = client.cancel_token().cancel_query(NoTls).await {
                    tracing::debug!(%error, "a statement that nobody waits for was not cancelled");
                }
            });
        }
    }
}
