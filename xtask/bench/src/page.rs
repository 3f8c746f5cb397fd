//! BENCHMARKS.md, and what the terminal shows.

use std::fmt::Write;

use crate::Error;
use crate::beyond;
use crate::results::{self, Form, Results};
use crate::rows::{Claim, Cores, Holds, Kind, Language, ROWS, Row};
use crate::statistics::Quantiles;

const HEAD: &str = "\
# Benchmarks

What each way of doing two things at once costs: in Rust, in Python, and at the limit
that the machine sets (a raw system call, a copy of memory, one atomic instruction).

    cargo xtask bench --quick        a minute or two, writes nothing
    cargo xtask bench --full         writes this page and xtask/bench/results.json
    cargo xtask bench start switch   these rows alone
    cargo xtask bench --compare OLD  what differs from another results.json

";

const METHOD: &str = "\
## How to read it

- **Paired slices.** Workers each do some milliseconds of work when asked: 2 on one
  core; on two cores 5, and 20 in Python, as its lock is passed on every 5; one
  operation where that takes longer. A slice of a form stands right beside a slice of
  the limit, in turn, the order swapped each time; `× limit` is the median of those
  ratios, the next column holds 90 % of them. What disturbs the machine disturbs both
  halves of a pair.
- **Fresh processes.** The run goes through all rows five times, each time with workers
  started anew: where their memory lies and how two threads fall into step is chance
  for each, and how fast two virtual cores hear of each other changes with the minutes.
  Where the medians of two such times are more than a quarter apart, the first column
  of ratios has the lowest and the highest of them (**2.1 to 3.4**) in place of one
  figure: the form has more than one speed.
- **CPU** is the ratio of the processor time, with that of all the threads and
  processes that take part. Below `× limit` the form waits; above it, it works on
  several cores.
- **The same work.** Every slice answers with a sum that must be the one expected.
- **The control** is the limit beside itself. It must be 1.00 ± 0.03.
- **Repeated.** Of 177 forms, 10 differed by more than 10 % between two full runs in a
  row, the worst by 36 %: queues between two cores, pools, ending a process, 64 MB by
  ipc-channel. Eight of them came as a range. Beside four busy loops 36 forms differed
  by more than 20 %, all but one where two cores work together, which they then seldom
  do; 35 came as a range. Read such a row for its order, and the column of 90 % for
  what to expect; `--compare` says how far two runs agree.
- **Another interpreter.** `PYTHON=python3.14t cargo xtask bench …` measures a
  free-threaded build, or one that has `InterpreterPoolExecutor`; uvloop and redis-py
  are measured where that interpreter has them.
- Rust is built with the release profile; debug builds are never compared. Bars are
  logarithmic, a block for each doubling.
- Ratios carry over to other machines better than times do; between two virtual cores
  a wake-up is dear, so what blocks looks worse here than on real ones.

";

/// What is wrong with a row, as far as that is beyond doubt.
pub(crate) fn doubts(row: &Row, found: &results::Row) -> Vec<String> {
    let pairs = row.claims.iter().zip(&found.claims);
    let wrong = pairs.filter(|(claim, ratio)| {
        let against = match claim.holds {
            Holds::Above(least) => ratio.median < least,
            Holds::Below(most) => ratio.median > most,
        };
        claim.sure && **ratio != Quantiles::NONE && against
    });
    wrong
        .map(|(claim, ratio)| {
            format!(
                "{} should cost more than {}, and cost {} times as much",
                claim.dear,
                claim.cheap,
                short(ratio.median)
            )
        })
        .collect()
}

/// A row for the terminal.
pub(crate) fn plain(row: &Row, found: &results::Row) -> String {
    let mut text = format!(
        "\n{} ({} pairs, control {:.2} ({:.2} to {:.2}), load {:.0}, {} s)\n",
        row.name,
        found.pairs,
        found.control.median,
        found.control.q05,
        found.control.q95,
        found.load,
        found.seconds
    );
    for form in &found.forms {
        let language = language(row, form);
        let name = form.form.replace('`', "");
        match (&form.ratio, &form.skipped) {
            (Some(ratio), _) => writeln!(
                text,
                "  {language:7}{name:40} {:>10} {:>12} ({} to {}) cpu {}",
                each(row, form.each),
                middle(form, ratio),
                short(ratio.q05),
                short(ratio.q95),
                form.cpu.map_or("–".into(), short),
            ),
            (None, why) => writeln!(
                text,
                "  {language:7}{name:40} {}",
                why.as_deref().unwrap_or("not measured")
            ),
        }
        .unwrap_or(());
    }
    for (claim, ratio) in row.claims.iter().zip(&found.claims) {
        let _ = writeln!(text, "  {}", verdict(claim, ratio).replace('`', ""));
    }
    text
}

