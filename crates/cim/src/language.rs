//! The language in which the binary speaks: Chinese or English, by the environment.

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// By `LC_ALL`, `LC_MESSAGES` and `LANG`, the first that is set.
    pub(crate) fn of_environment() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(std::env::var_os);
        let first = set.map(|value| value.to_string_lossy().into_owned()).find(|value| !value.is_empty());
        Self::of_locale(first.as_deref().unwrap_or_default())
    }

    fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Chinese } else { Self::English }
    }

    /// The one of two wordings that is in this language.
    pub(crate) fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// The same language for the load report.
    pub(crate) fn of_report(self) -> cim_load::Language {
        match self {
            Self::English => cim_load::Language::English,
            Self::Chinese => cim_load::Language::Chinese,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_locale_speaks_chinese_and_every_other_english() {
        for locale in ["zh_CN.UTF-8", "zh", "ZH_TW"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C.UTF-8", "en_GB.UTF-8", "de_DE"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }
}
