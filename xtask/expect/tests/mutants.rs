//! Faults put into the matcher, one at a time: each must turn the fixtures'
//! test red. What survives is not tested.
//!
//! It is a step of its own, `cargo test -p expect --test mutants -- --ignored`,
//! for it compiles the crate once a fault, and names the crate's own text.
//!
//! The matcher needs nothing but std, so a copy of it is compiled by rustc
//! together with that test.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

struct Mutant {
    fault: &'static str,
    /// The file of the module it is put into.
    file: &'static str,
    /// A text that stands there once.
    old: &'static str,
    new: &'static str,
}

const MUTANTS: &[Mutant] = &[
    Mutant {
        fault: "extra lines are tolerated",
        file: "matching/alignment.rs",
        old: "self.pattern_of.iter().chain(&self.line_of).all",
        new: "self.line_of.iter().all",
    },
    Mutant {
        fault: "missing lines are tolerated",
        file: "matching/alignment.rs",
        old: "self.pattern_of.iter().chain(&self.line_of).all",
        new: "self.pattern_of.iter().all",
    },
    Mutant {
        fault: "a multiset is treated as a set",
        file: "matching/block.rs",
        old: "*members = &members[1..];",
        new: "",
    },
    Mutant {
        fault: "loose patterns of `@any` are matched greedily",
        file: "matching/block.rs",
        old: "if wanted[line] { neighbours(line) } else { Vec::new() }",
        new: "Vec::new()",
    },
    Mutant {
        fault: "`@before` is ignored",
        file: "language/parse.rs",
        old: "rules: self.rules,",
        new: "rules: Vec::new(),",
    },
    Mutant {
        fault: "`@before` holds for some of the lines only",
        file: "matching/solve.rs",
        old: "state.then_from[*rule].min(number);",
        new: "usize::MAX;",
    },
    Mutant {
        fault: "what comes first does not keep the others back",
        file: "matching/solve.rs",
        old: "state.first_until[*rule].max(number + 1);",
        new: "0;",
    },
    Mutant {
        fault: "a named hole is not bound",
        file: "report/clashes.rs",
        old: "names: vec![true; names.list.len()],",
        new: "names: vec![false; names.list.len()],",
    },
    Mutant {
        fault: "a name is bound within a line only",
        file: "matching/solve.rs",
        old: "Some(bound) => bound == value,",
        new: "Some(_) => true,",
    },
    Mutant {
        fault: "two names of type pid may have one value",
        file: "report/clashes.rs",
        old: "distinct: true,",
        new: "distinct: false,",
    },
    Mutant {
        fault: "the upper end of a range is ignored",
        file: "language/number.rs",
        old: "self.high.as_ref().is_none_or(below)",
        new: "self.high.as_ref().is_none_or(|_| true)",
    },
    Mutant {
        fault: "the lower end of a range is ignored",
        file: "language/number.rs",
        old: "self.low.as_ref().is_none_or(above)",
        new: "self.low.as_ref().is_none_or(|_| true)",
    },
    Mutant {
        fault: "an end of a range is not in it",
        file: "language/number.rs",
        old: "cmp(end) != Ordering::Greater",
        new: "cmp(end) == Ordering::Less",
    },
    Mutant {
        fault: "the order of a lane is ignored",
        file: "matching/block.rs",
        old: "SectionKind::Lanes => self.assign_lanes(section, lines),",
        new: "SectionKind::Lanes => self.assign_any(section, lines),",
    },
    Mutant {
        fault: "the place of an exact line is ignored",
        file: "matching/block.rs",
        old: "SectionKind::Exact => self.assign_places(section, lines),",
        new: "SectionKind::Exact => self.assign_any(section, lines),",
    },
    Mutant {
        fault: "a line may begin with the expected text",
        file: "language/pattern.rs",
        old: "[] => line == self.literals[0],",
        new: "[] => line.starts_with(&self.literals[0]),",
    },
    Mutant {
        fault: "an unknown directive is accepted",
        file: "language/parse.rs",
        old: "return self.unknown_directive(word, rest);",
        new: "return;",
    },
    Mutant {
        fault: "an empty expectation is accepted",
        file: "language/parse.rs",
        old: "self.check_not_empty(lines);",
        new: "",
    },
    Mutant {
        fault: "a label without a rule is accepted",
        file: "language/labels.rs",
        old: "used.retain(|label, _| !ruled.contains(*label));",
        new: "used.clear();",
    },
    Mutant {
        fault: "standard error is always free",
        file: "report/diagnose.rs",
        old: "if stderr > 0 && !expectation.settings.stderr_any {",
        new: "if false {",
    },
    Mutant {
        fault: "the end of the program is ignored",
        file: "report/diagnose.rs",
        old: "} else if observed.ending != *expected {",
        new: "} else if false {",
    },
    Mutant {
        fault: "leaks are tolerated",
        file: "report/diagnose.rs",
        old: "let leaks = observed.leaks.iter();",
        new: "let leaks = observed.leaks.iter().take(0);",
    },
    Mutant {
        fault: "speakers are ignored",
        file: "language/parse.rs",
        old: "speakers: self.speakers,",
        new: "speakers: Vec::new(),",
    },
    Mutant {
        fault: "peaks are ignored",
        file: "language/parse.rs",
        old: "peaks: self.peaks,",
        new: "peaks: Vec::new(),",
    },
    Mutant {
        fault: "one thread may speak for two actors",
        file: "matching/speakers.rs",
        old: "if owner.actor != voice.actor {",
        new: "if false {",
    },
    Mutant {
        fault: "an actor may be the main thread",
        file: "matching/speakers.rs",
        old: "} else if voice.actor != \"main\" && speaker == 0 {",
        new: "} else if false {",
    },
    Mutant {
        fault: "`main` may be any thread",
        file: "matching/speakers.rs",
        old: "} else if voice.actor == \"main\" && speaker != 0 {",
        new: "} else if false {",
    },
    Mutant {
        fault: "two threads that live may speak for one actor",
        file: "matching/speakers.rs",
        old: "other.filter(|f| !over(f))",
        new: "other.filter(|_| false)",
    },
    Mutant {
        fault: "a name may not go on to a fresh thread",
        file: "matching/speakers.rs",
        old: "other.filter(|f| !over(f))",
        new: "other",
    },
    Mutant {
        fault: "a thread may be in another process",
        file: "matching/speakers.rs",
        old: "self.kind == SpeakerKind::Threads\n            &&",
        new: "false\n            &&",
    },
    Mutant {
        fault: "a process is one thread of it",
        file: "matching/speakers.rs",
        old: "SpeakerKind::Processes => self.cast.lives[voice.spoken.by].process,",
        new: "SpeakerKind::Processes => voice.spoken.by,",
    },
    Mutant {
        fault: "tasks may be many threads",
        file: "matching/speakers.rs",
        old: "let same = one.spoken.by == voice.spoken.by;",
        new: "let same = true;",
    },
    Mutant {
        fault: "a line that nobody wrote is tolerated",
        file: "matching/speakers.rs",
        old: "found.push((outputs[0], Breach::Unseen(rule, outputs)));",
        new: "let _ = (outputs, rule);",
    },
    Mutant {
        fault: "who has ended counts for a peak",
        file: "matching/speakers.rs",
        old: "events.extend(ends.of(life).map(|ended| (ended.max(life.begun), -1)));",
        new: "",
    },
    Mutant {
        fault: "a thread outlives its process",
        file: "matching/speakers.rs",
        old: "let both = [life.ended, self.of_process(life.process)];",
        new: "let both = [life.ended, None];",
    },
    Mutant {
        fault: "the main thread counts for a peak",
        file: "matching/speakers.rs",
        old: "Peak::Threads => !life.initial,",
        new: "Peak::Threads => life.begun > 0,",
    },
    Mutant {
        fault: "the first process counts for a peak",
        file: "matching/speakers.rs",
        old: "life.initial && life.process != 0",
        new: "life.initial",
    },
    Mutant {
        fault: "a rule may name no actor",
        file: "language/actors.rs",
        old: "if !own.any(",
        new: "if false && !own.any(",
    },
    Mutant {
        fault: "two rules may name one actor",
        file: "language/actors.rs",
        old: "if let Some((earlier, actor)) = both {",
        new: "if let Some((earlier, actor)) = both.filter(|_| false) {",
    },
    Mutant {
        fault: "an end of a span may be missing",
        file: "language/actors.rs",
        old: "(true, false) => (from, to),",
        new: "(true, false) => continue,",
    },
    Mutant {
        fault: "actors that share lines keep no order",
        file: "matching/shared.rs",
        old: "let lane = *index.entry(actor).or_insert(lanes.len());",
        new: "let lane = lanes.len(); let _ = (actor, &mut index);",
    },
    Mutant {
        fault: "shared lines are given out greedily",
        file: "matching/shared.rs",
        old: "if !open {",
        new: "if true {",
    },
    Mutant {
        fault: "a shared line may have an actor of its own",
        file: "language/actors.rs",
        old: "if actor.is_none_or(|actor| actor.holes().is_empty()) {",
        new: "if false {",
    },
];

