//! The patterns of LIKE: `%` for any characters, `_` for one, a backslash before either for itself.

/// A pattern ready to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LikePattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Any,
    One,
    This(char),
}

impl LikePattern {
    pub(super) fn new(written: &str) -> Self {
        let mut pieces = Vec::new();
        let mut characters = written.chars();
        while let Some(character) = characters.next() {
            pieces.push(match character {
                '%' => Piece::Any,
                '_' => Piece::One,
                '\\' => Piece::This(characters.next().unwrap_or('\\')),
                other => Piece::This(other),
            });
        }
        pieces.dedup_by(|later, earlier| *later == Piece::Any && *earlier == Piece::Any);
        Self(pieces)
    }

    /// Whether the whole text follows the pattern. At most text times pattern steps: only the last `%` is tried again.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut place = 0;
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            match self.0.get(place) {
                Some(Piece::Any) => {
                    place += 1;
                    retry = Some((place, rest.clone()));
                    continue;
                }
                None if rest.as_str().is_empty() => return true,
                Some(piece) => {
                    if let Some(character) = rest.next()
                        && (*piece == Piece::One || *piece == Piece::This(character))
                    {
                        place += 1;
                        continue;
                    }
                }
                None => {}
            }
            let Some((after, from)) = &mut retry else { return false };
            if from.next().is_none() {
                return false;
            }
            (place, rest) = (*after, from.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(LikePattern::new(pattern).matches(text), expected, "{text} LIKE {pattern}");
    }

    #[test]
    fn patterns_match_as_in_sql() {
        check("abc", "abc", true);
        check("abc", "abcd", false);
        check("", "", true);
        check("", "a", false);
        check("%", "", true);
        check("_", "", false);
        check("占道%", "占道经营", true);
        check("%经营", "占道经营", true);
        check("%道_营%", "占道经营", true);
        check("__", "占道", true);
        check("__", "占", false);
        check("%a%b%c%", "xxaxxbxxcxx", true);
        check("%a%b%c", "xxaxxbxxcxx", false);
        check("10\\%", "10%", true);
        check("10\\%", "100", false);
        check("%ab", "aab", true);
    }

    #[test]
    fn a_pattern_made_to_be_slow_is_not() {
        let pattern = LikePattern::new(&"%a".repeat(1_000));
        assert!(!pattern.matches(&format!("{}b", "a".repeat(5_000))));
    }
}
