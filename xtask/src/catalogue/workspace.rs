//! The workspace as it lies on disk: topics, examples, siblings.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use expect::Complaint;
use serde::Deserialize;

use crate::Error;
use crate::catalogue::header::{self, Header};
use crate::files;

/// How many lines of code an example may have without a word about it.
const SCREEN: usize = 90;

/// The workspace: its root folder and every declared example.
#[derive(Debug)]
pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// Where cargo builds, and where the commands keep what they make.
    pub target: PathBuf,
    /// The topic crates, in the order of the root manifest.
    pub topics: Vec<String>,
    /// The other members: this one, and what belongs to it.
    pub others: Vec<String>,
    /// All examples, by topic and number.
    pub examples: Vec<Example>,
}

/// One declared example.
#[derive(Clone, Debug)]
pub struct Example {
    /// The crate it belongs to.
    pub topic: String,
    /// Its place in the reading order, from its file name.
    pub number: u32,
    /// Its name, unique in the workspace.
    pub name: String,
    /// The Rust source.
    pub source: PathBuf,
    /// The source's text, as it was read.
    pub text: String,
    /// What its header says, or what is wrong with it.
    pub header: Result<Header, Vec<Complaint>>,
}

impl Example {
    /// How many lines of code there are, where that is more than a screen and
    /// the header has no word about it.
    fn unexplained_length(&self) -> Option<usize> {
        let lines = self.text.lines().map(str::trim);
        let (header, rest): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.starts_with("//!"));
        let code = rest
            .iter()
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .count();
        let header = header.iter().map(|line| line[3..].trim().to_lowercase());
        let header = header.collect::<Vec<_>>().join(" ");
        let reasons = ["than a screen", "than one screen", "half of"];
        let told = reasons.iter().any(|reason| header.contains(reason));
        (code > SCREEN && !told).then_some(code)
    }

    /// Where the Python sibling is, or would be.
    pub fn sibling(&self) -> PathBuf {
        self.source.with_extension("py")
    }
}

#[derive(Deserialize)]
struct RootManifest {
    workspace: Members,
}

#[derive(Deserialize)]
struct Members {
    members: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    example: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    path: PathBuf,
}

impl Workspace {
    /// Finds the workspace at or above the current folder and reads it.
    ///
    /// # Errors
    /// When there is none, or a manifest or a source cannot be read.
    pub fn find() -> Result<Workspace, Error> {
        let here = std::env::current_dir()
            .map_err(|e| Error::file("the current folder".as_ref(), e))?;
        let root = here
            .ancestors()
            .find(|folder| {
                fs::read_to_string(folder.join("Cargo.toml"))
                    .is_ok_and(|text| text.contains("[workspace]"))
            })
            .ok_or_else(|| {
                Error::Usage(format!(
                    "no workspace at or above {}; \
                     run this from inside the workspace",
                    here.display()
                ))
            })?;
        Workspace::load(root)
    }

