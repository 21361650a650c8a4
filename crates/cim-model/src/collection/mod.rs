//! The collections: every kind of thing the city knows, with its key and fields.

mod spec;

use std::fmt;
use std::str::FromStr;

/// A kind of thing the city knows. The names are also the OGC collection ids and the table names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Collection {
    /// 区
    District,
    /// 镇街
    Town,
    /// 村社区
    Village,
    /// 综合网格
    ComprehensiveGrid,
    /// 专属网格
    ExclusiveGrid,
    /// 微网格
    MicroGrid,
    /// 网格驿站
    GridStation,
    /// 联络群
    ContactGroup,
    /// 岗位
    Post,
    /// 任职
    PostHolder,
    /// 部门
    Department,
    /// 职责规则
    ResponsibilityRule,
    /// 诉求分类
    CaseCategory,
    /// 建筑
    Building,
    /// 标准地址
    Address,
    /// 道路
    Road,
    /// 水系
    Water,
    /// 地名
    Place,
    /// 重点场所
    KeyPlace,
    /// 视频点位
    Camera,
    /// 案件
    Case,
    /// 巡查
    Inspection,
    /// 巡查发现
    Finding,
}

/// What geometry a collection holds; `None` for collections without a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeometryKind {
    /// No geometry at all.
    None,
    /// One point.
    Point,
    /// A line or several.
    Line,
    /// An area or several.
    Polygon,
    /// Any of these.
    Any,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// A text.
    Text,
    /// A list of texts, `;` between them in files.
    Texts,
    /// A whole number.
    Int,
    /// A measured number.
    Float,
    /// True or false.
    Bool,
    /// An instant.
    Time,
    /// A calendar day.
    Date,
    /// One of a closed list of words.
    Code(&'static [&'static str]),
    /// The geometry, EPSG:4490.
    Geometry,
}

/// One field of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in packs, tables and answers.
    pub name: &'static str,
    /// What it holds.
    pub field_type: FieldType,
    /// Whether every record must have it.
    pub required: bool,
}

/// What a collection's records look like.
#[derive(Debug, PartialEq, Eq)]
pub struct CollectionSpec {
    /// Which collection.
    pub collection: Collection,
    /// What geometry its `geom` field holds.
    pub geometry: GeometryKind,
    /// The fields that together are the business key.
    pub key: &'static [&'static str],
    /// All fields, in the order of a record's values.
    pub fields: &'static [Field],
}

impl CollectionSpec {
    /// The place of a field in a record, if the collection has it.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

/// The name is not a collection's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown collection `{0}`: use one of {known}", known = known_names())]
pub struct UnknownCollection(pub String);

fn known_names() -> String {
    let names: Vec<&str> = Collection::ALL.iter().map(|collection| collection.name()).collect();
    names.join(", ")
}

impl Collection {
    /// Every collection, in loading order: what is referred to comes before what refers to it.
    pub const ALL: &'static [Self] = &[
        Self::District,
        Self::Town,
        Self::Village,
        Self::ComprehensiveGrid,
        Self::ExclusiveGrid,
        Self::MicroGrid,
        Self::GridStation,
        Self::ContactGroup,
        Self::Post,
        Self::PostHolder,
        Self::Department,
        Self::ResponsibilityRule,
        Self::CaseCategory,
        Self::Building,
        Self::Address,
        Self::Road,
        Self::Water,
        Self::Place,
        Self::KeyPlace,
        Self::Camera,
        Self::Case,
        Self::Inspection,
        Self::Finding,
    ];

    /// The levels of the coverage from the top down; an exclusive grid lies over them.
    pub const UNITS: &'static [Self] = &[
        Self::District,
        Self::Town,
        Self::Village,
        Self::ComprehensiveGrid,
        Self::ExclusiveGrid,
        Self::MicroGrid,
    ];

    /// Whether the collection is a level of the boundary coverage.
    #[must_use]
    pub fn is_unit(self) -> bool {
        Self::UNITS.contains(&self)
    }

    /// The field by which people name one of it: the case number, else the first field of the business key.
    #[must_use]
    pub fn id_field(self) -> &'static str {
        match self {
            Self::Case => "case_no",
            _ => self.spec().key.first().copied().unwrap_or("code"),
        }
    }

    /// Its name in packs, tables and addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Town => "town",
            Self::Village => "village",
            Self::ComprehensiveGrid => "comprehensive_grid",
            Self::ExclusiveGrid => "exclusive_grid",
            Self::MicroGrid => "micro_grid",
            Self::GridStation => "grid_station",
            Self::ContactGroup => "contact_group",
            Self::Post => "post",
            Self::PostHolder => "post_holder",
            Self::Department => "department",
            Self::ResponsibilityRule => "responsibility_rule",
            Self::CaseCategory => "case_category",
            Self::Building => "building",
            Self::Address => "address",
            Self::Road => "road",
            Self::Water => "water",
            Self::Place => "place",
            Self::KeyPlace => "key_place",
            Self::Camera => "camera",
            Self::Case => "case",
            Self::Inspection => "inspection",
            Self::Finding => "finding",
        }
    }

    /// Its fields and key.
    #[must_use]
    pub fn spec(self) -> &'static CollectionSpec {
        match self {
            Self::District => &spec::DISTRICT,
            Self::Town => &spec::TOWN,
            Self::Village => &spec::VILLAGE,
            Self::ComprehensiveGrid => &spec::COMPREHENSIVE_GRID,
            Self::ExclusiveGrid => &spec::EXCLUSIVE_GRID,
            Self::MicroGrid => &spec::MICRO_GRID,
            Self::GridStation => &spec::GRID_STATION,
            Self::ContactGroup => &spec::CONTACT_GROUP,
            Self::Post => &spec::POST,
            Self::PostHolder => &spec::POST_HOLDER,
            Self::Department => &spec::DEPARTMENT,
            Self::ResponsibilityRule => &spec::RESPONSIBILITY_RULE,
            Self::CaseCategory => &spec::CASE_CATEGORY,
            Self::Building => &spec::BUILDING,
            Self::Address => &spec::ADDRESS,
            Self::Road => &spec::ROAD,
            Self::Water => &spec::WATER,
            Self::Place => &spec::PLACE,
            Self::KeyPlace => &spec::KEY_PLACE,
            Self::Camera => &spec::CAMERA,
            Self::Case => &spec::CASE,
            Self::Inspection => &spec::INSPECTION,
            Self::Finding => &spec::FINDING,
        }
    }
}

impl FromStr for Collection {
    type Err = UnknownCollection;

    fn from_str(name: &str) -> Result<Self, UnknownCollection> {
        Self::ALL
            .iter()
            .copied()
            .find(|collection| collection.name() == name)
            .ok_or_else(|| UnknownCollection(name.to_owned()))
    }
}

impl fmt::Display for Collection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_is_found_by_its_name() {
        for collection in Collection::ALL {
            assert_eq!(collection.name().parse(), Ok(*collection));
        }
    }

    #[test]
    fn every_key_field_is_a_required_field() {
        for spec in Collection::ALL.iter().map(|collection| collection.spec()) {
            for key in spec.key {
                let position = spec.position(key).expect("the key is a field");
                assert!(spec.fields[position].required, "{}.{key}", spec.collection);
            }
        }
    }

    #[test]
    fn a_collection_has_a_geom_field_exactly_when_it_has_geometry() {
        for spec in Collection::ALL.iter().map(|collection| collection.spec()) {
            assert_eq!(
                spec.position("geom").is_some(),
                spec.geometry != GeometryKind::None,
                "{}",
                spec.collection
            );
        }
    }
}
