//! Published states of boundaries: list them, look at one, see what differs between two, and undo one.

use std::collections::BTreeSet;

use cim_access::Scope;
use cim_coverage::{Topology, UnitNo, UnitState, area_m2};
use cim_store::{LineageRow, Revision, collection_of, hexadecimal};
use serde::Serialize;

use super::answer::ChangesetAnswer;
use super::heads::refuse_unclean;
use super::operation_body::OperationBody;
use super::refused::{no_such, refuse};
use super::shape::DrawnShape;
use super::shown::outline_moves;
use crate::work::failed;
use crate::{City, CityError, load};

/// A published state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionAnswer {
    /// Its number.
    pub rev: i32,
    /// The state it followed.
    pub parent: Option<i32>,
    /// The division code of the city.
    pub city_code: String,
    /// `load`, `publish`, `revert` or `correction`.
    pub kind: String,
    /// Whether it is an exact partition.
    pub clean: bool,
    /// RFC 3339: since when it is known.
    pub published_at: String,
    /// The day from which it holds.
    pub effective_from: String,
    /// RFC 3339: since when maps and answers show it; null until its day has come.
    pub activated_at: Option<String>,
    /// Who published it.
    pub actor: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The number of the decision it rests on.
    pub doc_no: Option<String>,
    /// The draft it came from.
    pub changeset: Option<i64>,
    /// SHA-256 of the state: equal states have equal hashes.
    pub state_hash: String,
    /// What became of which unit; told of one revision, not in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lineage: Vec<LineageAnswer>,
}

/// What became of a unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LineageAnswer {
    /// The revision.
    pub rev: i32,
    /// `split`, `merge`, `carve`, `reparent`, `recode`, `rename`, `retire` or `reshape`.
    pub kind: String,
    /// The level of the units.
    pub level: Option<String>,
    /// The code of the unit that was there.
    pub from: Option<String>,
    /// The code of the unit that is there.
    pub to: Option<String>,
    /// The part of the old unit's ground that the other has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_share: Option<f64>,
}

/// A page of revisions, the latest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RevisionPage {
    /// The revisions.
    pub items: Vec<RevisionAnswer>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i32>,
}

/// What differs between two revisions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DifferenceAnswer {
    /// The earlier one.
    pub from: i32,
    /// The later one.
    pub to: i32,
    /// The units that differ, by level and code.
    pub units: Vec<UnitDifference>,
}

/// A unit before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnitDifference {
    /// Its number.
    pub id: i64,
    /// Its collection's name.
    pub level: &'static str,
    /// `created`, `retired`, `reshaped` (its ground differs) or `changed` (its words alone).
    pub change: &'static str,
    /// Its code before.
    pub code_before: Option<String>,
    /// Its code after.
    pub code_after: Option<String>,
    /// Its name before.
    pub name_before: Option<String>,
    /// Its name after.
    pub name_after: Option<String>,
    /// The code of its parent before.
    pub parent_before: Option<String>,
    /// The code of its parent after.
    pub parent_after: Option<String>,
    /// Its ground before, square metres.
    pub area_before_m2: Option<f64>,
    /// Its ground after.
    pub area_after_m2: Option<f64>,
    /// Its ground before, where it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry_before: Option<DrawnShape>,
    /// Its ground after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geometry_after: Option<DrawnShape>,
}

impl City {
    /// Revisions before one, the latest first.
    pub async fn list_revisions(
        &self,
        _scope: &Scope,
        before: Option<i32>,
        city_code: Option<&str>,
        limit: usize,
    ) -> Result<RevisionPage, CityError> {
        let wanted = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let found = self.inner.store.revisions(before.unwrap_or(i32::MAX), city_code, wanted + 1);
        let found = found.await.map_err(failed)?;
        let more = found.len() > limit;
        let items: Vec<RevisionAnswer> =
            found.into_iter().take(limit).map(|revision| answer(revision, Vec::new())).collect();
        let next = items.last().filter(|_| more).map(|last| last.rev);
        Ok(RevisionPage { items, next })
    }

    /// One revision with the lines of descent.
    pub async fn get_revision(&self, _scope: &Scope, rev: i32) -> Result<RevisionAnswer, CityError> {
        let revision = self.find_revision(rev).await?;
        let lineage = self.inner.store.lineage_of(rev).await.map_err(failed)?;
        Ok(answer(revision, lineage))
    }

    /// What differs between two revisions of a city; the one before, when none is named.
    pub async fn revision_difference(
        &self,
        _scope: &Scope,
        rev: i32,
        from: Option<i32>,
    ) -> Result<DifferenceAnswer, CityError> {
        let to = self.find_revision(rev).await?;
        let from = match from.or(to.parent) {
            Some(from) => self.find_revision(from).await?,
            None => return Ok(DifferenceAnswer { from: rev, to: rev, units: Vec::new() }),
        };
        if from.city_code != to.city_code {
            let message = format!("revisions {} and {} are of different cities", from.rev, to.rev);
            return Err(refuse("different_cities", message));
        }
        refuse_unclean(&from)?;
        refuse_unclean(&to)?;
        let heads = &self.inner.boundaries.heads;
        let before = heads.at(&self.inner.store, &from).await?;
        let after = heads.at(&self.inner.store, &to).await?;
        let units = load::off_the_runtime(move || differences(&before.topology, &after.topology)).await;
        Ok(DifferenceAnswer { from: from.rev, to: to.rev, units })
    }

