//! The ways in which one address is written; the same each time for the same text.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Digits as wide as the other characters.
pub(crate) fn full_width(text: &str) -> Option<String> {
    let wide = text.chars().map(|ch| match ch {
        '0'..='9' => char::from_u32(ch as u32 - '0' as u32 + '０' as u32).unwrap(),
        _ => ch,
    });
    text.contains(|ch: char| ch.is_ascii_digit()).then(|| wide.collect())
}

/// Numbers as they are said: 十二, 一百零八.
pub(crate) fn chinese_numerals(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut digits = String::new();
    for ch in text.chars().chain(std::iter::once(' ')) {
        if ch.is_ascii_digit() {
            digits.push(ch);
            continue;
        }
        if let Ok(number) = digits.parse::<usize>() {
            out.push_str(&said(number));
        }
        digits.clear();
        out.push(ch);
    }
    let out = out.trim_end().to_owned();
    (out != text).then_some(out)
}

fn said(number: usize) -> String {
    let digit = |value: usize| DIGITS[value % 10];
    let mut out = String::new();
    let (thousands, hundreds, tens, ones) =
        (number / 1_000, number / 100 % 10, number / 10 % 10, number % 10);
    if thousands > 0 {
        out.push(digit(thousands));
        out.push('千');
    }
    if hundreds > 0 {
        out.push(digit(hundreds));
        out.push('百');
    } else if thousands > 0 && !number.is_multiple_of(1_000) {
        out.push('零');
    }
    if tens > 0 {
        if tens > 1 || number >= 100 {
            out.push(digit(tens));
        }
        out.push('十');
    } else if hundreds > 0 && ones > 0 {
        out.push('零');
    }
    if ones > 0 || number == 0 {
        out.push(digit(ones));
    }
    out
}

/// One character of the names after the prefix is wrong, missing, doubled or changed about with the next.
pub(crate) fn typing_error(text: &str, prefix: &str, seed: usize) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    let from = if text.starts_with(prefix) { prefix.chars().count() } else { 0 };
    let is_name =
        |at: usize| chars.get(at).is_some_and(|ch| !ch.is_ascii_digit() && !"组号幢单元".contains(*ch));
    let places: Vec<usize> = (from..chars.len()).filter(|&at| is_name(at)).collect();
    let at = *places.get(seed / 5 % places.len().max(1))?;
    match seed % 4 {
        0 => chars[at] = ['骉', '伊', '程', '炯'][seed / 3 % 4],
        1 => {
            chars.remove(at);
        }
        2 => chars.insert(at, chars[at]),
        _ if at + 1 < chars.len() && is_name(at + 1) => chars.swap(at, at + 1),
        _ => chars[at] = '某',
    }
    Some(chars.into_iter().collect()).filter(|changed: &String| changed != text)
}

/// Another number before the last counter of a kind.
pub(crate) fn with_number(text: &str, counter: &str, number: &str) -> Option<String> {
    let (before, after) = text.rsplit_once(counter)?;
    let bare = before.trim_end_matches(|ch: char| ch.is_ascii_digit());
    (bare.len() < before.len()).then(|| format!("{bare}{number}{counter}{after}"))
}
