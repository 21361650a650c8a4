//! Well-known text to a geometry, quickly and within bounds.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::row::{MOST_VERTICES, Shape, closed_ring};

/// Why a text is no geometry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WktError {
    #[error("a number is expected at character {0}")]
    Number(usize),
    #[error("`{expected}` is expected at character {at}")]
    Token { expected: char, at: usize },
    #[error("`{0}` is no geometry type that can be loaded")]
    Kind(String),
    #[error("more than {MOST_VERTICES} vertices")]
    TooLarge,
    #[error("text follows the geometry at character {0}")]
    Trailing(usize),
    #[error("the geometry is empty")]
    Empty,
}

/// Reads one geometry. Z and M are left out.
pub(crate) fn parse_wkt(text: &str) -> Result<Shape, WktError> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0, vertices: 0, unclosed: 0 };
    reader.skip_srid();
    let geometry = reader.geometry()?;
    reader.skip_blanks();
    if reader.at != reader.bytes.len() {
        return Err(WktError::Trailing(reader.at + 1));
    }
    Ok(Shape { geometry, unclosed_rings: reader.unclosed })
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    vertices: usize,
    unclosed: u32,
}

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// PostGIS writes `SRID=4490;` in front.
    fn skip_srid(&mut self) {
        if self.bytes.get(..5).is_some_and(|head| head.eq_ignore_ascii_case(b"SRID="))
            && let Some(end) = self.bytes.iter().position(|byte| *byte == b';')
        {
            self.at = end + 1;
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, expected: u8) -> Result<(), WktError> {
        if self.peek() != Some(expected) {
            return Err(WktError::Token { expected: char::from(expected), at: self.at + 1 });
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self) -> String {
        self.skip_blanks();
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.bytes[start..self.at]).to_ascii_uppercase()
    }

    fn geometry(&mut self) -> Result<Geometry<f64>, WktError> {
        let mut kind = self.word();
        if self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            let before = self.at;
            match self.word().as_str() {
                "Z" | "M" | "ZM" => {}
                "EMPTY" => return Err(WktError::Empty),
                _ => self.at = before,
            }
            if self.peek() == Some(b'E') {
                return Err(WktError::Empty);
            }
        }
        for suffix in ["ZM", "Z", "M"] {
            if kind.ends_with(suffix) {
                kind.truncate(kind.len() - suffix.len());
                break;
            }
        }
        match kind.as_str() {
            "POINT" => {
                let coords = self.coords()?;
                coords.first().map(|coord| Geometry::Point(Point(*coord))).ok_or(WktError::Empty)
            }
            "LINESTRING" => Ok(Geometry::LineString(LineString(self.coords()?))),
            "POLYGON" => Ok(Geometry::Polygon(self.polygon()?)),
            "MULTIPOINT" => Ok(Geometry::MultiPoint(self.multi_point()?)),
            "MULTILINESTRING" => {
                let lines = self.list(|reader| Ok(LineString(reader.coords()?)))?;
                Ok(Geometry::MultiLineString(MultiLineString(lines)))
            }
            "MULTIPOLYGON" => Ok(Geometry::MultiPolygon(MultiPolygon(self.list(Self::polygon)?))),
            _ => Err(WktError::Kind(kind)),
        }
    }

    fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, WktError>,
    ) -> Result<Vec<T>, WktError> {
        self.take(b'(')?;
        let mut items = vec![item(self)?];
        while self.peek() == Some(b',') {
            self.at += 1;
            items.push(item(self)?);
        }
        self.take(b')')?;
        Ok(items)
    }

    fn multi_point(&mut self) -> Result<MultiPoint<f64>, WktError> {
        let points = self.list(|reader| {
            let bracketed = reader.peek() == Some(b'(');
            if bracketed {
                reader.at += 1;
            }
            let coord = reader.coord()?;
            if bracketed {
                reader.take(b')')?;
            }
            Ok(Point(coord))
        })?;
        Ok(MultiPoint(points))
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, WktError> {
        let mut rings = self.list(|reader| {
            let (ring, open) = closed_ring(reader.coords()?);
            reader.unclosed += u32::from(open);
            Ok(ring)
        })?;
        let outer = rings.remove(0);
        Ok(Polygon::new(outer, rings))
    }

    fn coords(&mut self) -> Result<Vec<Coord<f64>>, WktError> {
        self.take(b'(')?;
        let mut coords = Vec::with_capacity(8);
        loop {
            coords.push(self.coord()?);
            self.vertices += 1;
            if self.vertices > MOST_VERTICES {
                return Err(WktError::TooLarge);
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        self.take(b')')?;
        Ok(coords)
    }

    fn coord(&mut self) -> Result<Coord<f64>, WktError> {
        let (x, y) = (self.number()?, self.number()?);
        while !matches!(self.peek(), Some(b',' | b')') | None) {
            self.number()?;
        }
        Ok(Coord { x, y })
    }

    fn number(&mut self) -> Result<f64, WktError> {
        self.skip_blanks();
        let start = self.at;
        while self
            .bytes
            .get(self.at)
            .is_some_and(|byte| !matches!(byte, b',' | b')' | b'(' | b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.at += 1;
        }
        parse_number(&self.bytes[start..self.at]).ok_or(WktError::Number(start + 1))
    }
}

const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A decimal number. Up to 15 digits without exponent are exact as a quotient of two exact numbers, which is several
/// times faster than the general way; everything else goes the general way.
#[expect(clippy::cast_precision_loss, reason = "15 digits fit the 53 bits of a double")]
pub(crate) fn parse_number(bytes: &[u8]) -> Option<f64> {
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    let (mut mantissa, mut count, mut decimals, mut point) = (0_u64, 0_usize, 0_usize, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                count += 1;
                decimals += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return std::str::from_utf8(bytes).ok()?.parse().ok(),
        }
    }
    if count == 0 || count > 15 {
        return std::str::from_utf8(bytes).ok()?.parse().ok();
    }
    let number = mantissa as f64 / POWERS_OF_TEN[decimals];
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, point, polygon};

    use super::*;

    #[test]
    fn every_kind_is_read_and_height_is_left_out() {
        for (text, expected) in [
            ("POINT (1 2)", Geometry::Point(point!(x: 1.0, y: 2.0))),
            ("SRID=4490;POINT Z(1 2 3)", Geometry::Point(point!(x: 1.0, y: 2.0))),
            ("pointz(1 2 3)", Geometry::Point(point!(x: 1.0, y: 2.0))),
            (
                "LINESTRING(0 0,1.5 -2e1)",
                Geometry::LineString(line_string![(x: 0.0, y: 0.0), (x: 1.5, y: -20.0)]),
            ),
            (
                "POLYGON((0 0,1 0,1 1,0 0))",
                Geometry::Polygon(polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)]),
            ),
            (
                "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))",
                Geometry::MultiPolygon(MultiPolygon(vec![
                    polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)],
                ])),
            ),
            (
                "MULTIPOINT((1 2),(3 4))",
                Geometry::MultiPoint(MultiPoint(vec![point!(x: 1.0, y: 2.0), point!(x: 3.0, y: 4.0)])),
            ),
        ] {
            let shape = parse_wkt(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(shape, Shape::new(expected), "{text}");
        }
    }

    #[test]
    fn an_unclosed_ring_is_closed_and_counted() {
        let shape = parse_wkt("POLYGON((0 0,1 0,1 1))").unwrap();
        assert_eq!(shape.unclosed_rings, 1);
    }

    #[test]
    fn what_is_no_geometry_is_refused_with_its_place() {
        for (text, error) in [
            ("", WktError::Kind(String::new())),
            ("POINT EMPTY", WktError::Empty),
            ("POINT(1 x)", WktError::Number(9)),
            ("POINT(1 2", WktError::Token { expected: ')', at: 10 }),
            ("CURVE(1 2)", WktError::Kind("CURVE".to_owned())),
            ("POINT(1 2))", WktError::Trailing(11)),
        ] {
            assert_eq!(parse_wkt(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_quick_number_equals_the_careful_one() {
        for text in [
            "0",
            "-0.5",
            "121.123456789012",
            "31.000000000000001",
            "1e-7",
            "179.99999999",
            "00.10",
            "123456789012345",
        ] {
            assert_eq!(parse_number(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["", "-", ".", "1.2.3", "1,5"] {
            assert_eq!(parse_number(text.as_bytes()), None, "{text}");
        }
    }
}
