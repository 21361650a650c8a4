//! What `locate` answers.

use cim_crs::LonLat;

/// A place that the text may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Where it is.
    pub at: LonLat,
    /// What it is called.
    pub name: String,
    /// How far down the text was understood.
    pub match_level: MatchLevel,
    /// In nine cases of ten the place that was meant lies within this distance. Where the text fits several places
    /// equally well, it reaches to them.
    pub accuracy_m: f64,
    /// 0 to 1: how much of the text is explained, and how surely.
    pub score: f64,
    /// The parts of the text that were understood, in order.
    pub parts: Vec<MatchedPart>,
    /// The address, when it is one.
    pub address_code: Option<String>,
    /// The building, when it is in one.
    pub building_code: Option<String>,
    /// The smallest unit known to hold it.
    pub unit_code: Option<String>,
}

/// How far down a text was understood, the most exact first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchLevel {
    /// A stair of a building, or a room in it.
    Unit,
    /// A building of an estate.
    Building,
    /// A door with a number.
    Number,
    /// Where two roads or a road and a water meet, or a point some way from there.
    Crossing,
    /// A place described from others: a stretch of a road, some metres from a door, between two places.
    RoadSide,
    /// A place with a name: a school, works, a hydrant.
    Place,
    /// An estate or another walled place.
    Estate,
    /// A village group.
    Group,
    /// A road or water, or its part in a unit.
    Road,
    /// A village or community.
    Village,
    /// A town.
    Town,
    /// The district.
    District,
}

impl MatchLevel {
    /// The word for it in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Building => "building",
            Self::Number => "number",
            Self::Crossing => "crossing",
            Self::RoadSide => "road_side",
            Self::Place => "place",
            Self::Estate => "estate",
            Self::Group => "group",
            Self::Road => "road",
            Self::Village => "village",
            Self::Town => "town",
            Self::District => "district",
        }
    }

    /// Whether it is a door or a building and not just somewhere near.
    #[must_use]
    pub fn is_door(self) -> bool {
        matches!(self, Self::Unit | Self::Building | Self::Number)
    }
}

/// A part of the text that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedPart {
    /// What it is.
    pub kind: PartKind,
    /// As it was written.
    pub text: String,
    /// As it is known.
    pub matched: String,
    /// False where a typing error was forgiven.
    pub exact: bool,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartKind {
    /// Province, city or district.
    District,
    /// 镇街
    Town,
    /// 村社区
    Village,
    /// 村民组
    Group,
    /// 道路
    Road,
    /// 弄
    Lane,
    /// 门牌号
    Number,
    /// 小区
    Estate,
    /// 楼幢
    Building,
    /// 单元
    Unit,
    /// 楼层
    Floor,
    /// 室
    Room,
    /// A place with a name.
    Place,
    /// 河流
    Water,
    /// 交叉口, 之间
    Crossing,
    /// 北300米, 对面, 附近, 东南角
    Offset,
    /// A whole text known as it is.
    Address,
}

impl PartKind {
    /// The word for it in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Town => "town",
            Self::Village => "village",
            Self::Group => "group",
            Self::Road => "road",
            Self::Lane => "lane",
            Self::Number => "number",
            Self::Estate => "estate",
            Self::Building => "building",
            Self::Unit => "unit",
            Self::Floor => "floor",
            Self::Room => "room",
            Self::Place => "place",
            Self::Water => "water",
            Self::Crossing => "crossing",
            Self::Offset => "offset",
            Self::Address => "address",
        }
    }
}
