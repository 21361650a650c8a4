//! Chinese numerals, as they are said (三十五) and as they are spelt (三五).

/// The value of one numeral character; tens and more are not among them.
fn digit(ch: char) -> Option<u32> {
    Some(match ch {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn magnitude(ch: char) -> Option<u32> {
    Some(match ch {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// Whether a character can be part of a numeral.
pub(crate) fn is_numeral(ch: char) -> bool {
    digit(ch).is_some() || magnitude(ch).is_some() || ch == '廿'
}

/// The digits of a numeral, appended to `out`. A run too long to be a number is left alone.
pub(crate) fn push_digits(run: &[char], out: &mut String) -> bool {
    if run.is_empty() || run.len() > 9 {
        return false;
    }
    if !run.iter().any(|&ch| magnitude(ch).is_some() || ch == '廿') {
        out.extend(run.iter().filter_map(|&ch| char::from_digit(digit(ch)?, 10)));
        return true;
    }
    let (mut sum, mut last) = (0_u32, None);
    for &ch in run {
        if ch == '廿' {
            sum += 20;
        } else if let Some(factor) = magnitude(ch) {
            sum += last.take().unwrap_or(1) * factor;
        } else {
            last = digit(ch);
        }
    }
    out.push_str(&(sum + last.unwrap_or(0)).to_string());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        let run: Vec<char> = text.chars().collect();
        let mut out = String::new();
        push_digits(&run, &mut out);
        out
    }

    #[test]
    fn numerals_are_read_as_said_and_as_spelt() {
        for (written, meant) in [
            ("三十五", "35"),
            ("十二", "12"),
            ("二十", "20"),
            ("一百零八", "108"),
            ("两百", "200"),
            ("三五", "35"),
            ("二〇三", "203"),
            ("廿三", "23"),
            ("一千二百", "1200"),
        ] {
            assert_eq!(digits(written), meant, "{written}");
        }
    }
}
