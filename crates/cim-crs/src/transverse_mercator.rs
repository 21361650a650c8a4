//! Transverse Mercator (Gauss-Kruger) by Krueger's series to the sixth order: errors below a micrometre within 30 degrees of the meridian.
//!
//! Coefficients: C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, Journal of Geodesy 85 (2011), equations 35 and 36.

/// The size and shape of the earth that a system uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ellipsoid {
    pub(crate) semi_major_m: f64,
    pub(crate) flattening: f64,
}

/// The ellipsoid of CGCS2000. GRS 80 has the same to 1e-9 of the flattening.
pub(crate) const CGCS2000_ELLIPSOID: Ellipsoid =
    Ellipsoid { semi_major_m: 6_378_137.0, flattening: 1.0 / 298.257_222_101 };

/// What tells one transverse Mercator system from another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Zone {
    pub(crate) ellipsoid: Ellipsoid,
    pub(crate) central_meridian_deg: f64,
    pub(crate) latitude_of_origin_deg: f64,
    pub(crate) scale: f64,
    /// In the units of the system.
    pub(crate) false_easting: f64,
    /// In the units of the system.
    pub(crate) false_northing: f64,
    pub(crate) metres_per_unit: f64,
}

/// A transverse Mercator system ready to convert.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TransverseMercator {
    zone: Zone,
    eccentricity: f64,
    /// Scale times the rectifying radius, in metres.
    radius_m: f64,
    origin_northing_m: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
}

impl TransverseMercator {
    pub(crate) fn new(zone: Zone) -> Self {
        let n = zone.ellipsoid.flattening / (2.0 - zone.ellipsoid.flattening);
        let n2 = n * n;
        let rectifying = zone.ellipsoid.semi_major_m / (1.0 + n)
            * (1.0 + n2 / 4.0 + n2 * n2 / 64.0 + n2 * n2 * n2 / 256.0);
        let mut system = Self {
            zone,
            eccentricity: (zone.ellipsoid.flattening * (2.0 - zone.ellipsoid.flattening)).sqrt(),
            radius_m: rectifying * zone.scale,
            origin_northing_m: 0.0,
            forward: forward_coefficients(n),
            inverse: inverse_coefficients(n),
        };
        system.origin_northing_m = system.to_metres(0.0, zone.latitude_of_origin_deg.to_radians()).1;
        system
    }

    /// Easting and northing in the units of the system.
    pub(crate) fn project(&self, lon_deg: f64, lat_deg: f64) -> (f64, f64) {
        let lon = (lon_deg - self.zone.central_meridian_deg).to_radians();
        let (x_m, y_m) = self.to_metres(lon, lat_deg.to_radians());
        (
            x_m / self.zone.metres_per_unit + self.zone.false_easting,
            (y_m - self.origin_northing_m) / self.zone.metres_per_unit + self.zone.false_northing,
        )
    }

    /// Longitude and latitude in degrees; none where the series does not hold (farther than about 45 degrees).
    pub(crate) fn unproject(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let eta = (x - self.zone.false_easting) * self.zone.metres_per_unit / self.radius_m;
        let xi = ((y - self.zone.false_northing) * self.zone.metres_per_unit + self.origin_northing_m)
            / self.radius_m;
        if !(eta.abs() < 0.85 && xi.abs() < std::f64::consts::FRAC_PI_2) {
            return None;
        }
        let (delta_xi, delta_eta) = series(&self.inverse, xi, eta);
        let (xi, eta) = (xi - delta_xi, eta - delta_eta);
        let (sin_xi, cos_xi) = xi.sin_cos();
        let sinh_eta = eta.sinh();
        let conformal_tangent = sin_xi / sinh_eta.hypot(cos_xi);
        let lon = sinh_eta.atan2(cos_xi);
        let lat = self.tangent_of_latitude(conformal_tangent).atan();
        Some((lon.to_degrees() + self.zone.central_meridian_deg, lat.to_degrees()))
    }

    fn to_metres(&self, lon: f64, lat: f64) -> (f64, f64) {
        let tangent = self.conformal_tangent(lat.tan());
        let (sin_lon, cos_lon) = lon.sin_cos();
        let xi = tangent.atan2(cos_lon);
        let eta = (sin_lon / tangent.hypot(cos_lon)).asinh();
        let (delta_xi, delta_eta) = series(&self.forward, xi, eta);
        ((eta + delta_eta) * self.radius_m, (xi + delta_xi) * self.radius_m)
    }

