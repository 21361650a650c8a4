//! Every SQL statement of the store by the name of its file, so that a test can visit them all.

use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::StoreError;
use crate::pool::RunsStatements;

#[cfg(test)]
mod tests;

/// One statement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query {
    /// Its file below `sql/`.
    pub(crate) name: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

impl Query {
    /// Runs it and gives its rows; parameters carry their types, so that no statement stays prepared behind a pooler.
    pub(crate) async fn rows(
        self,
        on: &impl RunsStatements,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StoreError> {
        self.rows_text(on, self.text, parameters).await
    }

    /// Runs this statement after names were filled in, and gives its rows.
    pub(crate) async fn rows_text(
        self,
        on: &impl RunsStatements,
        text: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StoreError> {
        self.ended(on, on.client().query_typed(text, parameters)).await
    }

    /// Runs it and gives its one row.
    pub(crate) async fn row(
        self,
        on: &impl RunsStatements,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Row, StoreError> {
        self.ended(on, on.client().query_typed_one(self.text, parameters)).await
    }

    /// Runs it and gives the number of rows it wrote.
    pub(crate) async fn execute(
        self,
        on: &impl RunsStatements,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<u64, StoreError> {
        self.ended(on, on.client().execute_typed(self.text, parameters)).await
    }

    /// Runs a file of several statements without parameters.
    pub(crate) async fn batch(self, on: &impl RunsStatements) -> Result<(), StoreError> {
        self.batch_text(on, self.text).await
    }

    /// Runs this statement after names were filled in.
    pub(crate) async fn batch_text(
        self,
        on: &impl RunsStatements,
        text: impl AsRef<str>,
    ) -> Result<(), StoreError> {
        self.ended(on, on.client().batch_execute(text.as_ref())).await
    }

    /// Waits for the end of a statement; a connection on which nobody waited for it knows so.
    async fn ended<T>(
        self,
        on: &impl RunsStatements,
        running: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        on.set_running(true);
        let ended = running.await;
        on.set_running(false);
        ended.map_err(|source| self.refused(source))
    }

    /// Says what PostgreSQL refused: a rule of the schema by its name, anything else by this file's.
    pub(crate) fn refused(self, source: tokio_postgres::Error) -> StoreError {
        let Some(said) = source.as_db_error() else { return StoreError::Query { query: self.name, source } };
        match said.constraint() {
            Some(constraint) if said.code().code().starts_with("23") => StoreError::Constraint {
                constraint: constraint.to_owned(),
                detail: said.detail().unwrap_or(said.message()).to_owned(),
                source,
            },
            _ => StoreError::Query { query: self.name, source },
        }
    }
}

macro_rules! queries {
    ($(#[$only:meta])* $list:ident: $($constant:ident = $name:literal;)*) => {
        $(pub(crate) const $constant: Query =
            Query { name: $name, text: include_str!(concat!("../sql/", $name, ".sql")) };)*
        $(#[$only])*
        pub(crate) const $list: &[Query] = &[$($constant),*];
    };
}

queries! { FUNCTIONS:
    FUNCTIONS_FEED = "functions/feed";
    FUNCTIONS_TIE = "functions/tie";
    FUNCTIONS_AUDIT = "functions/audit";
    FUNCTIONS_ROLES = "functions/roles";
}

// Statements about one collection, with its names to be filled in: see `collection_sql`.
queries! { #[cfg(test)] OF_COLLECTIONS:
    COLLECTION_IS_NEW = "collection/is_new";
    COLLECTION_LOCK = "collection/lock";
    COLLECTION_BEGIN_BULK = "collection/begin_bulk";
    COLLECTION_END_BULK = "collection/end_bulk";
    COLLECTION_COPY_IN = "collection/copy_in";
    COLLECTION_CREATE_STAGING = "collection/create_staging";
    COLLECTION_COPY_STAGING = "collection/copy_staging";
    COLLECTION_INDEX_STAGING = "collection/index_staging";
    COLLECTION_UPDATE_CHANGED = "collection/update_changed";
    COLLECTION_INSERT_NEW = "collection/insert_new";
    COLLECTION_DELETE_MISSING = "collection/delete_missing";
    COLLECTION_DROP_STAGING = "collection/drop_staging";
    COLLECTION_STAGE_DERIVED = "collection/stage_derived";
    COLLECTION_INSERT_DERIVED = "collection/insert_derived";
    COLLECTION_DELETE_RETIRED = "collection/delete_retired";
    COLLECTION_DERIVE_GONE = "collection/derive_gone";
    COLLECTION_READ = "collection/read";
    COLLECTION_READ_IDS = "collection/read_ids";
    COLLECTION_FINGERPRINT = "collection/fingerprint";
    COLLECTION_BY_KEY = "collection/by_key";
    COLLECTION_PAGE = "collection/page";
}

// Statements about a collection of units, with its names to be filled in.
queries! { #[cfg(test)] OF_UNITS:
    COLLECTION_DERIVE_CHANGED = "collection/derive_changed";
    COLLECTION_DERIVE_NEW = "collection/derive_new";
}

// Statements about the collection of cases, with the names of its fields to be filled in.
queries! { #[cfg(test)] OF_CASES:
    CASE_APPEND_EVENT = "case/append_event";
    GIVEN_UPDATE_CASE = "given/update_case";
    GIVEN_INSERT_CASE = "given/insert_case";
}

// Statements about a collection whose rows come from sources, with its names to be filled in.
queries! { #[cfg(test)] OF_GIVEN:
    GIVEN_UPDATE = "given/update";
    GIVEN_INSERT = "given/insert";
    GIVEN_STALE = "given/stale";
    GIVEN_PATCH = "given/patch";
}

// Statements into which names of databases, or a password of our own, are filled.
queries! { #[cfg(test)] OF_DATABASES:
    CLUSTER_CLONE_DATABASE = "cluster/clone_database";
    CLUSTER_RENAME_DATABASE = "cluster/rename_database";
    CLUSTER_DROP_DATABASE = "cluster/drop_database";
    CLUSTER_EDITOR = "cluster/editor";
}

// Statements into which the own text of PostgreSQL for an index is filled.
queries! { #[cfg(test)] OF_INDEXES:
    LOAD_DROP_INDEX = "load/drop_index";
    LOAD_BUILD_INDEX = "load/build_index";
}

queries! { #[cfg(test)] ALL:
    CHECK_BUILDING_OUTSIDE_THE_CITY = "check/building_outside_the_city";
    CHECK_CAMERA_CODE_OF_NO_DIVISION = "check/camera_code_of_no_division";
    CHECK_CAMERA_OUTSIDE_THE_CITY = "check/camera_outside_the_city";
    CHECK_CAMERA_WITHOUT_DIRECTION = "check/camera_without_direction";
    CHECK_CASE_CLOSED_WITHOUT_TIME = "check/case_closed_without_time";
    CHECK_CASE_OUTSIDE_THE_CITY = "check/case_outside_the_city";
    CHECK_GRID_WITH_TOO_MANY_HOUSEHOLDS = "check/grid_with_too_many_households";
    CHECK_GRID_WITHOUT_STATION = "check/grid_without_station";
    CHECK_POST_VACANT = "check/post_vacant";
    CHECK_TIE_STALE = "check/tie_stale";
    CHECK_UNIT_WITHOUT_PARENT = "check/unit_without_parent";
    CLUSTER_LOCK_DATABASES = "cluster/lock_databases";
    CLUSTER_LIST_DATABASES = "cluster/list_databases";
    PERSON_ADD = "person/add";
    PERSON_CASES_OF_PHONE = "person/cases_of_phone";
    PERSON_FORGET = "person/forget";
    PERSON_MASKED = "person/masked";
    PERSON_OTHER_KEYS = "person/other_keys";
    PERSON_REMOVE = "person/remove";
    PERSON_SEALED = "person/sealed";
    PERSON_TAKE_ROLE = "person/take_role";
    SCHEMA_LOCK = "schema/lock";
    SCHEMA_OFFERS_POSTGIS = "schema/offers_postgis";
    SCHEMA_ASSERT_FEED = "schema/assert_feed";
    SCHEMA_ASSERT_TIES = "schema/assert_ties";
    SCHEMA_TIE_ALL = "schema/tie_all";
    SCHEMA_ASSERT_ROLES = "schema/assert_roles";
    SCHEMA_TAKE_ROLE = "schema/take_role";
    ADMIN_CODE_SEED = "admin_code/seed";
    FEED_FORGET_FUTURE = "feed/forget_future";
    FEED_BEGIN_EPOCH = "feed/begin_epoch";
    FEED_EPOCH = "feed/epoch";
    FEED_IS_STANDBY = "feed/is_standby";
    FEED_POLL = "feed/poll";
    FEED_CURRENT_SNAPSHOT = "feed/current_snapshot";
    FEED_STEP = "feed/step";
    FEED_CHANGES = "feed/changes";
    FEED_CHANGES_SUMMARY = "feed/changes_summary";
    FEED_CHANGES_OF = "feed/changes_of";
    FEED_LOG_RELOAD = "feed/log_reload";
    FEED_PRUNE = "feed/prune";
    FEED_BEGIN_SNAPSHOT = "feed/begin_snapshot";
    FEED_END_SNAPSHOT = "feed/end_snapshot";
    FEED_EXPORT_SNAPSHOT = "feed/export_snapshot";
    FEED_IMPORT_SNAPSHOT = "feed/import_snapshot";
    LOAD_BEGIN = "load/begin";
    LOAD_COMMIT = "load/commit";
    LOAD_LOCK = "load/lock";
    LOAD_ROLLBACK = "load/rollback";
    LOAD_SETTINGS = "load/settings";
    LOAD_TIE_WRITTEN = "load/tie_written";
    LOAD_WRITTEN = "load/written";
    LOAD_RECORD = "load/record";
    LOAD_LIST = "load/list";
    LOAD_EXCLUSIVE_POLICY = "load/exclusive_policy";
    LOAD_SECONDARY_INDEXES = "load/secondary_indexes";
    COVERAGE_HEAD = "coverage/head";
    COVERAGE_LAST_LOAD = "coverage/last_load";
    COVERAGE_LEVELS = "coverage/levels";
    COVERAGE_HEADS = "coverage/heads";
    COVERAGE_BEGIN_REVISION = "coverage/begin_revision";
    COVERAGE_CREATE_STAGING = "coverage/create_staging";
    COVERAGE_COPY_UNITS = "coverage/copy_units";
    COVERAGE_INDEX_STAGING = "coverage/index_staging";
    COVERAGE_KEEP_UNIT_IDS = "coverage/keep_unit_ids";
    COVERAGE_NEW_UNIT_IDS = "coverage/new_unit_ids";
    COVERAGE_LINK_PARENTS = "coverage/link_parents";
    COVERAGE_STAGED_IDS = "coverage/staged_ids";
    COVERAGE_CLOSE_UNITS = "coverage/close_units";
    COVERAGE_OPEN_UNITS = "coverage/open_units";
    COVERAGE_NEW_IDS = "coverage/new_ids";
    COVERAGE_CLOSE_FACES = "coverage/close_faces";
    COVERAGE_CLOSE_NODES = "coverage/close_nodes";
    COVERAGE_CLOSE_ARCS = "coverage/close_arcs";
    COVERAGE_COPY_FACES = "coverage/copy_faces";
    COVERAGE_COPY_NODES = "coverage/copy_nodes";
    COVERAGE_COPY_ARCS = "coverage/copy_arcs";
    COVERAGE_FACES_AT = "coverage/faces_at";
    COVERAGE_ARCS_AT = "coverage/arcs_at";
    COVERAGE_CHANGED_ARCS = "coverage/changed_arcs";
    COVERAGE_CHANGED_FACES = "coverage/changed_faces";
    COVERAGE_STORED_FACES = "coverage/stored_faces";
    COVERAGE_ARCS = "coverage/arcs";
    COVERAGE_NODES = "coverage/nodes";
    COVERAGE_NODES_AT = "coverage/nodes_at";
    COVERAGE_GROUND_AT = "coverage/ground_at";
    COVERAGE_UNITS_AT = "coverage/units_at";
    COVERAGE_NODES_BETWEEN = "coverage/nodes_between";
    COVERAGE_ARCS_BETWEEN = "coverage/arcs_between";
    COVERAGE_FACES_BETWEEN = "coverage/faces_between";
    COVERAGE_UNITS_BETWEEN = "coverage/units_between";
    COVERAGE_CODES_EVER_USED = "coverage/codes_ever_used";
    COVERAGE_WRITE_UNITS = "coverage/write_units";
    COVERAGE_END_UNITS = "coverage/end_units";
    REVISION_FIND = "revision/find";
    REVISION_LIST = "revision/list";
    REVISION_HEAD = "revision/head";
    REVISION_ACTIVE = "revision/active";
    REVISION_AS_OF = "revision/as_of";
    REVISION_DUE = "revision/due";
    REVISION_PENDING = "revision/pending";
    REVISION_CITIES = "revision/cities";
    REVISION_ACTIVATE = "revision/activate";
    REVISION_BEGIN = "revision/begin";
    REVISION_WAIT = "revision/wait";
    REVISION_LOCK = "revision/lock";
    REVISION_LINEAGE_OF = "revision/lineage_of";
    REVISION_LINEAGE_OF_UNIT = "revision/lineage_of_unit";
    REVISION_ADD_LINEAGE = "revision/add_lineage";
    TIE_GROUND = "tie/ground";
    COVERAGE_BEGIN_DERIVING = "coverage/begin_deriving";
    COVERAGE_END_DERIVING = "coverage/end_deriving";
    COVERAGE_DROP_STAGING = "coverage/drop_staging";
    CHANGESET_CREATE = "changeset/create";
    CHANGESET_FIND = "changeset/find";
    CHANGESET_FIND_TO_PUBLISH = "changeset/find_to_publish";
    CHANGESET_LIST = "changeset/list";
    CHANGESET_OPS = "changeset/ops";
    CHANGESET_APPEND_OP = "changeset/append_op";
    CHANGESET_MOVE_CURSOR = "changeset/move_cursor";
    CHANGESET_REBASE = "changeset/rebase";
    CHANGESET_SUBMIT = "changeset/submit";
    CHANGESET_WITHDRAW = "changeset/withdraw";
    CHANGESET_APPROVE = "changeset/approve";
    CHANGESET_REJECT = "changeset/reject";
    CHANGESET_ABANDON = "changeset/abandon";
    CHANGESET_PUBLISH = "changeset/publish";
    CHANGESET_ADD_COMMENT = "changeset/add_comment";
    CHANGESET_COMMENTS = "changeset/comments";
    CHANGESET_EVENTS = "changeset/events";
    ACCOUNT_ADD = "account/add";
    ACCOUNT_FIND = "account/find";
    ACCOUNT_LIST = "account/list";
    ACCOUNT_EXIST = "account/exist";
    ACCOUNT_OF_IDENTITY = "account/of_identity";
    ACCOUNT_BIND_IDENTITY = "account/bind_identity";
    ACCOUNT_CHANGE = "account/change";
    ACCOUNT_LOCK_ALL = "account/lock_all";
    ACCOUNT_SET_MEMBERSHIP = "account/set_membership";
    ACCOUNT_SET_PASSWORD = "account/set_password";
    ACCOUNT_SET_SECOND_FACTOR = "account/set_second_factor";
    ACCOUNT_USE_STEP = "account/use_step";
    ACCOUNT_REHASH = "account/rehash";
    ACCOUNT_FAILURES = "account/failures";
    ACCOUNT_ADD_FAILURE = "account/add_failure";
    INVITATION_ADD = "invitation/add";
    INVITATION_FIND = "invitation/find";
    INVITATION_TAKE = "invitation/take";
    SESSION_OPEN = "session/open";
    SESSION_FIND = "session/find";
    SESSION_SEE = "session/see";
    SESSION_END = "session/end";
    SESSION_PRUNE = "session/prune";
    API_TOKEN_ADD = "api_token/add";
    API_TOKEN_FIND = "api_token/find";
    API_TOKEN_LIST = "api_token/list";
    API_TOKEN_SEE = "api_token/see";
    API_TOKEN_REVOKE = "api_token/revoke";
    AUDIT_APPEND = "audit/append";
    AUDIT_PAGE = "audit/page";
    AUDIT_LATEST = "audit/latest";
    CAMERA_RECORD_LOOK_UP = "camera/record_look_up";
    CASE_EVENTS = "case/events";
    CASE_STATE = "case/state";
    TIE_OF_ROW = "tie/of_row";
    TIE_FAILED = "tie/failed";
}
