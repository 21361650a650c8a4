//! Which tiles: zooms and a box, as they are typed.

use std::fmt;
use std::str::FromStr;

/// Zooms from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zooms {
    pub(crate) first: u8,
    pub(crate) last: u8,
}

/// West, south, east, north in degrees, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bbox(pub(crate) [f64; 4]);

impl Zooms {
    /// The zooms that lie in both; none when there are none.
    pub(crate) fn within(self, other: Self) -> Option<Self> {
        let both = Self { first: self.first.max(other.first), last: self.last.min(other.last) };
        (both.first <= both.last).then_some(both)
    }
}

impl FromStr for Zooms {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (first.trim().parse(), last.trim().parse()) {
            (Ok(first), Ok(last)) if first <= last => Ok(Self { first, last }),
            _ => Err("write FIRST-LAST, for example 0-14, or one zoom".to_owned()),
        }
    }
}

impl fmt::Display for Zooms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

impl Bbox {
    /// The part of a box that lies in this one as well.
    pub(crate) fn part_of(self, [west, south, east, north]: [f64; 4]) -> [f64; 4] {
        let [our_west, our_south, our_east, our_north] = self.0;
        [west.max(our_west), south.max(our_south), east.min(our_east), north.min(our_north)]
    }
}

impl FromStr for Bbox {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<f64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        match numbers.ok().and_then(|numbers| <[f64; 4]>::try_from(numbers).ok()) {
            Some(bbox @ [west, south, east, north])
                if (-180.0..=180.0).contains(&west)
                    && (west..=180.0).contains(&east)
                    && (-90.0..=90.0).contains(&south)
                    && (south..=90.0).contains(&north) =>
            {
                Ok(Self(bbox))
            }
            _ => Err("write west,south,east,north in degrees, for example 121.1,31.8,121.3,32.0".to_owned()),
        }
    }
}

impl fmt::Display for Bbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [west, south, east, north] = self.0;
        write!(f, "{west},{south},{east},{north}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms_are_a_range_or_one() {
        assert_eq!("3-14".parse(), Ok(Zooms { first: 3, last: 14 }));
        assert_eq!("7".parse(), Ok(Zooms { first: 7, last: 7 }));
        for bad in ["", "-", "14-3", "a-b", "3-", "-3", "3-999", "1-2-3"] {
            assert!(bad.parse::<Zooms>().is_err(), "{bad}");
        }
        let zooms = Zooms { first: 0, last: 14 };
        assert_eq!(zooms.within(Zooms { first: 13, last: 17 }), Some(Zooms { first: 13, last: 14 }));
        assert_eq!(zooms.within(Zooms { first: 15, last: 17 }), None);
    }

    #[test]
    fn a_box_is_four_degrees_in_order() {
        assert_eq!("121.1, 31.8,121.3,32".parse(), Ok(Bbox([121.1, 31.8, 121.3, 32.0])));
        for bad in ["", "1,2,3", "1,2,3,4,5", "x,2,3,4", "3,0,1,4", "0,4,1,2", "0,0,181,1", "nan,0,1,1"] {
            assert!(bad.parse::<Bbox>().is_err(), "{bad}");
        }
        let part = Bbox([0.0, 0.0, 2.0, 2.0]).part_of([1.0, -1.0, 3.0, 1.5]);
        assert_eq!(format!("{part:?}"), "[1.0, 0.0, 2.0, 1.5]");
    }
}