    /// Reads the workspace whose root manifest lies in `root`.
    ///
    /// # Errors
    /// When a manifest or a source cannot be read.
    pub fn load(root: &Path) -> Result<Workspace, Error> {
        let members: RootManifest = read_toml(&root.join("Cargo.toml"))?;
        let (others, topics): (Vec<_>, Vec<_>) = members
            .workspace
            .members
            .into_iter()
            .partition(|member| member.starts_with("xtask"));
        let mut examples = Vec::new();
        for topic in &topics {
            let folder = root.join(topic);
            let manifest: Manifest = read_toml(&folder.join("Cargo.toml"))?;
            let mut rows = Vec::new();
            for target in manifest.example {
                rows.push(read_example(topic, &folder, target)?);
            }
            rows.sort_by_key(|example| example.number);
            examples.extend(rows);
        }
        let root = root.to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(other) if !other.is_empty() => root.join(other),
            _ => root.join("target"),
        };
        Ok(Workspace { root, target, topics, others, examples })
    }

    /// The examples that `names` (topics or names) ask for; all for none.
    ///
    /// # Errors
    /// When a name is neither a topic nor an example.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Example>, Error> {
        for name in names {
            let known = self.topics.contains(name)
                || self.examples.iter().any(|e| e.name == *name);
            if !known {
                return Err(self.unknown(name));
            }
        }
        let wanted = |e: &&Example| {
            names.is_empty()
                || names.iter().any(|n| *n == e.name || *n == e.topic)
        };
        Ok(self.examples.iter().filter(wanted).collect())
    }

    fn unknown(&self, name: &str) -> Error {
        let candidates = self
            .topics
            .iter()
            .map(String::as_str)
            .chain(self.examples.iter().map(|e| e.name.as_str()));
        let near = expect::nearest(name, candidates);
        let hint = near
            .map_or(String::new(), |known| format!("; did you mean `{known}`"));
        Error::Usage(format!(
            "no topic and no example is called `{name}`{hint}; \
             `cargo xtask list` shows them all"
        ))
    }

    /// Faults of the catalogue itself: files that no manifest declares,
    /// numbers and names used twice, siblings missing or not asked for, examples
    /// that are long without a word about it.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn problems(&self) -> Result<Vec<String>, Error> {
        let mut problems = Vec::new();
        let mut names = BTreeMap::new();
        let mut numbers = BTreeMap::new();
        for example in &self.examples {
            let shown = self.relative(&example.source);
            if let Some(other) = names.insert(&example.name, shown.clone()) {
                problems.push(format!(
                    "{shown}: the name `{}` is taken by {other}; rename one",
                    example.name
                ));
            }
            let key = (&example.topic, example.number);
            if let Some(other) = numbers.insert(key, &example.name) {
                problems.push(format!(
                    "{shown}: the number {:02} is taken by `{other}`; \
                     `cargo xtask new` gives the next",
                    example.number
                ));
            }
            self.check_sibling(example, &shown, &mut problems);
            if let Some(lines) = example.unexplained_length() {
                problems.push(format!(
                    "{shown}: {lines} lines of code, and more than \
                     {SCREEN} want a reason: shorten it, or say in the header \
                     why it is longer than a screen"
                ));
            }
        }
        for topic in &self.topics {
            self.undeclared(topic, &mut problems)?;
        }
        Ok(problems)
    }

    fn check_sibling(
        &self,
        example: &Example,
        shown: &str,
        problems: &mut Vec<String>,
    ) {
        let header = match &example.header {
            Ok(header) => header,
            Err(faults) => {
                problems.extend(faults.iter().map(|p| p.in_file(shown)));
                return;
            }
        };
        let sibling = example.sibling();
        let shown_sibling = self.relative(&sibling);
        match (header.has_no_python(), sibling.exists()) {
            (true, true) => problems.push(format!(
                "{shown}: says `Python: none`, but {shown_sibling} is there; \
                 remove one"
            )),
            (false, false) => problems.push(format!(
                "{shown}: {shown_sibling} is missing; \
                 write it, or say `Python: none, why`"
            )),
            (false, true) => {
                let name = sibling.file_name().unwrap_or_default();
                if !header.python.contains(&*name.to_string_lossy()) {
                    problems.push(format!(
                        "{shown}: the `Python:` line does not name {}",
                        name.display()
                    ));
                }
            }
            (true, false) => {}
        }
    }

    fn undeclared(
        &self,
        topic: &str,
        problems: &mut Vec<String>,
    ) -> Result<(), Error> {
        let folder = self.root.join(topic).join("examples");
        let entries =
            fs::read_dir(&folder).map_err(|e| Error::file(&folder, e))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let kind = path.extension().unwrap_or_default();
            if kind != "rs" && kind != "py" {
                continue;
            }
            let source = path.with_extension("rs");
            if !self.examples.iter().any(|e| e.source == source) {
                problems.push(format!(
                    "{}: declared in no [[example]] of {topic}/Cargo.toml; \
                     add it there, or remove the file",
                    self.relative(&path)
                ));
            }
        }
        problems.sort();
        Ok(())
    }

    /// `path` as it is shown to the reader: below the root, where it is.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

fn read_example(
    topic: &str,
    folder: &Path,
    target: Target,
) -> Result<Example, Error> {
    let source = folder.join(&target.path);
    let text = files::read(&source).map_err(|error| match error {
        Error::File { path, error } => {
            let way_out = format!(
                "{error}; mend the path of example `{}` in {topic}/Cargo.toml",
                target.name
            );
            Error::source(&path, way_out)
        }
        other => other,
    })?;
    if text.starts_with('\u{feff}') {
        let why = "begins with a byte order mark; save it without";
        return Err(Error::source(&source, why));
    }
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let number = stem
        .split_once('_')
        .filter(|(_, name)| *name == target.name)
        .and_then(|(number, _)| number.parse().ok())
        .ok_or_else(|| {
            let name = &target.name;
            let why = format!(
                "the file of example `{name}` is to be called `NN_{name}.rs`"
            );
            Error::source(&source, why)
        })?;
    let header = header::parse(&text);
    Ok(Example {
        topic: topic.to_owned(),
        number,
        name: target.name,
        source,
        text,
        header,
    })
}

fn read_toml<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, Error> {
    let text = files::read(path)?;
    toml_edit::de::from_str(&text)
        .map_err(|e| Error::source(path, e.to_string()))
}
