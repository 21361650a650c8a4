//! Masking: what of a name, a telephone number or a text everybody may see.

use std::borrow::Cow;

/// A name of which only the first character is seen: `张*`.
#[must_use]
pub fn name(name: &str) -> String {
    let mut chars = name.trim().chars();
    let Some(first) = chars.next() else { return String::new() };
    std::iter::once(first).chain(chars.map(|_| '*')).collect()
}

/// A telephone number with its middle hidden: `138****5678`. Of one with fewer than eight digits only the last two are seen.
#[must_use]
pub fn phone(phone: &str) -> String {
    let digits: Vec<char> = phone_digits(phone).chars().collect();
    let (first, last) = if digits.len() >= 8 { (3, 4) } else { (0, 2.min(digits.len() / 2)) };
    let hidden = digits.len() - first - last;
    let seen = |range: &[char]| range.iter().collect::<String>();
    format!("{}{}{}", seen(&digits[..first]), "*".repeat(hidden), seen(&digits[first + hidden..]))
}

/// The digits of a telephone number, by which it is found again: without separators and without the prefix of the country.
#[must_use]
pub fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().filter_map(digit).collect();
    let national = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86"));
    national.filter(|rest| is_mobile(rest)).map_or_else(|| digits.clone(), str::to_owned)
}

/// A text in which the given names, telephone numbers, and numbers of identity cards are masked.
#[must_use]
pub fn text<'a>(text: &'a str, names: &[&str]) -> Cow<'a, str> {
    let mut masked = numbers(text);
    for known in names.iter().map(|known| known.trim()).filter(|known| known.chars().count() >= 2) {
        if masked.contains(known) {
            masked = Cow::Owned(masked.replace(known, &name(known)));
        }
    }
    masked
}

/// Masks every run of digits that is a telephone number or the number of an identity card.
fn numbers(text: &str) -> Cow<'_, str> {
    let chars: Vec<char> = text.chars().collect();
    let mut masked = String::new();
    let mut has_any = false;
    let mut place = 0;
    while place < chars.len() {
        let before = place.checked_sub(1).and_then(|before| chars.get(before));
        let stands_alone = before.is_none_or(|before| !before.is_ascii_alphanumeric());
        let runs = runs_of_digits(&chars, place);
        // The longest first: the parts of a number that is written with separators are no numbers of their own.
        let personal = runs.iter().rev().find(|run| stands_alone && run.is_personal());
        // What is none is passed up to the next separator: the tail of a long number is no number of its own.
        let passed = personal.or(runs.first()).map_or(1, |run| run.chars);
        match personal {
            Some(run) => masked.push_str(&run.masked()),
            None => masked.extend(&chars[place..place + passed]),
        }
        has_any |= personal.is_some();
        place += passed;
    }
    if has_any { Cow::Owned(masked) } else { Cow::Borrowed(text) }
}

/// Digits with single separators between them.
struct Run {
    digits: String,
    chars: usize,
}

impl Run {
    fn is_personal(&self) -> bool {
        let bare = phone_digits(&self.digits);
        is_mobile(&bare) || is_landline(&bare) || is_identity(&self.digits)
    }

    fn masked(&self) -> String {
        if !is_identity(&self.digits) {
            return phone(&self.digits);
        }
        let (area, rest) = self.digits.split_at(4);
        format!("{area}{}", "*".repeat(rest.len()))
    }
}

/// The digits from a place up to the first separator, up to the second, and so on.
fn runs_of_digits(chars: &[char], from: usize) -> Vec<Run> {
    let mut end = if chars.get(from) == Some(&'+') { from + 1 } else { from };
    let mut digits = String::new();
    let mut runs = Vec::new();
    while let Some(read) = chars.get(end).copied().and_then(digit) {
        digits.push(read);
        end += 1;
        if chars.get(end).copied().and_then(digit).is_some() {
            continue;
        }
        // The last place of an identity card may be an X.
        if digits.len() == 17 && matches!(chars.get(end), Some('X' | 'x')) {
            digits.push('X');
            end += 1;
        }
        runs.push(Run { digits: digits.clone(), chars: end - from });
        // None is longer.
        if digits.len() >= 18 || !chars.get(end).copied().is_some_and(is_separator) {
            break;
        }
        end += 1;
    }
    runs
}

