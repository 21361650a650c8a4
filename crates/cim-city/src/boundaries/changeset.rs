//! The commands on drafts as a whole: begin, list, look at, give up.

use cim_access::Scope;
use cim_store::{Changeset, ChangesetState, ChangesetWrite, NewEvent, Revision};
use serde::Deserialize;

use super::answer::{ChangesetAnswer, ChangesetDetail, ChangesetPage, OpAnswer, touched_figures};
use super::heads::refuse_unclean;
use super::refused::{no_such, refuse};
use super::session::session;
use crate::seen::sees_everything;
use crate::work::failed;
use crate::{City, CityError};

/// A draft to be begun.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewChangeset {
    /// What it is for, in one line.
    pub title: String,
    /// The division code of the city; needed where several are loaded.
    pub city_code: Option<String>,
    /// Whether it may move the outline of the city.
    #[serde(default)]
    pub opens_outline: bool,
}

/// Which drafts to list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListChangesets {
    /// Those before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
    /// In this state.
    pub state: Option<ChangesetState>,
    /// Drawn by this person.
    pub author: Option<String>,
}

impl City {
    /// Begins a draft on the latest revision.
    pub async fn create_changeset(
        &self,
        _scope: &Scope,
        actor: &str,
        new: NewChangeset,
    ) -> Result<(ChangesetAnswer, Option<u64>), CityError> {
        let city_code = self.boundary_city(new.city_code).await?;
        let head = self.head_revision(&city_code).await?;
        refuse_unclean(&head)?;
        let title = new.title.trim();
        if title.is_empty() {
            return Err(refuse("title_missing", "say in `title` what the draft is for".to_owned()));
        }
        let created =
            self.inner.store.create_changeset(&city_code, title, actor, head.rev, new.opens_outline, None);
        let (changeset, xid) = created.await.map_err(failed)?;
        Ok((ChangesetAnswer::from(&changeset), xid.map(|xid| xid.0)))
    }

    /// Drafts, the latest first.
    pub async fn list_changesets(
        &self,
        _scope: &Scope,
        list: &ListChangesets,
    ) -> Result<ChangesetPage, CityError> {
        let limit = i64::try_from(list.limit).unwrap_or(i64::MAX - 1);
        let before = list.before.unwrap_or(i64::MAX);
        let found = self.inner.store.changesets(before, limit + 1, list.state, list.author.as_deref());
        let mut items: Vec<ChangesetAnswer> =
            found.await.map_err(failed)?.iter().map(ChangesetAnswer::from).collect();
        let more = items.len() > list.limit;
        items.truncate(list.limit);
        let next = items.last().filter(|_| more).map(|last| last.id);
        Ok(ChangesetPage { items, next })
    }

    /// A draft with its operations, its history, and the grids it touches.
    pub async fn get_changeset(&self, scope: &Scope, id: i64) -> Result<ChangesetDetail, CityError> {
        let store = &self.inner.store;
        let found = self.changeset(id).await?;
        let head = self.head_revision(&found.city_code).await?;
        let ops = self.ops_of(&found).await?;
        let events = store.changeset_events(id).await.map_err(failed)?;
        let comments = store.changeset_comments(id).await.map_err(failed)?;
        let (units, findings) = self.figures_of(scope, &found).await?;
        Ok(ChangesetDetail {
            head_rev: head.rev,
            ops,
            events: events.into_iter().map(Into::into).collect(),
            comments: comments.into_iter().map(Into::into).collect(),
            units,
            findings,
            // It names what its author saw; who sees less asks for the impact anew.
            impact_at_submit: found.impact.clone().filter(|_| sees_everything(scope)),
            changeset: ChangesetAnswer::from(&found),
        })
    }

    /// The operations of a draft, those that were undone too.
    pub async fn list_changeset_ops(&self, _scope: &Scope, id: i64) -> Result<Vec<OpAnswer>, CityError> {
        self.ops_of(&self.changeset(id).await?).await
    }

    async fn ops_of(&self, changeset: &Changeset) -> Result<Vec<OpAnswer>, CityError> {
        let ops = self.inner.store.changeset_ops(changeset.id).await.map_err(failed)?;
        Ok(ops.into_iter().map(|op| OpAnswer::of(op, changeset.op_count)).collect())
    }

    /// The draft with a number.
    pub(super) async fn changeset(&self, id: i64) -> Result<Changeset, CityError> {
        self.inner.store.changeset(id).await.map_err(failed)?.ok_or_else(|| no_such("changeset", id))
    }

