//! What a gazetteer is made of: plain entries, as the records of the collections hold them.

use cim_crs::LonLat;
use cim_model::Collection;

/// A standard address. Parts that are not known stay `None`; an address of nothing but a text and a point is read as
/// a person would read it.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressEntry<'a> {
    /// Its code.
    pub code: &'a str,
    /// The whole text, from the province or district down.
    pub full_text: &'a str,
    /// 镇街
    pub town_name: Option<&'a str>,
    /// 村社区
    pub village_name: Option<&'a str>,
    /// 道路
    pub road_name: Option<&'a str>,
    /// 村民组, such as `12组`
    pub group_name: Option<&'a str>,
    /// 门牌号, such as `35号`
    pub number: Option<&'a str>,
    /// 小区 or another walled place with a name
    pub estate_name: Option<&'a str>,
    /// 楼幢号, such as `3幢`
    pub building_no: Option<&'a str>,
    /// 单元, such as `2单元`
    pub unit_no: Option<&'a str>,
    /// The building it leads into.
    pub building_code: Option<&'a str>,
    /// Other texts for the same place.
    pub aliases: Vec<&'a str>,
    /// Where the door is.
    pub at: LonLat,
}

/// A road or a piece of one: many pieces may have one name.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadEntry<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name; a road without one is not kept.
    pub name: &'a str,
    /// Its lines.
    pub lines: Vec<Vec<LonLat>>,
}

/// A river, canal, lake or a piece of one.
#[derive(Debug, Clone, PartialEq)]
pub struct WaterEntry<'a> {
    /// Its name; a water without one is not kept.
    pub name: &'a str,
    /// Its lines, or the rings of its areas.
    pub lines_or_rings: Vec<Vec<LonLat>>,
}

/// A place with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceEntry<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// `town`, `village`, `hamlet`, `estate`, `poi` and so on, as in the collection.
    pub kind: &'a str,
    /// Where it is.
    pub at: LonLat,
}

/// A school, hospital, works, hydrant and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPlaceEntry<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// As in the collection.
    pub kind: &'a str,
    /// Where it is.
    pub at: LonLat,
}

/// A unit of the coverage: the district, a town, a village or a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitEntry<'a> {
    /// Its level.
    pub level: Collection,
    /// Its code.
    pub code: &'a str,
    /// Its name, official or short: `颐生村村委会` is also known as `颐生村`.
    pub name: &'a str,
    /// Old names, names of units merged into it, short names.
    pub aliases: Vec<&'a str>,
    /// The unit it lies in.
    pub parent_code: Option<&'a str>,
    /// A point in it, best the middle of where people live.
    pub at: LonLat,
    /// How far from that point it reaches.
    pub radius_m: f64,
}
