#![doc = include_str!("../README.md")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "rows, names and characters are counted in u32, and only distances come from such counts"
)]

mod accuracy;
mod areas;
mod builder;
mod candidate;
mod draft;
mod edits;
mod entry;
mod gazetteer;
mod keys;
mod lines;
mod names;
mod numeral;
mod postings;
mod rank;
mod reading;
mod reverse;
mod row_text;
mod rows;
mod search;
mod segment;
mod spots;
mod words;
mod written;

pub use builder::GazetteerBuilder;
pub use candidate::{Candidate, MatchLevel, MatchedPart, PartKind};
pub use entry::{AddressEntry, KeyPlaceEntry, PlaceEntry, RoadEntry, UnitEntry, WaterEntry};
pub use gazetteer::Gazetteer;
pub use reverse::{NearRoad, ReverseAddress};
