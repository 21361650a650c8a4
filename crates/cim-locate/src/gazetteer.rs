//! Everything that texts are looked up in.

use cim_crs::LonLat;
use geo_index::rtree::{RTree, RTreeIndex};

use crate::areas::Area;
use crate::candidate::Candidate;
use crate::keys::Keys;
use crate::lines::Lines;
use crate::names::{NameId, Names};
use crate::postings::Postings;
use crate::rank::ranked;
use crate::reading::Reading;
use crate::rows::{NONE, Rows};
use crate::search::Search;
use crate::segment::{Lexicon, Token, best_cut};
use crate::spots::Spot;
use crate::written::Written;

/// A point without an address within this distance lies in no known unit.
const UNIT_REACH_M: f32 = 3_000.0;

/// How many names that lead nowhere, or only with an error forgiven, the text is read without.
const MOST_OTHER_CUTS: usize = 4;

/// Names, addresses and lines, ready to be asked; it never changes.
///
/// # Drawbacks
/// It knows names and points, not borders: the unit of a crossing is that of the nearest address.
#[derive(Debug)]
pub struct Gazetteer {
    pub(crate) names: Names,
    pub(crate) lexicon: Lexicon,
    pub(crate) rows: Rows,
    pub(crate) keys: Keys,
    /// Rows by the road, estate or other name they lie at.
    pub(crate) rows_of: Postings,
    pub(crate) areas: Vec<Area>,
    pub(crate) areas_of: Postings,
    pub(crate) spots: Vec<Spot>,
    pub(crate) spots_of: Postings,
    pub(crate) lines: Lines,
    /// By piece of a line: name and code; waters have no code.
    pub(crate) pieces: Vec<(NameId, Option<Box<str>>)>,
    pub(crate) row_tree: Option<RTree<f32>>,
    pub(crate) piece_tree: Option<RTree<f32>>,
}

impl Gazetteer {
    /// The places that a text may mean, the likeliest first.
    ///
    /// A text that means nothing known has none. Of texts longer than 200 characters the beginning is read.
    #[must_use]
    pub fn locate(&self, text: &str, limit: usize) -> Vec<Candidate> {
        let written = Written::of(text);
        if written.len() == 0 || limit == 0 {
            return Vec::new();
        }
        let exact = self.lexicon.pieces(&written);
        let mut found = Vec::new();
        let (tokens, doubtful) = self.search_cuts(text, &written, &exact, &mut found);
        if !is_explained(&found) {
            let errors = self.lexicon.pieces_with_errors(&written, &self.names, &exact, (&tokens, &doubtful));
            if !errors.is_empty() {
                let pieces: Vec<Token> = exact.into_iter().chain(errors).collect();
                self.search_cuts(text, &written, &pieces, &mut found);
            }
        }
        ranked(found, limit)
    }

    /// Looks up the best cut of the text, and the best cuts without one of its names that explain too little. Answers
    /// the best cut and those names.
    fn search_cuts(
        &self,
        text: &str,
        written: &Written,
        pieces: &[Token],
        found: &mut Vec<Candidate>,
    ) -> (Vec<Token>, Vec<usize>) {
        let reading = self.read(text, written, best_cut(written.len(), pieces.to_vec()), None);
        let doubtful = Search::new(self, &reading).candidates(found);
        for &token in doubtful.iter().take(MOST_OTHER_CUTS) {
            if is_explained(found) {
                break;
            }
            let Some(dead_end) = reading.token(token) else { continue };
            let others = pieces.iter().filter(|piece| *piece != dead_end).cloned().collect();
            let reading = self.read(text, written, best_cut(written.len(), others), Some(dead_end));
            Search::new(self, &reading).candidates(found);
        }
        (reading.tokens, doubtful)
    }

    fn read<'a>(
        &self,
        text: &'a str,
        written: &'a Written,
        tokens: Vec<Token>,
        dead_end: Option<&Token>,
    ) -> Reading<'a> {
        Reading::of(text, written, tokens, dead_end, |name| self.names.kinds(name))
    }

    /// Town and village at a point, those of the nearest address.
    pub(crate) fn units_at(&self, at: LonLat) -> (u32, u32) {
        let (x, y) = self.lines.frame().to_metres(at);
        let nearest = self.row_tree.as_ref().and_then(|tree| {
            tree.neighbors(x as f32, y as f32, Some(1), Some(UNIT_REACH_M)).first().copied()
        });
        nearest.map_or((NONE, NONE), |row| (self.rows.town_of(row), self.rows.village_of(row)))
    }

    /// How many addresses it holds.
    #[must_use]
    pub fn address_count(&self) -> usize {
        self.rows.len() as usize
    }
}

fn is_explained(found: &[Candidate]) -> bool {
    found.iter().any(|candidate| candidate.score > 0.999)
}
