//! The two languages a user reads, and which of them a request asks for.

use axum::http::{HeaderMap, header};

/// A language of titles and explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// English, also when nothing is asked for.
    English,
    /// Chinese, simplified.
    Chinese,
}

/// The same words in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    english: String,
    chinese: String,
}

impl Words {
    pub(crate) fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into() }
    }

    pub(crate) fn speak(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

impl Language {
    /// The better of the two by `Accept-Language`; a tie goes to the one named first.
    pub(crate) fn asked_for(headers: &HeaderMap) -> Self {
        let asked =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (0.0, Self::English);
        for range in asked.split(',') {
            let (tag, quality) = tag_and_quality(range);
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en" | "*") => Self::English,
                _ => continue,
            };
            if quality > best.0 {
                best = (quality, language);
            }
        }
        best.1
    }

    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

/// One element of a weighted list header: its name in lower case and its `q`, 1 when not given, 0 when not a number.
pub(crate) fn tag_and_quality(element: &str) -> (String, f32) {
    let mut parts = element.split(';');
    let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let quality = parts
        .filter_map(|part| part.trim().to_ascii_lowercase().strip_prefix("q=").map(str::to_owned))
        .next_back()
        .map_or(1.0, |text| {
            text.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0)
        });
    (tag, quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn check(asked: &'static str, expected: Language) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(asked));
        assert_eq!(Language::asked_for(&headers), expected, "{asked}");
    }

    #[test]
    fn the_language_with_the_highest_weight_is_spoken() {
        check("", Language::English);
        check("fr", Language::English);
        check("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese);
        check("en-GB,zh;q=0.9", Language::English);
        check("en;q=0.2, zh-Hans;q=0.7", Language::Chinese);
        check("zh;q=nonsense", Language::English);
    }
}