    /// The tangent of the conformal latitude from the tangent of the latitude.
    fn conformal_tangent(&self, tangent: f64) -> f64 {
        let e = self.eccentricity;
        let secant = tangent.hypot(1.0);
        let sigma = (e * (e * tangent / secant).atanh()).sinh();
        tangent * sigma.hypot(1.0) - sigma * secant
    }

    /// The inverse of [`Self::conformal_tangent`] by Newton's method: three steps reach the last bit.
    fn tangent_of_latitude(&self, conformal: f64) -> f64 {
        let e2 = self.eccentricity * self.eccentricity;
        let mut tangent = conformal / (1.0 - e2);
        for _ in 0..4 {
            let at = self.conformal_tangent(tangent);
            let step = (conformal - at) / at.hypot(1.0) * (1.0 + (1.0 - e2) * tangent * tangent)
                / ((1.0 - e2) * tangent.hypot(1.0));
            tangent += step;
            if step.abs() < 1e-16 * tangent.abs().max(1.0) {
                break;
            }
        }
        tangent
    }
}

/// The sums of `c[j] sin(2j xi) cosh(2j eta)` and `c[j] cos(2j xi) sinh(2j eta)`, by the angle-addition rule:
/// one sine, cosine and exponential pair instead of twelve.
fn series(coefficients: &[f64; 6], xi: f64, eta: f64) -> (f64, f64) {
    let turn = (2.0 * xi).sin_cos();
    let grow = (2.0 * eta).exp();
    let growth = ((grow - grow.recip()) / 2.0, f64::midpoint(grow, grow.recip()));
    let (mut angle, mut stretch) = (turn, growth);
    let (mut sum_xi, mut sum_eta) = (0.0, 0.0);
    for coefficient in coefficients {
        sum_xi += coefficient * angle.0 * stretch.1;
        sum_eta += coefficient * angle.1 * stretch.0;
        angle = (angle.0 * turn.1 + angle.1 * turn.0, angle.1 * turn.1 - angle.0 * turn.0);
        stretch = (stretch.0 * growth.1 + stretch.1 * growth.0, stretch.1 * growth.1 + stretch.0 * growth.0);
    }
    (sum_xi, sum_eta)
}

fn polynomial(n: f64, lowest_power: i32, terms: &[f64]) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * n + term) * n.powi(lowest_power)
}

fn forward_coefficients(n: f64) -> [f64; 6] {
    [
        polynomial(
            n,
            1,
            &[1.0 / 2.0, -2.0 / 3.0, 5.0 / 16.0, 41.0 / 180.0, -127.0 / 288.0, 7_891.0 / 37_800.0],
        ),
        polynomial(
            n,
            2,
            &[13.0 / 48.0, -3.0 / 5.0, 557.0 / 1_440.0, 281.0 / 630.0, -1_983_433.0 / 1_935_360.0],
        ),
        polynomial(n, 3, &[61.0 / 240.0, -103.0 / 140.0, 15_061.0 / 26_880.0, 167_603.0 / 181_440.0]),
        polynomial(n, 4, &[49_561.0 / 161_280.0, -179.0 / 168.0, 6_601_661.0 / 7_257_600.0]),
        polynomial(n, 5, &[34_729.0 / 80_640.0, -3_418_889.0 / 1_995_840.0]),
        polynomial(n, 6, &[212_378_941.0 / 319_334_400.0]),
    ]
}

fn inverse_coefficients(n: f64) -> [f64; 6] {
    [
        polynomial(
            n,
            1,
            &[1.0 / 2.0, -2.0 / 3.0, 37.0 / 96.0, -1.0 / 360.0, -81.0 / 512.0, 96_199.0 / 604_800.0],
        ),
        polynomial(
            n,
            2,
            &[1.0 / 48.0, 1.0 / 15.0, -437.0 / 1_440.0, 46.0 / 105.0, -1_118_711.0 / 3_870_720.0],
        ),
        polynomial(n, 3, &[17.0 / 480.0, -37.0 / 840.0, -209.0 / 4_480.0, 5_569.0 / 90_720.0]),
        polynomial(n, 4, &[4_397.0 / 161_280.0, -11.0 / 504.0, -830_251.0 / 7_257_600.0]),
        polynomial(n, 5, &[4_583.0 / 161_280.0, -108_847.0 / 3_991_680.0]),
        polynomial(n, 6, &[20_648_693.0 / 638_668_800.0]),
    ]
}
