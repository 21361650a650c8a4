//! Why the store could not do what it was asked.

use std::path::PathBuf;

use cim_model::Collection;

/// Every way the store can fail; the message names the thing and the remedy, the source says what PostgreSQL said.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The connection string is not one.
    #[error("the database address cannot be read: use postgres://user@host/database or key=value pairs")]
    Address(#[source] tokio_postgres::Error),
    /// No connection could be opened.
    #[error("the database does not answer: is PostgreSQL running, and is DATABASE_URL right?")]
    Connect(#[source] tokio_postgres::Error),
    /// No pooled connection could be had.
    #[error("no database connection is free")]
    Pool(#[source] deadpool_postgres::PoolError),
    /// A statement failed; `query` is the name of its file.
    #[error("the statement `{query}` failed")]
    Query {
        /// The name of the .sql file.
        query: &'static str,
        /// What PostgreSQL said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A row breaks a named rule of the schema.
    #[error("the rule `{constraint}` refuses a row: {detail}")]
    Constraint {
        /// The constraint's name.
        constraint: String,
        /// PostgreSQL's detail, which names the row.
        detail: String,
        /// What PostgreSQL said.
        #[source]
        source: tokio_postgres::Error,
    },
    /// A column holds a word that this version does not know.
    #[error("the column {column} holds `{word}`, which this version of cim does not know")]
    UnknownWord {
        /// The column.
        column: &'static str,
        /// What it holds.
        word: String,
    },
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date; nothing was changed")]
    Migrate(#[source] Box<refinery::Error>),
    /// The database has no PostGIS to offer.
    #[error("the database server has no PostGIS: install the package postgresql-{major}-postgis-3")]
    NoPostgis {
        /// The server's major version.
        major: u32,
    },
    /// Another load is running.
    #[error("another load is running in this database: wait until it has ended")]
    LoadRunning,
    /// A step of the load had failed.
    #[error("the load cannot be committed because a part of it failed; nothing was changed")]
    LoadBroken,
    /// A record does not fit its collection.
    #[error("{collection}.{field} cannot hold {value}")]
    WrongValue {
        /// The collection.
        collection: Collection,
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// A stored value cannot be understood.
    #[error("{collection}.{field} of row {id} cannot be read: {reason}")]
    Unreadable {
        /// The collection.
        collection: Collection,
        /// The field.
        field: &'static str,
        /// The row.
        id: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// Units are written by `write_units`, everything else by `write`.
    #[error("{0} belongs to the boundary coverage: write it with write_units")]
    IsUnit(Collection),
    /// A whole level that the city has is not in the load, and would be retired.
    #[error(
        "city {city_code} has units of {levels}, and the load has none: load every level of the city together"
    )]
    LevelsMissing {
        /// The city's division code.
        city_code: String,
        /// The levels that are left out.
        levels: String,
    },
    /// A load or another publication holds the boundaries.
    #[error("the boundaries are being written by a load or another publication: try again when it has ended")]
    BoundariesBusy,
    /// Boundaries that were published for a later day are not there yet.
    #[error(
        "city {city_code} has boundaries that were published for a later day: load units after that day, or revert them first"
    )]
    RevisionPending {
        /// The city's division code.
        city_code: String,
    },
    /// A face of the coverage has no unit.
    #[error("the coverage has a face of {level} {code}, which is not among the units loaded with it")]
    UnknownFaceUnit {
        /// The level of the face's unit.
        level: Collection,
        /// The code of the face's unit.
        code: String,
    },
    /// PostgreSQL's snapshot text could not be read.
    #[error(transparent)]
    Snapshot(#[from] crate::SnapshotError),
    /// The feed's connection is gone: reload.
    #[error("the feed lost its connection: load everything again")]
    FeedLost,
    /// The server follows another one.
    #[error(
        "the database is a standby, whose snapshots cannot be followed: set DATABASE_URL to the primary, or name all \
         servers in it and add target_session_attrs=read-write"
    )]
    Standby,
    /// The private cluster could not be had.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl StoreError {
    /// Whether the database is away or coming back: the same again may succeed in a moment.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Pool(_) | Self::FeedLost | Self::BoundariesBusy => true,
            // Lost while it ran, or ended by a server that stops, starts or has no room.
            Self::Query { source, .. } => {
                source.is_closed()
                    || std::error::Error::source(source)
                        .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
                    // 40: given up for another transaction; asked again it will do.
                    || ["08", "40", "53", "57"].iter().any(|class| has_class(source, class))
            }
            _ => false,
        }
    }

    /// Whether PostgreSQL cannot hold a value that was given, such as a text with the character U+0000.
    #[must_use]
    pub fn is_bad_value(&self) -> bool {
        matches!(self, Self::Query { source, .. } if has_class(source, "22"))
    }
}

/// The first two characters of `PostgreSQL`'s error codes are their class.
fn has_class(error: &tokio_postgres::Error, class: &str) -> bool {
    error.code().is_some_and(|code| code.code().starts_with(class))
}

/// Why the private cluster cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No usable PostgreSQL is installed.
    #[error(
        "no PostgreSQL 14 to 18 with PostGIS is installed: install one, for example \
         `apt-get install postgresql-15-postgis-3`, or set DATABASE_URL"
    )]
    NotInstalled,
    /// Another process owns this home.
    #[error("{} is in use by another cim process: stop it, or choose another --home", .0.display())]
    HomeInUse(PathBuf),
    /// The home was made by a PostgreSQL that is not installed any more.
    #[error(
        "{home} was made by PostgreSQL {found}, which is not installed: install postgresql-{found}-postgis-3 and start \
         again, or move the data with `pg_upgrade`, or choose another --home",
        home = .home.display()
    )]
    OtherMajor {
        /// The home.
        home: PathBuf,
        /// The version that made it.
        found: u32,
    },
    /// The unprivileged user cannot reach the home.
    #[error(
        "{home} is closed to the user {user}, as whom PostgreSQL runs: choose a --home outside private folders, for \
         example /var/lib/cim",
        home = .home.display()
    )]
    HomeClosed {
        /// The home.
        home: PathBuf,
        /// The user.
        user: String,
    },
    /// There is no unprivileged user and none could be made.
    #[error(
        "PostgreSQL does not run as root and no system user could be made: create one with `useradd --system cim`"
    )]
    NoUser,
    /// A file or process could not be handled.
    #[error("cannot {doing} {path}", path = .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A PostgreSQL program said no.
    #[error("{program} failed: {output}")]
    Program {
        /// The program.
        program: &'static str,
        /// The end of what it printed.
        output: String,
    },
    /// The database of the cluster could not be made.
    #[error("the private PostgreSQL runs but its database cannot be reached")]
    Database(#[source] Box<StoreError>),
    /// Processes of a killed PostgreSQL do not end.
    #[error("processes of a killed PostgreSQL still work in {}: end them and start again", .0.display())]
    Remains(PathBuf),
    /// PostgreSQL did not come up in time.
    #[error("PostgreSQL did not start within {seconds} s; its log is {log}", log = .log.display())]
    NotReady {
        /// How long it was waited for.
        seconds: u64,
        /// Where its log is.
        log: PathBuf,
    },
}
