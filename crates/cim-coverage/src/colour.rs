//! Five colours for a map on which neighbours must differ.

/// The number of colours of a map.
pub const COLOURS: u8 = 5;

/// A colour of 0 to 4 for every unit, different from its neighbours', by DSATUR: the unit with the most colours around
/// it is next. Equal input gives equal colours. Plane maps always fit; where units in many pieces make five too few, the
/// colour that clashes least is taken.
#[must_use]
pub fn colour_indexes(neighbours: &[Vec<u32>]) -> Vec<u8> {
    let mut colours: Vec<Option<u8>> = vec![None; neighbours.len()];
    let mut around: Vec<u8> = vec![0; neighbours.len()];
    let mut order = std::collections::BTreeSet::new();
    let rank = |unit: usize, around: &[u8]| {
        let saturation = around[unit].count_ones();
        (std::cmp::Reverse(saturation), std::cmp::Reverse(neighbours[unit].len()), unit)
    };
    for unit in 0..neighbours.len() {
        order.insert(rank(unit, &around));
    }
    while let Some((_, _, unit)) = order.pop_first() {
        if around[unit].count_ones() == u32::from(COLOURS) {
            free_a_colour(unit, neighbours, &mut colours);
        }
        let colour = best_colour(&neighbours[unit], &colours);
        colours[unit] = Some(colour);
        for &other in &neighbours[unit] {
            let other = other as usize;
            if colours[other].is_none() && around[other] & (1 << colour) == 0 {
                order.remove(&rank(other, &around));
                around[other] |= 1 << colour;
                order.insert(rank(other, &around));
            }
        }
    }
    colours.into_iter().map(Option::unwrap_or_default).collect()
}

/// The colour that the fewest neighbours have, the lowest among equals.
fn best_colour(neighbours: &[u32], colours: &[Option<u8>]) -> u8 {
    let uses =
        |colour: u8| neighbours.iter().filter(|other| colours[**other as usize] == Some(colour)).count();
    (0..COLOURS).min_by_key(|colour| uses(*colour)).unwrap_or(0)
}

/// Exchanges two colours along one chain (Kempe's), so that the unit's neighbours no longer have one of them.
fn free_a_colour(unit: usize, neighbours: &[Vec<u32>], colours: &mut [Option<u8>]) {
    for from in 0..COLOURS {
        for to in (0..COLOURS).filter(|to| *to != from) {
            let mut chain: Vec<u32> = neighbours[unit]
                .iter()
                .copied()
                .filter(|other| colours[*other as usize] == Some(from))
                .collect();
            let mut index = 0;
            while let Some(&member) = chain.get(index) {
                for &other in &neighbours[member as usize] {
                    let joins =
                        matches!(colours[other as usize], Some(colour) if colour == from || colour == to);
                    if joins && other as usize != unit && !chain.contains(&other) {
                        chain.push(other);
                    }
                }
                index += 1;
            }
            let still_there = |other: &u32| colours[*other as usize] == Some(to) && chain.contains(other);
            if neighbours[unit].iter().any(still_there) {
                continue;
            }
            for member in chain {
                let colour = &mut colours[member as usize];
                *colour = if *colour == Some(from) { Some(to) } else { Some(from) };
            }
            return;
        }
    }
}
