//! Well-known binary to a geometry. Nothing is allocated that the bytes at hand do not warrant.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::row::{MOST_VERTICES, Shape, closed_ring};

/// A geometry inside a geometry inside a geometry is deep enough for every file that means well.
const DEEPEST: u32 = 4;

/// Why bytes are no geometry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WkbError {
    #[error("the geometry ends too early")]
    Short,
    #[error(
        "the geometry claims {claimed} parts where the {left} bytes that are left hold at most {possible}"
    )]
    Claim { claimed: u32, left: usize, possible: usize },
    #[error("{0} is no geometry type that can be loaded")]
    Kind(u32),
    #[error("byte order mark {0} is neither 0 nor 1")]
    ByteOrder(u8),
    #[error("geometries are nested deeper than {DEEPEST}")]
    Nested,
    #[error("the geometry is empty")]
    Empty,
}

/// Reads one geometry, ISO or extended; Z, M and SRID are left out.
pub(crate) fn parse_wkb(bytes: &[u8]) -> Result<Shape, WkbError> {
    let mut reader = Reader { bytes, at: 0, little: true, unclosed: 0 };
    let geometry = reader.geometry(0)?;
    Ok(Shape { geometry, unclosed_rings: reader.unclosed })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
    unclosed: u32,
}

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], WkbError> {
        let end = self.at.checked_add(N).ok_or(WkbError::Short)?;
        let slice = self.bytes.get(self.at..end).ok_or(WkbError::Short)?;
        self.at = end;
        slice.try_into().map_err(|_cause: std::array::TryFromSliceError| WkbError::Short)
    }

    fn u32(&mut self) -> Result<u32, WkbError> {
        let bytes = self.array()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn f64(&mut self) -> Result<f64, WkbError> {
        let bytes = self.array()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of parts of at least `part_bytes` each: what cannot be there is refused before anything is allocated.
    fn count(&mut self, part_bytes: usize) -> Result<usize, WkbError> {
        let claimed = self.u32()?;
        let left = self.bytes.len() - self.at;
        let possible = (left / part_bytes).min(MOST_VERTICES);
        match usize::try_from(claimed) {
            Ok(count) if count <= possible => Ok(count),
            _ => Err(WkbError::Claim { claimed, left, possible }),
        }
    }

    fn header(&mut self) -> Result<(u32, usize), WkbError> {
        let [order] = self.array()?;
        self.little = match order {
            0 => false,
            1 => true,
            other => return Err(WkbError::ByteOrder(other)),
        };
        let raw = self.u32()?;
        if raw & 0x2000_0000 != 0 {
            self.u32()?;
        }
        let extra = usize::from(raw & 0x8000_0000 != 0) + usize::from(raw & 0x4000_0000 != 0);
        let iso = raw & 0x0fff_ffff;
        let extra = extra
            + match iso / 1000 {
                0 => 0,
                1 | 2 => 1,
                3 => 2,
                _ => return Err(WkbError::Kind(iso)),
            };
        Ok((iso % 1000, 2 + extra.min(2)))
    }

    fn coord(&mut self, dimensions: usize) -> Result<Coord<f64>, WkbError> {
        let coord = Coord { x: self.f64()?, y: self.f64()? };
        for _ in 2..dimensions {
            self.f64()?;
        }
        Ok(coord)
    }

    fn coords(&mut self, dimensions: usize) -> Result<Vec<Coord<f64>>, WkbError> {
        let count = self.count(8 * dimensions)?;
        (0..count).map(|_| self.coord(dimensions)).collect()
    }

    fn polygon(&mut self, dimensions: usize) -> Result<Polygon<f64>, WkbError> {
        let count = self.count(4)?;
        let mut rings = Vec::with_capacity(count);
        for _ in 0..count {
            let (ring, open) = closed_ring(self.coords(dimensions)?);
            self.unclosed += u32::from(open);
            rings.push(ring);
        }
        if rings.is_empty() {
            return Err(WkbError::Empty);
        }
        let outer = rings.remove(0);
        Ok(Polygon::new(outer, rings))
    }

    fn parts<T>(
        &mut self,
        depth: u32,
        pick: impl Fn(Geometry<f64>) -> Option<T>,
    ) -> Result<Vec<T>, WkbError> {
        let count = self.count(9)?;
        let mut parts = Vec::with_capacity(count);
        for _ in 0..count {
            parts.push(pick(self.geometry(depth + 1)?).ok_or(WkbError::Nested)?);
        }
        if parts.is_empty() { Err(WkbError::Empty) } else { Ok(parts) }
    }

    fn geometry(&mut self, depth: u32) -> Result<Geometry<f64>, WkbError> {
        if depth >= DEEPEST {
            return Err(WkbError::Nested);
        }
        let (kind, dimensions) = self.header()?;
        Ok(match kind {
            1 => Geometry::Point(Point(self.coord(dimensions)?)),
            2 => Geometry::LineString(LineString(self.coords(dimensions)?)),
            3 => Geometry::Polygon(self.polygon(dimensions)?),
            4 => Geometry::MultiPoint(MultiPoint(self.parts(depth, |part| Point::try_from(part).ok())?)),
            5 => Geometry::MultiLineString(MultiLineString(
                self.parts(depth, |part| LineString::try_from(part).ok())?,
            )),
            6 => {
                Geometry::MultiPolygon(MultiPolygon(self.parts(depth, |part| Polygon::try_from(part).ok())?))
            }
            other => return Err(WkbError::Kind(other)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        hex.as_bytes().chunks(2).map(digits).collect()
    }

    #[test]
    fn a_claim_of_four_billion_points_is_refused_before_anything_is_allocated() {
        let mut bomb = bytes("0102000000ffffffff");
        bomb.resize(38, 0);
        assert_eq!(parse_wkb(&bomb), Err(WkbError::Claim { claimed: u32::MAX, left: 29, possible: 1 }));
    }

    #[test]
    fn nested_collections_are_refused_before_the_stack_is_full() {
        let mut nested = Vec::new();
        for _ in 0..200_000 {
            nested.extend(bytes("010600000001000000"));
        }
        assert_eq!(parse_wkb(&nested), Err(WkbError::Nested));
    }

    #[test]
    fn points_of_every_dialect_are_read() {
        for hex in [
            "0101000000000000000000f03f0000000000000040",
            "00000000013ff00000000000004000000000000000",
            "01010000208a110000000000000000f03f0000000000000040",
            "01e9030000000000000000f03f00000000000000400000000000000840",
            "0101000080000000000000f03f00000000000000400000000000000840",
        ] {
            assert_eq!(
                parse_wkb(&bytes(hex)).unwrap().geometry,
                Geometry::Point(Point::new(1.0, 2.0)),
                "{hex}"
            );
        }
    }

    #[test]
    fn bytes_cut_anywhere_are_refused() {
        let mut whole = bytes("01030000000100000004000000");
        for number in [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0_f64] {
            whole.extend(number.to_le_bytes());
        }
        assert!(parse_wkb(&whole).is_ok());
        for end in 0..whole.len() {
            assert!(parse_wkb(&whole[..end]).is_err(), "{end}");
        }
    }
}
