//! The boundaries of cities by revision, kept in memory: a new one shares all that it does not change.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cim_coverage::Topology;
use cim_model::Collection;
use cim_store::{Revision, StateSum, Store};

use super::codes::CodeBook;
use super::refused::refuse;
use crate::work::failed;
use crate::{CityError, load};

/// Revisions kept in memory; each shares most of its elements with the others, so that one takes some tens of kilobytes.
const KEPT: usize = 1_024;

/// The boundaries of a city as of a revision.
pub(crate) struct Head {
    pub(super) city_code: String,
    pub(super) rev: i32,
    pub(super) base_level: Collection,
    pub(super) clean: bool,
    pub(super) topology: Topology,
    /// Worked out where it is asked for; a publication has it at hand.
    sum: OnceLock<StateSum>,
}

impl Head {
    /// The sum that the hash of the state is made of.
    pub(super) fn sum(&self) -> StateSum {
        *self.sum.get_or_init(|| tokio::task::block_in_place(|| StateSum::of(&self.topology)))
    }
}

/// Sets of codes kept in memory; each names every code of a city.
const CODE_BOOKS_KEPT: usize = 16;

/// The boundaries that are in memory, by revision.
#[derive(Default)]
pub(crate) struct Heads {
    kept: Mutex<Kept<Head>>,
    code_books: Mutex<Kept<CodeBook>>,
}

/// The latest of what was put in, by revision.
struct Kept<T> {
    by_rev: BTreeMap<i32, Arc<T>>,
    order: VecDeque<i32>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { by_rev: BTreeMap::new(), order: VecDeque::new() }
    }
}

impl<T> Kept<T> {
    fn put(&mut self, rev: i32, value: &Arc<T>, most: usize) {
        if self.by_rev.insert(rev, Arc::clone(value)).is_none() {
            self.order.push_back(rev);
        }
        while self.order.len() > most {
            if let Some(oldest) = self.order.pop_front() {
                self.by_rev.remove(&oldest);
            }
        }
    }
}

impl Heads {
    /// The boundaries as of a revision.
    pub(super) async fn at(&self, store: &Store, revision: &Revision) -> Result<Arc<Head>, CityError> {
        if let Some(head) = self.find(revision.rev) {
            return Ok(head);
        }
        let near = self.nearest(revision);
        let topology = match near {
            Some(near) => self.stepped(store, &near, revision).await?,
            None => read(store, revision).await?,
        };
        Ok(self.keep(head_of(revision, topology, OnceLock::new())))
    }

    /// The boundaries a step away from others.
    async fn stepped(&self, store: &Store, near: &Head, revision: &Revision) -> Result<Topology, CityError> {
        let (from, to) = (near.rev.min(revision.rev), near.rev.max(revision.rev));
        let forth = store.elements_between(&revision.city_code, from, to).await.map_err(failed)?;
        let delta = if near.rev < revision.rev { forth } else { forth.inverse() };
        match near.topology.with(&delta) {
            Ok(topology) => Ok(topology),
            // Not as it was remembered: what the database says holds.
            Err(_differs) => read(store, revision).await,
        }
    }

    pub(super) fn keep(&self, head: Head) -> Arc<Head> {
        let head = Arc::new(head);
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).put(head.rev, &head, KEPT);
        head
    }

    fn find(&self, rev: i32) -> Option<Arc<Head>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).by_rev.get(&rev).map(Arc::clone)
    }

    /// The codes that were used until a revision.
    pub(super) async fn codes(
        &self,
        store: &Store,
        city_code: &str,
        rev: i32,
    ) -> Result<Arc<CodeBook>, CityError> {
        let known =
            self.code_books.lock().unwrap_or_else(PoisonError::into_inner).by_rev.get(&rev).map(Arc::clone);
        if let Some(known) = known {
            return Ok(known);
        }
        let codes = store.codes_ever_used(city_code, rev).await.map_err(failed)?;
        Ok(self.keep_codes(rev, CodeBook::new(codes)))
    }

    pub(super) fn keep_codes(&self, rev: i32, codes: CodeBook) -> Arc<CodeBook> {
        let codes = Arc::new(codes);
        self.code_books.lock().unwrap_or_else(PoisonError::into_inner).put(rev, &codes, CODE_BOOKS_KEPT);
        codes
    }

    /// The nearest revision of the city that is in memory.
    fn nearest(&self, revision: &Revision) -> Option<Arc<Head>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let of_same_kind = |head: &&Arc<Head>| {
            head.city_code == revision.city_code
                && head.base_level.name() == revision.base_level
                && head.clean
        };
        let same_city = kept.by_rev.values().filter(of_same_kind);
        same_city
            .min_by_key(|head| head.rev.abs_diff(revision.rev))
            .filter(|_| revision.clean)
            .map(Arc::clone)
    }
}

pub(super) fn head_of(revision: &Revision, topology: Topology, sum: OnceLock<StateSum>) -> Head {
    Head {
        city_code: revision.city_code.clone(),
        rev: revision.rev,
        base_level: revision.base_level.parse().unwrap_or(Collection::MicroGrid),
        clean: revision.clean,
        topology,
        sum,
    }
}

async fn read(store: &Store, revision: &Revision) -> Result<Topology, CityError> {
    let elements = store.elements_at(&revision.city_code, revision.rev).await.map_err(failed)?;
    let base_level = revision.base_level.clone();
    Ok(load::off_the_runtime(move || elements.topology(&base_level)).await)
}

/// Editing waits for an exact partition.
pub(super) fn refuse_unclean(revision: &Revision) -> Result<(), CityError> {
    if revision.clean {
        return Ok(());
    }
    let message = format!(
        "the boundaries of city {} are no exact partition, so they cannot be edited: see `cim check`, and apply the repair \
         that the load proposed with `cim load --repair REPORT`",
        revision.city_code
    );
    Err(refuse("unclean_coverage", message))
}
