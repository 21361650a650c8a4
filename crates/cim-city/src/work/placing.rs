//! A place for a case that comes with words and no position: looked up among the names of the city.

use cim_locate::MatchLevel;
use cim_model::{Collection, Value};
use cim_store::GivenRow;
use geo_types::Point;

use super::things::text_of;
use crate::City;

/// Less of a text explained is a guess.
const LEAST_SCORE: f64 = 0.6;
/// A place known no better than this is no place to send anybody to: the case waits in the queue.
const MOST_ACCURACY_M: f64 = 500.0;

impl City {
    /// Gives a new case the place that its words mean. A case that is known already keeps the place it has; one whose words
    /// mean nothing, or too much, is left without.
    pub(super) fn place_by_words(&self, collection: Collection, row: &mut GivenRow) {
        if collection != Collection::Case || says_where(row) {
            return;
        }
        let Some(words) = text_of(collection, &row.record, "raw_location") else { return };
        let Ok(known) = self.known_places() else { return };
        let best = known.gazetteer.locate(&words, 1).into_iter().next();
        let sure = best.filter(|best| {
            best.score >= LEAST_SCORE
                && best.accuracy_m <= MOST_ACCURACY_M
                && best.match_level < MatchLevel::Road
        });
        let Some(best) = sure else { return };
        row.defaults.retain(|(name, _)| *name != "location_state");
        row.defaults.extend([
            ("location_state", Value::Text("located".to_owned())),
            ("locate_method", Value::Text("address_match".to_owned())),
            ("accuracy_m", Value::Float((best.accuracy_m * 10.0).round() / 10.0)),
            ("geom", Value::Geometry(Point::new(best.at.lon, best.at.lat).into())),
        ]);
    }
}

fn says_where(row: &GivenRow) -> bool {
    let given = |name| {
        let place = Collection::Case.spec().position(name);
        place
            .and_then(|place| row.record.values.get(place))
            .is_some_and(|value| !matches!(value, Value::Null))
    };
    given("geom") || given("location_state")
}