#[test]
#[ignore = "a step of its own: it compiles the crate once a fault"]
fn each_fault_turns_a_test_red() {
    let folder = Folder::new();
    let next = AtomicUsize::new(0);
    // A worker compiles all its mutants in one place, so that rustc can go
    // on from what it has compiled before.
    let work = |home: &Path| {
        let mut wrong = Vec::new();
        loop {
            // The first is the matcher as it is.
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index > MUTANTS.len() {
                return wrong;
            }
            let mutant = index.checked_sub(1).map(|at| &MUTANTS[at]);
            wrong.extend(try_out(home, mutant));
        }
    };
    let homes = ["first", "second"].map(|name| folder.0.join(name));
    let wrong = thread::scope(|scope| {
        let workers = homes.each_ref().map(|home| scope.spawn(|| work(home)));
        workers.map(|worker| worker.join().expect("it does not panic"))
    });
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compiles a copy with the fault and runs its tests. Says what is wrong
/// with that, if anything is.
fn try_out(home: &Path, mutant: Option<&Mutant>) -> Option<String> {
    let name = mutant.map_or("no fault", |mutant| mutant.fault);
    copy(home, mutant);
    let binary = home.join("tests");
    let output = Command::new(rustc())
        .args(["--edition", "2024", "--test", "--crate-name", "mutant"])
        .args(["--cap-lints", "allow", "-C", "debuginfo=0"])
        .args(["-C", "incremental=incremental", "-o"])
        .arg(&binary)
        .arg(home.join("expect/lib.rs"))
        .current_dir(home)
        .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("rustc runs");
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Some(format!("{name}: does not compile\n{errors}"));
    }
    let status = Command::new(&binary)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the tests run");
    match (status.success(), mutant) {
        (false, None) => Some("the tests fail without a fault".to_string()),
        (true, Some(_)) => Some(format!("survived: {name}")),
        _ => None,
    }
}

