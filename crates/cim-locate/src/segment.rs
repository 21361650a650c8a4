//! Cutting a text into names, numbers and words, so that as much of it as possible is covered by as few as possible.

use aho_corasick::AhoCorasick;

use crate::edits::{self, Edits, Near, Trust};
use crate::names::{NameId, Names};
use crate::words::Word;
use crate::written::Written;

/// A piece of the text that was understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    /// Characters of the compared form.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) kind: TokenKind,
}

/// What it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    /// One name, or all those that it may be an error of.
    Name {
        names: Vec<Near>,
        is_exact: bool,
    },
    Number(Counter),
    Word(Word),
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    Group,
    Number,
    Lane,
    Building,
    Unit,
    Room,
    Floor,
    /// 期, a phase of an estate, where it is not part of a known name.
    Phase,
    Metres,
    Kilometres,
    /// Nothing stands behind it.
    Bare,
}

const COUNTERS: &[(&str, Counter)] = &[
    ("组", Counter::Group),
    ("号", Counter::Number),
    ("弄", Counter::Lane),
    ("幢", Counter::Building),
    ("单元", Counter::Unit),
    ("室", Counter::Room),
    ("层", Counter::Floor),
    ("期", Counter::Phase),
    ("千米", Counter::Kilometres),
    ("米", Counter::Metres),
];

impl Token {
    pub(crate) fn len(&self) -> usize {
        self.to - self.from
    }

    /// What covering a text with it is worth: long pieces more than the same length in several, errors less.
    fn worth(&self) -> i32 {
        let length = i32::try_from(self.len()).unwrap_or(i32::MAX / 100);
        match &self.kind {
            TokenKind::Name { is_exact: true, .. } => length * 10 - 3 + (length - 2) * 2,
            TokenKind::Number(_) => length * 10 - 3,
            TokenKind::Name { .. } => length * 10 - 12,
            TokenKind::Word(_) if length == 1 => 4,
            TokenKind::Word(_) => length * 8 - 3,
        }
    }
}

/// What a gazetteer knows of names and words.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Names first, then words; none when it could not be built.
    automaton: Option<AhoCorasick>,
    name_count: usize,
    words: Vec<Word>,
    edits: Edits,
}

impl Lexicon {
    pub(crate) fn of(names: &Names) -> Self {
        let (texts, words): (Vec<String>, Vec<Word>) = crate::words::all().into_iter().unzip();
        let compared = names.iter().map(|(_, name)| &*name.compared);
        let name_count = compared.clone().count();
        let patterns = compared.chain(texts.iter().map(String::as_str));
        Self { automaton: AhoCorasick::new(patterns).ok(), name_count, words, edits: Edits::of(names) }
    }

    /// Everything known that stands in the text, also within other pieces.
    pub(crate) fn pieces(&self, written: &Written) -> Vec<Token> {
        let mut pieces = numbers(written);
        let Some(automaton) = &self.automaton else { return pieces };
        for hit in automaton.find_overlapping_iter(&written.text) {
            let (from, to) = (written.index_of_byte(hit.start()), written.index_of_byte(hit.end()));
            let pattern = hit.pattern().as_usize();
            let kind = match self.words.get(pattern.wrapping_sub(self.name_count)) {
                Some(&word) if pattern >= self.name_count => TokenKind::Word(word),
                _ if to - from < 2 => continue,
                _ => TokenKind::Name {
                    names: vec![Near { name: pattern as NameId, trust: Trust::Full }],
                    is_exact: true,
                },
            };
            pieces.push(Token { from, to, kind });
        }
        pieces
    }

    /// Names with a typing error around characters that nothing known covers, or only what led nowhere.
    pub(crate) fn pieces_with_errors(
        &self,
        written: &Written,
        names: &Names,
        exact: &[Token],
        (tokens, doubtful): (&[Token], &[usize]),
    ) -> Vec<Token> {
        // What is a name, or the beginning of one, is hardly an error of another.
        let is_known = |from: usize, to: usize| {
            let is_name = |piece: &Token| matches!(piece.kind, TokenKind::Name { .. });
            exact.iter().any(|piece| {
                is_name(piece) && piece.from == from && (piece.to == to || piece.to > to && piece.len() >= 3)
            })
        };
        let sure = (0..).zip(tokens).filter(|(index, _)| !doubtful.contains(index)).map(|(_, token)| token);
        let is_open = open_characters(written, sure);
        let chars: Vec<char> = written.text.chars().collect();
        let mut pieces = Vec::new();
        let mut buffer = String::new();
        for from in 0..chars.len() {
            for to in from + 2..=(from + edits::LONGEST + 1).min(chars.len()) {
                let is_touched = is_open.get(from..to).is_some_and(|open| open.contains(&true));
                let Some(piece) = chars.get(from..to).filter(|_| is_touched) else {
                    continue;
                };
                let mut near = self.edits.near(piece, names, &mut buffer);
                if is_known(from, to) {
                    for near in &mut near {
                        near.trust = Trust::Hardly;
                    }
                }
                if !near.is_empty() {
                    pieces.push(Token { from, to, kind: TokenKind::Name { names: near, is_exact: false } });
                }
            }
        }
        pieces
    }
}

