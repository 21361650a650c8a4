//! The policy: one table of what each role may do, and the page of the docs that is written from it.

use std::fmt::Write as _;

use crate::{Action, Role};

/// How far a role may go with an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// Not at all.
    Deny,
    /// Inside the reach of the member.
    Scope,
    /// In all areas and departments, up to the clearance of the member.
    All,
}

use Action as A;
use Grant::{All, Deny, Scope};

/// The columns are those of [`Role::ALL`], the rows those of [`Action::ALL`]. What is not in the table is denied.
#[rustfmt::skip]
static TABLE: [(Action, [Grant; 8]); 21] = [
    // action                 viewer operator officer planner commander system  security auditor
    (A::ReadMap,            [ Scope, Scope,   Scope,  Scope,  All,      Deny,   Deny,    Deny ]),
    (A::ReadThings,         [ Scope, Scope,   Scope,  Scope,  All,      Deny,   Deny,    Deny ]),
    (A::WriteCases,         [ Deny,  Scope,   Scope,  Deny,   All,      Deny,   Deny,    Deny ]),
    (A::WriteInspections,   [ Deny,  Deny,    Scope,  Deny,   All,      Deny,   Deny,    Deny ]),
    (A::ReadCameras,        [ Scope, Scope,   Scope,  Scope,  All,      Deny,   Deny,    Deny ]),
    (A::WriteCameras,       [ Deny,  Deny,    Deny,   Deny,   All,      Deny,   Deny,    Deny ]),
    (A::OpenVideo,          [ Deny,  Deny,    Deny,   Deny,   All,      Deny,   Deny,    Deny ]),
    (A::ReadDrafts,         [ Deny,  Deny,    Deny,   Scope,  All,      Deny,   Deny,    Deny ]),
    (A::DraftBoundaries,    [ Deny,  Deny,    Deny,   Scope,  All,      Deny,   Deny,    Deny ]),
    (A::ReviewBoundaries,   [ Deny,  Deny,    Deny,   Scope,  All,      Deny,   Deny,    Deny ]),
    (A::PublishBoundaries,  [ Deny,  Deny,    Deny,   Scope,  All,      Deny,   Deny,    Deny ]),
    (A::ReadHistory,        [ Scope, Scope,   Scope,  Scope,  All,      Deny,   Deny,    Deny ]),
    (A::RevealPersonalData, [ Deny,  Deny,    Deny,   Deny,   All,      Deny,   Deny,    Deny ]),
    (A::ExportData,         [ Deny,  Scope,   Deny,   Deny,   All,      Deny,   Deny,    Deny ]),
    (A::ReadMetrics,        [ Deny,  Deny,    Deny,   Deny,   Deny,     All,    Deny,    All  ]),
    (A::ReadHealth,         [ All,   All,     All,    All,    All,      All,    All,     All  ]),
    (A::ReadUsers,          [ Deny,  Deny,    Deny,   Deny,   Deny,     All,    All,     All  ]),
    (A::ManageUsers,        [ Deny,  Deny,    Deny,   Deny,   Deny,     All,    Deny,    Deny ]),
    (A::ManageRoles,        [ Deny,  Deny,    Deny,   Deny,   Deny,     Deny,   All,     Deny ]),
    (A::ReadAudit,          [ Deny,  Deny,    Deny,   Deny,   Deny,     Deny,   Deny,    All  ]),
    (A::OwnAccount,         [ All,   All,     All,    All,    All,      All,    All,     All  ]),
];

/// What the table says.
#[must_use]
pub fn grant(action: Action, role: Role) -> Grant {
    let row = TABLE.iter().find(|(named, _)| *named == action);
    row.and_then(|(_, grants)| grants.get(role as usize)).copied().unwrap_or(Deny)
}