/// Writes the module, with the fault, and the test beside it.
fn copy(home: &Path, mutant: Option<&Mutant>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let to = home.join("expect");
    fs::create_dir_all(&to).expect("a folder");
    let source = root.join("src");
    for folder in ["", "language", "matching", "report"] {
        fs::create_dir_all(to.join(folder)).expect("a folder");
        for file in fs::read_dir(source.join(folder)).expect("a folder") {
            let file = file.expect("a file").path();
            if file.is_dir() {
                continue;
            }
            let name = file.strip_prefix(&source).expect("it is below");
            let mut text = fs::read_to_string(&file).expect("a text");
            let here = |mutant: &&Mutant| name == Path::new(mutant.file);
            if let Some(mutant) = mutant.filter(here) {
                let Mutant { fault, old, new, .. } = mutant;
                let count = text.matches(old).count();
                assert_eq!(count, 1, "{fault}: `{old}` in {}", file.display());
                text = text.replace(old, new);
            }
            fs::write(to.join(name), text).expect("it is written");
        }
    }
    let test = root.join("tests/fixtures.rs");
    let lib = to.join("lib.rs");
    let mut text = fs::read_to_string(&lib).expect("a text");
    text += &format!(
        "extern crate self as expect;\n#[path = {test:?}]\nmod fixtures;\n"
    );
    fs::write(lib, text).expect("it is written");
}

fn rustc() -> OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("expect-mutants-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).expect("a new folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
