//! The fields of every collection: the names that packs, tables, queries and tiles share.

use super::FieldType::{Bool, Code, Date, Float, Geometry, Int, Text, Texts, Time};
use super::{Collection, CollectionSpec, Field, FieldType, GeometryKind};

const fn must(name: &'static str, field_type: FieldType) -> Field {
    Field { name, field_type, required: true }
}

const fn may(name: &'static str, field_type: FieldType) -> Field {
    Field { name, field_type, required: false }
}

pub(super) static DISTRICT: CollectionSpec = CollectionSpec {
    collection: Collection::District,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[must("code", Text), must("name", Text), may("geom", Geometry)],
};

pub(super) static TOWN: CollectionSpec = CollectionSpec {
    collection: Collection::Town,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        may("kind", Code(&["town", "subdistrict", "township", "zone", "farm", "enclave"])),
        may("parent_code", Text),
        may("geom", Geometry),
    ],
};

pub(super) static VILLAGE: CollectionSpec = CollectionSpec {
    collection: Collection::Village,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        may("kind", Code(&["community", "village", "virtual"])),
        may("urban_rural_class", Text),
        may("parent_code", Text),
        may("geom", Geometry),
    ],
};

pub(super) static COMPREHENSIVE_GRID: CollectionSpec = CollectionSpec {
    collection: Collection::ComprehensiveGrid,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[must("code", Text), must("name", Text), may("parent_code", Text), may("geom", Geometry)],
};

pub(super) static EXCLUSIVE_GRID: CollectionSpec = CollectionSpec {
    collection: Collection::ExclusiveGrid,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        may("kind", Code(&["park", "market", "school", "hospital", "port", "scenic", "site", "other"])),
        may("parent_code", Text),
        may("geom", Geometry),
    ],
};

pub(super) static MICRO_GRID: CollectionSpec = CollectionSpec {
    collection: Collection::MicroGrid,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[must("code", Text), must("name", Text), may("parent_code", Text), may("geom", Geometry)],
};

pub(super) static GRID_STATION: CollectionSpec = CollectionSpec {
    collection: Collection::GridStation,
    geometry: GeometryKind::Point,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        must("grid_code", Text),
        may("party_branch", Text),
        may("hours", Text),
        may("state", Code(&["open", "closed", "planned"])),
        must("geom", Geometry),
    ],
};

pub(super) static CONTACT_GROUP: CollectionSpec = CollectionSpec {
    collection: Collection::ContactGroup,
    geometry: GeometryKind::None,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("grid_code", Text),
        may("name", Text),
        must("platform", Text),
        must("household_count", Int),
        may("target_household_count", Int),
        may("checked_on", Date),
    ],
};

pub(super) static POST: CollectionSpec = CollectionSpec {
    collection: Collection::Post,
    geometry: GeometryKind::None,
    key: &["post_no"],
    fields: &[
        must("post_no", Text),
        must("unit_code", Text),
        must(
            "role",
            Code(&[
                "district_head",
                "town_head",
                "village_head",
                "grid_head",
                "grid_worker",
                "micro_liaison",
            ]),
        ),
    ],
};

pub(super) static POST_HOLDER: CollectionSpec = CollectionSpec {
    collection: Collection::PostHolder,
    geometry: GeometryKind::None,
    key: &["post_no", "valid_from"],
    fields: &[
        must("post_no", Text),
        must("name", Text),
        may("phone_masked", Text),
        must("valid_from", Date),
        may("valid_to", Date),
    ],
};

pub(super) static DEPARTMENT: CollectionSpec = CollectionSpec {
    collection: Collection::Department,
    geometry: GeometryKind::None,
    key: &["code"],
    fields: &[must("code", Text), must("name", Text), may("short_name", Text), may("kind", Text)],
};

