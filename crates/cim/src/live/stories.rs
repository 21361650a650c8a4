//! What people report in the live demo. All of it is made up.

/// A kind of report.
pub(crate) struct Story {
    /// Its category in the demo's example classification.
    pub(crate) category_code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) content: &'static str,
    pub(crate) request_type: &'static str,
    pub(crate) urgency: &'static str,
}

impl Story {
    /// Invented time limits: hours until it must be done.
    pub(crate) fn due_in_hours(&self) -> i64 {
        match self.urgency {
            "critical" => 4,
            "urgent" => 24,
            _ => 120,
        }
    }
}

/// Events in the order in which a case usually meets them; the first that its state allows is taken.
pub(crate) const USUAL_EVENTS: [&str; 7] =
    ["accept", "sign", "resolve", "audit_pass", "qc_pass", "close", "assign"];

const fn story(
    category_code: &'static str,
    title: &'static str,
    content: &'static str,
    request_type: &'static str,
    urgency: &'static str,
) -> Story {
    Story { category_code, title, content, request_type, urgency }
}

pub(crate) static STORIES: [Story; 24] = [
    story("011105", "路灯不亮", "市民反映路灯连续多晚不亮，夜间出行不便", "report", "normal"),
    story("110602", "窨井盖松动", "车辆经过时井盖响动明显，担心有安全隐患", "report", "urgent"),
    story("010503", "占道经营", "早市结束后仍有摊贩占用人行道", "complaint", "normal"),
    story("010201", "垃圾未及时清运", "垃圾桶满溢两天，有异味", "complaint", "normal"),
    story("040401", "夜间施工噪音", "工地夜间十点后仍在施工，影响休息", "complaint", "normal"),
    story("010903", "非机动车乱停放", "共享单车堆放在盲道上", "report", "normal"),
    story("010803", "行道树枝遮挡信号灯", "树枝过长，遮挡路口信号灯", "report", "urgent"),
    story("100601", "河道漂浮物", "河面有成片水草和垃圾，希望打捞", "report", "normal"),
    story("110601", "污水外溢", "雨后污水从管道口溢出，流向路面", "report", "urgent"),
    story("040606", "楼道堆物", "楼道内长期堆放杂物和电动车，存在消防隐患", "complaint", "normal"),
    story("111001", "飞线充电", "住户从窗口拉线给电动车充电", "complaint", "urgent"),
    story("120201", "咨询老年优待证办理", "咨询办理材料和办理地点", "consult", "normal"),
    story("030201", "道路坑洼", "路面破损有较深坑洞，雨天积水", "report", "normal"),
    story("010301", "违规搭建", "邻居在公共区域搭建棚子", "complaint", "normal"),
    story("010604", "油烟扰民", "楼下餐饮店油烟直排，影响居民", "complaint", "normal"),
    story("110101", "自来水水压不足", "高层住户晚高峰水压很小", "help", "normal"),
    story("011206", "宠物无绳遛放", "小区内有人遛大型犬不牵绳", "complaint", "normal"),
    story("030401", "公交站牌损坏", "站牌玻璃破碎，存在安全隐患", "report", "urgent"),
    story("040201", "建议增设斑马线", "学校门口车流量大，建议增设斑马线和减速带", "suggestion", "normal"),
    story("050802", "秸秆焚烧", "田间有人焚烧秸秆，烟雾较大", "report", "urgent"),
    story("090801", "健身器材损坏", "小区健身器材座椅脱落", "report", "normal"),
    story("040606", "消防通道被占", "私家车长时间停在消防通道", "complaint", "critical"),
    story("130901", "表扬网格员", "网格员帮助独居老人联系维修，表示感谢", "praise", "normal"),
    story("110201", "停电咨询", "家中突然停电，咨询恢复时间", "help", "urgent"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_belongs_to_the_example_classification() {
        let classification = include_str!("../../../../data/taxonomies/haimen_example.csv");
        for story in &STORIES {
            let row = format!("{},", story.category_code);
            assert!(classification.lines().any(|line| line.starts_with(&row)), "{}", story.title);
        }
    }

    #[test]
    fn a_usual_life_follows_the_table_of_states() {
        let mut state = "registered";
        for _ in 0..10 {
            let allowed: Vec<&str> = cim_model::case_events_from(state).collect();
            let Some(event) = USUAL_EVENTS.iter().find(|event| allowed.contains(event)) else { break };
            state = cim_model::case_state_after(state, event).unwrap();
        }
        assert_eq!(state, "closed");
    }
}
