//! Written places to points and back: the gazetteer beside the mirror, and the questions that it answers.

mod answer;
mod gazetteer_of;
mod keeper;

pub use answer::{
    LocateAnswer, LocatedPart, LocatedPlace, MAX_TEXTS, NearAddress, ReverseAnswer, ReverseQuery,
};
pub(crate) use keeper::{KnownPlaces, keep};
