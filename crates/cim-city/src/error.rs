//! The one error type of the API boundary: what went wrong in the words of the domain.

use cim_access::{NotAMember, NotGranted, masking};
use cim_model::{Finding, Severity};
use jiff::Timestamp;

use crate::boundaries::{BoundaryConflict, EditFinding};

/// Why a question was not answered or a command not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// The named thing does not exist, or is not the caller's to see.
    #[error("{what} `{name}` was not found")]
    NotFound {
        /// The kind of thing, for example `tileset`.
        what: &'static str,
        /// The name or number that was asked for.
        name: String,
    },
    /// The state of the object does not allow the command.
    #[error("{message}")]
    Conflict {
        /// What was asked and what the state is.
        message: String,
        /// The events that are allowed in this state.
        allowed_events: Vec<String>,
    },
    /// The thing is not the version any more that the caller saw.
    #[error("{what} `{name}` has changed since it was read")]
    Stale {
        /// The kind of thing.
        what: &'static str,
        /// Its business key.
        name: String,
    },
    /// A rule refuses the request; each finding names the field and the remedy.
    #[error("refused by {} rule(s): {}", .0.len(), .0.first().map_or("", |finding| finding.message.as_str()))]
    Refused(Vec<Finding>),
    /// A rule of boundaries refuses an operation or a step of a draft; nothing was changed.
    #[error("refused by {} rule(s): {}", .0.len(), .0.first().map_or("", |finding| finding.message.as_str()))]
    RefusedEdit(Vec<EditFinding>),
    /// Others changed the ground of a draft meanwhile.
    #[error("{} operation(s) of the draft touch what others changed meanwhile", .0.len())]
    BoundaryConflict(Vec<BoundaryConflict>),
    /// Rows of a tileset cannot be chosen as asked.
    #[error(transparent)]
    Selection(#[from] cim_tile::SelectionError),
    /// Not now: the mirror is not loaded, the database is away, or a version asked for has not arrived.
    #[error("{message}")]
    Unavailable {
        /// What is missing.
        message: String,
        /// When to ask again.
        retry_after_s: u32,
    },
    /// Nobody is signed in, or the session or token holds no longer.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// Name and password do not fit each other; which of the two is not told.
    #[error("name and password do not fit")]
    SignInRefused,
    /// The password fits, and a code of the second factor is needed too.
    #[error("a code of the second factor is missing")]
    SecondFactorMissing,
    /// The code of the second factor does not fit, or was used before.
    #[error("the code of the second factor does not fit")]
    SecondFactorRefused,
    /// A link of an invitation or of the set-up holds no longer, or never did.
    #[error("the link holds no longer")]
    LinkRefused,
    /// Too many wrong passwords: not even the right one is tried.
    #[error("the name is locked until {until}")]
    LockedOut {
        /// The first moment at which it may be tried again.
        until: Timestamp,
    },
    /// The account does not hold today.
    #[error(transparent)]
    NotAMember(NotAMember),
    /// The role does not include the action.
    #[error(transparent)]
    NotGranted(NotGranted),
    /// The role needs a second factor, and none is enrolled yet.
    #[error("a second factor has to be enrolled first")]
    MustEnrolSecondFactor,
    /// Something failed that the caller can do nothing about.
    #[error("the {doing} failed")]
    Internal {
        /// What was being done.
        doing: &'static str,
        /// The cause, for the log only.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A finding that refuses a request's field. Telephone numbers in it are masked, wherever somebody put them.
pub(crate) fn refusal(field: &str, value: &str, message: &str) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: field.to_owned(),
        file: None,
        row: None,
        key: None,
        value: if value.is_empty() { None } else { Some(masked(value).chars().take(120).collect()) },
        at: None,
        message: masked(message),
    }
}

fn masked(text: &str) -> String {
    masking::text(text, &[]).into_owned()
}
