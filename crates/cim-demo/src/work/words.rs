//! How people write places and complaints.

use super::scenes::Spot;
use crate::cameras::bearing_deg;
use crate::dice::Dice;
use crate::mesh::Plot;
use crate::model::Model;
use crate::plane::P;
use crate::topics::Topic;

/// A written place and the point that is meant.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) at: P,
    pub(super) method: &'static str,
    pub(super) accuracy_m: u32,
}

const VAGUE: &[&str] = &[
    "镇上菜市场旁边",
    "村里主路边",
    "家门口那条河",
    "学校后面",
    "老街拐弯的地方",
    "大桥下面",
    "工业园区附近",
    "医院对面",
    "小区门口",
    "村委会往东一点",
];

/// Writes a place the way people do; 12 of 100 vaguely, 3 of 100 wrongly.
pub(super) fn write_place(model: &Model, spot: Spot, dice: &mut Dice) -> Written {
    let (at, village, exact) = match spot {
        Spot::House(index) => {
            let house = &model.stock[index as usize];
            let front = house.rect.point(dice.between(-0.9, 0.9), -1.0)
                - house.rect.axis.left() * dice.between(0.5, 4.0);
            (front, model.village_of(house.face), house_words(model, index, dice))
        }
        Spot::Line(place) => {
            let shift = P { x: dice.bell() * 6.0, y: dice.bell() * 6.0 };
            (place.at + shift, place.village, line_words(model, place, dice))
        }
    };
    let unit = &model.divisions.villages[village as usize];
    let roll = dice.unit();
    if roll < 0.12 {
        let vague = P { x: at.x + dice.bell() * 90.0, y: at.y + dice.bell() * 90.0 };
        let text = if dice.chance(0.5) {
            format!("{}{}", unit.short, dice.pick(VAGUE))
        } else {
            (*dice.pick(VAGUE)).to_owned()
        };
        return Written { text, at: vague, method: "grid_only", accuracy_m: 300 + dice.below(500) as u32 };
    }
    if roll < 0.15 {
        let other = dice.pick(&model.divisions.villages);
        return Written { text: format!("{}{}", other.short, exact), at, method: "map_pick", accuracy_m: 60 };
    }
    let (method, accuracy_m) = match dice.unit() {
        ..0.42 => ("address_match", 15 + dice.below(40) as u32),
        ..0.66 => ("map_pick", 20 + dice.below(30) as u32),
        ..0.88 => ("gps", 5 + dice.below(25) as u32),
        _ => ("source", 30 + dice.below(50) as u32),
    };
    let spread = f64::from(accuracy_m) * 0.12;
    let at = P { x: at.x + dice.bell() * spread, y: at.y + dice.bell() * spread };
    Written { text: exact, at, method, accuracy_m }
}

fn house_words(model: &Model, index: u32, dice: &mut Dice) -> String {
    let house = &model.stock[index as usize];
    let unit = &model.divisions.villages[model.village_of(house.face) as usize];
    let town = &model.divisions.towns[unit.town as usize].short;
    if let Some(compound) = model.compounds.get(&house.compound) {
        let is_estate = matches!(compound.plot, Plot::Slabs | Plot::Towers | Plot::Shops);
        if !is_estate {
            return format!("{}{}", compound.name, dice.pick(&["", "门口", "内", "东侧", "北门"]));
        }
        return match dice.below(5) {
            0 => format!("{}{}号楼{}单元", compound.name, house.number, 1 + dice.below(4)),
            1 => format!(
                "{}{}幢{}0{}室附近",
                compound.name,
                house.number,
                1 + dice.below(6),
                1 + dice.below(4)
            ),
            2 => format!("{}{}", compound.name, dice.pick(&["东门", "南门口", "北门", "地下车库", "小区内"])),
            3 => format!("{town}{}{}号楼楼下", compound.name, house.number),
            _ => format!("{}{}号楼", compound.name, house.number),
        };
    }
    let road = model.road_name(house);
    let group = model.group_number(house.face);
    match (road.is_empty(), dice.below(3)) {
        (true, 0) => format!("{town}{}{group}组{}号", unit.short, house.number),
        (true, 1) => format!("{}{group}组", unit.short),
        (true, _) => format!("{}{group}组{}号门前", unit.short, house.number),
        (false, 0) => format!("{town}{road}{}号", u32::from(house.number) + group * 4),
        (false, 1) => format!("{road}{}号旁", u32::from(house.number) + group * 4),
        (false, _) => format!("{}{road}{}号", unit.short, u32::from(house.number) + group * 4),
    }
}

fn line_words(model: &Model, place: super::scenes::OnLine, dice: &mut Dice) -> String {
    let unit = &model.divisions.villages[place.village as usize];
    let line = &model.network.lines[place.line as usize];
    let other = &model.network.lines[place.other as usize].name;
    if line.name.is_empty() {
        let thing = if line.class.is_water() { "河沟" } else { "村道" };
        return format!("{}{thing}{}", unit.short, dice.pick(&["旁", "东头", "西头", "中段"]));
    }
    if line.class.is_water() {
        return format!("{}{}段", line.name, unit.short);
    }
    if other.is_empty() || *other == line.name || dice.chance(0.3) {
        return format!("{}{}", line.name, dice.pick(&["路边", "北侧人行道", "公交站旁", "桥头", "中段"]));
    }
    let way = ["北", "东", "南", "西"][(bearing_deg(place.at) / 90.0) as usize % 4];
    match dice.below(3) {
        0 => format!("{}与{other}交叉口", line.name),
        1 => format!("{}与{other}交叉口{way}{}米", line.name, 50 * (1 + dice.below(8))),
        _ => format!("{}{other}路口{way}侧", line.name),
    }
}

/// The whole text of a case.
pub(super) fn write_content(topic: &Topic, place: &str, dice: &mut Dice) -> String {
    const OPENINGS: &[&str] =
        &["来电人反映，", "市民反映：", "来电人称，", "网友留言反映，", "居民来电：", ""];
    const TIMES: &[&str] =
        &["", "近一周以来", "近期", "昨晚", "今天早上", "已持续一个多月", "多次反映未果，", "每天"];
    let text = dice.pick(topic.texts);
    if place.is_empty() {
        return format!("{}{text}。{}。", dice.pick(OPENINGS), topic.wish);
    }
    format!("{}{}{place}{text}，{}。", dice.pick(OPENINGS), dice.pick(TIMES), topic.wish)
}