/// Which characters no name, number or longer word covers.
fn open_characters<'t>(written: &Written, tokens: impl Iterator<Item = &'t Token>) -> Vec<bool> {
    let mut is_open = vec![true; written.len()];
    for token in tokens {
        let is_weak = token.len() == 1 && matches!(token.kind, TokenKind::Word(_))
            || matches!(token.kind, TokenKind::Number(Counter::Bare));
        if !is_weak {
            is_open.iter_mut().take(token.to).skip(token.from).for_each(|open| *open = false);
        }
    }
    is_open
}

/// The numbers of a text with what they count.
fn numbers(written: &Written) -> Vec<Token> {
    let is_part = |at: usize| written.char_at(at).is_some_and(|ch| ch.is_ascii_alphanumeric() || ch == '-');
    let is_digit = |at: usize| written.char_at(at).is_some_and(|ch| ch.is_ascii_digit());
    let mut found = Vec::new();
    let mut at = 0;
    while at < written.len() {
        if !is_part(at) {
            at += 1;
            continue;
        }
        let from = at;
        while is_part(at) {
            at += 1;
        }
        let rest = written.slice(at, written.len());
        let counter = COUNTERS.iter().find(|(word, _)| rest.starts_with(word));
        let is_counted = (from..at).any(is_digit) || counter.is_some_and(|hit| hit.1 == Counter::Building);
        if !is_counted {
            continue;
        }
        let (length, counter) = counter.map_or((0, Counter::Bare), |hit| (hit.0.chars().count(), hit.1));
        at += length;
        found.push(Token { from, to: at, kind: TokenKind::Number(counter) });
    }
    found
}

/// The best cut of a text: none of its pieces overlap.
pub(crate) fn best_cut(length: usize, mut pieces: Vec<Token>) -> Vec<Token> {
    pieces.sort_by_key(|piece| (piece.to, piece.from));
    // The worth of the best cut of each beginning, and the piece that ends there.
    let mut best: Vec<(i32, Option<usize>)> = vec![(0, None); length + 1];
    let mut next = 0;
    for end in 1..=length {
        let mut chosen = (best.get(end - 1).map_or(0, |before| before.0), None);
        while let Some(piece) = pieces.get(next).filter(|piece| piece.to == end) {
            let worth = best.get(piece.from).map_or(0, |before| before.0) + piece.worth();
            if worth > chosen.0 {
                chosen = (worth, Some(next));
            }
            next += 1;
        }
        if let Some(slot) = best.get_mut(end) {
            *slot = chosen;
        }
    }
    let mut cut = Vec::new();
    let mut end = length;
    while end > 0 {
        match best.get(end).and_then(|slot| slot.1).and_then(|index| pieces.get(index)) {
            Some(piece) => {
                cut.push(piece.clone());
                end = piece.from;
            }
            None => end -= 1,
        }
    }
    cut.reverse();
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Kinds;

    fn cut(text: &str) -> String {
        let mut names = Names::default();
        for name in ["常乐镇", "颐生村", "人民路", "人民", "建设路", "东洲新村"] {
            names.take_in(name, Kinds::ROAD);
        }
        let lexicon = Lexicon::of(&names);
        let written = Written::of(text);
        let mut pieces = lexicon.pieces(&written);
        let tokens = best_cut(written.len(), pieces.clone());
        pieces.extend(lexicon.pieces_with_errors(&written, &names, &pieces.clone(), (&tokens, &[])));
        let tokens = best_cut(written.len(), pieces);
        tokens.iter().map(|token| written.slice(token.from, token.to)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn texts_are_cut_into_the_longest_known_pieces() {
        assert_eq!(cut("常乐镇颐生村12组35号"), "常乐镇|颐生村|12组|35号");
        assert_eq!(cut("人民路建设路口北300米"), "人民路|建设路|口|北|300米");
        assert_eq!(cut("人民路与建设路交叉口东南角"), "人民路|与|建设路|交叉口|东南角");
    }

    #[test]
    fn a_piece_with_an_error_is_cut_out_too() {
        assert_eq!(cut("常乐镇东州新村3幢"), "常乐镇|东州新村|3幢");
    }
}
