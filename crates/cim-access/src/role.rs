//! The eight roles: what an account is for.

use std::fmt;
use std::str::FromStr;

/// What an account is for. An account of one city has one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at the map and the cases of its reach. 查看员
    Viewer,
    /// Takes cases in and routes them. 坐席
    Operator,
    /// Inspects and enforces on the ground. 执法、网格人员
    Officer,
    /// Draws boundaries, and reviews and publishes what others drew. 规划员
    Planner,
    /// Directs joint work in the whole district. 指挥员
    Commander,
    /// Runs the system and its accounts. 系统管理员
    SystemAdmin,
    /// Says who has which role and reach. 安全管理员
    SecurityAdmin,
    /// Reads the audit log. 审计管理员
    Auditor,
}

impl Role {
    /// All of them, in the order of the columns of the policy table.
    pub const ALL: [Self; 8] = [
        Self::Viewer,
        Self::Operator,
        Self::Officer,
        Self::Planner,
        Self::Commander,
        Self::SystemAdmin,
        Self::SecurityAdmin,
        Self::Auditor,
    ];

    /// Its name in the database, in answers and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Operator => "operator",
            Self::Officer => "officer",
            Self::Planner => "planner",
            Self::Commander => "commander",
            Self::SystemAdmin => "system_admin",
            Self::SecurityAdmin => "security_admin",
            Self::Auditor => "auditor",
        }
    }

    /// Whether a password alone does not open a session for it.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Commander) || !self.holds_case_data()
    }

    /// Whether it works with cases, cameras and people at all: the three that govern the system do not.
    #[must_use]
    pub const fn holds_case_data(self) -> bool {
        !matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::Auditor)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// A name that no role has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown role `{0}`: use viewer, operator, officer, planner, commander, system_admin, security_admin or auditor"
)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_back_from_its_name_and_from_nothing_else() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        for name in ["", "Viewer", "admin", "viewer "] {
            let unknown = name.parse::<Role>().unwrap_err();
            assert_eq!(unknown, UnknownRole(name.to_owned()));
            for role in Role::ALL {
                assert!(unknown.to_string().contains(role.name()), "the remedy names {role}");
            }
        }
    }

    #[test]
    fn whoever_can_do_great_harm_needs_a_second_factor() {
        let strict: Vec<&str> =
            Role::ALL.into_iter().filter(|role| role.needs_second_factor()).map(Role::name).collect();
        assert_eq!(strict, ["commander", "system_admin", "security_admin", "auditor"]);
    }
}
