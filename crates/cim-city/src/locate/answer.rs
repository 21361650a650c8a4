//! Where a written place is, and what a point is called.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_locate::{Candidate, MatchedPart, ReverseAddress};
use serde::Serialize;

use super::KnownPlaces;
use crate::linkage::{to_centimetre_degrees, to_centimetres, to_tenths};
use crate::{City, CityError};

/// The most texts of one batch.
pub const MAX_TEXTS: usize = 10_000;

/// Where a written place may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LocateAnswer {
    /// The text.
    pub text: String,
    /// The likeliest first; none when nothing known is meant.
    pub candidates: Vec<LocatedPlace>,
}

/// A place that a text may mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LocatedPlace {
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
    /// What it is called.
    pub name: String,
    /// How far down the text was understood, from `unit` and `building` to `district`.
    pub match_level: &'static str,
    /// In nine cases of ten the place meant lies within so many metres.
    pub accuracy_m: f64,
    /// 0 to 1: how much of the text is explained, and how surely.
    pub score: f64,
    /// The parts of the text that were understood.
    pub parts: Vec<LocatedPart>,
    /// The address, when it is one.
    pub address_code: Option<String>,
    /// The building, when it is in one.
    pub building_code: Option<String>,
    /// The smallest unit whose name helped.
    pub unit_code: Option<String>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocatedPart {
    /// `town`, `road`, `number`, `offset`, ...
    pub kind: &'static str,
    /// As it was written.
    pub text: String,
    /// As it is known.
    pub matched: String,
    /// False where a typing error was forgiven.
    pub exact: bool,
}

/// A point to be named.
#[derive(Debug, Clone, PartialEq)]
pub struct ReverseQuery {
    /// The point.
    pub at: LonLat,
    /// At most so many addresses.
    pub limit: usize,
}

/// What is written at a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReverseAnswer {
    /// The nearest addresses, nearest first.
    pub addresses: Vec<NearAddress>,
    /// The nearest road with a name.
    pub road: Option<String>,
    /// Metres to that road.
    pub road_distance_m: Option<f64>,
}

/// An address near a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearAddress {
    /// Its code.
    pub code: String,
    /// Its whole text.
    pub full_text: String,
    /// Its building.
    pub building_code: Option<String>,
    /// Geodesic metres.
    pub distance_m: f64,
    /// Degrees clockwise from north, from the point to the address.
    pub bearing_deg: f64,
    /// Longitude.
    pub lon: f64,
    /// Latitude.
    pub lat: f64,
}

impl City {
    /// Where a written place may be.
    pub fn locate(&self, _scope: &Scope, text: &str, limit: usize) -> Result<LocateAnswer, CityError> {
        let known = self.known_places()?;
        let found = known.gazetteer.locate(text, limit);
        Ok(LocateAnswer { text: text.to_owned(), candidates: found.into_iter().map(place).collect() })
    }

    /// What is written at a point.
    pub fn locate_reverse(&self, _scope: &Scope, query: &ReverseQuery) -> Result<ReverseAnswer, CityError> {
        let found = self.known_places()?.gazetteer.reverse(query.at, query.limit);
        let road = found.first().and_then(|address| address.road.as_ref());
        Ok(ReverseAnswer {
            road: road.map(|road| road.name.clone()),
            road_distance_m: road.map(|road| to_centimetres(cim_crs::distance_m(query.at, road.at))),
            addresses: found.into_iter().map(address).collect(),
        })
    }

    pub(crate) fn known_places(&self) -> Result<std::sync::Arc<KnownPlaces>, CityError> {
        self.inner.known_places.load_full().ok_or_else(|| CityError::Unavailable {
            message: "the names of places are still being read".to_owned(),
            retry_after_s: 2,
        })
    }
}

fn place(candidate: Candidate) -> LocatedPlace {
    LocatedPlace {
        lon: to_centimetre_degrees(candidate.at.lon),
        lat: to_centimetre_degrees(candidate.at.lat),
        name: candidate.name,
        match_level: candidate.match_level.as_str(),
        accuracy_m: (candidate.accuracy_m * 10.0).round() / 10.0,
        score: (candidate.score * 1000.0).round() / 1000.0,
        parts: candidate.parts.into_iter().map(part).collect(),
        address_code: candidate.address_code,
        building_code: candidate.building_code,
        unit_code: candidate.unit_code,
    }
}

fn part(part: MatchedPart) -> LocatedPart {
    LocatedPart { kind: part.kind.as_str(), text: part.text, matched: part.matched, exact: part.exact }
}

fn address(found: ReverseAddress) -> NearAddress {
    NearAddress {
        code: found.address_code,
        full_text: found.full_text,
        building_code: found.building_code,
        distance_m: to_centimetres(found.distance_m),
        bearing_deg: to_tenths(found.bearing_deg),
        lon: to_centimetre_degrees(found.at.lon),
        lat: to_centimetre_degrees(found.at.lat),
    }
}
