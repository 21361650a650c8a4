//! How exclusive grids and comprehensive grids share the answer to "who is responsible".

/// A city's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExclusivePolicy {
    /// An exclusive grid answers first for the categories it lists, the comprehensive grid for all others.
    #[default]
    Overlay,
    /// An exclusive grid answers for everything inside it.
    Replace,
}

impl ExclusivePolicy {
    /// Its name in `city.toml` and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Overlay => "overlay",
            Self::Replace => "replace",
        }
    }

    /// The policy of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Overlay, Self::Replace].into_iter().find(|policy| policy.name() == name)
    }
}
