//! Why rows cannot be chosen as asked, in the reader's words: which parameter, what is wrong, what would be right.

use cim_city::{DatetimeError, FilterError, SelectionError, ValueKind};

use crate::language::Words;

/// The parameter that is wrong.
pub(crate) fn parameter(error: &SelectionError) -> &'static str {
    match error {
        SelectionError::Filter(_) => "filter",
        SelectionError::Datetime(_) => "datetime",
    }
}

/// What is wrong with it and what would be right.
pub(crate) fn detail(error: &SelectionError) -> Words {
    let (english, chinese) = match error {
        SelectionError::Filter(error) => (filter_remedy(error), filter_chinese(error)),
        SelectionError::Datetime(error) => (datetime_remedy(error), datetime_chinese(error)),
    };
    let name = parameter(error);
    Words::new(format!("{name}: {error}{english}"), format!("{name}：{chinese}"))
}

fn filter_remedy(error: &FilterError) -> &'static str {
    match error {
        FilterError::NotAllowed { .. } => "; leave filter out: /tiles lists the queryables of every tileset",
        FilterError::TooLong { .. } | FilterError::TooDeep { .. } | FilterError::TooManyTerms { .. } => {
            "; ask for less at once"
        }
        _ => "",
    }
}

fn datetime_remedy(error: &DatetimeError) -> &'static str {
    match error {
        DatetimeError::NotAllowed { .. } => "; leave datetime out: /tiles lists the tilesets that take it",
        DatetimeError::BoundariesAreOfOneMoment => ": give an instant",
        DatetimeError::KnownAtIsOfBoundaries { .. } => "; leave known_at out",
        DatetimeError::Malformed | DatetimeError::Backwards => "",
    }
}

fn filter_chinese(error: &FilterError) -> String {
    match error {
        FilterError::TooLong { bytes, most } => format!("过滤条件有 {bytes} 字节，最多 {most} 字节"),
        FilterError::TooDeep { most } => format!("括号和 NOT 的嵌套不能超过 {most} 层"),
        FilterError::TooManyTerms { most } => format!("比较和列出的值合计不能超过 {most} 个"),
        FilterError::Syntax { at, found, expected } => {
            format!("第 {at} 个字符处：遇到 {found}，应为 {expected}")
        }
        FilterError::Unsupported { what } => format!(
            "不支持 {what}；可用 =、<>、<、>、<=、>=、BETWEEN、IN、LIKE、IS NULL、CASEI、AND、OR、NOT，属性与值比较"
        ),
        FilterError::NotQueryable { name, queryable } => {
            format!("此处不能按“{name}”过滤；可用：{}", queryable.join("、"))
        }
        FilterError::WrongKind { name, kind, given } => {
            format!("“{name}”应为{}，而不是{}", kind_chinese(*kind), kind_chinese(*given))
        }
        FilterError::NotAllowed { tileset } => {
            format!("瓦片集“{tileset}”不支持过滤，请去掉 filter；各瓦片集可用的属性见 /tiles")
        }
    }
}

fn kind_chinese(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Text => "单引号中的文本",
        ValueKind::Number => "数字",
        ValueKind::Bool => "TRUE 或 FALSE",
        ValueKind::Instant => "时间，如 TIMESTAMP('2026-03-01T08:00:00+08:00')",
        ValueKind::Day => "日期，如 DATE('2026-03-01')",
    }
}

fn datetime_chinese(error: &DatetimeError) -> String {
    match error {
        DatetimeError::Malformed => {
            "请给出时刻，如 2026-03-01T08:00:00+08:00，或时段“起/止”，不限的一端写 ..".to_owned()
        }
        DatetimeError::Backwards => "时段的结束早于开始".to_owned(),
        DatetimeError::NotAllowed { tileset } => {
            format!("瓦片集“{tileset}”只显示当前状态，请去掉 datetime；支持它的瓦片集见 /tiles")
        }
        DatetimeError::BoundariesAreOfOneMoment => "边界按某一时刻显示，请给出一个时刻而非区间".to_owned(),
        DatetimeError::KnownAtIsOfBoundaries { tileset } => {
            format!("瓦片集“{tileset}”不含边界，请去掉 known_at")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn both_languages_name_the_parameter_and_what_is_wrong() {
        let error = SelectionError::Filter(FilterError::NotQueryable {
            name: "salary".to_owned(),
            queryable: vec!["state".to_owned()],
        });
        let words = detail(&error);
        assert_eq!(
            words.speak(Language::English),
            "filter: `salary` is not queryable here; queryable are state"
        );
        assert_eq!(words.speak(Language::Chinese), "filter：此处不能按“salary”过滤；可用：state");
        let words = detail(&SelectionError::Datetime(DatetimeError::BoundariesAreOfOneMoment));
        assert!(words.speak(Language::English).ends_with("give an instant"));
    }
}
