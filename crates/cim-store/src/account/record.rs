//! Accounts as rows.

use cim_access::{Areas, Clearance, Departments, Membership, MembershipState, Reach};
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};

use crate::pool::RunsStatements;
use crate::{StoreError, query};

/// An account to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAccount {
    /// What is typed to sign in.
    pub name: String,
    /// How people call whoever it is.
    pub display_name: String,
    /// What it may do, where and how long.
    pub membership: Membership,
    /// The hash of its password; none until one is chosen.
    pub password_hash: Option<String>,
    /// Whether a demo made it.
    pub is_demo: bool,
}

/// An account as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredAccount {
    /// Its number.
    pub id: i64,
    /// What is typed to sign in.
    pub name: String,
    /// How people call whoever it is.
    pub display_name: String,
    /// What it may do, where and how long.
    pub membership: Membership,
    /// The hash of its password.
    pub password_hash: Option<String>,
    /// The base32 secret of its second factor.
    pub totp_secret: Option<String>,
    /// The last step of the second factor that was taken.
    pub totp_step: Option<i64>,
    /// Whether a demo made it.
    pub is_demo: bool,
    /// Who it is at the identity provider; none for who signs in here.
    pub identity: Option<String>,
}

/// A membership in the words of its columns.
pub(super) struct MembershipWords {
    pub(super) role: &'static str,
    pub(super) areas: Option<Vec<String>>,
    pub(super) departments: Option<Vec<String>>,
    pub(super) clearance: &'static str,
    pub(super) state: &'static str,
}

impl MembershipWords {
    pub(super) fn of(membership: &Membership) -> Self {
        let Membership { role, reach, state, .. } = membership;
        Self {
            role: role.name(),
            areas: match &reach.areas {
                Areas::All => None,
                Areas::Towns(codes) => Some(codes.iter().cloned().collect()),
            },
            departments: match &reach.departments {
                Departments::All => None,
                Departments::Only(codes) => Some(codes.iter().cloned().collect()),
            },
            clearance: reach.clearance.name(),
            state: state.name(),
        }
    }
}

/// Adds an account, and tells the audit log who did.
pub(super) async fn add_account(
    client: &impl RunsStatements,
    new: &NewAccount,
    actor: &str,
) -> Result<(), StoreError> {
    let words = MembershipWords::of(&new.membership);
    let given: [(&(dyn ToSql + Sync), Type); 12] = [
        (&new.name, Type::TEXT),
        (&new.display_name, Type::TEXT),
        (&words.role, Type::TEXT),
        (&words.areas, Type::TEXT_ARRAY),
        (&words.departments, Type::TEXT_ARRAY),
        (&words.clearance, Type::TEXT),
        (&words.state, Type::TEXT),
        (&new.membership.from, Type::DATE),
        (&new.membership.until, Type::DATE),
        (&new.password_hash, Type::TEXT),
        (&new.is_demo, Type::BOOL),
        (&actor, Type::TEXT),
    ];
    query::ACCOUNT_ADD.row(client, &given).await.map(drop)
}

pub(super) fn account_of(row: &Row) -> Result<StoredAccount, StoreError> {
    let known = |column: &'static str| StoreError::UnknownWord { column, word: row.get(column) };
    let areas: Option<Vec<String>> = row.get("areas");
    let departments: Option<Vec<String>> = row.get("departments");
    let reach = Reach {
        areas: areas.map_or(Areas::All, |codes| Areas::Towns(codes.into_iter().collect())),
        departments: departments
            .map_or(Departments::All, |codes| Departments::Only(codes.into_iter().collect())),
        clearance: Clearance::from_name(row.get("clearance")).ok_or_else(|| known("clearance"))?,
    };
    let membership = Membership {
        state: MembershipState::from_name(row.get("state")).ok_or_else(|| known("state"))?,
        from: row.get("valid_from"),
        until: row.get("valid_until"),
        role: row.get::<_, &str>("role").parse().map_err(|_unknown| known("role"))?,
        reach,
    };
    Ok(StoredAccount {
        id: row.get("id"),
        name: row.get("name"),
        display_name: row.get("display_name"),
        membership,
        password_hash: row.get("password_hash"),
        totp_secret: row.get("totp_secret"),
        totp_step: row.get("totp_step"),
        is_demo: row.get("is_demo"),
        identity: row.get("identity"),
    })
}
