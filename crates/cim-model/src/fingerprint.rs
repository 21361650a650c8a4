//! The fingerprint of a set of rows: equal sets have equal ones, whoever works it out and in whatever order.

/// What `id` and `xmin` are reduced by before they are multiplied, so that every product fits 64 bits.
const PRIME: i64 = 1_000_003;

/// The number of rows and the sum over them of `(id mod p) * (xmin mod p)`, with p = 1,000,003.
///
/// `xmin` is the number of the transaction that wrote the row as it is: no row changes without another one, so that a
/// mirror with the same fingerprint as the table has the same rows in all likelihood. The sum is taken modulo 2^64.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// The number of rows.
    pub rows: u64,
    /// The sum.
    pub sum: u64,
}

impl Fingerprint {
    /// Takes a row in.
    pub fn add(&mut self, id: i64, xmin: u32) {
        let product = id.rem_euclid(PRIME) * (i64::from(xmin) % PRIME);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(product.unsigned_abs());
    }
}

impl FromIterator<(i64, u32)> for Fingerprint {
    fn from_iter<T: IntoIterator<Item = (i64, u32)>>(rows: T) -> Self {
        rows.into_iter().fold(Self::default(), |mut all, (id, xmin)| {
            all.add(id, xmin);
            all
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_does_not_matter_and_every_row_does() {
        let rows = [(1, 700), (2, 700), (i64::MIN, u32::MAX), (-5, 9), (i64::MAX, 1)];
        let all: Fingerprint = rows.into_iter().collect();
        assert_eq!(all, rows.into_iter().rev().collect());
        for place in 0..rows.len() {
            let mut other = rows;
            other[place].1 ^= 1;
            assert_ne!(all, other.into_iter().collect(), "{place}");
        }
        assert_ne!(all, rows.into_iter().skip(1).collect());
    }

    #[test]
    fn an_id_below_zero_counts_by_its_remainder_above_zero() {
        let one: Fingerprint = [(-1, 2)].into_iter().collect();
        assert_eq!(one, Fingerprint { rows: 1, sum: 2 * 1_000_002 });
    }
}
