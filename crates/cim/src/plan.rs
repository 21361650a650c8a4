//! A numbered plan of long work: what is being done, how far it is, how long it will still take.

use std::io::{IsTerminal, stderr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::language::Language;
use crate::say;

/// Without a terminal, progress within a step is told this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A step: its words and how long it takes on a small machine, which only serves to guess the time left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) english: &'static str,
    pub(crate) chinese: &'static str,
    pub(crate) usual_s: f64,
}

/// The plan and how far it is.
#[derive(Debug)]
pub(crate) struct Plan {
    language: Language,
    steps: Vec<Step>,
    next: usize,
    usual_done_s: f64,
    taken_s: f64,
}

/// A step being worked on.
#[derive(Debug)]
pub(crate) struct Working {
    title: String,
    started: Instant,
    told: Arc<Told>,
}

/// Where progress within a step is shown. Shared with the threads that work.
#[derive(Debug)]
pub(crate) struct Told {
    title: String,
    bar: Option<ProgressBar>,
    last_line: Mutex<Instant>,
}

impl Plan {
    /// Shows the whole plan.
    pub(crate) fn show(language: Language, steps: Vec<Step>) -> Self {
        let plan = Self { language, steps, next: 0, usual_done_s: 0.0, taken_s: 0.0 };
        for (place, step) in plan.steps.iter().enumerate() {
            say::note(format_args!("  {}. {}", place + 1, language.pick(step.english, step.chinese)));
        }
        plan
    }

    /// Begins the next step.
    pub(crate) fn begin(&mut self) -> Working {
        let step = self.steps.get(self.next).copied();
        let words = step.map_or("", |step| self.language.pick(step.english, step.chinese));
        let title = format!("[{}/{}] {words}", self.next + 1, self.steps.len());
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(title.clone());
            bar.set_message(self.time_left());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            say::note(format_args!("{title} ... {}", self.time_left()));
        }
        let told = Arc::new(Told { title: title.clone(), bar, last_line: Mutex::new(Instant::now()) });
        Working { title, started: Instant::now(), told }
    }

    /// Ends the step with a word on what came of it.
    pub(crate) fn end(&mut self, working: Working, outcome: &str) {
        let Working { title, started, told } = working;
        let taken = started.elapsed().as_secs_f64();
        if let Some(bar) = &told.bar {
            bar.finish_and_clear();
        }
        self.taken_s += taken;
        self.usual_done_s += self.steps.get(self.next).map_or(0.0, |step| step.usual_s);
        self.next += 1;
        let separator = if outcome.is_empty() { "" } else { ", " };
        say::note(format_args!("{title} ({taken:.1} s{separator}{outcome})"));
    }

    /// What the remaining steps usually take, on a machine as fast as this one was so far.
    fn time_left(&self) -> String {
        let usual_left: f64 = self.steps.iter().skip(self.next).map(|step| step.usual_s).sum();
        let speed =
            if self.usual_done_s > 5.0 { (self.taken_s / self.usual_done_s).clamp(0.1, 10.0) } else { 1.0 };
        let seconds = usual_left * speed;
        if seconds < 60.0 {
            let rounded = (seconds / 5.0).ceil() * 5.0;
            return match self.language {
                Language::English => format!("about {rounded:.0} s left"),
                Language::Chinese => format!("约剩 {rounded:.0} 秒"),
            };
        }
        let minutes = (seconds / 60.0).ceil();
        match self.language {
            Language::English => format!("about {minutes:.0} min left"),
            Language::Chinese => format!("约剩 {minutes:.0} 分钟"),
        }
    }
}

impl Working {
    /// Where the workers tell their progress.
    pub(crate) fn told(&self) -> Arc<Told> {
        Arc::clone(&self.told)
    }
}

impl Told {
    /// How far the step is, in words.
    pub(crate) fn tell(&self, words: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(words.to_owned());
            return;
        }
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            say::note(format_args!("{} ... {words}", self.title));
        }
    }
}
