//! Who may see what: the type without which no query can be asked.

/// What one caller may see. Until accounts exist the only scope is the whole district.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    class: ScopeClass,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum ScopeClass {
    WholeDistrict,
}

impl Scope {
    /// Everything in the district.
    #[must_use]
    pub fn whole_district() -> Self {
        Self { class: ScopeClass::WholeDistrict }
    }

    /// A short name that is equal for callers who may see the same things: part of every cache key.
    #[must_use]
    pub fn class_name(&self) -> &'static str {
        match self.class {
            ScopeClass::WholeDistrict => "all",
        }
    }
}