/// Writes the page from what is known, and its part of BEYOND.md.
pub(crate) fn draw(results: &Results) -> Result<(), Error> {
    let mut page = HEAD.to_owned();
    writeln!(
        page,
        "Measured on {} ({}), {}, {}, {} profile.\n",
        results.machine,
        results.kernel,
        results.rust,
        results.python,
        results.profile
    )?;
    page += METHOD;
    page += "## Rows\n\n";
    let known = || {
        ROWS.iter().filter_map(|row| Some((row, results.rows.get(row.name)?)))
    };
    for (row, _) in known() {
        let anchor: String = row.title.to_lowercase().replace(' ', "-");
        let anchor: String = anchor
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '-')
            .collect();
        writeln!(page, "- [{}](#{anchor})", row.title)?;
    }
    writeln!(page, "\n{}", level(known()))?;
    for (row, found) in known() {
        section(&mut page, row, found)?;
    }
    let path = results::folder().join("../../BENCHMARKS.md");
    results::replace(&path, &page)?;
    beyond::draw(results)
}

/// Where the fastest Python form is at most a tenth behind the fastest of Rust.
fn level<'a>(
    known: impl Iterator<Item = (&'a Row, &'a results::Row)>,
) -> String {
    let mut text = "## Where Python is level or ahead\n\n\
        The fastest form of each in a row, where Python's is at most a tenth behind:\n\n"
        .to_owned();
    for (row, found) in known {
        let best = |wanted: Language| {
            let ratio = |form: &Form| form.ratio.map(|ratio| ratio.median);
            let own = |form: &&Form| {
                row.sides
                    .iter()
                    .any(|s| s.form == form.form && s.language == wanted)
            };
            let forms = found.forms.iter().filter(own);
            let forms = forms.filter_map(|form| Some((form, ratio(form)?)));
            forms.min_by(|a, b| a.1.total_cmp(&b.1))
        };
        let (Some((rust, r)), Some((python, p))) =
            (best(Language::Rust), best(Language::Python))
        else {
            continue;
        };
        if p <= r * 1.1 {
            let _ = writeln!(
                text,
                "- {}: {} at {} beside {} of Rust at {}",
                row.title,
                python.form,
                short(p),
                rust.form,
                short(r)
            );
        }
    }
    text + "\nAnd a form of Python that sends chunks by itself (`Pool.map`) beats a form \
        of Rust that sends one task at a time: what is sent matters more than the \
        language.\n"
}

fn section(
    page: &mut String,
    row: &Row,
    found: &results::Row,
) -> Result<(), Error> {
    writeln!(page, "\n## {}\n\n{}\n", row.title, row.text)?;
    if row.kind == Kind::Time {
        writeln!(page, "| | {} | × limit | 5–95 % | CPU | |", row.unit)?;
        writeln!(page, "|---|---:|---:|---:|---:|---|")?;
    } else {
        writeln!(page, "| | {} | × limit | 5–95 % | |", row.unit)?;
        writeln!(page, "|---|---:|---:|---:|---|")?;
    }
    for form in &found.forms {
        let language = language(row, form);
        let Some(ratio) = &form.ratio else {
            let why = form.skipped.as_deref().unwrap_or("not measured");
            let empty = if row.kind == Kind::Time { "| " } else { "" };
            writeln!(
                page,
                "| {language} {} | | | {empty}| {why} |",
                form.form
            )?;
            continue;
        };
        let cpu = match (row.kind, form.cpu) {
            (Kind::Time, Some(cpu)) => format!(" {} |", short(cpu)),
            (Kind::Time, None) => " |".into(),
            (Kind::Memory, _) => String::new(),
        };
        writeln!(
            page,
            "| {language} {} | {} | {} | {}–{} |{cpu} {} |",
            form.form,
            each(row, form.each),
            middle(form, ratio),
            short(ratio.q05),
            short(ratio.q95),
            bar(ratio.median),
        )?;
    }
    let wide = found.forms.iter().filter(|form| form.range().is_some());
    let steady = match wide.count() {
        0 => "",
        _ => " Forms with a range differed from one process to the next.",
    };
    let pin = match row.cores {
        Cores::One => "pinned to one core",
        Cores::Spread => "each thread or process pinned to a core in turn",
        Cores::Free => "not pinned",
    };
    let noise = if found.quiet {
        ""
    } else {
        " **Outside 1.00 ± 0.03: this row was measured on a machine too busy for it.**"
    };
    writeln!(
        page,
        "\n{}, {} pairs{}, {pin}; control {:.2} ({:.2}–{:.2}) at load {:.0}{}.{steady}{noise}\n",
        found.date,
        found.pairs,
        match found.lives {
            0 | 1 => String::new(),
            lives => format!(" in {lives} fresh processes"),
        },
        found.control.median,
        found.control.q05,
        found.control.q95,
        found.load,
        if found.nice < 0 {
            format!(", workers at nice {}", found.nice)
        } else {
            String::new()
        },
    )?;
    for (claim, ratio) in row.claims.iter().zip(&found.claims) {
        writeln!(page, "- {}", verdict(claim, ratio))?;
    }
    if row.claims.is_empty() {
        writeln!(page, "The notes make no claim about this.")?;
    }
    Ok(())
}

