#![doc = include_str!("../README.md")]

mod cases;
mod city;
mod error;
mod health;
mod nearby;
mod responsibility;
mod tiles;

pub use cases::{AcceptCase, CaseAnswer, CaseEventAnswer, CaseEventCommand, CaseTies, CaseWritten};
pub use city::{City, CityNews, CityOptions, ResponsibilityRows, WaitFor};
pub use error::CityError;
pub use health::{CityFigures, Health};
pub use nearby::{
    MAX_ITEMS, MAX_RADIUS_M, NEARBY_KINDS, NearbyAnswer, NearbyItem, NearbyQuery, StateFilter,
};
pub use responsibility::{
    ChainUnit, DepartmentRole, NearestUnit, PostAnswer, Responsible, ResponsibilityAnswer,
    ResponsibilityQuery, ResponsibilityRow, UnitName,
};
pub use tiles::{Encoding, TileAnswer, TileBody, TileRequest, TilesetSummary};