/// The table as a page of Markdown: docs/ROLES.md.
#[must_use]
pub fn policy_table_markdown() -> String {
    let mut page = String::from(OPENING);
    page.push_str("| action |");
    for role in Role::ALL {
        let _ = write!(page, " {role} |");
    }
    page.push_str("\n|---|");
    page.push_str(&"---|".repeat(Role::ALL.len()));
    page.push('\n');
    for action in Action::ALL {
        let _ = write!(page, "| `{action}` |");
        for role in Role::ALL {
            let _ = write!(page, " {} |", word(grant(action, role)));
        }
        page.push('\n');
    }
    page.push_str("\n| action | | 中文 | session only |\n|---|---|---|---|\n");
    for action in Action::ALL {
        let only = if action.needs_a_person() { "yes" } else { "" };
        let (english, chinese) = (action.description(), action.description_zh());
        let _ = writeln!(page, "| `{action}` | {english} | {chinese} | {only} |");
    }
    let strict: Vec<&str> =
        Role::ALL.into_iter().filter(|role| role.needs_second_factor()).map(Role::name).collect();
    let _ = writeln!(page, "\nA second factor is required of: {}.", strict.join(", "));
    page
}

const OPENING: &str = "# Roles\n\n\
    Written from `crates/cim-access/src/policy.rs` by `cargo run -p cim-access --example roles`; a test compares.\n\n\
    `scope`: inside the areas, departments and clearance of the member. `all`: in all areas and departments, up to the\n\
    clearance. Empty: not at all. What is marked \"session only\" no API token can do.\n\n";

fn word(grant: Grant) -> &'static str {
    match grant {
        Deny => "",
        Scope => "scope",
        All => "all",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles_with(action: Action) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| grant(action, *role) != Deny).collect()
    }

    #[test]
    fn the_table_has_the_rows_and_columns_of_the_two_lists() {
        assert_eq!(TABLE.map(|(action, _)| action), Action::ALL);
        assert_eq!(Role::ALL.map(|role| role as usize), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn each_separated_duty_belongs_to_exactly_one_role() {
        assert_eq!(roles_with(A::ManageUsers), [Role::SystemAdmin]);
        assert_eq!(roles_with(A::ManageRoles), [Role::SecurityAdmin]);
        assert_eq!(roles_with(A::ReadAudit), [Role::Auditor]);
    }

    #[test]
    fn no_role_that_governs_the_system_touches_case_data() {
        for role in Role::ALL.into_iter().filter(|role| !role.holds_case_data()) {
            for action in Action::ALL.into_iter().filter(|action| action.touches_case_data()) {
                assert_eq!(grant(action, role), Deny, "{role} {action}");
            }
        }
    }

    #[test]
    fn nobody_who_holds_case_data_governs_the_system() {
        for role in Role::ALL.into_iter().filter(|role| role.holds_case_data()) {
            for action in [A::ReadUsers, A::ManageUsers, A::ManageRoles, A::ReadAudit, A::ReadMetrics] {
                assert_eq!(grant(action, role), Deny, "{role} {action}");
            }
        }
    }

    #[test]
    fn every_action_is_granted_to_somebody_and_the_own_account_to_everybody() {
        for action in Action::ALL {
            assert!(!roles_with(action).is_empty(), "{action}");
        }
        assert_eq!(roles_with(A::OwnAccount), Role::ALL);
        assert_eq!(roles_with(A::ReadHealth), Role::ALL);
    }

    #[test]
    fn whoever_writes_a_thing_also_reads_it() {
        for (write, read) in [
            (A::WriteCases, A::ReadThings),
            (A::WriteInspections, A::ReadThings),
            (A::RevealPersonalData, A::ReadThings),
            (A::WriteCameras, A::ReadCameras),
            (A::OpenVideo, A::ReadCameras),
            (A::DraftBoundaries, A::ReadDrafts),
            (A::ReviewBoundaries, A::ReadDrafts),
            (A::PublishBoundaries, A::ReadDrafts),
            (A::ReadThings, A::ReadMap),
        ] {
            for role in Role::ALL {
                assert!(grant(write, role) <= grant(read, role), "{role} {write} {read}");
            }
        }
    }

    #[test]
    fn only_the_commander_goes_beyond_its_reach_in_the_city() {
        for action in Action::ALL.into_iter().filter(|action| action.touches_case_data()) {
            for role in Role::ALL {
                assert_eq!(grant(action, role) == All, role == Role::Commander, "{role} {action}");
            }
        }
    }
}
