//! The closed list of what can be asked of a city, each with its name and one line for people.

use std::fmt;
use std::str::FromStr;

/// Something that a request does. Every route has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Boundaries, buildings, units, places, responsibility and styles.
    ReadMap,
    /// Cases, inspections, findings, whatever is counted or found from them, and their events.
    ReadThings,
    /// Cases: register them, and the events of their life.
    WriteCases,
    /// Inspections and findings.
    WriteInspections,
    /// Cameras: where they stand and what they see.
    ReadCameras,
    /// Cameras: add, move, retire.
    WriteCameras,
    /// The live picture of a camera.
    OpenVideo,
    /// Boundary drafts.
    ReadDrafts,
    /// Boundary drafts: open one, add operations, submit.
    DraftBoundaries,
    /// Boundary drafts: approve or send back what somebody else drew.
    ReviewBoundaries,
    /// Boundary drafts: make an approved one the next revision.
    PublishBoundaries,
    /// Boundary revisions and lineage.
    ReadHistory,
    /// The name, telephone and address behind one case, with a reason.
    RevealPersonalData,
    /// Files of many rows.
    ExportData,
    /// The measurements of the server.
    ReadMetrics,
    /// Whether the server is well.
    ReadHealth,
    /// Accounts: who there is, with which role and reach.
    ReadUsers,
    /// Accounts: invite, disable, reset.
    ManageUsers,
    /// Roles and reach: grant and take back.
    ManageRoles,
    /// The audit log.
    ReadAudit,
    /// One's own account: who am I, sign out, own tokens, second factor.
    OwnAccount,
}

impl Action {
    /// All of them, in the order of the rows of the policy table.
    pub const ALL: [Self; 21] = [
        Self::ReadMap,
        Self::ReadThings,
        Self::WriteCases,
        Self::WriteInspections,
        Self::ReadCameras,
        Self::WriteCameras,
        Self::OpenVideo,
        Self::ReadDrafts,
        Self::DraftBoundaries,
        Self::ReviewBoundaries,
        Self::PublishBoundaries,
        Self::ReadHistory,
        Self::RevealPersonalData,
        Self::ExportData,
        Self::ReadMetrics,
        Self::ReadHealth,
        Self::ReadUsers,
        Self::ManageUsers,
        Self::ManageRoles,
        Self::ReadAudit,
        Self::OwnAccount,
    ];

    /// Its name in the audit log, in the scope of a token and in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What it is, in one line of English.
    #[must_use]
    pub const fn description(self) -> &'static str {
        self.words().1
    }

    /// What it is, in one line of Chinese.
    #[must_use]
    pub const fn description_zh(self) -> &'static str {
        self.words().2
    }

    /// Whether it reads or writes cases, cameras, drafts or people: what no role that governs the system may do.
    #[must_use]
    pub const fn touches_case_data(self) -> bool {
        match self {
            Self::ReadThings
            | Self::WriteCases
            | Self::WriteInspections
            | Self::ReadCameras
            | Self::WriteCameras
            | Self::OpenVideo
            | Self::ReadDrafts
            | Self::DraftBoundaries
            | Self::ReviewBoundaries
            | Self::PublishBoundaries
            | Self::RevealPersonalData
            | Self::ExportData => true,
            Self::ReadMap
            | Self::ReadHistory
            | Self::ReadMetrics
            | Self::ReadHealth
            | Self::ReadUsers
            | Self::ManageUsers
            | Self::ManageRoles
            | Self::ReadAudit
            | Self::OwnAccount => false,
        }
    }

    /// Whether a person must do it in a session, so that no API token can: a stolen token must not make more tokens,
    /// and whoever reveals a name or governs accounts answers for it in person.
    #[must_use]
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::RevealPersonalData | Self::ManageUsers | Self::ManageRoles | Self::OwnAccount)
    }

    #[rustfmt::skip]
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::ReadMap => ("read_map", "boundaries, buildings, units, places and who is responsible", "查看底图、单元、地名与责任"),
            Self::ReadThings => ("read_things", "cases, inspections, findings, their counts and events", "查看案件、巡查、发现及统计与动态"),
            Self::WriteCases => ("write_cases", "register cases and record their events", "登记案件、办理案件流转"),
            Self::WriteInspections => ("write_inspections", "record inspections and findings", "登记巡查与发现"),
            Self::ReadCameras => ("read_cameras", "where cameras stand and what they see", "查看视频点位与可视范围"),
            Self::WriteCameras => ("write_cameras", "add, move and retire cameras", "维护视频点位"),
            Self::OpenVideo => ("open_video", "open the live picture of a camera", "调阅实时视频"),
            Self::ReadDrafts => ("read_drafts", "boundary drafts", "查看边界草案"),
            Self::DraftBoundaries => ("draft_boundaries", "draw boundary drafts and submit them", "编制并提交边界草案"),
            Self::ReviewBoundaries => ("review_boundaries", "approve or send back a draft of somebody else", "审核他人的边界草案"),
            Self::PublishBoundaries => ("publish_boundaries", "publish an approved draft as a revision", "发布已审核的边界草案"),
            Self::ReadHistory => ("read_history", "boundary revisions and lineage", "查看边界版本与沿革"),
            Self::RevealPersonalData => ("reveal_personal_data", "see the person behind one case, with a reason", "说明理由后查看单个案件的个人信息"),
            Self::ExportData => ("export_data", "take many rows away as a file", "导出数据文件"),
            Self::ReadMetrics => ("read_metrics", "measurements of the server", "查看运行指标"),
            Self::ReadHealth => ("read_health", "whether the server is well", "查看运行状态"),
            Self::ReadUsers => ("read_users", "who has an account, with which role and reach", "查看账号及其角色与授权范围"),
            Self::ManageUsers => ("manage_users", "invite, disable and reset accounts", "邀请、停用、重置账号"),
            Self::ManageRoles => ("manage_roles", "grant and take back roles and reach", "授予、收回角色与授权范围"),
            Self::ReadAudit => ("read_audit", "the audit log", "查看审计日志"),
            Self::OwnAccount => ("own_account", "one's own account, tokens and second factor", "管理本人账号、令牌与第二因子"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.name())
    }
}

/// A name that no action has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown action `{0}`: docs/ROLES.md lists them all")]
pub struct UnknownAction(pub String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        Self::ALL
            .into_iter()
            .find(|action| action.name() == name)
            .ok_or_else(|| UnknownAction(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn an_action_is_read_back_from_its_name_and_from_nothing_else() {
        for action in Action::ALL {
            assert_eq!(action.name().parse(), Ok(action));
        }
        assert_eq!("read".parse::<Action>(), Err(UnknownAction("read".to_owned())));
    }

    #[test]
    fn every_action_stands_in_the_list_once_and_says_what_it_is() {
        assert_eq!(Action::ALL.into_iter().collect::<BTreeSet<_>>().len(), Action::ALL.len());
        for action in Action::ALL {
            assert!(action.description().is_ascii() && !action.description().is_empty(), "{action}");
            assert!(!action.description_zh().is_empty() && !action.description_zh().is_ascii(), "{action}");
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(action.name().chars().all(plain), "{action}");
        }
    }
}
