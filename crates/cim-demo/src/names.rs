//! Invented names of estates, works, schools and people.

use crate::dice::Dice;
use crate::mesh::Plot;

const ESTATE_FIRST: &[&str] = &[
    "东洲", "海兴", "謇园", "江海", "春晖", "金色", "阳光", "锦绣", "翡翠", "碧水", "香榭", "紫荆", "怡和",
    "嘉禾", "星河", "云锦", "望江", "听涛", "澜湾", "文峰", "状元", "瑞丰", "天和", "南苑", "北辰", "东方",
    "西湖", "明珠", "世纪", "时代", "龙信", "宏伟", "凤凰", "桂花", "玉兰", "梧桐", "银杏", "海棠", "青年",
    "育才", "长江", "新城", "中央", "江南", "御景", "丽都", "清华", "同德", "永兴", "富丽", "吉祥", "如意",
    "幸福", "光明", "和平", "民生", "日新", "复兴", "团结", "建设",
];
const ESTATE_SLABS: &[&str] =
    &["新村", "小区", "花园", "家园", "苑", "佳苑", "名苑", "华庭", "雅居", "公寓", "人家", "社区"];
const ESTATE_TOWERS: &[&str] =
    &["府", "公馆", "国际", "天境", "华府", "雅苑", "名邸", "一品", "豪庭", "壹号院", "臻园", "城"];
const WORKS_FIRST: &[&str] = &[
    "海源", "东润", "恒达", "金鼎", "华纺", "锦织", "通海", "瑞成", "宏泰", "亿丰", "中岳", "新锐", "江鸿",
    "海科", "永创", "德昌", "万顺", "启源", "嘉盛", "百川", "卓远", "安邦", "天工", "鼎信", "联众", "同泰",
    "晟业", "泰和", "聚能", "三益",
];
const WORKS_LAST: &[&str] = &[
    "家纺有限公司",
    "纺织有限公司",
    "机械制造厂",
    "电子科技有限公司",
    "建材有限公司",
    "物流园",
    "五金厂",
    "塑业有限公司",
    "船舶配件厂",
    "新材料有限公司",
    "包装有限公司",
    "食品有限公司",
    "汽车零部件厂",
    "仓储中心",
    "服饰有限公司",
];
const FAMILY: &[&str] = &[
    "张", "王", "陈", "李", "黄", "陆", "沈", "施", "徐", "顾", "朱", "周", "吴", "倪", "姜", "袁", "宋",
    "龚", "郁", "俞", "汤", "秦", "蔡", "杨", "季",
];

/// The name of a compound, plainly invented.
pub(crate) fn compound_name(plot: Plot, village: &str, seed: u64, block: u32) -> String {
    let mut dice = Dice::of(seed, "name", u64::from(block));
    match plot {
        Plot::Slabs | Plot::Shops => {
            let phase =
                if dice.chance(0.22) { *dice.pick(&["东区", "西区", "二期", "三期"]) } else { "" };
            format!("{}{}{phase}", dice.pick(ESTATE_FIRST), dice.pick(ESTATE_SLABS))
        }
        Plot::Towers => format!("{}{}", dice.pick(ESTATE_FIRST), dice.pick(ESTATE_TOWERS)),
        Plot::Halls => format!("{}{}", dice.pick(WORKS_FIRST), dice.pick(WORKS_LAST)),
        Plot::Port => format!("{}码头", village.trim_end_matches('村')),
        Plot::Offices => {
            format!("{}{}", dice.pick(ESTATE_FIRST), dice.pick(&["大厦", "商务中心", "广场", "综合楼"]))
        }
        Plot::School => {
            let place = village.trim_end_matches(['村', '街', '路']).trim_end_matches("社区");
            format!("{place}{}", dice.pick(&["小学", "初级中学", "幼儿园", "实验学校", "中心小学"]))
        }
        Plot::Hospital => format!(
            "{}{}",
            village.trim_end_matches("社区"),
            dice.pick(&["卫生院", "医院", "社区卫生服务中心"])
        ),
        Plot::Market => {
            format!("{}{}", village.trim_end_matches("社区"), dice.pick(&["农贸市场", "菜市场", "综合市场"]))
        }
        Plot::Park => format!("{}公园", dice.pick(ESTATE_FIRST)),
        _ => String::new(),
    }
}

/// A masked person, such as 张*.
pub(crate) fn masked_person(dice: &mut Dice) -> String {
    format!("{}*{}", dice.pick(FAMILY), if dice.chance(0.55) { "*" } else { "" })
}

/// A masked phone number from a range that is not assigned to anyone.
pub(crate) fn masked_phone(dice: &mut Dice) -> String {
    format!("100****{:04}", dice.below(10_000))
}
