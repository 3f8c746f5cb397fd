//! Builds examples, once for all, and learns where the executables are.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cargo_metadata::diagnostic::DiagnosticLevel;
use cargo_metadata::{Message, TargetKind};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use supervise::Runner;

use crate::Error;

/// What a build made.
#[derive(Debug, Default)]
pub struct Built {
    /// Each example's executable, by name; what did not compile is not there.
    pub files: BTreeMap<String, PathBuf>,
    /// The compiler's first error for each target that did not compile; empty
    /// where cargo has told it on standard error.
    pub errors: BTreeMap<String, String>,
    /// All that the compiler says of each of those, where it is not told.
    pub diagnostics: BTreeMap<String, String>,
    /// How long cargo took.
    pub took: Duration,
}

/// What of a build is told on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// All.
    All,
    /// How far it is; what the compiler says is kept for the caller.
    Progress {
        /// Keep it coloured.
        color: bool,
    },
    /// Nothing; the caller expects some errors.
    Nothing,
}

/// What to build, and where.
#[derive(Debug)]
pub struct Build<'a> {
    /// Knows whether the user wants to stop.
    pub runner: &'a Runner,
    /// The folder of the root manifest.
    pub root: &'a Path,
    /// Another target directory than the workspace's own.
    pub target: Option<&'a Path>,
    /// What of it is told.
    pub tell: Tell,
}

impl Build<'_> {
    /// Builds the examples of these names. Those that do not compile are missing
    /// from the result.
    ///
    /// # Errors
    /// When cargo cannot be run, or nothing at all could be built.
    pub fn examples<'s>(
        &self,
        names: impl IntoIterator<Item = &'s str>,
    ) -> Result<Built, Error> {
        // With some packages alone, the features of what they depend on would
        // be others, and all of that would be built again.
        let mut arguments = vec!["--keep-going", "--workspace"];
        for name in names {
            arguments.extend(["--example", name]);
        }
        let built = self.run(&arguments)?;
        if built.files.is_empty() && self.tell == Tell::All {
            let why = "nothing could be built; cargo says why above";
            return Err(Error::Cargo(why.into()));
        }
        Ok(built)
    }

    fn run(&self, arguments: &[&str]) -> Result<Built, Error> {
        let started = Instant::now();
        let format = match self.tell {
            Tell::All => "json-render-diagnostics",
            Tell::Progress { color: true } => "json-diagnostic-rendered-ansi",
            Tell::Progress { color: false } | Tell::Nothing => "json",
        };
        let mut command = cargo();
        command
            .current_dir(self.root)
            .args(["build", "--message-format", format])
            .args(arguments)
            .stdout(Stdio::piped());
        if self.tell == Tell::Nothing {
            command.arg("--quiet").stderr(Stdio::null());
        }
        if let Some(target) = self.target {
            command.arg("--target-dir").arg(target);
        }
        let fail = |e| Error::Cargo(format!("cargo cannot be run: {e}"));
        let mut group = Group::spawn(&mut command).map_err(fail)?;
        let mut built = Built::default();
        let stdout = group.leader.stdout.take();
        let end = AtomicBool::new(false);
        thread::scope(|scope| {
            let stop = || self.stop(&group, &end);
            thread::Builder::new().spawn_scoped(scope, stop)?;
            let _end = SetAtEnd(&end);
            for message in
                stdout.into_iter().map(BufReader::new).flat_map(messages)
            {
                built.take(message?);
            }
            Ok(())
        })
        .map_err(fail)?;
        drop(group);
        built.took = started.elapsed();
        match self.runner.interrupted() {
            true => Err(Error::Interrupted),
            false => Ok(built),
        }
    }

    /// Passes an interruption on to cargo and its compilers, until the `end`.
    fn stop(&self, group: &Group, end: &AtomicBool) {
        while !end.load(Ordering::Relaxed) {
            if self.runner.interrupted() {
                group.signal(Signal::SIGKILL);
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn messages(
    stdout: BufReader<ChildStdout>,
) -> impl Iterator<Item = io::Result<Message>> {
    Message::parse_stream(stdout)
}

/// Sets a flag however its scope ends.
struct SetAtEnd<'f>(&'f AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Cargo and all that it starts: a process group of its own, which does not
/// outlive us, not even where we are killed.
struct Group {
    leader: Child,
    /// Kills the group when its input ends.
    watcher: Child,
}

impl Group {
    fn spawn(command: &mut Command) -> io::Result<Group> {
        let mut leader = command.process_group(0).spawn()?;
        let watch = "read -r end; [ \"$end\" ] || kill -KILL -\"$0\"";
        let watcher = Command::new("sh")
            .args(["-c", watch, &leader.id().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .inspect_err(|_| {
                let _ = (leader.kill(), leader.wait());
            })?;
        Ok(Group { leader, watcher })
    }

    fn signal(&self, signal: Signal) {
        // It has ended by itself where this fails.
        let group = Pid::from_raw(self.leader.id().cast_signed());
        let _ = killpg(group, signal);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.leader.wait();
        if let Some(mut input) = self.watcher.stdin.take() {
            let _ = input.write_all(b"done\n");
        }
        let _ = self.watcher.wait();
    }
}

impl Built {
    fn take(&mut self, message: Message) {
        match message {
            Message::CompilerArtifact(artifact) => {
                let is_example = artifact.target.kind == [TargetKind::Example];
                if let Some(file) = artifact.executable.filter(|_| is_example) {
                    self.files.insert(artifact.target.name, file.into());
                }
            }
            Message::CompilerMessage(message)
                if message.message.level == DiagnosticLevel::Error =>
            {
                let (target, message) = (message.target.name, message.message);
                let all = self.diagnostics.entry(target.clone()).or_default();
                all.push_str(&message.rendered.unwrap_or_default());
                self.errors.entry(target).or_insert(message.message);
            }
            _ => {}
        }
    }
}

/// Becomes `cargo run` of another package of the workspace; `options` are cargo's,
/// `arguments` the program's. Comes back only with an error.
pub fn become_run(
    root: &Path,
    options: &[&str],
    arguments: &[OsString],
) -> Error {
    let error = cargo()
        .current_dir(root)
        .args(["run", "--quiet"])
        .args(options)
        .arg("--")
        .args(arguments)
        .exec();
    Error::Cargo(format!("cargo cannot be run: {error}"))
}

/// The cargo that runs us, else the one on the PATH.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}
