//! A text in the one form in which texts are compared, with the way back to what was written.
//!
//! Widths, cases, punctuation, Chinese numerals before a counter and the many words for a building, a group or a floor
//! become one, so that `１２号楼`, `十二栋` and `12幢` are equal.

use crate::numeral::{is_numeral, push_digits};

/// Longer texts are cut: a place is said in less, and a report's text is no place.
pub(crate) const LONGEST: usize = 200;

/// Counters that are written in several ways, after a digit or a Latin letter, the longest first.
const COUNTERS: &[(&str, &str)] = &[
    ("村民小组", "组"),
    ("村民组", "组"),
    ("生产队", "组"),
    ("小组", "组"),
    ("号楼", "幢"),
    ("号栋", "幢"),
    ("号幢", "幢"),
    ("幢楼", "幢"),
    ("公里", "千米"),
    ("栋", "幢"),
    ("座", "幢"),
    ("队", "组"),
    ("楼", "层"),
    ("房", "室"),
    ("m", "米"),
];

/// What may follow a numeral that counts.
const COUNTED: &[&str] = &[
    "组",
    "号",
    "弄",
    "幢",
    "栋",
    "座",
    "室",
    "层",
    "楼",
    "米",
    "队",
    "期",
    "单元",
    "村民小组",
    "村民组",
    "小组",
    "生产队",
    "国道",
    "省道",
    "县道",
    "乡道",
    "公里",
    "千米",
];

/// Characters of the older script that stand in addresses.
const OLD_FORMS: &[(char, char)] = &[
    ('號', '号'),
    ('樓', '楼'),
    ('棟', '栋'),
    ('區', '区'),
    ('縣', '县'),
    ('鎮', '镇'),
    ('鄉', '乡'),
    ('東', '东'),
    ('間', '间'),
    ('門', '门'),
    ('廠', '厂'),
    ('橋', '桥'),
    ('單', '单'),
    ('組', '组'),
    ('對', '对'),
    ('側', '侧'),
];

#[derive(Debug, Clone, Copy)]
struct Glyph {
    ch: char,
    /// Bytes of the text as written.
    from: u32,
    to: u32,
}

/// A text in its compared form.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) text: String,
    glyphs: Vec<Glyph>,
    /// The first byte of every character of `text`, and its end.
    starts: Vec<u32>,
    folded: Vec<Glyph>,
}

impl Written {
    pub(crate) fn of(text: &str) -> Self {
        let mut written = Self::default();
        written.rewrite(text);
        written
    }

    /// The same for another text, in the memory of the last one.
    pub(crate) fn rewrite(&mut self, text: &str) {
        self.fold(text);
        self.unify();
        self.text.clear();
        self.starts.clear();
        for glyph in &self.glyphs {
            self.starts.push(self.text.len() as u32);
            self.text.push(glyph.ch);
        }
        self.starts.push(self.text.len() as u32);
    }

    /// The number of characters.
    pub(crate) fn len(&self) -> usize {
        self.glyphs.len()
    }

    pub(crate) fn char_at(&self, index: usize) -> Option<char> {
        self.glyphs.get(index).map(|glyph| glyph.ch)
    }

