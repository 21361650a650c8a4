#![doc = include_str!("../README.md")]

mod accounts;
mod alarm;
mod boundaries;
mod change;
mod city;
mod content_tag;
mod counted_units;
mod error;
mod follow;
mod frozen;
#[doc(hidden)]
pub mod fuzz;
mod gcj02;
mod health;
mod linkage;
mod load;
mod locate;
mod packing;
mod passing_time;
mod people;
mod personal;
mod responsibility;
mod responsible;
mod seen;
mod tile_answers;
mod tile_cache;
mod tile_place;
mod tile_stamps;
mod tiles;
mod unit_count;
mod unit_renewal;
mod units;
mod version;
mod waiting;
mod work;

pub use cim_tile::{
    DatetimeError, Filter, FilterError, MatrixSet, OutsideMatrix, Queryable, SelectionError, TimeSpan,
    UnknownMatrixSet, ValueKind,
};

pub use accounts::{
    AddedUser, AuditAnswer, AuditPage, Caller, ChangedUser, EnrolAnswer, EnrolBody, FederatedPerson,
    FederationRefusal, FederationRules, GrantedMembership, GroupRule, InvitationAnswer, LOCAL_WORDS,
    MeAnswer, Named, NewTokenBody, SetUpAnswer, SetUpBody, SignIn, SignedIn, TakenInvitation, TokenAnswer,
    UserAnswer, invite,
};
pub use boundaries::{
    ApproveBody, ArcState, AsOf, BoundaryConflict, ChangedElements, ChangesetAnswer, ChangesetDetail,
    ChangesetPage, CommentAnswer, ConflictElement, DifferenceAnswer, DrawnShape, EDIT_RULES, EditAnswer,
    EditFinding, ElementState, EventAnswer, FaceState, GridWorkload, HOUSEHOLD_BAND, ImpactAnswer,
    ImpactCounts, ImpactItem, ImpactMove, LineageAnswer, ListChangesets, NewChangeset, NewCommentBody,
    NodeState, OpAnswer, OperationBody, Position, Proposal, ProposalAnswer, ProposalQuery, PublishedAnswer,
    RebaseBody, RejectBody, RevisionAnswer, RevisionPage, StraddlingBuilding, TopologyAnswer, TopologyQuery,
    UnitAnswer, UnitChange, UnitDifference, UnitFigures, UnitQuery, UnitRef, ValidationAnswer, csv_cell,
    impact_csv,
};
pub use change::{ChangeStream, CityChange, ResumeToken, TilesChanged};
pub use cim_store::ChangesetState;
pub use city::{City, CityOptions, ResponsibilityRows};
pub use error::CityError;
pub(crate) use error::refusal;
pub use frozen::Frozen;
pub use health::{CityFigures, Health};
pub use linkage::{
    AlongAnswer, AlongCamera, AlongQuery, AreaError, AroundAnswer, AroundQuery, AroundTarget,
    BlockingBuilding, CalledGrid, CameraSight, CameraView, CutGrid, Group, Hotspot, HotspotAnswer,
    HotspotQuery, MAX_BUFFER_M, MAX_ITEMS, MAX_RADIUS_M, MAX_VERTICES, NEARBY_KINDS, NearbyAnswer,
    NearbyFilter, NearbyItem, NearbyQuery, RepeatAnswer, RepeatItem, RepeatQuery, SeeingAnswer, SeeingQuery,
    Staff, StateFilter, TargetAnswer, USUAL_TARGET_HEIGHT_M, ViewPart, WITHIN_KINDS, Way, WithinAnswer,
    WithinQuery, drawn_area,
};
pub use locate::{
    LocateAnswer, LocatedPart, LocatedPlace, MAX_TEXTS, NearAddress, ReverseAnswer, ReverseQuery,
};
pub use packing::{Packers, PackingLevels};
pub use personal::{CasesOfPhone, GivenReporter, PersonalOptions, PhoneBody, RevealBody, RevealedPerson};
pub use responsibility::{
    ChainUnit, DepartmentRole, NearestUnit, PostAnswer, ResponsibilityAnswer, ResponsibilityQuery,
    ResponsibilityRow, Responsible, UnitName,
};
pub use tile_place::{NoSuchPlace, TilePlace};
pub use tiles::{Encoding, TileAnswer, TileBody, TileRequest, TilesetSummary};
pub use waiting::WaitFor;
pub use work::{
    AcceptCase, BatchWritten, CaseAnswer, CaseEventAnswer, CaseEventCommand, CaseWritten, FailedTieAnswer,
    FailedTies, GIVEN_KINDS, MAX_BATCH_ROWS, RefusedRow, ThingAnswer, ThingPage, ThingWritten, TieAnswer,
    TiedUnits, VideoAnswer, VideoOptions, VideoUrlError,
};
