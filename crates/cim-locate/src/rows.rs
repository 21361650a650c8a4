//! The addresses in columns.

use cim_crs::LonLat;

use crate::names::NameId;

/// No area or name.
pub(crate) const NONE: u32 = u32::MAX;

/// Texts one behind the other.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
    }

    /// A text; empty when there is none.
    pub(crate) fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let from =
            index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |&end| end as usize);
        let to = self.ends.get(index).map_or(from, |&end| end as usize);
        self.bytes.get(from..to).unwrap_or("")
    }

    pub(crate) fn close(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// The columns.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) full_text: Texts,
    pub(crate) code: Texts,
    pub(crate) building_code: Texts,
    pub(crate) at: Vec<LonLat>,
    /// The name of the town, then its area.
    pub(crate) town: Vec<NameId>,
    /// The name of the village, then its area.
    pub(crate) village: Vec<NameId>,
}

impl Rows {
    pub(crate) fn len(&self) -> u32 {
        self.at.len() as u32
    }

    /// A row's place.
    pub(crate) fn at(&self, row: u32) -> LonLat {
        self.at.get(row as usize).copied().unwrap_or(LonLat { lon: 0.0, lat: 0.0 })
    }

    pub(crate) fn town_of(&self, row: u32) -> u32 {
        self.town.get(row as usize).copied().unwrap_or(NONE)
    }

    pub(crate) fn village_of(&self, row: u32) -> u32 {
        self.village.get(row as usize).copied().unwrap_or(NONE)
    }

    pub(crate) fn close(&mut self) {
        for texts in [&mut self.full_text, &mut self.code, &mut self.building_code] {
            texts.close();
        }
        self.at.shrink_to_fit();
        self.town.shrink_to_fit();
        self.village.shrink_to_fit();
    }
}
