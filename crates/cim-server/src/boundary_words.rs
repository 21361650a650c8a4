//! What the rules of boundaries refuse, in Chinese.

use cim_city::EditFinding;

/// The first finding of a refusal as a sentence, with the units it concerns.
pub(crate) fn chinese(findings: &[EditFinding]) -> String {
    let Some(first) = findings.first() else { return "不符合规则".to_owned() };
    let more = if findings.len() > 1 {
        format!("，共 {} 项，见 findings", findings.len())
    } else {
        String::new()
    };
    let units =
        if first.units.is_empty() { String::new() } else { format!("（{}）", first.units.join("、")) };
    format!("{}{units}{more}", sentence(first.rule))
}

fn sentence(rule: &str) -> &'static str {
    match rule {
        "no_such_element" => "草案中没有这个边界、节点或单元，请重新读取",
        "no_such_vertex" => "该边界在此处没有可以移动或删除的点",
        "self_crossing" => "边界不能与自身相交，请换个位置",
        "border_crossing" => "边界不能与其他边界相交，请换个位置",
        "island_crossed" => "边界不能越过其内部的飞地",
        "too_small" => "得到的图形太小",
        "outline_locked" => "区界已锁定；确需调整时，请新建允许调整区界的草案",
        "outside_city" => "所画范围超出本区",
        "line_misses" => "所画的线没有把单元分成两部分，请从边界画到边界",
        "line_off_arc" => "线的两端不在该边界上",
        "wrong_level" => "单元的层级不对",
        "different_parents" => "单元不属于同一上级",
        "wrong_parent" => "上级单元不对",
        "not_contiguous" => "结果不连片；确需如此时请注明 allow_parts",
        "nothing_left" => "单元不能没有范围或下级",
        "overlay_overlap" => "专属网格不能互相重叠",
        "still_in_use" => "该单元仍有范围或下级",
        "code_taken" => "编码已被使用，退役的编码也不再使用",
        "code_malformed" => "编码格式不对，或此类单元的编码必须给出",
        "name_missing" => "请给出名称",
        "nothing_changes" => "没有任何变化",
        "bad_operation" => "操作内容有误",
        "unclean_coverage" => "本区边界尚非严密覆盖，不能编辑；请先按装载报告修复",
        "not_the_author" => "只有草案作者可以修改",
        "own_review" => "不能审核自己的草案",
        "not_reviewed" => "草案须经他人审核通过后才能发布",
        "backdated" => "生效日期不能早于今天，也不能早于前一版本",
        "changed_since" => "该版本所改之处后来又有变更，请先撤销后来的版本",
        "first_revision" => "这是第一个版本，没有可以退回的状态",
        "nothing_to_undo" => "没有可以撤销的操作",
        "nothing_to_redo" => "没有可以重做的操作",
        "title_missing" => "请说明草案的用途",
        "reason_missing" => "请说明退回的原因",
        "text_missing" => "请填写意见",
        "bad_position" => "位置有误",
        "city_missing" => "请指明城市",
        "different_cities" => "两个版本不属于同一城市",
        "too_many_operations" => "一个草案的操作过多，请先发布",
        _ => "不符合边界规则",
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn every_rule_of_the_kernel_has_a_sentence_of_its_own() {
        for rule in cim_city::EDIT_RULES.iter().filter(|rule| **rule != "broken_topology") {
            assert_ne!(sentence(rule), sentence("unknown"), "{rule}");
        }
    }
}
