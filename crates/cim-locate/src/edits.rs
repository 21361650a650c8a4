//! Names with one typing error: found by the forms that a name has with one character left out.

use xxhash_rust::xxh3::xxh3_64;

use crate::names::{NameId, Names};

/// Shorter names have nothing left to be recognised by; longer ones are texts.
const SHORTEST: usize = 3;
pub(crate) const LONGEST: usize = 14;
/// A form that this many names share says nothing.
const MOST_NAMES: usize = 300;

/// Characters in which names that are not the same differ: 中山东路 is no error of 中山西路.
const TELLING: &str = "东西南北中上下前后左右内外新老旧大小高低一二三四五六七八九十甲乙丙丁";
/// Generic endings, of which one is not an error of another.
const ENDINGS: &str = "路街道巷弄村镇乡区河港桥沟站场园苑厦府城厂";

/// The forms of all names, by hash.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    forms: Vec<(u64, NameId)>,
}

/// A name that a piece of text may be an error of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Near {
    pub(crate) name: NameId,
    pub(crate) trust: Trust,
}

/// How surely a piece of text is an error of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trust {
    /// The piece is itself a name, though perhaps not the one that was meant.
    Hardly,
    /// So little of the name is right that it may be another name that nobody has entered.
    Little,
    /// The unit that the text names has to agree.
    Some,
    /// No error, or a slip of the finger.
    Full,
}

impl Edits {
    pub(crate) fn of(names: &Names) -> Self {
        let mut forms = Vec::new();
        let mut buffer = String::new();
        for (id, name) in names.iter() {
            let chars: Vec<char> = name.compared.chars().collect();
            if (SHORTEST..=LONGEST).contains(&chars.len()) {
                each_form(&chars, &mut buffer, |form| forms.push((xxh3_64(form.as_bytes()), id)));
            }
        }
        forms.sort_unstable();
        forms.dedup();
        forms.shrink_to_fit();
        Self { forms }
    }

    /// The names that this piece of text is one error away from.
    pub(crate) fn near(&self, piece: &[char], names: &Names, buffer: &mut String) -> Vec<Near> {
        let mut found: Vec<NameId> = Vec::new();
        each_form(piece, buffer, |form| {
            let hash = xxh3_64(form.as_bytes());
            let from = self.forms.partition_point(|entry| entry.0 < hash);
            let hits = self.forms.iter().skip(from).take_while(|entry| entry.0 == hash);
            found.extend(hits.take(MOST_NAMES + 1).map(|entry| entry.1));
        });
        found.sort_unstable();
        found.dedup();
        if found.is_empty() || found.len() > MOST_NAMES {
            return Vec::new();
        }
        let text: String = piece.iter().collect();
        let near = found.into_iter().filter_map(|name| {
            let known = names.compared(name);
            if strsim::osa_distance(&text, known) != 1 {
                return None;
            }
            let known: Vec<char> = known.chars().collect();
            is_believable(piece, &known).then(|| Near { name, trust: trust(piece, &known) })
        });
        near.collect()
    }
}

/// The text itself and with every one character left out.
fn each_form(chars: &[char], buffer: &mut String, mut with: impl FnMut(&str)) {
    for left_out in 0..=chars.len() {
        buffer.clear();
        buffer.extend(chars.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, ch)| ch));
        with(buffer);
    }
}

/// The characters in which two texts differ once what they share at both ends is off.
fn difference<'a>(written: &'a [char], known: &'a [char]) -> (&'a [char], &'a [char]) {
    let shared = written.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (written, known) =
        (written.get(shared..).unwrap_or_default(), known.get(shared..).unwrap_or_default());
    let shared = written.iter().rev().zip(known.iter().rev()).take_while(|(a, b)| a == b).count();
    (
        written.get(..written.len() - shared).unwrap_or_default(),
        known.get(..known.len() - shared).unwrap_or_default(),
    )
}

/// Whether somebody who meant the known name may have written this.
fn is_believable(written: &[char], known: &[char]) -> bool {
    let (wrote, meant) = difference(written, known);
    let tells = |chars: &[char]| chars.iter().any(|&ch| TELLING.contains(ch) || ch.is_ascii_alphanumeric());
    match (wrote, meant) {
        // One written for another.
        ([a], [b]) => !(tells(wrote) || ENDINGS.contains(*a) && ENDINGS.contains(*b)),
        // One too many.
        ([a], []) => !tells(wrote) || is_doubled(written, *a),
        // One forgotten.
        ([], [b]) => !b.is_ascii_alphanumeric(),
        // Two changed about.
        _ => !wrote.iter().any(char::is_ascii_alphanumeric),
    }
}

fn is_doubled(written: &[char], ch: char) -> bool {
    written.windows(2).any(|pair| pair == [ch, ch])
}

/// Of a short name too little is left: 怡和花园 is as good a name as 天和花园, and 兴永路 as 永兴路.
fn trust(written: &[char], known: &[char]) -> Trust {
    let (wrote, meant) = difference(written, known);
    let is_doubling = matches!((wrote, meant), ([a], []) if is_doubled(written, *a));
    let is_swap = wrote.len() > 1;
    match known.len() {
        _ if is_doubling => Trust::Full,
        4.. if is_swap => Trust::Full,
        7.. => Trust::Some,
        _ => Trust::Little,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Kinds;

    fn near(piece: &str) -> Vec<String> {
        let mut names = Names::default();
        for name in ["东洲新村", "颐生村", "中山东路", "中山西路", "人民路"] {
            names.take_in(name, Kinds::ROAD);
        }
        let edits = Edits::of(&names);
        let chars: Vec<char> = piece.chars().collect();
        let near = edits.near(&chars, &names, &mut String::new());
        near.iter().map(|near| names.shown(near.name).to_owned()).collect()
    }

    #[test]
    fn one_error_of_each_sort_is_forgiven() {
        assert_eq!(near("东州新村"), ["东洲新村"]);
        assert_eq!(near("洲新村"), ["东洲新村"]);
        assert_eq!(near("东洲洲新村"), ["东洲新村"]);
        assert_eq!(near("东新洲村"), ["东洲新村"]);
        assert_eq!(near("颐升村"), ["颐生村"]);
    }

    #[test]
    fn names_that_differ_in_a_telling_character_are_not_confused() {
        assert!(near("中山南路").is_empty());
        assert!(near("人民街").is_empty());
    }
}
