//! The towns and villages of 2023 with their codes, and where some of them are known to lie.

use crate::plane::P;

const TOWNS: &str = include_str!("../../../data/division-codes/haimen_320614_towns_2023.csv");
const VILLAGES: &str = include_str!("../../../data/division-codes/haimen_320614_villages_2023.csv");
const PLACES: &str = include_str!("../../../data/haimen/places.csv");

/// What sort of town-level unit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TownKind {
    Town,
    Zone,
    Farm,
    Enclave,
}

impl TownKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::Zone => "zone",
            Self::Farm => "farm",
            Self::Enclave => "enclave",
        }
    }
}

/// What sort of village-level unit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VillageKind {
    Community,
    Village,
    Virtual,
}

impl VillageKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::Village => "village",
            Self::Virtual => "virtual",
        }
    }
}

/// A town-level unit.
#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) short: String,
    pub(crate) kind: TownKind,
    /// Wanted land in square kilometres.
    pub(crate) quota_km2: f64,
    pub(crate) anchors: Vec<P>,
    pub(crate) villages: Vec<u16>,
}

/// A village-level unit.
#[derive(Clone, Debug)]
pub(crate) struct Village {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) short: String,
    pub(crate) kind: VillageKind,
    pub(crate) town: u16,
    pub(crate) known: Option<P>,
}

/// Both levels.
pub(crate) struct Divisions {
    pub(crate) towns: Vec<Town>,
    pub(crate) villages: Vec<Village>,
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).filter(|row| !row.trim().is_empty()).map(|row| row.trim().split(',').collect())
}

/// Kind, quota in square kilometres and an invented anchor where no real one is known.
fn town_facts(code: &str) -> (TownKind, f64, &'static str, &'static [(f64, f64)]) {
    use TownKind::{Enclave, Farm, Town, Zone};
    match code {
        "320614102" => (Town, 12.0, "海永镇", &[(121.427, 31.790)]),
        "320614103" => (Town, 104.0, "常乐镇", &[(121.247, 31.934), (121.29, 31.945)]),
        "320614104" => (Town, 118.0, "悦来镇", &[(121.431, 31.940), (121.40, 31.96)]),
        "320614105" => (Town, 112.0, "四甲镇", &[(121.269, 32.011)]),
        "320614106" => (Town, 78.0, "余东镇", &[(121.355, 32.016)]),
        "320614107" => (Town, 80.0, "正余镇", &[(121.364, 32.064), (121.312, 32.085)]),
        "320614400" => (Zone, 226.0, "海门经开区", &[(121.165, 31.893), (121.12, 31.87), (121.15, 31.92)]),
        "320614401" => (Farm, 2.2, "永隆沙农场", &[(121.452, 31.848)]),
        "320614403" => (Farm, 2.0, "大东农场", &[(121.511, 32.066)]),
        "320614404" => (Enclave, 0.7, "畜禽良种场", &[(121.222, 31.972)]),
        "320614405" => (Enclave, 0.7, "种羊场", &[(121.305, 32.040)]),
        "320614406" => (Enclave, 1.2, "包场渔场", &[(121.512, 32.112)]),
        "320614407" => (Enclave, 1.3, "长江芦荡养殖场", &[(121.070, 31.799)]),
        "320614408" => (Enclave, 1.0, "沿江渔场", &[(121.318, 31.884)]),
        "320614409" => (Enclave, 0.6, "三厂苗圃", &[(121.325, 31.981)]),
        "320614410" => (Enclave, 0.6, "农科所", &[(121.1105, 31.900)]),
        "320614412" => (Enclave, 0.8, "芦荡管理所", &[(121.186, 31.856)]),
        "320614413" => (Farm, 13.0, "江心沙农场", &[(121.091, 31.810)]),
        "320614414" => (Zone, 66.0, "临江新区", &[(121.406, 31.867), (121.37, 31.885)]),
        "320614415" => (
            Zone,
            168.0,
            "海门港新区",
            &[(121.456, 32.104), (121.425, 32.056), (121.49, 32.05), (121.48, 31.99)],
        ),
        "320614416" => (Town, 92.0, "三星镇", &[(121.106, 31.974), (121.15, 31.966)]),
        _ => (Zone, 52.0, "三厂工业园区", &[(121.227, 31.901), (121.27, 31.893)]),
    }
}

fn short_village(name: &str) -> String {
    let mut short = name;
    for prefix in ["南通市海门区", "江苏省国营", "海门市"] {
        short = short.strip_prefix(prefix).unwrap_or(short);
    }
    for suffix in ["村委会", "居委会", "虚拟生活区"] {
        short = short.strip_suffix(suffix).unwrap_or(short);
    }
    short.to_owned()
}

/// Reads the lists.
pub(crate) fn divisions() -> Divisions {
    let places: Vec<(&str, P)> = rows(PLACES)
        .filter_map(|row| Some((row[0], P::at(row.get(2)?.parse().ok()?, row.get(3)?.parse().ok()?))))
        .collect();
    let mut towns: Vec<Town> = rows(TOWNS)
        .map(|row| {
            let (kind, quota_km2, short, anchors) = town_facts(row[0]);
            Town {
                code: row[0].to_owned(),
                name: row[1].to_owned(),
                short: short.to_owned(),
                kind,
                quota_km2,
                anchors: anchors.iter().map(|&(lon, lat)| P::at(lon, lat)).collect(),
                villages: Vec::new(),
            }
        })
        .collect();
    let mut villages = Vec::new();
    for row in rows(VILLAGES) {
        let Some(town) = towns.iter().position(|town| town.code == row[2]) else { continue };
        let known = places.iter().find(|(name, _)| *name == row[1]).map(|&(_, at)| at);
        let class: u32 = row[0].get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        let kind = match class {
            598 => VillageKind::Virtual,
            0..200 | 400..598 => VillageKind::Community,
            _ => VillageKind::Village,
        };
        towns[town].villages.push(villages.len() as u16);
        villages.push(Village {
            code: row[0].to_owned(),
            name: row[1].to_owned(),
            short: short_village(row[1]),
            kind,
            town: town as u16,
            known,
        });
    }
    Divisions { towns, villages }
}
