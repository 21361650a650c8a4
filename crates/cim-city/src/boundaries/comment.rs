//! What is said about a draft, pinned to a place, an arc or a unit.

use cim_access::Scope;
use cim_crs::LonLat;
use cim_store::NewComment;
use serde::Deserialize;

use super::answer::CommentAnswer;
use super::refused::{no_such, refuse};
use super::shape::{Position, place};
use crate::work::failed;
use crate::{City, CityError};

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCommentBody {
    /// What.
    pub text: String,
    /// The place it is about.
    pub position: Option<Position>,
    /// The arc it is about.
    pub arc: Option<i64>,
    /// The unit it is about.
    pub unit: Option<i64>,
}

impl City {
    /// Says something about a draft; anybody may, whatever its state.
    pub async fn comment_on_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        actor: &str,
        body: NewCommentBody,
    ) -> Result<(CommentAnswer, Option<u64>), CityError> {
        let text = body.text.trim();
        if text.is_empty() {
            return Err(refuse("text_missing", "say something in `text`".to_owned()));
        }
        let comment = NewComment {
            actor: actor.to_owned(),
            text: text.to_owned(),
            at: body.position.map(pinned).transpose()?,
            arc: body.arc,
            unit: body.unit,
        };
        let added = self.inner.store.add_changeset_comment(id, &comment).await.map_err(failed)?;
        let (said, xid) = added.ok_or_else(|| no_such("changeset", id))?;
        Ok((CommentAnswer::from(said), xid.map(|xid| xid.0)))
    }
}

fn pinned(position: Position) -> Result<LonLat, CityError> {
    place(position).ok_or_else(|| {
        let [lon, lat] = position;
        refuse("bad_position", format!("{lon} {lat} is no place: give longitude and latitude in degrees"))
    })
}
