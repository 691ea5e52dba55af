//! How far a run over many files has come.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::arguments::OutputArgs;

/// How often a line on the progress is drawn anew.
const REDRAWN: Duration = Duration::from_millis(200);

/// A line on a terminal that has no report on it.
pub struct Progress {
    shown: bool,
    drawn: Instant,
    done: usize,
}

impl Progress {
    /// Nothing is drawn yet.
    pub fn new(output: &OutputArgs) -> Progress {
        let is_report_elsewhere = output.file().is_some() || !io::stdout().is_terminal();
        Progress { shown: is_report_elsewhere && io::stderr().is_terminal(), drawn: Instant::now(), done: 0 }
    }

    /// One more is done.
    pub fn tick(&mut self) {
        self.done += 1;
        if self.shown && self.drawn.elapsed() >= REDRAWN {
            self.drawn = Instant::now();
            let _ = write!(io::stderr(), "\r\x1b[K{} done", self.done);
        }
    }

    /// Leaves the terminal as it was.
    pub fn clear(&self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
