#![doc = include_str!("../README.md")]
//!
//! A [`Gazetteer`] is made once from addresses, roads, waters, places and units by a [`GazetteerBuilder`], and never
//! changes: when its sources do, another one is made beside it. A text is read in five steps:
//!
//! 1. It is brought into one form: widths, punctuation, Chinese numerals before a counter, 栋 and 号楼 for 幢.
//! 2. All known names, numbers and words in it are found at once, and it is cut so that as much as possible of it is
//!    covered by as few pieces as possible. Where pieces stay unread or lead nowhere, names with one typing error are
//!    looked for there, and the text is cut again.
//! 3. Whole texts and names with their numbers are looked up among the texts of all addresses by hash. What has no number
//!    is an estate, a place, a road or a unit; two lines meet in a crossing; words such as 北300米 lead away from it.
//! 4. Every candidate is scored by how much of the text it explains, less for what it forgives or what contradicts it.
//! 5. Candidates that are as good as each other reach to each other with their accuracy.
//!
//! A number that does not exist falls back to what does. A name that was forgiven an error is given as a door only where
//! it cannot well be another name: a village of the town that the text names, a doubled or exchanged character.
//!
//! ```
//! use cim_locate::{AddressEntry, GazetteerBuilder, MatchLevel};
//!
//! let mut builder = GazetteerBuilder::new();
//! builder.add_address(&AddressEntry {
//!     code: "320614103201B00001A",
//!     full_text: "江苏省南通市海门区常乐镇颐生村12组35号",
//!     town_name: Some("常乐镇"),
//!     village_name: Some("颐生村"),
//!     road_name: None,
//!     group_name: Some("12组"),
//!     number: Some("35号"),
//!     estate_name: None,
//!     building_no: None,
//!     unit_no: None,
//!     building_code: Some("320614103201B00001"),
//!     aliases: Vec::new(),
//!     at: cim_crs::LonLat::new(121.24, 31.93)?,
//! });
//! let gazetteer = builder.finish();
//! let found = gazetteer.locate("颐生村十二组３５号", 5);
//! assert_eq!(found[0].address_code.as_deref(), Some("320614103201B00001A"));
//! assert_eq!(found[0].match_level, MatchLevel::Number);
//! # Ok::<(), cim_crs::PositionError>(())
//! ```
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
mod old_names;
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
pub use old_names::old_names;
pub use reverse::{NearRoad, ReverseAddress};
