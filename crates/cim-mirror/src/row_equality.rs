//! Whether two rows say the same: what decides if a change changed anything.

use crate::{Row, Shape};

impl Row<'_> {
    /// Whether both rows hold the same values in every field that is kept. Both tables must have the same fields.
    /// The geometry is not looked at: see [`Shape::is_same`].
    #[must_use]
    pub fn has_same_values(self, other: Row<'_>) -> bool {
        (0..self.table().fields().len()).all(|position| {
            self.text(position) == other.text(position)
                && self.int(position) == other.int(position)
                && self.float(position).map(f64::to_bits) == other.float(position).map(f64::to_bits)
                && self.bool(position) == other.bool(position)
        })
    }

    /// Whether both rows hold the same values and the same geometry.
    #[must_use]
    pub fn is_same(self, other: Row<'_>) -> bool {
        self.has_same_values(other) && self.shape().is_same(other.shape())
    }
}

impl Shape<'_> {
    /// Whether both have the same parts with the same vertices in the same order.
    #[must_use]
    pub fn is_same(self, other: Shape<'_>) -> bool {
        let mut ours = self.parts();
        let mut theirs = other.parts();
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                (Some(one), Some(another)) if one == another => {}
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use cim_model::{Collection, Record, Value};
    use geo_types::Point;

    use crate::collection_builder;

    fn place(name: &str, rank: i64, lon: f64) -> Record {
        let text = |text: &str| Value::Text(text.to_owned());
        Record {
            values: vec![
                text("p"),
                text(name),
                text("poi"),
                Value::Int(rank),
                Value::Geometry(Point::new(lon, 32.0).into()),
            ],
        }
    }

    #[test]
    fn rows_are_the_same_when_values_and_geometry_are_whatever_table_holds_them() {
        let mut one = collection_builder(Collection::Place);
        one.push(1, 700, &place("甲", 3, 121.0));
        let one = one.finish();
        let mut other = collection_builder(Collection::Place);
        other.push(7, 701, &place("乙", i64::MAX / 2, 121.5));
        other.push(1, 701, &place("甲", 3, 121.0));
        other.push(2, 701, &place("甲", 4, 121.0));
        other.push(3, 701, &place("甲", 3, 121.1));
        other.push(4, 701, &place("丙", 3, 121.0));
        let other = other.finish();
        let ours = one.find(1).unwrap();
        let same = |id| ours.is_same(other.find(id).unwrap());
        assert!(same(1));
        assert!(!same(2) && !same(3) && !same(4));
        assert!(ours.has_same_values(other.find(3).unwrap()));
    }
}
