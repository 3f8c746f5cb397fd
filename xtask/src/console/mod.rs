//! Where a command that goes on talks with its user: pages and keys on a terminal,
//! plain lines in and out elsewhere.

mod keys;
mod saves;
mod terminal;
pub(crate) mod text;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::io::{IsTerminal, stdin, stdout};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use supervise::Runner;

use crate::output::Output;
use keys::Key;
pub(crate) use saves::{Saves, Way};
use terminal::Terminal;

/// How often it is looked whether the user has stopped us, or has made the
/// window another size.
const TICK: Duration = Duration::from_millis(40);

/// A save is over when nothing has happened for so long …
const QUIET: Duration = Duration::from_millis(50);

/// … or when it has lasted so long.
const LONGEST: Duration = Duration::from_millis(500);

/// How wide a page is that is not shown on a terminal.
const WIDTH: usize = 80;

/// Something that the user did.
#[derive(Debug)]
pub(crate) enum Event {
    /// Pressed a key; or wrote a line, which counts as its first letter.
    Key(Key),
    /// Nothing more can come from the keyboard.
    Ended,
    /// Saved a file.
    Saved(Vec<PathBuf>),
}

/// What the user wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What stands behind this letter.
    Key(char),
    /// To go on.
    Enter,
    /// These files looked at, which were saved.
    Saved(BTreeSet<PathBuf>),
    /// There is nobody any more who could answer.
    Ended,
    /// To stop, by Ctrl-C.
    Stop,
}

/// The user's end of a command.
#[derive(Debug)]
pub(crate) struct Console<'c> {
    /// Where it tells.
    pub(crate) output: &'c Output,
    runner: &'c Runner,
    /// None: plain lines.
    terminal: Option<Terminal>,
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// Came while a save was waited out.
    pending: RefCell<VecDeque<Event>>,
    /// What stood on the screen, for a page that is shown again.
    offset: Cell<usize>,
}

/// What there is to be seen, for a width.
pub(crate) type Page<'p> = &'p dyn Fn(usize) -> String;

impl<'c> Console<'c> {
    /// Takes over the terminal, where there is one that can be written on
    /// anywhere.
    pub(crate) fn open(output: &'c Output, runner: &'c Runner) -> Console<'c> {
        let (sender, events) = mpsc::channel();
        let able = std::env::var_os("TERM").is_some_and(|term| term != "dumb");
        let both = stdin().is_terminal() && stdout().is_terminal();
        let terminal = (able && both).then(Terminal::take).flatten();
        match &terminal {
            Some(terminal) => keys::read(sender.clone(), terminal.quit()),
            None => keys::read_lines(sender.clone()),
        }
        Console {
            output,
            runner,
            terminal,
            sender,
            events,
            pending: RefCell::default(),
            offset: Cell::new(0),
        }
    }

    /// Where saves are to be told.
    pub(crate) fn sender(&self) -> Sender<Event> {
        self.sender.clone()
    }

    /// Whether the user left by a key while something was at work.
    pub(crate) fn quit(&self) -> bool {
        self.terminal.as_ref().is_some_and(|t| t.quit().asked())
    }

    /// Says what is going on, until `work` is done. On a terminal `q` stops it.
    pub(crate) fn busy<R>(&self, what: &str, work: impl FnOnce() -> R) -> R {
        let Some(terminal) = &self.terminal else { return work() };
        let line = text::cut(what, terminal.size().0);
        self.output.print(format!("\r\x1b[K{line}\r\n"));
        terminal.quit().listen(true);
        let done = work();
        terminal.quit().listen(false);
        done
    }

    /// Shows a page, with the keys below it, and waits for an answer.
    pub(crate) fn ask(&self, page: Page<'_>, keys: &str) -> Answer {
        self.offset.set(0);
        self.show(page, keys);
        self.wait(page, keys)
    }

    /// Waits for an answer to a page that is there already.
    pub(crate) fn wait(&self, page: Page<'_>, keys: &str) -> Answer {
        loop {
            if self.runner.interrupted() {
                return Answer::Stop;
            }
            if self.terminal.as_ref().is_some_and(Terminal::changed) {
                self.show(page, keys);
            }
            let Some(event) = self.next() else { continue };
            match event {
                Event::Saved(paths) => {
                    let mut all = BTreeSet::from_iter(paths);
                    self.wait_out(&mut all);
                    return Answer::Saved(all);
                }
                Event::Ended => return Answer::Ended,
                Event::Key(Key::Char(c)) if c != ' ' => return Answer::Key(c),
                Event::Key(Key::Enter) => return Answer::Enter,
                Event::Key(key) => self.scroll(key, page, keys),
            }
        }
    }

    fn next(&self) -> Option<Event> {
        if let Some(event) = self.pending.borrow_mut().pop_front() {
            return Some(event);
        }
        self.events.recv_timeout(TICK).ok()
    }

    /// One save is several events: takes in all of them.
    fn wait_out(&self, all: &mut BTreeSet<PathBuf>) {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST {
            match self.events.recv_timeout(QUIET) {
                Ok(Event::Saved(paths)) => all.extend(paths),
                Ok(other) => self.pending.borrow_mut().push_back(other),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn scroll(&self, key: Key, page: Page<'_>, keys: &str) {
        let Some(terminal) = &self.terminal else { return };
        let rows = terminal.size().1.saturating_sub(2).max(1);
        let old = self.offset.get();
        self.offset.set(match key {
            Key::Up => old.saturating_sub(1),
            Key::PageUp => old.saturating_sub(rows),
            Key::Down => old + 1,
            _ => old + rows,
        });
        self.show(page, keys);
    }

    fn show(&self, page: Page<'_>, keys: &str) {
        let Some(terminal) = &self.terminal else {
            let page = page(WIDTH);
            self.output.print(format!("{}\n{keys}\n", page.trim_end()));
            return;
        };
        let (width, height) = terminal.size();
        let room = height.saturating_sub(1).max(1);
        let page = page(width);
        let lines: Vec<String> = page
            .trim_end()
            .lines()
            .flat_map(|line| text::wrap(line, width))
            .collect();
        let offset = self.offset.get().min(lines.len().saturating_sub(room));
        self.offset.set(offset);
        let mut screen = String::from("\x1b[H");
        for line in lines.iter().skip(offset).take(room) {
            screen += &format!("{line}\x1b[0m\x1b[K\r\n");
        }
        let below = lines.len().saturating_sub(offset + room);
        let more = match below {
            0 => String::new(),
            n => format!("space:{n} more lines  "),
        };
        // One less: behind the last column some terminals go to the next line.
        let keys = text::cut(&format!("{more}{keys}"), width - 1);
        screen += &format!("\x1b[J{}", self.output.bold(keys));
        self.output.print(screen);
    }
}
