//! Codes of grids: issued by the template of their class under their parent, and never given out twice.

use std::collections::HashSet;

use cim_coverage::{CodeIssuer, EditRule, Level, Topology, UnitNo};
use cim_model::Collection;
use cim_store::collection_of;

/// No code is longer.
const LONGEST: usize = 64;

/// How the codes of a class are made: the parent's code, a letter, and a number of so many digits at least.
struct CodeTemplate {
    class: Collection,
    letter: char,
    digits: usize,
}

/// Classes whose codes are the city's own to give out. Codes of villages and above come from the statistics office.
const TEMPLATES: [CodeTemplate; 3] = [
    CodeTemplate { class: Collection::ComprehensiveGrid, letter: 'Z', digits: 2 },
    CodeTemplate { class: Collection::MicroGrid, letter: 'W', digits: 2 },
    CodeTemplate { class: Collection::ExclusiveGrid, letter: 'S', digits: 3 },
];

/// Issues codes that no unit of the city has or ever had.
#[derive(Debug, Default)]
pub(crate) struct CodeBook {
    ever_used: HashSet<(Level, String)>,
}

impl CodeBook {
    pub(super) fn new(ever_used: Vec<(Level, String)>) -> Self {
        Self { ever_used: ever_used.into_iter().collect() }
    }

    /// The codes of a state beside those that were used before it.
    pub(super) fn after(before: &Self, topology: &Topology) -> Self {
        let mut ever_used = before.ever_used.clone();
        ever_used.extend(topology.units().map(|(_, unit)| (unit.level, unit.code.clone())));
        Self { ever_used }
    }

    fn is_taken(&self, topology: &Topology, level: Level, code: &str) -> bool {
        topology.unit_by_code(level, code).is_some() || self.ever_used.contains(&(level, code.to_owned()))
    }
}

impl CodeIssuer for CodeBook {
    fn issue(&self, topology: &Topology, level: Level, parent: Option<UnitNo>) -> Option<String> {
        let class = collection_of(level)?;
        let template = TEMPLATES.iter().find(|template| template.class == class)?;
        let parent =
            parent.and_then(|parent| topology.unit(parent)).map_or("", |parent| parent.code.as_str());
        let code =
            |number: u32| format!("{parent}{}{number:0width$}", template.letter, width = template.digits);
        // Numbers go on after the highest: a gap is a code that was retired before this city kept its history.
        let stem = format!("{parent}{}", template.letter);
        let number_of = |code: &str| code.strip_prefix(&stem).and_then(|number| number.parse::<u32>().ok());
        let siblings = topology.units().filter(|(_, unit)| unit.level == level);
        let highest = siblings
            .filter_map(|(_, unit)| number_of(&unit.code))
            .chain(
                self.ever_used.iter().filter(|(of, _)| *of == level).filter_map(|(_, code)| number_of(code)),
            )
            .max();
        // Somebody gave the last number there is: the next code has to be given as well.
        highest.unwrap_or(0).checked_add(1).map(code)
    }

    fn refuse(&self, topology: &Topology, level: Level, code: &str) -> Option<EditRule> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
        if code.is_empty() || code.len() > LONGEST || !code.chars().all(is_plain) {
            return Some(EditRule::CodeMalformed);
        }
        self.is_taken(topology, level, code).then_some(EditRule::CodeTaken)
    }
}

#[cfg(test)]
mod tests {
    use cim_coverage::TopologyParts;
    use cim_store::level_of;

    use super::*;

    #[test]
    fn after_the_last_number_no_code_is_issued() {
        let topology = Topology::new(TopologyParts::default());
        let level = level_of(Collection::MicroGrid).unwrap();
        let issued =
            |used: u32| CodeBook::new(vec![(level, format!("W{used}"))]).issue(&topology, level, None);
        assert_eq!(issued(41).as_deref(), Some("W42"));
        assert_eq!(issued(u32::MAX), None);
    }
}
