//! What turns the check of the pages red, on a small workspace of its own.

use std::fs;

use tempfile::TempDir;
use xtask::catalogue::workspace::Workspace;

const SOURCE: &str = "//! First: a fixture.\n//!\n//! It has some prose.\n//!\n\
    //! Python: none, it is a fixture.\n//! Notes: none.\n//!\n\
    //! ```text,expect\n//! main: well\n//! ```\n//!\n\
    //! Break it: `well` => `ill`\n\n\
    fn main() {\n    println!(\"main: well\");\n}\n";
const RUN: &str = "+ main\nmain | main: well\n- main\n= exit 0\n";
const BROKEN: &str = "topic/recordings/first.break1.txt";
const INDEX: &str = "# Index\n\n\
    ## Python\n\n| `os.fork` | [first](topic/examples/01_first.rs) |\n\n\
    ## Rust\n\n| `libc::fork` | [first](topic/examples/01_first.rs) |\n";

/// A workspace with one example, recorded.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        ("Cargo.toml", "[workspace]\nmembers = [\"topic\"]\n"),
        (
            "topic/Cargo.toml",
            "[package]\nname = \"topic\"\n\n[[example]]\nname = \"first\"\n\
             path = \"examples/01_first.rs\"\n",
        ),
        ("topic/examples/01_first.rs", SOURCE),
        ("topic/recordings/first.txt", RUN),
        (BROKEN, &broken()),
        ("INDEX.md", INDEX),
        ("BUGS.md", "# Bugs\n\nNone.\n"),
        ("NOTES.md", "# Notes\n\nNone.\n"),
    ] {
        write(&root, path, text);
    }
    root
}

/// The run of the sabotage, with what the check said.
fn broken() -> String {
    let run = RUN.replace("well", "ill");
    format!("~ `well` => `ill`\n{run}> it is ill\n")
}

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn faults(root: &TempDir) -> Vec<String> {
    let workspace = Workspace::load(root.path()).expect("it can be read");
    let pages = site::pages(&workspace).expect("they can be made");
    site::faults(&workspace, &pages).expect("they can be checked")
}

#[test]
fn a_recording_that_is_missing_or_stale_is_told() {
    let root = workspace();
    assert_eq!(faults(&root), [""; 0]);
    let stale = RUN.replace("well", "ill");
    write(&root, "topic/recordings/first.txt", &stale);
    let told = faults(&root);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("recordings/first.txt: "), "{told:?}");
    assert!(told[0].ends_with("run: cargo xtask record first"), "{told:?}");
    write(&root, "topic/recordings/first.txt", RUN);
    fs::remove_file(root.path().join(BROKEN)).expect("removed");
    let way_out = "run: cargo xtask record first";
    assert_eq!(faults(&root), [format!("{BROKEN}: is missing; {way_out}")]);
}

#[test]
fn a_dead_link_is_told() {
    let root = workspace();
    let text = SOURCE.replace("some prose", "[a link](nowhere.html)");
    write(&root, "topic/examples/01_first.rs", &text);
    let fault = "topic/first.html: `nowhere.html` leads to no page";
    assert_eq!(faults(&root), [fault]);
}

#[test]
fn a_page_that_is_too_large_is_told() {
    let root = workspace();
    let text = format!("{SOURCE}// {}\n", "x".repeat(60_000));
    write(&root, "topic/examples/01_first.rs", &text);
    let told = faults(&root);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("at most 60000"), "{told:?}");
}
