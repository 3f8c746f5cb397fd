//! What holds for a whole run: its end, its standard error, its time.

use std::time::Duration;

use crate::language::complaint::Complaint;
use crate::language::suggest;
use crate::observed::Ending;

/// What holds for a whole run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How the program ends: with status 0, unless something else is asked.
    pub ending: Ending,
    /// Is standard error free? Otherwise it must be empty.
    pub stderr_any: bool,
    /// How long the program may take, if the expectation says so.
    pub timeout: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        let ending = Ending::Exit(0);
        Settings { ending, stderr_any: false, timeout: None }
    }
}

/// The signals a program may be expected to die by.
const SIGNALS: [&str; 21] = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "XCPU", "XFSZ", "VTALRM", "PROF",
    "IO", "SYS",
];

impl Settings {
    /// Reads what stands after `@exit`.
    pub(super) fn read_exit(&mut self, rest: &str) -> Result<(), Complaint> {
        let status = rest.parse::<u8>().map_err(|_| {
            let found = found(rest);
            Complaint::new(
                format!("`@exit` takes a status from 0 to 255, found {found}"),
                "write `@exit 3`, or `@signal KILL` for death by a signal",
            )
        })?;
        self.ending = Ending::Exit(status.into());
        Ok(())
    }

    /// Reads what stands after `@signal`.
    pub(super) fn read_signal(&mut self, rest: &str) -> Result<(), Complaint> {
        if SIGNALS.contains(&rest) {
            self.ending = Ending::Signal(rest.to_string());
            return Ok(());
        }
        let upper = rest.to_uppercase();
        let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
        let help = match suggest::nearest(bare, SIGNALS) {
            Some(near) => format!("did you mean `@signal {near}`?"),
            None => "write its name without `SIG`: `@signal KILL`".to_string(),
        };
        Err(Complaint::new(format!("unknown signal {}", found(rest)), help))
    }

    /// Reads what stands after `@stderr`.
    pub(super) fn read_stderr(&mut self, rest: &str) -> Result<(), Complaint> {
        if rest != "any" {
            return Err(Complaint::new(
                format!("`@stderr` takes `any`, found {}", found(rest)),
                "write `@stderr any` if it is free, or take it away: \
                 otherwise standard error must be empty",
            ));
        }
        self.stderr_any = true;
        Ok(())
    }

    /// Reads what stands after `@timeout`.
    pub(super) fn read_timeout(&mut self, rest: &str) -> Result<(), Complaint> {
        let time = parse_duration(rest).filter(|time| !time.is_zero());
        if time.is_none() {
            return Err(Complaint::new(
                format!("`@timeout` takes a time, found {}", found(rest)),
                "write whole seconds or milliseconds: `@timeout 20s`, \
                 `@timeout 500ms`",
            ));
        }
        self.timeout = time;
        Ok(())
    }
}

/// What stands after a directive, to be told.
pub(super) fn found(rest: &str) -> String {
    if rest.is_empty() { "nothing".into() } else { format!("`{rest}`") }
}

/// `20s` or `500ms`.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number = digits.parse::<u32>().ok()?;
    match &text[digits.len()..] {
        "s" => Some(Duration::from_secs(number.into())),
        "ms" => Some(Duration::from_millis(number.into())),
        _ => None,
    }
}