    /// Begins a draft that undoes a revision: it is reviewed and published like any other.
    pub async fn revert_revision(
        &self,
        _scope: &Scope,
        rev: i32,
        actor: &str,
    ) -> Result<(ChangesetAnswer, Option<u64>), CityError> {
        let revision = self.find_revision(rev).await?;
        let head = self.head_revision(&revision.city_code).await?;
        refuse_unclean(&head)?;
        let title = match &revision.reason {
            Some(reason) => format!("revert of revision {rev}: {reason}"),
            None => format!("revert of revision {rev}"),
        };
        let store = &self.inner.store;
        let body = OperationBody::Revert { rev };
        // Refused before a draft is begun, when what it changed was changed again.
        let moves_outline = self.try_on_head(&head, body.clone()).await?;
        let kept = serde_json::to_value(&body).map_err(|source| CityError::Internal {
            doing: "writing of an operation",
            source: Box::new(source),
        })?;
        let created =
            store.create_changeset(&head.city_code, &title, actor, head.rev, moves_outline, Some(&kept));
        let (changeset, xid) = created.await.map_err(failed)?;
        Ok((ChangesetAnswer::from(&changeset), xid.map(|xid| xid.0)))
    }

    /// Whether it would move the outline.
    async fn try_on_head(&self, head: &Revision, body: OperationBody) -> Result<bool, CityError> {
        let heads = &self.inner.boundaries.heads;
        let head = heads.at(&self.inner.store, head).await?;
        let codes = heads.codes(&self.inner.store, &head.city_code, head.rev).await?;
        let prepared = super::session::prepare(&self.inner.store, &head.city_code, body).await?;
        let tried = super::session::step(&head.topology, &codes, true, prepared);
        let tried = tried.map_err(|finding| CityError::RefusedEdit(vec![finding]))?;
        Ok(outline_moves(&head.topology.difference(&tried.topology)))
    }

    pub(super) async fn find_revision(&self, rev: i32) -> Result<Revision, CityError> {
        let found = self.inner.store.revision(rev).await.map_err(failed)?;
        found.ok_or_else(|| no_such("revision", i64::from(rev)))
    }
}

fn answer(revision: Revision, lineage: Vec<LineageRow>) -> RevisionAnswer {
    RevisionAnswer {
        rev: revision.rev,
        parent: revision.parent,
        city_code: revision.city_code,
        kind: revision.kind,
        clean: revision.clean,
        published_at: revision.published_at.to_string(),
        effective_from: revision.effective_from.to_string(),
        activated_at: revision.activated_at.map(|time| time.to_string()),
        actor: revision.actor,
        reason: revision.reason,
        doc_no: revision.doc_no,
        changeset: revision.changeset,
        state_hash: hexadecimal(&revision.state_hash),
        lineage: lineage.into_iter().map(lineage_answer).collect(),
    }
}

pub(super) fn lineage_answer(row: LineageRow) -> LineageAnswer {
    let LineageRow { rev, kind, from, to, area_share } = row;
    let level = to.as_ref().or(from.as_ref()).map(|(level, _)| level.clone());
    let code = |unit: Option<(String, String)>| unit.map(|(_, code)| code);
    LineageAnswer { rev, kind, level, from: code(from), to: code(to), area_share }
}

/// The units whose ground or words differ, by level and code.
fn differences(before: &Topology, after: &Topology) -> Vec<UnitDifference> {
    let delta = before.difference(after);
    let ground = before.changed_units(after, &delta);
    let units: BTreeSet<UnitNo> =
        ground.iter().copied().chain(delta.units.iter().map(|change| change.no)).collect();
    let of = |unit: &UnitNo| difference(before, after, *unit, ground.contains(unit));
    let mut units: Vec<UnitDifference> = units.iter().filter_map(of).collect();
    units.sort_by(|one, other| {
        let code = |unit: &UnitDifference| unit.code_after.clone().or_else(|| unit.code_before.clone());
        (one.level, code(one)).cmp(&(other.level, code(other)))
    });
    units
}

fn difference(before: &Topology, after: &Topology, unit: UnitNo, moved: bool) -> Option<UnitDifference> {
    let (was, is) = (before.unit(unit), after.unit(unit));
    let level = collection_of(was.or(is)?.level)?.name();
    let change = match (was, is) {
        (None, _) => "created",
        (_, None) => "retired",
        _ if moved => "reshaped",
        _ => "changed",
    };
    let polygons = |topology: &Topology, there: bool| there.then(|| topology.polygons_of(unit));
    let (old, new) = (polygons(before, was.is_some()), polygons(after, is.is_some()));
    let area = |polygons: &Option<Vec<_>>| {
        let polygons = polygons.as_ref()?;
        Some((polygons.iter().map(area_m2).sum::<f64>() * 10.0).round() / 10.0)
    };
    let text = |state: Option<&std::sync::Arc<UnitState>>, of: fn(&UnitState) -> Option<String>| {
        state.and_then(|state| of(state))
    };
    Some(UnitDifference {
        id: unit.0,
        level,
        change,
        code_before: text(was, |unit| Some(unit.code.clone())),
        code_after: text(is, |unit| Some(unit.code.clone())),
        name_before: text(was, |unit| Some(unit.name.clone())),
        name_after: text(is, |unit| Some(unit.name.clone())),
        parent_before: text(was, |unit| unit.parent_code.clone()),
        parent_after: text(is, |unit| unit.parent_code.clone()),
        area_before_m2: area(&old),
        area_after_m2: area(&new),
        geometry_before: old.as_deref().filter(|_| moved).map(DrawnShape::areas),
        geometry_after: new.as_deref().filter(|_| moved).map(DrawnShape::areas),
    })
}