pub(super) static RESPONSIBILITY_RULE: CollectionSpec = CollectionSpec {
    collection: Collection::ResponsibilityRule,
    geometry: GeometryKind::None,
    key: &["rule_no"],
    fields: &[
        must("rule_no", Text),
        may("category_code", Text),
        may("unit_code", Text),
        may("exclusive_kind", Text),
        may("key_place_kind", Text),
        may("hours", Text),
        must("lead_department_code", Text),
        may("assist_department_codes", Texts),
        must("priority", Int),
        may("basis", Text),
    ],
};

pub(super) static CASE_CATEGORY: CollectionSpec = CollectionSpec {
    collection: Collection::CaseCategory,
    geometry: GeometryKind::None,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        must("level", Int),
        may("parent_code", Text),
        must("tree", Text),
        may("exclusive_kinds", Texts),
    ],
};

pub(super) static BUILDING: CollectionSpec = CollectionSpec {
    collection: Collection::Building,
    geometry: GeometryKind::Polygon,
    key: &["code"],
    fields: &[
        must("code", Text),
        may("name", Text),
        may("height_m", Float),
        may("floors_above", Int),
        may("floors_below", Int),
        may(
            "use",
            Code(&[
                "residential",
                "apartment",
                "farmhouse",
                "outbuilding",
                "shop",
                "office",
                "industrial",
                "warehouse",
                "school",
                "hospital",
                "market",
                "public",
                "religious",
                "transport",
                "other",
            ]),
        ),
        may("built_year", Int),
        may("household_count", Int),
        may("population", Int),
        may("estate_name", Text),
        may("address_text", Text),
        must("geom", Geometry),
    ],
};

pub(super) static ADDRESS: CollectionSpec = CollectionSpec {
    collection: Collection::Address,
    geometry: GeometryKind::Point,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("full_text", Text),
        may("town_name", Text),
        may("village_name", Text),
        may("road_name", Text),
        may("group_name", Text),
        may("number", Text),
        may("estate_name", Text),
        may("building_no", Text),
        may("unit_no", Text),
        may("building_code", Text),
        may("aliases", Texts),
        must("geom", Geometry),
    ],
};

pub(super) static ROAD: CollectionSpec = CollectionSpec {
    collection: Collection::Road,
    geometry: GeometryKind::Line,
    key: &["code"],
    fields: &[
        must("code", Text),
        may("name", Text),
        must("class", Code(&["motorway", "trunk", "main", "street", "lane", "track", "path"])),
        may("width_m", Float),
        may("one_way", Bool),
        may("bridge", Bool),
        must("geom", Geometry),
    ],
};

pub(super) static WATER: CollectionSpec = CollectionSpec {
    collection: Collection::Water,
    geometry: GeometryKind::Any,
    key: &["code"],
    fields: &[
        must("code", Text),
        may("name", Text),
        must("class", Code(&["sea", "river", "canal", "ditch", "lake", "pond"])),
        may("width_m", Float),
        must("geom", Geometry),
    ],
};

pub(super) static PLACE: CollectionSpec = CollectionSpec {
    collection: Collection::Place,
    geometry: GeometryKind::Point,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        must("kind", Code(&["town", "village", "hamlet", "estate", "square", "park", "station", "poi"])),
        may("rank", Int),
        must("geom", Geometry),
    ],
};

pub(super) static KEY_PLACE: CollectionSpec = CollectionSpec {
    collection: Collection::KeyPlace,
    geometry: GeometryKind::Any,
    key: &["code"],
    fields: &[
        must("code", Text),
        must("name", Text),
        must(
            "kind",
            Code(&[
                "school",
                "hospital",
                "market",
                "park",
                "plant",
                "hazard_plant",
                "shelter",
                "hydrant",
                "port",
                "station",
                "nursing_home",
                "public_toilet",
                "construction_site",
                "other",
            ]),
        ),
        may("risk_level", Int),
        may("address_text", Text),
        may("capacity", Int),
        may("valid_from", Date),
        may("valid_to", Date),
        must("geom", Geometry),
    ],
};

