//! How the city's own refusals read as problem documents.

use cim_city::CityError;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::language::Words;
use crate::problem_kind::ProblemKind;
use crate::{account_words, boundary_words, selection_words};

pub(crate) fn kind(error: &CityError) -> ProblemKind {
    match error {
        CityError::NotFound { .. } => ProblemKind::NotFound,
        CityError::Conflict { .. } | CityError::BoundaryConflict(_) => ProblemKind::StateConflict,
        CityError::Stale { .. } => ProblemKind::Stale,
        CityError::Refused(_) | CityError::RefusedEdit(_) => ProblemKind::Refused,
        CityError::Selection(_) => ProblemKind::BadParameter,
        CityError::Unavailable { .. } => ProblemKind::Unavailable,
        CityError::NotSignedIn => ProblemKind::NotSignedIn,
        CityError::SignInRefused | CityError::SecondFactorRefused => ProblemKind::SignInRefused,
        CityError::SecondFactorMissing => ProblemKind::SecondFactorNeeded,
        CityError::LinkRefused => ProblemKind::LinkRefused,
        CityError::LockedOut { .. } => ProblemKind::LockedOut,
        CityError::NotAMember(_) | CityError::NotGranted(_) | CityError::MustEnrolSecondFactor => {
            ProblemKind::NotAllowed
        }
        CityError::Internal { .. } => ProblemKind::Internal,
    }
}

pub(crate) fn detail(error: &CityError) -> Option<Words> {
    match error {
        CityError::NotFound { what, name } => Some(Words::new(
            format!("there is no {what} `{name}`"),
            format!("没有“{name}”（{}）", chinese_noun(what)),
        )),
        CityError::Conflict { message, allowed_events } => Some(Words::new(
            format!("{message}; allowed now: {}", list(allowed_events)),
            format!("当前状态不允许此操作；现在可用：{}", list(allowed_events)),
        )),
        CityError::Stale { what, name } => Some(Words::new(
            format!("{what} `{name}` has changed since it was read: read it again"),
            format!("“{name}”（{}）已被修改，请重新读取", chinese_noun(what)),
        )),
        CityError::Refused(findings) => {
            Some(Words::new(error.to_string(), format!("有 {} 项不符合规则，见 findings", findings.len())))
        }
        CityError::RefusedEdit(findings) => {
            Some(Words::new(error.to_string(), boundary_words::chinese(findings)))
        }
        CityError::BoundaryConflict(conflicts) => Some(Words::new(
            format!("{error}: see conflicts, undo or redraw those operations, and rebase the draft"),
            format!(
                "草案中有 {} 个操作与他人已发布的变更冲突，见 conflicts；请撤销或重画后再变基",
                conflicts.len()
            ),
        )),
        CityError::Selection(error) => Some(selection_words::detail(error)),
        CityError::Unavailable { message, retry_after_s } => Some(Words::new(
            format!("{message}; ask again in {retry_after_s} s"),
            format!("服务暂时不可用，请 {retry_after_s} 秒后再试"),
        )),
        other => account_words::detail(other),
    }
}

/// Members beside the standard ones: what a program needs in order to go on.
pub(crate) fn members(error: &CityError) -> Map<String, Value> {
    let mut members = Map::new();
    match error {
        CityError::Conflict { allowed_events, .. } => {
            members.insert("allowed_events".to_owned(), json!(allowed_events));
        }
        CityError::Refused(findings) => {
            members.insert("findings".to_owned(), json!(findings));
        }
        CityError::RefusedEdit(findings) => {
            members.insert("findings".to_owned(), json!(findings));
        }
        CityError::BoundaryConflict(conflicts) => {
            members.insert("conflicts".to_owned(), json!(conflicts));
        }
        CityError::Selection(error) => {
            members.insert("parameter".to_owned(), json!(selection_words::parameter(error)));
        }
        CityError::NotGranted(refused) => {
            members.insert("action".to_owned(), json!(refused.action.name()));
        }
        _ => {}
    }
    members
}

pub(crate) fn retry_after_s(error: &CityError) -> Option<u32> {
    match error {
        CityError::Unavailable { retry_after_s, .. } => Some(*retry_after_s),
        CityError::LockedOut { until } => {
            let left = until.duration_since(Timestamp::now()).as_secs();
            Some(u32::try_from(left).unwrap_or(0).max(1))
        }
        _ => None,
    }
}

fn list(events: &[String]) -> String {
    if events.is_empty() { "-".to_owned() } else { events.join(", ") }
}

fn chinese_noun(what: &str) -> &str {
    match what {
        "tileset" => "瓦片集",
        "tile" => "瓦片",
        "case" => "案件",
        "style" => "样式",
        "camera" => "视频点位",
        "video" => "视频画面",
        "inspection" => "巡查",
        "finding" => "巡查发现",
        "road" => "道路",
        "place" => "位置",
        "category" => "分类",
        "changeset" => "边界草案",
        "revision" => "边界版本",
        "unit" => "单元",
        "city" => "城市",
        "token" => "令牌",
        "user" => "账号",
        other => other,
    }
}
