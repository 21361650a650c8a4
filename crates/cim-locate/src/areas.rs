//! Towns, villages and the other units a text may name.

use cim_crs::LonLat;

/// One unit.
#[derive(Debug)]
pub(crate) struct Area {
    pub(crate) rank: AreaRank,
    /// None for a town that only the addresses name.
    pub(crate) code: Option<Box<str>>,
    pub(crate) shown: Box<str>,
    pub(crate) parent: Option<u32>,
    /// The name by which addresses know it.
    pub(crate) row_name: Option<u32>,
    pub(crate) at: LonLat,
    pub(crate) radius_m: f64,
}

/// How high it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AreaRank {
    District,
    Town,
    Village,
    /// Below a village: a grid.
    Grid,
}

/// The names by which a unit with an official name is known.
pub(crate) fn short_names(official: &str) -> Vec<&str> {
    let mut names = vec![official];
    let mut short = official;
    for prefix in ["江苏省国营", "南通市海门区", "南通市海门市", "海门区", "海门市"] {
        if let Some(rest) = short.strip_prefix(prefix).filter(|rest| rest.chars().count() > 1) {
            short = rest;
            names.push(short);
        }
    }
    if let Some((before, inside)) = short.split_once(['（', '(']) {
        names.extend([before, inside.trim_end_matches(['）', ')'])]);
        short = before;
    }
    for suffix in ["村民委员会", "居民委员会", "村委会", "居委会", "虚拟生活区", "管理委员会"]
    {
        if let Some(rest) = short.strip_suffix(suffix).filter(|rest| rest.chars().count() > 1) {
            short = rest;
            names.push(short);
        }
    }
    for suffix in ["社区", "街道", "村", "镇", "乡"] {
        if let Some(rest) = short.strip_suffix(suffix).filter(|rest| rest.chars().count() > 1) {
            names.push(rest);
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_by_its_short_names() {
        assert_eq!(short_names("颐生村村委会"), ["颐生村村委会", "颐生村", "颐生"]);
        assert_eq!(short_names("常乐镇"), ["常乐镇", "常乐"]);
        assert_eq!(
            short_names("三星镇（叠石桥家纺产业园区）"),
            ["三星镇（叠石桥家纺产业园区）", "三星镇", "叠石桥家纺产业园区", "三星"]
        );
        assert_eq!(short_names("南通市海门区农科所"), ["南通市海门区农科所", "农科所"]);
    }
}
