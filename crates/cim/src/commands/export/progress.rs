//! How far an export is: a bar on a terminal, a line now and then otherwise.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

use crate::language::Language;
use crate::say;

/// Without a terminal, progress is told this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

pub(super) struct Shown {
    language: Language,
    total: u64,
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Shown {
    pub(super) fn new(language: Language, total: u64) -> Self {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            let unit = language.pick("tiles", "瓦片");
            let template = format!("{{bar:40}} {{human_pos}}/{{human_len}} {unit}  {{elapsed}}  -{{eta}}");
            if let Ok(style) = ProgressStyle::with_template(&template) {
                bar.set_style(style);
            }
            bar
        });
        Self { language, total, bar, last_line: Instant::now() }
    }

    pub(super) fn tell(&mut self, done: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        } else if self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            let (done, total) = (HumanCount(done), HumanCount(self.total));
            say::note(match self.language {
                Language::English => format!("{done} of {total} tiles looked at"),
                Language::Chinese => format!("已处理 {done}/{total} 个瓦片"),
            });
        }
    }
}

impl Drop for Shown {
    /// What is said next begins on a clean line.
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
