//! A small workspace of its own, on which the tests try the whole command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A workspace with one topic.
pub(crate) struct Fixture {
    root: TempDir,
    names: Vec<String>,
}

impl Fixture {
    /// An empty one.
    pub(crate) fn new() -> Fixture {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(root.path().join("topic/examples")).expect("made");
        fs::create_dir(root.path().join("tmp")).expect("made");
        let fixture = Fixture { root, names: Vec::new() };
        fixture.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"topic\"]\n",
        );
        fixture
    }

    /// Adds an example that runs `body` and is to print `expected`.
    pub(crate) fn example(
        mut self,
        name: &str,
        expected: &str,
        body: &str,
    ) -> Fixture {
        let expected: String =
            expected.lines().map(|line| format!("//! {line}\n")).collect();
        self.names.push(name.to_owned());
        let number = self.names.len();
        self.write(
            &format!("topic/examples/{number:02}_{name}.rs"),
            &format!(
                "//! {name}: a fixture.\n//!\n\
                 //! Python: none, it is a fixture.\n//! Notes: none.\n//!\n\
                 //! ```text,expect\n{expected}//! ```\n//!\n\
                 //! Break it: `main()` => `main ()`\n\n\
                 fn main() {{\n{body}\n}}\n"
            ),
        );
        self.manifest();
        self
    }

    fn manifest(&self) {
        let mut text =
            String::from("[package]\nname = \"topic\"\nedition = \"2024\"\n");
        for (i, name) in self.names.iter().enumerate() {
            let number = i + 1;
            text += &format!(
                "\n[[example]]\nname = \"{name}\"\n\
                 path = \"examples/{number:02}_{name}.rs\"\n"
            );
        }
        self.write("topic/Cargo.toml", &text);
    }

    /// Writes a file below the root.
    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("written");
    }

    /// A path below the root.
    pub(crate) fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(path)
    }

    /// `xtask` with `arguments`, to be run in the workspace.
    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        self.place(&mut command);
        command.args(arguments);
        command
    }

    /// `script` for `sh`, in which `"$@"` stands for `xtask` and `arguments`.
    pub(crate) fn shell(&self, script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        self.place(&mut command);
        command
            .args(["-c", script, "sh"])
            .arg(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments);
        command
    }

    fn place(&self, command: &mut Command) {
        command
            .current_dir(self.root.path())
            .env("TMPDIR", self.path("tmp"))
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CI")
            .env_remove("NO_COLOR");
    }

    /// Asserts that no working folder is left.
    pub(crate) fn assert_clean(&self) {
        let left = super::entries(&self.path("tmp"));
        assert!(left.is_empty(), "left behind: {left:?}");
    }
}

/// What a finished command said, for asserting on.
pub(crate) struct Said {
    /// Its exit status, if it exited.
    pub(crate) status: Option<i32>,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error.
    pub(crate) stderr: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        Said {
            status: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// Runs the command to its end.
    pub(crate) fn by(command: &mut Command) -> Said {
        command.output().expect("it runs").into()
    }

    /// Asserts the exit status, and that the output has all `parts`.
    #[track_caller]
    pub(crate) fn assert(&self, status: i32, parts: &[&str]) -> &Said {
        let Said { stdout, stderr, .. } = self;
        let all = format!("{stdout}\n{stderr}");
        assert_eq!(self.status, Some(status), "{all}");
        for part in parts {
            assert!(all.contains(part), "no `{part}` in:\n{all}");
        }
        self
    }

    /// The last line of standard output.
    pub(crate) fn last(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}
