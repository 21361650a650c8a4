//! The whole district in memory: everything with a place, before anything is written.

use std::collections::BTreeMap;

use crate::buildings::Building;
use crate::divisions::{Divisions, divisions};
use crate::face_index::FaceIndex;
use crate::grids::Grids;
use crate::mesh::{Ground, Plot};
use crate::names::compound_name;
use crate::network::Network;
use crate::plane::P;
use crate::ponds::{Loop, Pond, ponds_and_loops};
use crate::stock::{settle_buildings, settle_households};

/// A walled compound with a name.
#[derive(Clone, Debug)]
pub(crate) struct Compound {
    pub(crate) name: String,
    pub(crate) plot: Plot,
    pub(crate) block: u32,
    pub(crate) village: u16,
    pub(crate) centre: P,
    pub(crate) buildings: Vec<u32>,
}

/// The district.
pub(crate) struct Model {
    pub(crate) seed: u64,
    pub(crate) network: Network,
    pub(crate) divisions: Divisions,
    pub(crate) stock: Vec<Building>,
    pub(crate) grids: Grids,
    pub(crate) ponds: Vec<Pond>,
    pub(crate) loops: Vec<Loop>,
    pub(crate) faces: FaceIndex,
    pub(crate) compounds: BTreeMap<u32, Compound>,
    /// Buildings of each village, in order.
    pub(crate) by_village: Vec<Vec<u32>>,
    /// The number of each building in its village.
    pub(crate) serial: Vec<u32>,
}

impl Model {
    /// Makes the district of a seed.
    pub(crate) fn make(seed: u64) -> Self {
        let divisions = divisions();
        let mut network = Network::through_lines(seed);
        network.cut_cells();
        network.found_villages(&divisions);
        network.cut_blocks();
        network.allot_plots();
        let mut stock = network.build_stock();
        settle_buildings(&mut stock, seed);
        settle_households(&mut stock, seed);
        let grids = network.draw_grids(&divisions, &stock);
        let (ponds, loops) = ponds_and_loops(&network, &stock);
        let faces = FaceIndex::of(&network.mesh);
        let mut by_village = vec![Vec::new(); divisions.villages.len()];
        let mut serial = vec![0; stock.len()];
        let mut compounds: BTreeMap<u32, Compound> = BTreeMap::new();
        for (index, house) in (0u32..).zip(&stock) {
            let village = network.mesh.tags[house.face as usize].village;
            by_village[village as usize].push(index);
            serial[index as usize] = by_village[village as usize].len() as u32;
            if house.compound > 0 {
                compounds
                    .entry(house.compound)
                    .or_insert_with(|| {
                        let plot = network.mesh.tags[house.compound as usize].plot;
                        let name = compound_name(
                            plot,
                            &divisions.villages[village as usize].short,
                            seed,
                            house.compound,
                        );
                        Compound {
                            name,
                            plot,
                            block: house.compound,
                            village,
                            centre: P::default(),
                            buildings: Vec::new(),
                        }
                    })
                    .buildings
                    .push(index);
            }
        }
        for compound in compounds.values_mut() {
            let sum =
                compound.buildings.iter().fold(P::default(), |sum, &at| sum + stock[at as usize].rect.centre);
            compound.centre = sum * (1.0 / compound.buildings.len() as f64);
        }
        Self { seed, network, divisions, stock, grids, ponds, loops, faces, compounds, by_village, serial }
    }

    /// The village a face belongs to.
    pub(crate) fn village_of(&self, face: u32) -> u16 {
        self.network.mesh.tags[face as usize].village
    }

    /// The town at a point, none outside the district.
    pub(crate) fn town_at(&self, at: P) -> Option<u16> {
        let face = self.faces.face_at(at)?;
        Some(self.divisions.villages[self.village_of(face) as usize].town)
    }

    /// The business code of a building.
    pub(crate) fn building_code(&self, index: u32) -> String {
        let house = &self.stock[index as usize];
        let village = &self.divisions.villages[self.village_of(house.face) as usize];
        format!("{}B{:05}", village.code, self.serial[index as usize])
    }

    /// The name of the road a building is addressed on.
    pub(crate) fn road_name(&self, house: &Building) -> &str {
        &self.network.lines[house.road as usize].name
    }

    /// The village group a face counts as, from 1.
    pub(crate) fn group_number(&self, face: u32) -> u32 {
        1 + self.network.mesh.tags[face as usize].block % 38
    }

    /// The address of a building without the city and district.
    pub(crate) fn short_address(&self, house: &Building) -> String {
        let village = &self.divisions.villages[self.village_of(house.face) as usize];
        if let Some(compound) = self.compounds.get(&house.compound) {
            return match compound.plot {
                Plot::Slabs | Plot::Towers | Plot::Shops => format!("{}{}幢", compound.name, house.number),
                _ => compound.name.clone(),
            };
        }
        let road = self.road_name(house);
        if road.is_empty() {
            format!("{}{}组{}号", village.short, self.group_number(house.face), house.number)
        } else {
            format!("{road}{}号", u32::from(house.number) + self.group_number(house.face) * 4)
        }
    }

    /// People in a building: 2.33 a household, by a hash of its number.
    pub(crate) fn population(&self, index: u32) -> u32 {
        let households = u32::from(self.stock[index as usize].households);
        let wobble = (crate::dice::mix(self.seed ^ u64::from(index)) % 5) as u32;
        (households * 233 + wobble * households.min(1) * 40 + 20) / 100
    }

    /// The middle of the village's largest huddle of houses.
    pub(crate) fn village_heart(&self, village: u16) -> Option<P> {
        let houses = &self.by_village[village as usize];
        let known = self.divisions.villages[village as usize].known;
        let sum =
            houses.iter().fold(P::default(), |sum, &house| sum + self.stock[house as usize].rect.centre);
        let middle = known.unwrap_or(sum * (1.0 / houses.len().max(1) as f64));
        houses
            .iter()
            .map(|&house| self.stock[house as usize].rect.centre)
            .min_by(|a, b| a.distance(middle).total_cmp(&b.distance(middle)))
    }

    /// Whether a face is water.
    pub(crate) fn is_water(&self, face: u32) -> bool {
        self.network.mesh.tags[face as usize].ground == Ground::Water
    }
}