/// A digit, also a full-width one.
fn digit(given: char) -> Option<char> {
    match given {
        '0'..='9' => Some(given),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(given as u32 - 0xff10, 10),
        _ => None,
    }
}

fn is_separator(given: char) -> bool {
    matches!(given, '-' | ' ' | '\u{2010}'..='\u{2015}' | '\u{ff0d}' | '\u{3000}')
}

/// Eleven digits from 13 to 19.
fn is_mobile(digits: &str) -> bool {
    let second = digits.as_bytes().get(1);
    digits.len() == 11 && digits.starts_with('1') && second.is_some_and(|second| *second >= b'3')
}

/// An area code with its zero, and seven or eight digits.
fn is_landline(digits: &str) -> bool {
    let second = digits.as_bytes().get(1);
    matches!(digits.len(), 10..=12) && digits.starts_with('0') && second.is_some_and(|second| *second != b'0')
}

/// Eighteen places: an area, a birthday of the last centuries or this one, and what follows.
fn is_identity(digits: &str) -> bool {
    digits.len() == 18 && !digits.starts_with('0') && matches!(digits.get(6..8), Some("18" | "19" | "20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_name_the_first_character_is_seen() {
        assert_eq!(name("张三"), "张*");
        assert_eq!(name(" 欧阳修 "), "欧**");
        assert_eq!(name("王"), "王");
        assert_eq!(name("𠮷田"), "𠮷*");
        assert_eq!(name(""), "");
    }

    #[test]
    fn of_a_telephone_number_beginning_and_end_are_seen() {
        assert_eq!(phone("13800135678"), "138****5678");
        assert_eq!(phone("+86 138-0013-5678"), "138****5678");
        assert_eq!(phone("0513-82211234"), "051*****1234");
        assert_eq!(phone("110"), "**0");
        assert_eq!(phone(""), "");
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let written = [
            "13800135678",
            "+8613800135678",
            "0086 138 0013 5678",
            "１３８００１３５６７８",
            "138-0013-5678",
        ];
        for written in written {
            assert_eq!(phone_digits(written), "13800135678", "{written}");
        }
        assert_eq!(phone_digits("8613"), "8613");
    }

    #[test]
    fn numbers_of_people_are_masked_in_a_text_and_other_numbers_are_not() {
        for (given, masked) in [
            ("请回电13800135678，谢谢", "请回电138****5678，谢谢"),
            ("电话138 0013 5678或0513-82211234", "电话138****5678或051*****1234"),
            ("身份证320684199001011234", "身份证3206**************"),
            ("证号32068419900101123X。", "证号3206**************。"),
            ("手机１３８００１３５６７８", "手机138****5678"),
            ("121.34594439 13800135678", "121.34594439 138****5678"),
            ("2026-07-13 13800135678 08:30", "2026-07-13 138****5678 08:30"),
        ] {
            assert_eq!(text(given, &[]), masked);
        }
        for kept in [
            "工单HM13800135678",
            "编号20260713000012345",
            "离路边12米",
            "2026-07-13 08:30",
            "320614103",
            "12345",
        ] {
            assert!(matches!(text(kept, &[]), Cow::Borrowed(same) if same == kept), "{kept}");
        }
    }

    #[test]
    fn a_known_name_is_masked_wherever_it_stands() {
        assert_eq!(text("张三丰投诉，联系张三丰", &["张三丰"]), "张**投诉，联系张**");
        assert_eq!(text("王姓居民", &["王"]), "王姓居民");
    }
}