    /// A stretch of the compared form, by characters.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &str {
        let byte = |index: usize| self.starts.get(index).map_or(self.text.len(), |&at| at as usize);
        self.text.get(byte(from)..byte(to)).unwrap_or("")
    }

    /// The character that begins at a byte of the compared form.
    pub(crate) fn index_of_byte(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| (start as usize) < byte)
    }

    /// The same stretch as it was written.
    pub(crate) fn as_written<'a>(&self, original: &'a str, from: usize, to: usize) -> &'a str {
        let (Some(first), Some(last)) = (self.glyphs.get(from), self.glyphs.get(to.wrapping_sub(1))) else {
            return "";
        };
        original.get(first.from as usize..last.to as usize).unwrap_or("")
    }

    /// One width, one case, no punctuation.
    fn fold(&mut self, text: &str) {
        self.folded.clear();
        for (at, raw) in text.char_indices().take(LONGEST) {
            let after_number = self.folded.last().is_some_and(|glyph| glyph.ch.is_ascii_alphanumeric());
            let Some(ch) = fold_char(raw, after_number) else { continue };
            self.folded.push(Glyph { ch, from: at as u32, to: (at + raw.len_utf8()) as u32 });
        }
    }

    /// Whether a character follows the one before it without anything between.
    pub(crate) fn touch(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.glyphs.get(before));
        before.zip(self.glyphs.get(index)).is_some_and(|(before, glyph)| before.to == glyph.from)
    }

    /// Numerals that count become digits, counters become one of each kind.
    fn unify(&mut self) {
        self.glyphs.clear();
        let mut digits = String::new();
        let mut at = 0;
        while let Some(&glyph) = self.folded.get(at) {
            let after_number = self.glyphs.last().is_some_and(|last| last.ch.is_ascii_alphanumeric());
            let run = numeral_run(&self.folded, at);
            if run > 0 && counts(&self.folded, at + run) {
                digits.clear();
                let chars: Vec<char> = self.folded.iter().skip(at).take(run).map(|glyph| glyph.ch).collect();
                if push_digits(&chars, &mut digits) {
                    let to = self.folded.get(at + run - 1).map_or(glyph.to, |last| last.to);
                    self.glyphs.extend(digits.chars().map(|ch| Glyph { ch, from: glyph.from, to }));
                    at += run;
                    continue;
                }
            }
            if let Some((length, word)) = after_number.then(|| counter(&self.folded, at)).flatten() {
                let to = self.folded.get(at + length - 1).map_or(glyph.to, |last| last.to);
                self.glyphs.extend(word.chars().map(|ch| Glyph { ch, from: glyph.from, to }));
                at += length;
                continue;
            }
            let next = self.folded.get(at + 1).map(|glyph| glyph.ch);
            let is_idle = match glyph.ch {
                '-' => !next.is_some_and(|ch| ch.is_ascii_alphanumeric()),
                '第' => {
                    next.is_some_and(|ch| ch.is_ascii_digit())
                        || counts(&self.folded, at + 1 + numeral_run(&self.folded, at + 1).max(1))
                            && numeral_run(&self.folded, at + 1) > 0
                }
                _ => false,
            };
            if !is_idle {
                self.glyphs.push(glyph);
            }
            at += 1;
        }
    }
}

fn fold_char(raw: char, after_number: bool) -> Option<char> {
    let ch = match raw {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(raw as u32 - 0xfee0).unwrap_or(raw),
        '○' | '◯' => '〇',
        _ => raw,
    };
    match ch {
        '#' | '﹟' => Some('号'),
        '-' | '—' | '–' | '~' | '、' | ',' | '/' => after_number.then_some('-'),
        _ if ch.is_ascii() => ch.is_ascii_alphanumeric().then(|| ch.to_ascii_lowercase()),
        _ if ch.is_alphanumeric() => {
            Some(OLD_FORMS.iter().find(|(old, _)| *old == ch).map_or(ch, |&(_, new)| new))
        }
        _ => None,
    }
}

fn numeral_run(glyphs: &[Glyph], at: usize) -> usize {
    glyphs.iter().skip(at).take_while(|glyph| is_numeral(glyph.ch)).count()
}

fn begins_with(glyphs: &[Glyph], at: usize, word: &str) -> bool {
    let mut rest = glyphs.iter().skip(at);
    word.chars().all(|ch| rest.next().is_some_and(|glyph| glyph.ch == ch))
}

fn counts(glyphs: &[Glyph], at: usize) -> bool {
    COUNTED.iter().any(|word| begins_with(glyphs, at, word))
}

fn counter(glyphs: &[Glyph], at: usize) -> Option<(usize, &'static str)> {
    let first = glyphs.get(at)?.ch;
    if first.is_ascii() && first != 'm' {
        return None;
    }
    let &(word, one) = COUNTERS.iter().find(|(word, _)| begins_with(glyphs, at, word))?;
    let length = word.chars().count();
    let is_latin_word =
        word == "m" && glyphs.get(at + 1).is_some_and(|glyph| glyph.ch.is_ascii_alphanumeric());
    (!is_latin_word).then_some((length, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_one_thing_become_one() {
        for (written, one) in [
            ("颐生村１２组３５号", "颐生村12组35号"),
            ("颐生村十二组三十五号", "颐生村12组35号"),
            ("颐生村第十二村民小组35号", "颐生村12组35号"),
            ("东洲新村 3号楼 2单元", "东洲新村3幢2单元"),
            ("东洲新村三栋二单元", "东洲新村3幢2单元"),
            ("东洲新村3#楼", "东洲新村3幢"),
            ("人民路（近建设路）5-7号", "人民路近建设路5-7号"),
            ("第二小学", "第二小学"),
            ("人民路口北300M", "人民路口北300米"),
        ] {
            assert_eq!(Written::of(written).text, one);
        }
    }

    #[test]
    fn a_stretch_is_found_again_as_it_was_written() {
        let original = "颐生村，第十二村民小组３５号";
        let written = Written::of(original);
        assert_eq!(written.slice(3, 6), "12组");
        assert_eq!(written.as_written(original, 3, 6), "十二村民小组");
    }
}
