//! What follows for a case from its other fields: how its location is known, and which steps a moved history has reached.

use cim_model::{Collection, CollectionSpec, Value};

use super::geometry::Sound;
use super::timeline::TimeShift;

/// Steps that a moved history has not reached yet, with the state that the object is in before them.
const STEPS: &[(Collection, &str, &str)] = &[
    (Collection::Case, "closed_at", "in_progress"),
    (Collection::Case, "resolved_at", "in_progress"),
    (Collection::Case, "accepted_at", "registered"),
    (Collection::Finding, "closed_at", "reported"),
    (Collection::Inspection, "finished_at", "in_progress"),
    (Collection::Inspection, "started_at", "assigned"),
];

/// Takes back what would happen after now: a case that was received yesterday and closed tomorrow is open today.
pub(super) fn undo_future(spec: &CollectionSpec, values: &mut [Value], shift: &TimeShift) {
    for (collection, field, state_before) in STEPS {
        if *collection != spec.collection {
            continue;
        }
        let Some(place) = spec.position(field) else { continue };
        if let Value::Time(time) = values[place]
            && shift.lies_ahead(time)
        {
            values[place] = Value::Null;
            if let Some(state) = spec.position("state") {
                values[state] = Value::Text((*state_before).to_owned());
            }
        }
    }
}

/// Fills the fields about the location that no column has filled.
pub(super) fn fill_location(spec: &CollectionSpec, values: &mut [Value], sound: Option<&Sound>, crs: &str) {
    let mut fill = |name: &str, value: Value| {
        if let Some(place) = spec.position(name)
            && values[place] == Value::Null
        {
            values[place] = value;
        }
    };
    if let Some(sound) = sound {
        fill("location_state", Value::Text("located".to_owned()));
        fill("source_crs", Value::Text(crs.to_owned()));
        fill("source_x", Value::Float(sound.source[0]));
        fill("source_y", Value::Float(sound.source[1]));
        fill("locate_method", Value::Text("source".to_owned()));
        return;
    }
    let written = spec.position("raw_location").is_some_and(|place| values[place] != Value::Null);
    let state = if written { "failed" } else { "not_needed" };
    if let Some(place) = spec.position("location_state")
        && !matches!(&values[place], Value::Text(state) if state != "located")
    {
        values[place] = Value::Text(state.to_owned());
    }
}
