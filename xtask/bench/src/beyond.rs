//! The part of BEYOND.md that is drawn from results.json: what a command of
//! Redis costs beside its kin on one machine.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::Error;
use crate::page::{short, time};
use crate::results::{self, Results};

const BEGIN: &str = "<!-- costs: drawn by `cargo xtask bench` -->\n";
const END: &str = "<!-- costs: end -->\n";

/// What is done here, and the row and the form that measured it.
const HERE: [(&str, &str, &str); 5] = [
    ("atomic addition", "lock-1", "atomic `fetch_add`"),
    ("mutex: lock, add, unlock", "lock-1", "`Mutex`"),
    ("queue: one item between two threads", "queue-1-1", "`sync_channel`"),
    ("condition: wake a thread, be woken", "switch", "2 threads, `Condvar`"),
    ("pipe: to another process and back", "trip", "`pipe`"),
];

fn path() -> PathBuf {
    results::folder().join("../../BEYOND.md")
}

/// Writes the part from what is known.
pub(crate) fn draw(results: &Results) -> Result<(), Error> {
    let page = fs::read_to_string(path())?;
    results::replace(&path(), &drawn(&page, results)?)
}

fn drawn(page: &str, results: &Results) -> Result<String, Error> {
    let parts = page.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or("BEYOND.md: no place for the costs")?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", costs(results)?))
}

fn costs(results: &Results) -> Result<String, Error> {
    let form = |row: &str, form: &str| {
        let found = results.rows.get(row);
        let mut forms = found.iter().flat_map(|found| &found.forms);
        let form = forms.find(|measured| measured.form == form);
        form.ok_or_else(|| format!("{row} of the costs is not measured"))
    };
    let redis = form("redis", "redis")?;
    let (one, of_many) = (redis.each, form("redis", "redis, 100 in one")?.each);
    let beside_echo = redis.ratio.as_ref().ok_or("no ratio")?.median;
    let mut text = format!(
        "One `INCR` takes {}, {} times a bare message of 8 bytes to a server and \
         back.\nOf a hundred sent in one message each takes {}.\n\n\
         | here | takes | `INCR` takes | of a hundred in one |\n\
         |---|---:|---:|---:|\n",
        time(one),
        short(beside_echo),
        time(of_many)
    );
    for (name, row, name_of_form) in HERE {
        let here = form(row, name_of_form)?.each;
        writeln!(
            text,
            "| {name} | {} | {} times | {} times |",
            time(here),
            short(one / here),
            short(of_many / here)
        )?;
    }
    writeln!(
        text,
        "\nMeasured on {} ({}), {}, {} profile.",
        results.machine, results.kernel, results.rust, results.profile
    )?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{drawn, path};
    use crate::results::Results;
    use std::fs;

    #[test]
    fn the_page_has_the_figures_of_the_results() {
        let page = fs::read_to_string(path()).expect("BEYOND.md");
        let results = Results::read().expect("results.json");
        let drawn = drawn(&page, &results).expect("all rows are there");
        assert!(page == drawn, "`cargo xtask bench --draw` mends BEYOND.md");
    }
}
