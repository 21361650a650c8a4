//! The text of an address taken apart when its parts are not given.

use crate::keys::KeyLevel;

/// Province, city and district before an address, and the rest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Headed<'a> {
    /// Provinces and cities, and the district last.
    pub(crate) heads: Vec<&'a str>,
    /// Town or street office, where the text names one.
    pub(crate) town: Option<&'a str>,
    pub(crate) rest: &'a str,
}

/// The start of the text up to the first of some endings, if that is 2 to 8 characters long and no digit is in it.
fn head<'a>(text: &'a str, endings: &[&str]) -> Option<(&'a str, &'a str)> {
    let (at, ending) =
        endings.iter().filter_map(|ending| Some((text.find(ending)?, ending))).min_by_key(|hit| hit.0)?;
    let (head, rest) = text.split_at_checked(at + ending.len())?;
    let length = head.chars().count();
    let is_name =
        (ending.chars().count() + 1..=8).contains(&length) && !head.contains(|ch: char| ch.is_ascii_digit());
    (is_name && !rest.is_empty()).then_some((head, rest))
}

/// Takes the province, city and district off.
pub(crate) fn without_heads(text: &str) -> Headed<'_> {
    let mut headed = Headed { heads: Vec::new(), town: None, rest: text };
    for endings in [&["省", "自治区"][..], &["市"][..], &["新区", "区", "县"][..]] {
        if let Some((head, rest)) = head(headed.rest, endings) {
            // 小区, 社区, 园区, 东区 and the market of a 市场 are no districts.
            let is_other = ["小区", "社区", "园区", "东区", "西区", "南区", "北区", "校区"]
                .iter()
                .any(|word| head.ends_with(word))
                || head.ends_with('市') && rest.starts_with('场')
                || head.contains(['路', '街', '号']);
            if !is_other {
                headed.heads.push(head);
                headed.rest = rest;
            }
        }
    }
    if let Some((town, rest)) = head(headed.rest, &["街道", "镇", "乡"]) {
        let is_road = rest.starts_with(['路', '街', '北', '南', '东', '西', '中'])
            || town.contains(['路', '弄', '区', '市', '县']);
        if !is_road && town.chars().count() <= 5 {
            headed.town = Some(town);
            headed.rest = rest;
        }
    }
    headed
}

/// A road and the number on it at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Numbered<'a> {
    pub(crate) road: &'a str,
    /// 弄 and 号 as they follow: `56弄13-46号`.
    pub(crate) chain: String,
    pub(crate) is_lane: bool,
}

/// Reads `方浜中路699`, `雁荡路56弄13-46号`, `真南路4368弄`.
pub(crate) fn numbered(text: &str) -> Option<Numbered<'_>> {
    let first_digit = text.find(|ch: char| ch.is_ascii_digit())?;
    let (before, after) = text.split_at_checked(first_digit)?;
    let is_road =
        ["路", "街", "大道", "公路", "道", "巷", "线"].iter().any(|ending| before.ends_with(ending));
    if !is_road || !(2..=10).contains(&before.chars().count()) {
        return None;
    }
    let (number, after) = take_number(after)?;
    if let Some(rest) = after.strip_prefix('弄') {
        let inner = take_number(rest).filter(|(_, after)| after.starts_with('号'));
        let chain = inner.map_or_else(|| format!("{number}弄"), |(inner, _)| format!("{number}弄{inner}号"));
        return Some(Numbered { road: before, chain, is_lane: inner.is_none() });
    }
    let is_other_count =
        after.starts_with(['米', '层', '室', '路', '站', '组', '期', '村', '年', '街', '幢', '单']);
    (!is_other_count).then(|| Numbered { road: before, chain: format!("{number}号"), is_lane: false })
}

fn take_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|ch: char| !(ch.is_ascii_digit() || ch == '-')).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    let number = number.trim_end_matches('-');
    (!number.is_empty()).then_some((number, rest))
}

/// How exact a whole text is, by the smallest counter in it.
pub(crate) fn level_of(text: &str) -> KeyLevel {
    let has = |counter: char| {
        let mut before = ' ';
        text.chars().any(|ch| std::mem::replace(&mut before, ch).is_ascii_alphanumeric() && ch == counter)
    };
    if has('单') || has('室') {
        KeyLevel::Unit
    } else if has('幢') {
        KeyLevel::Building
    } else if has('号') {
        KeyLevel::Number
    } else if has('弄') {
        KeyLevel::Lane
    } else {
        KeyLevel::Place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_taken_off_and_nothing_else() {
        let headed = without_heads("上海市闵行区七宝镇富强街94号");
        assert_eq!(headed.heads, ["上海市", "闵行区"]);
        assert_eq!((headed.town, headed.rest), (Some("七宝镇"), "富强街94号"));
        assert_eq!(without_heads("幸福小区3幢").rest, "幸福小区3幢");
        assert_eq!(without_heads("市场路3号").rest, "市场路3号");
        assert_eq!(without_heads("镇南路3号").rest, "镇南路3号");
    }

    #[test]
    fn a_road_and_its_number_are_read() {
        let read = |text| numbered(text).map(|numbered| (numbered.road.to_owned(), numbered.chain));
        assert_eq!(read("方浜中路699"), Some(("方浜中路".into(), "699号".into())));
        assert_eq!(read("雁荡路56弄13-46号近"), Some(("雁荡路".into(), "56弄13-46号".into())));
        assert_eq!(read("真南路4368弄中冶广场2幢"), Some(("真南路".into(), "4368弄".into())));
        assert_eq!(read("嘉定19路"), None);
        assert_eq!(read("学府路口1百米"), None);
    }
}