    async fn figures_of(
        &self,
        scope: &Scope,
        changeset: &Changeset,
    ) -> Result<(Vec<super::UnitFigures>, Vec<super::EditFinding>), CityError> {
        let desk = &self.inner.boundaries;
        let held = desk.sessions.hold(&self.inner.store, &desk.heads, changeset.id).await?;
        let session = session(&held)?;
        let version = self.version_for(scope)?;
        let (before, after) = (&session.base.topology, session.current());
        Ok(tokio::task::block_in_place(|| {
            touched_figures(&version, before, after, &before.difference(after))
        }))
    }

    /// Gives a draft up.
    pub async fn abandon_changeset(
        &self,
        _scope: &Scope,
        id: i64,
        version: i32,
        actor: &str,
    ) -> Result<(ChangesetAnswer, Option<u64>), CityError> {
        self.author_alone(id, actor).await?;
        let store = &self.inner.store;
        let written = store.move_changeset(id, version, actor, &NewEvent::Abandon).await.map_err(failed)?;
        written_answer(written, id, version, "abandon")
    }

    /// The city that is meant, where only one has boundaries.
    pub(super) async fn boundary_city(&self, given: Option<String>) -> Result<String, CityError> {
        let mut known = self.inner.store.boundary_cities().await.map_err(failed)?;
        match given {
            Some(given) if known.contains(&given) => Ok(given),
            Some(given) => Err(CityError::NotFound { what: "city", name: given }),
            None if known.len() == 1 => Ok(known.remove(0)),
            None => {
                let message = format!("name the city in `city_code`: one of {}", known.join(", "));
                Err(refuse("city_missing", message))
            }
        }
    }

    /// The latest revision of a city.
    pub(super) async fn head_revision(&self, city_code: &str) -> Result<Revision, CityError> {
        let head = self.inner.store.head_revision(city_code).await.map_err(failed)?;
        head.ok_or_else(|| CityError::NotFound { what: "city", name: city_code.to_owned() })
    }

    /// Only who drew a draft may draw on it, give it to be reviewed, or give it up.
    pub(super) async fn author_alone(&self, id: i64, actor: &str) -> Result<Changeset, CityError> {
        let found = self.changeset(id).await?;
        refuse_others(&found, actor)?;
        Ok(found)
    }
}

pub(super) fn refuse_others(changeset: &Changeset, actor: &str) -> Result<(), CityError> {
    if changeset.author == actor {
        return Ok(());
    }
    let message = format!(
        "changeset {} is {}'s: only its author may draw on it; begin one of your own",
        changeset.id, changeset.author
    );
    Err(refuse("not_the_author", message))
}

/// What a write on a draft means to who asked for it.
pub(super) fn written_answer(
    written: ChangesetWrite,
    id: i64,
    version: i32,
    wanted: &str,
) -> Result<(ChangesetAnswer, Option<u64>), CityError> {
    let (changeset, xid) = written_row(written, id, version, wanted)?;
    Ok((ChangesetAnswer::from(&changeset), xid))
}

pub(super) fn written_row(
    written: ChangesetWrite,
    id: i64,
    version: i32,
    wanted: &str,
) -> Result<(Changeset, Option<u64>), CityError> {
    match written {
        ChangesetWrite::Written { changeset, xid } => Ok((*changeset, xid.map(|xid| xid.0))),
        ChangesetWrite::Refused(found) if found.version != version => {
            Err(CityError::Stale { what: "changeset", name: id.to_string() })
        }
        ChangesetWrite::Refused(found) => Err(state_conflict(&found, wanted)),
        ChangesetWrite::NoSuchChangeset => Err(no_such("changeset", id)),
    }
}

/// The state of a draft does not allow a step.
pub(super) fn state_conflict(found: &Changeset, wanted: &str) -> CityError {
    let allowed: &[&str] = match found.state {
        ChangesetState::Draft => &["ops", "undo", "redo", "rebase", "submit", "abandon"],
        ChangesetState::Rejected => &["ops", "undo", "redo", "rebase", "submit", "withdraw", "abandon"],
        ChangesetState::Submitted => &["approve", "reject", "withdraw", "abandon"],
        ChangesetState::Approved => &["publish", "reject", "withdraw", "abandon"],
        ChangesetState::Published | ChangesetState::Abandoned => &[],
    };
    CityError::Conflict {
        message: format!(
            "changeset {} is {}: `{wanted}` is not allowed in this state",
            found.id,
            found.state.name()
        ),
        allowed_events: allowed.iter().map(|event| (*event).to_owned()).collect(),
    }
}
