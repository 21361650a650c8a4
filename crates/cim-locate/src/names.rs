//! Every name once, with what it may be the name of.

use std::collections::HashMap;

use crate::written::Written;

/// The number of a name.
pub(crate) type NameId = u32;

/// What a name may be the name of; a street and a community often share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinds(u8);

impl Kinds {
    pub(crate) const ROAD: Self = Self(1);
    pub(crate) const WATER: Self = Self(2);
    pub(crate) const SPOT: Self = Self(4);
    pub(crate) const ESTATE: Self = Self(8);
    pub(crate) const AREA: Self = Self(16);
    /// Province, city or district: it says nothing, because all addresses lie in it.
    pub(crate) const ADMIN: Self = Self(32);
    /// Another text of an address, without numbers: the name of a shop or school.
    pub(crate) const ALIAS: Self = Self(64);

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A name.
#[derive(Debug)]
pub(crate) struct Name {
    /// As its first owner writes it.
    pub(crate) shown: Box<str>,
    /// In the form in which texts are compared.
    pub(crate) compared: Box<str>,
    pub(crate) kinds: Kinds,
}

/// Names, each with one number.
#[derive(Debug, Default)]
pub(crate) struct Names {
    all: Vec<Name>,
    by_shown: HashMap<Box<str>, NameId>,
    by_compared: HashMap<Box<str>, NameId>,
    written: Written,
}

impl Names {
    /// The number of a name; none for one that is empty in its compared form.
    pub(crate) fn take_in(&mut self, shown: &str, kinds: Kinds) -> Option<NameId> {
        let shown = shown.trim();
        let id = if let Some(&id) = self.by_shown.get(shown) {
            id
        } else {
            self.written.rewrite(shown);
            if self.written.text.is_empty() {
                return None;
            }
            let compared: Box<str> = self.written.text.as_str().into();
            let id = *self.by_compared.entry(compared.clone()).or_insert(self.all.len() as NameId);
            if id as usize == self.all.len() {
                self.all.push(Name { shown: shown.into(), compared, kinds: Kinds::default() });
            }
            self.by_shown.insert(shown.into(), id);
            id
        };
        if let Some(name) = self.all.get_mut(id as usize) {
            name.kinds.add(kinds);
        }
        Some(id)
    }

    pub(crate) fn get(&self, id: NameId) -> Option<&Name> {
        self.all.get(id as usize)
    }

    pub(crate) fn kinds(&self, id: NameId) -> Kinds {
        self.get(id).map_or(Kinds::default(), |name| name.kinds)
    }

    pub(crate) fn shown(&self, id: NameId) -> &str {
        self.get(id).map_or("", |name| &name.shown)
    }

    pub(crate) fn compared(&self, id: NameId) -> &str {
        self.get(id).map_or("", |name| &name.compared)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (NameId, &Name)> + Clone {
        (0..).zip(&self.all)
    }

    /// Names are read only from here on; what only served to find their numbers is given back.
    pub(crate) fn close(&mut self) {
        self.by_shown = HashMap::new();
        self.by_compared = HashMap::new();
        self.all.shrink_to_fit();
    }
}
