//! The example classification and the departments with their rules.

use std::collections::BTreeMap;

const EXAMPLE: &str = include_str!("../../../data/taxonomies/haimen_example.csv");

/// One class.
pub(crate) struct Category {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) level: &'static str,
    pub(crate) parent: &'static str,
    pub(crate) tree: &'static str,
    pub(crate) exclusive_kinds: &'static str,
}

/// All classes, parents first.
pub(crate) fn categories() -> Vec<Category> {
    EXAMPLE
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut cells = row.split(',');
            Some(Category {
                code: cells.next()?,
                name: cells.next()?,
                level: cells.next()?,
                parent: cells.next()?,
                tree: cells.next()?,
                exclusive_kinds: cells.next().unwrap_or(""),
            })
        })
        .collect()
}

/// The small classes of every middle class.
pub(crate) fn small_classes() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut small: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for category in categories().into_iter().filter(|category| category.level == "3") {
        small.entry(category.parent).or_default().push(category.code);
    }
    small
}

/// Code, name, short name and kind of the fourteen departments.
pub(crate) const DEPARTMENTS: [(&str, &str, &str, &str); 14] = [
    ("D01", "区城市管理局", "城管局", "urban_management"),
    ("D02", "区住房和城乡建设局", "住建局", "housing"),
    ("D03", "区交通运输局", "交通局", "transport"),
    ("D04", "公安分局", "公安", "police"),
    ("D05", "生态环境局", "生态环境局", "ecology"),
    ("D06", "区市场监督管理局", "市场监管局", "market"),
    ("D07", "区人力资源和社会保障局", "人社局", "labour"),
    ("D08", "区卫生健康委员会", "卫健委", "health"),
    ("D09", "区教育体育局", "教体局", "education"),
    ("D10", "区农业农村局", "农业农村局", "agriculture"),
    ("D11", "区水利局", "水利局", "water"),
    ("D12", "区民政局", "民政局", "civil_affairs"),
    ("D13", "区行政审批局", "审批局", "administration"),
    ("D14", "区应急管理局", "应急局", "emergency"),
];

/// An example rule: class, exclusive kind, key place kind, hours, lead, assistants, priority.
pub(crate) struct Rule {
    pub(crate) class: &'static str,
    pub(crate) exclusive_kind: &'static str,
    pub(crate) key_place_kind: &'static str,
    pub(crate) hours: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) assist: &'static [&'static str],
    pub(crate) priority: u32,
}

const fn rule(
    class: &'static str,
    lead: &'static str,
    assist: &'static [&'static str],
    priority: u32,
) -> Rule {
    Rule { class, exclusive_kind: "", key_place_kind: "", hours: "", lead, assist, priority }
}

/// The rules, general ones first.
pub(crate) static RULES: &[Rule] = &[
    rule("01", "D01", &[], 10),
    rule("02", "D02", &[], 10),
    rule("03", "D03", &[], 10),
    rule("04", "D04", &[], 10),
    rule("05", "D05", &[], 10),
    rule("06", "D06", &[], 10),
    rule("07", "D07", &[], 10),
    rule("08", "D08", &[], 10),
    rule("09", "D09", &[], 10),
    rule("10", "D10", &[], 10),
    rule("11", "D02", &[], 10),
    rule("12", "D12", &[], 10),
    rule("13", "D13", &[], 10),
    rule("0103", "D01", &["D02"], 20),
    rule("0106", "D01", &["D05", "D06"], 20),
    rule("0107", "D01", &["D03", "D04"], 20),
    rule("0109", "D01", &["D04"], 20),
    rule("0112", "D04", &["D01"], 20),
    rule("0201", "D02", &["D01"], 20),
    rule("0208", "D02", &["D01", "D05"], 20),
    rule("0210", "D02", &["D14"], 20),
    rule("0302", "D03", &["D02"], 20),
    rule("0305", "D03", &["D04"], 20),
    rule("0404", "D04", &["D01", "D05"], 20),
    rule("0406", "D14", &["D04", "D02"], 20),
    rule("0407", "D04", &["D14", "D02"], 20),
    rule("0502", "D05", &["D11"], 20),
    rule("0505", "D01", &["D02", "D05"], 20),
    rule("0508", "D05", &["D10", "D14"], 20),
    rule("0602", "D06", &["D08"], 20),
    rule("0606", "D06", &["D02"], 20),
    rule("0702", "D07", &["D02"], 20),
    rule("0904", "D09", &["D04"], 20),
    rule("1004", "D11", &["D10"], 20),
    rule("1006", "D11", &["D10", "D05"], 20),
    rule("1007", "D10", &["D05"], 20),
    rule("1008", "D03", &["D10"], 20),
    rule("1101", "D11", &["D02"], 20),
    rule("1106", "D11", &["D02", "D01"], 20),
    rule("1108", "D02", &["D14"], 20),
    Rule {
        class: "0404",
        exclusive_kind: "",
        key_place_kind: "",
        hours: "22:00-06:00",
        lead: "D04",
        assist: &["D01"],
        priority: 30,
    },
    Rule {
        class: "0208",
        exclusive_kind: "",
        key_place_kind: "construction_site",
        hours: "22:00-06:00",
        lead: "D01",
        assist: &["D02", "D04"],
        priority: 30,
    },
    Rule {
        class: "01",
        exclusive_kind: "market",
        key_place_kind: "",
        hours: "",
        lead: "D06",
        assist: &["D01"],
        priority: 40,
    },
    Rule {
        class: "04",
        exclusive_kind: "school",
        key_place_kind: "",
        hours: "",
        lead: "D04",
        assist: &["D09"],
        priority: 40,
    },
    Rule {
        class: "06",
        exclusive_kind: "school",
        key_place_kind: "",
        hours: "",
        lead: "D06",
        assist: &["D09"],
        priority: 40,
    },
    Rule {
        class: "06",
        exclusive_kind: "hospital",
        key_place_kind: "",
        hours: "",
        lead: "D06",
        assist: &["D08"],
        priority: 40,
    },
    Rule {
        class: "05",
        exclusive_kind: "park",
        key_place_kind: "",
        hours: "",
        lead: "D05",
        assist: &["D14"],
        priority: 40,
    },
    Rule {
        class: "0406",
        exclusive_kind: "park",
        key_place_kind: "",
        hours: "",
        lead: "D14",
        assist: &["D04"],
        priority: 40,
    },
    Rule {
        class: "05",
        exclusive_kind: "",
        key_place_kind: "hazard_plant",
        hours: "",
        lead: "D05",
        assist: &["D14"],
        priority: 50,
    },
    Rule {
        class: "0406",
        exclusive_kind: "",
        key_place_kind: "hazard_plant",
        hours: "",
        lead: "D14",
        assist: &["D04", "D05"],
        priority: 50,
    },
];

/// The lead department of a class by the general rules.
pub(crate) fn lead_of(class: &str) -> &'static str {
    RULES
        .iter()
        .filter(|rule| {
            class.starts_with(rule.class)
                && rule.exclusive_kind.is_empty()
                && rule.key_place_kind.is_empty()
                && rule.hours.is_empty()
        })
        .max_by_key(|rule| rule.priority)
        .map_or("D13", |rule| rule.lead)
}