/// The sentence about a claim.
fn verdict(claim: &Claim, ratio: &Quantiles) -> String {
    let notes = match claim.notes {
        "" => String::new(),
        places => format!(" ({places})"),
    };
    if *ratio == Quantiles::NONE {
        return format!("{}{notes}: not measured here.", claim.says);
    }
    let word = match claim.holds {
        Holds::Above(least) if ratio.q25 > least => "Confirmed",
        Holds::Above(least) if ratio.q75 < least => "Refuted",
        Holds::Below(most) if ratio.q75 < most => "Confirmed",
        Holds::Below(most) if ratio.q25 > most => "Refuted",
        Holds::Above(_) | Holds::Below(_) => "Open, as the figures overlap",
    };
    let but = if claim.but.is_empty() {
        String::new()
    } else {
        format!(" {}", claim.but)
    };
    format!(
        "{}{notes}. **{word}**: {} comes to {} times {} ({}–{}).{but}",
        claim.says,
        claim.dear,
        short(ratio.median),
        claim.cheap,
        short(ratio.q05),
        short(ratio.q95),
    )
}

/// The ratio; where fresh processes disagree, from where to where.
fn middle(form: &Form, ratio: &Quantiles) -> String {
    match form.range() {
        Some((low, high)) => format!("{} to {}", short(low), short(high)),
        None => short(ratio.median),
    }
}

fn language(row: &Row, form: &Form) -> &'static str {
    let side = row.sides.iter().find(|side| side.form == form.form);
    match side.map(|side| side.language) {
        Some(Language::Limit) => "limit",
        Some(Language::Rust) => "Rust",
        Some(Language::Python) => "Python",
        None => "",
    }
}

/// One operation or one thing, in the unit that suits.
fn each(row: &Row, x: f64) -> String {
    match row.kind {
        Kind::Time => time(x),
        Kind::Memory => scaled(x, [(1e6, "MB"), (1e3, "kB"), (1.0, "B")]),
    }
}

/// Nanoseconds, in the unit that suits.
pub(crate) fn time(x: f64) -> String {
    scaled(x, [(1e6, "ms"), (1e3, "µs"), (1.0, "ns")])
}

fn scaled(x: f64, units: [(f64, &str); 3]) -> String {
    let unit = units.iter().find(|(scale, _)| x >= *scale);
    let (scale, name) = unit.unwrap_or(&units[2]);
    format!("{} {name}", short(x / scale))
}

/// Two or three significant digits.
pub(crate) fn short(x: f64) -> String {
    match x {
        x if x >= 100.0 => group(x.round() as u64),
        x if x >= 10.0 => format!("{x:.1}"),
        x if x >= 0.1 => format!("{x:.2}"),
        x => format!("{x:.3}"),
    }
}

fn group(x: u64) -> String {
    if x < 1000 {
        return x.to_string();
    }
    format!("{},{:03}", group(x / 1000), x % 1000)
}

/// A block for each doubling.
fn bar(ratio: f64) -> String {
    let eighths = (ratio.max(1.0).log2() * 8.0).round() as usize;
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    "█".repeat(eighths / 8) + if eighths == 0 { "▏" } else { rest }
}

#[cfg(test)]
mod tests {
    use super::{bar, short};

    #[test]
    fn three_digits() {
        assert_eq!(short(1.006), "1.01");
        assert_eq!(short(12.34), "12.3");
        assert_eq!(short(1_234_567.0), "1,234,567");
    }

    #[test]
    fn a_block_for_each_doubling() {
        assert_eq!(bar(8.0), "███");
        assert_eq!(bar(0.5), "▏");
    }
}
