//! The linkage: from a place or a case to the cameras, the history, the people and the work around it.

mod along;
mod area_question;
mod around;
mod buildings;
mod camera_view;
mod cluster;
mod hotspots;
mod item;
mod lens;
mod nearby;
mod repeats;
mod seeing;
mod within;

pub use along::{AlongAnswer, AlongCamera, AlongQuery, MAX_BUFFER_M, Way};
pub use area_question::{AreaError, MAX_VERTICES, drawn_area};
pub use around::{AroundAnswer, AroundQuery, AroundTarget, Group, Staff, TargetAnswer};
pub use camera_view::{CameraView, ViewPart};
pub use hotspots::{Hotspot, HotspotAnswer, HotspotQuery};
pub use item::NearbyItem;
pub(crate) use item::{item_of, json_of, to_centimetre_degrees, to_centimetres, to_tenths};
pub(crate) use lens::lens_of;
pub use nearby::{
    MAX_ITEMS, MAX_RADIUS_M, NEARBY_KINDS, NearbyAnswer, NearbyFilter, NearbyQuery, StateFilter,
};
pub use repeats::{RepeatAnswer, RepeatItem, RepeatQuery};
pub(crate) use seeing::camera_reach_m;
pub use seeing::{BlockingBuilding, CameraSight, SeeingAnswer, SeeingQuery, USUAL_TARGET_HEIGHT_M};
pub use within::{CalledGrid, CutGrid, WITHIN_KINDS, WithinAnswer, WithinQuery};
