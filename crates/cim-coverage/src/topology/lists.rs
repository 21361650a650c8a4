//! A persistent map from a key to the sorted members that belong to it: the indexes of a topology.

use std::sync::Arc;

use imbl::OrdMap;

/// Short sorted lists by key; an empty list has no entry.
#[derive(Clone)]
pub(super) struct Lists<K, V>(OrdMap<K, Arc<[V]>>);

impl<K: Ord + Clone, V: Ord + Copy> Lists<K, V> {
    pub(super) fn from_pairs(mut pairs: Vec<(K, V)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let lists = pairs
            .chunk_by(|one, other| one.0 == other.0)
            .map(|group| (group[0].0.clone(), group.iter().map(|pair| pair.1).collect::<Arc<[V]>>()));
        Self(lists.collect())
    }

    pub(super) fn of(&self, key: &K) -> &[V] {
        self.0.get(key).map_or(&[], |list| &**list)
    }

    pub(super) fn add(&mut self, key: K, member: V) {
        let list = self.of(&key);
        if let Err(place) = list.binary_search(&member) {
            let longer: Arc<[V]> =
                list[..place].iter().copied().chain([member]).chain(list[place..].iter().copied()).collect();
            self.0.insert(key, longer);
        }
    }

    pub(super) fn remove(&mut self, key: &K, member: V) {
        let list = self.of(key);
        if list == [member] {
            self.0.remove(key);
        } else if list.binary_search(&member).is_ok() {
            let shorter: Arc<[V]> = list.iter().copied().filter(|other| *other != member).collect();
            self.0.insert(key.clone(), shorter);
        }
    }

    /// Moves a member from the old keys to the new ones; both are sorted.
    pub(super) fn shift(&mut self, old: &[K], new: &[K], member: V) {
        for key in old.iter().filter(|key| new.binary_search(key).is_err()) {
            self.remove(key, member);
        }
        for key in new.iter().filter(|key| old.binary_search(key).is_err()) {
            self.add(key.clone(), member);
        }
    }

    pub(super) fn least_key(&self) -> Option<&K> {
        self.0.get_min().map(|(key, _)| key)
    }
}