pub(super) static CAMERA: CollectionSpec = CollectionSpec {
    collection: Collection::Camera,
    geometry: GeometryKind::Point,
    key: &["gb_id"],
    fields: &[
        must("gb_id", Text),
        must("name", Text),
        may("azimuth_deg", Float),
        may("direction_type", Int),
        may("field_angle_deg", Float),
        may("range_m", Float),
        may("mount_height_m", Float),
        may("tilt_deg", Float),
        may("ptz_type", Int),
        may("point_type", Int),
        may("capture_position_type", Text),
        must("status", Code(&["online", "offline", "unknown"])),
        may("secrecy", Bool),
        may("owner_department_code", Text),
        may("road_name", Text),
        may("key_place_code", Text),
        may("installed_on", Date),
        must("geom", Geometry),
        may("source_updated_at", Time),
    ],
};

pub(super) static CASE: CollectionSpec = CollectionSpec {
    collection: Collection::Case,
    geometry: GeometryKind::Point,
    key: &["source_system", "source_no"],
    fields: &[
        must("case_no", Text),
        must("source_system", Text),
        must("source_no", Text),
        may("channel", Text),
        may(
            "request_type",
            Code(&["consult", "help", "complaint", "suggestion", "report", "praise", "other"]),
        ),
        may("category_code", Text),
        must("title", Text),
        may("content", Text),
        may("urgency", Code(&["normal", "urgent", "critical"])),
        may("is_valid", Bool),
        may("is_key", Bool),
        may("is_drill", Bool),
        may("answered_directly", Bool),
        must(
            "state",
            Code(&[
                "registered",
                "answered",
                "rejected",
                "accepted",
                "merged",
                "assigned",
                "return_requested",
                "in_progress",
                "suspended",
                "resolved",
                "qc",
                "follow_up",
                "reworking",
                "closed",
                "cancelled",
                "archived",
            ]),
        ),
        may("lead_department_code", Text),
        must("received_at", Time),
        may("accepted_at", Time),
        may("due_at", Time),
        may("resolved_at", Time),
        may("closed_at", Time),
        may("satisfied", Bool),
        may("repeat_of", Text),
        must("location_state", Code(&["located", "not_needed", "failed"])),
        may("raw_location", Text),
        may("source_crs", Text),
        may("source_x", Float),
        may("source_y", Float),
        may("locate_method", Code(&["gps", "map_pick", "address_match", "camera", "grid_only", "source"])),
        may("accuracy_m", Float),
        may("geom", Geometry),
        may("source_updated_at", Time),
    ],
};

pub(super) static INSPECTION: CollectionSpec = CollectionSpec {
    collection: Collection::Inspection,
    geometry: GeometryKind::Point,
    key: &["inspection_no"],
    fields: &[
        must("inspection_no", Text),
        must("theme", Code(&["patrol", "check", "visit", "campaign"])),
        must(
            "state",
            Code(&[
                "planned",
                "assigned",
                "accepted",
                "in_progress",
                "submitted",
                "reviewed",
                "closed",
                "expired",
                "cancelled",
            ]),
        ),
        may("unit_code", Text),
        may("department_code", Text),
        may("key_place_code", Text),
        may("planned_at", Time),
        may("started_at", Time),
        may("finished_at", Time),
        may("summary", Text),
        may("geom", Geometry),
        may("source_updated_at", Time),
    ],
};

pub(super) static FINDING: CollectionSpec = CollectionSpec {
    collection: Collection::Finding,
    geometry: GeometryKind::Point,
    key: &["finding_no"],
    fields: &[
        must("finding_no", Text),
        may("inspection_no", Text),
        may("category_code", Text),
        must("title", Text),
        may("content", Text),
        must("state", Code(&["reported", "self_handled", "transferred", "closed", "invalid"])),
        must("reported_at", Time),
        may("closed_at", Time),
        may("case_no", Text),
        may("unit_code", Text),
        may("accuracy_m", Float),
        must("geom", Geometry),
        may("source_updated_at", Time),
    ],
};
