//! The building stock: every block built on, then exactly as many buildings and households as the district has.

use crate::buildings::{Building, Use};
use crate::clearance::WideLines;
use crate::compounds::compound;
use crate::dice::mix;
use crate::estates::estate;
use crate::farmhouses::farmhouses;
use crate::mesh::{Ground, Plot};
use crate::network::Network;
use crate::terraces::{old_town, shopping_block};

/// Buildings in the district.
pub(crate) const BUILDINGS: usize = 420_000;
/// Households in the district.
pub(crate) const HOUSEHOLDS: u32 = 385_000;
/// Households in flats.
const FLAT_HOUSEHOLDS: f64 = 192_000.0;

impl Network {
    /// Builds on every block.
    pub(crate) fn build_stock(&mut self) -> Vec<Building> {
        let mut stock = Vec::with_capacity(BUILDINGS + BUILDINGS / 4);
        for block in 1..self.mesh.face_count() {
            let tag = self.mesh.tags[block as usize];
            if tag.ground == Ground::Water {
                continue;
            }
            match tag.plot {
                Plot::Open | Plot::Ponds => {}
                Plot::Farm => farmhouses(self, block, &mut stock),
                Plot::Slabs | Plot::Towers => estate(self, block, tag.plot, &mut stock),
                Plot::OldTown => old_town(self, block, &mut stock),
                Plot::Shops => shopping_block(self, block, &mut stock),
                plot => compound(self, block, plot, &mut stock),
            }
        }
        let wide = WideLines::of(self);
        stock.retain(|house| wide.leaves_clear(house));
        stock
    }
}

/// Leaves out sheds until the number is right; answers how many are missing when there are too few.
pub(crate) fn settle_buildings(stock: &mut Vec<Building>, seed: u64) -> usize {
    let key = |index: usize| mix(seed ^ mix(index as u64));
    if stock.len() > BUILDINGS {
        let mut sheds: Vec<usize> = (0..stock.len()).filter(|&index| stock[index].optional).collect();
        sheds.sort_by_key(|&index| key(index));
        sheds.truncate(stock.len() - BUILDINGS);
        sheds.sort_unstable();
        let mut gone = sheds.into_iter().peekable();
        let mut index = 0;
        stock.retain(|_| {
            let drop = gone.next_if_eq(&index).is_some();
            index += 1;
            !drop
        });
    }
    BUILDINGS.saturating_sub(stock.len())
}

/// Shares the households out: flats are nearly full, many farmhouses stand empty, the sum is exact.
pub(crate) fn settle_households(stock: &mut [Building], seed: u64) {
    let is_flat = |house: &Building| house.usage == Use::Apartment;
    let is_farm = |house: &Building| house.usage == Use::Farmhouse;
    let flats: f64 =
        stock.iter().filter(|house| is_flat(house)).map(|house| f64::from(house.households)).sum();
    // Some flats of every house stand empty, so that two thirds of the households live in towns.
    let share = (FLAT_HOUSEHOLDS / flats).min(1.0);
    let mut carry = 0.0;
    for house in stock.iter_mut().filter(|house| is_flat(house)) {
        let exact = f64::from(house.households) * share + carry;
        house.households = exact.round().max(1.0) as u16;
        carry = exact - f64::from(house.households);
    }
    let fixed: u32 =
        stock.iter().filter(|house| !is_farm(house)).map(|house| u32::from(house.households)).sum();
    let mut farms: Vec<usize> = (0..stock.len()).filter(|&index| is_farm(&stock[index])).collect();
    farms.sort_by_key(|&index| mix(seed ^ mix(index as u64 ^ 0x5eed)));
    let wanted = HOUSEHOLDS.saturating_sub(fixed) as usize;
    for (rank, &index) in farms.iter().enumerate() {
        stock[index].households = (wanted / farms.len()) as u16 + u16::from(rank < wanted % farms.len());
    }
}
