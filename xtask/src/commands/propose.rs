//! Makes an expectation from several runs and the old expectation.

use std::collections::BTreeMap;

use expect::{Expectation, PatternLine, SourceLine};

/// Proposes lines for the runs in `texts`: the old patterns where they match,
/// exact lines where all runs agree, holes where they differ in a word, lanes
/// (or, where an actor's own order differs, `@any`) where they differ in order.
/// Directives of the old expectation stay.
///
/// # Errors
/// Why nothing can be proposed.
pub(super) fn propose(
    source: &[SourceLine],
    old: &Expectation,
    texts: &[Vec<&str>],
) -> Result<Vec<String>, String> {
    let Some(first) = texts.first() else {
        return Err("it was not run".into());
    };
    if let Some(other) = texts.iter().find(|t| t.len() != first.len()) {
        return Err(format!(
            "its runs print different numbers of lines ({} and {}): its output \
             is not determined",
            first.len(),
            other.len()
        ));
    }
    let mut drafts =
        Draft { source, old, used: vec![false; old.patterns().len()] };
    let mut lines = Vec::new();
    for stretch in stretches(texts) {
        let part: Vec<&[&str]> =
            texts.iter().map(|t| &t[stretch.clone()]).collect();
        drafts.stretch(&part, &mut lines)?;
    }
    let kept = source.iter().map(|line| line.text.as_str()).filter(|text| {
        text.starts_with('@')
            && !matches!(*text, "@any" | "@lanes" | "@shared" | "@end")
    });
    lines.extend(kept.map(str::to_owned));
    Ok(lines)
}

/// Cuts the runs where they agree: a stretch of one line stands at the same
/// place in all runs, in a longer one the order differs.
fn stretches(texts: &[Vec<&str>]) -> Vec<std::ops::Range<usize>> {
    let mut stretches = Vec::new();
    let mut start = 0;
    // How often each shape came in the first run, less in the others.
    let mut balance: Vec<BTreeMap<String, i64>> =
        vec![BTreeMap::new(); texts.len()];
    for i in 0..texts[0].len() {
        for (run, balance) in texts.iter().zip(&mut balance) {
            *balance.entry(shape(texts[0][i])).or_default() += 1;
            *balance.entry(shape(run[i])).or_default() -= 1;
        }
        if balance.iter().all(|b| b.values().all(|n| *n == 0)) {
            stretches.push(start..i + 1);
            start = i + 1;
        }
    }
    if start < texts[0].len() {
        stretches.push(start..texts[0].len());
    }
    stretches
}

/// A line with each number masked.
fn shape(line: &str) -> String {
    let masked = line.split(' ').map(|word| match kind(word) {
        Kind::Int | Kind::Float => "0",
        Kind::Word => word,
    });
    masked.collect::<Vec<_>>().join(" ")
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Int,
    Float,
    Word,
}

fn kind(word: &str) -> Kind {
    let digits = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if word.parse::<i128>().is_ok() {
        Kind::Int
    } else if digits && word.parse::<f64>().is_ok() {
        Kind::Float
    } else {
        Kind::Word
    }
}

struct Draft<'a> {
    source: &'a [SourceLine],
    old: &'a Expectation,
    used: Vec<bool>,
}

impl Draft<'_> {
    fn stretch(
        &mut self,
        part: &[&[&str]],
        lines: &mut Vec<String>,
    ) -> Result<(), String> {
        if part[0].len() == 1 {
            lines.push(self.line(&column(part, 0))?);
            return Ok(());
        }
        if let Some(lanes) = lanes(part) {
            lines.push("@lanes".into());
            for lane in lanes {
                lines.push(self.line(&lane)?);
            }
        } else {
            lines.push("@any".into());
            let mut sorted: Vec<Vec<&str>> =
                part.iter().map(|run| run.to_vec()).collect();
            for run in &mut sorted {
                run.sort_by_key(|line| shape(line));
            }
            let sorted: Vec<&[&str]> = sorted.iter().map(|r| &**r).collect();
            for i in 0..part[0].len() {
                lines.push(self.line(&column(&sorted, i))?);
            }
        }
        lines.push("@end".into());
        Ok(())
    }

    /// One line for what each run has at one place.
    fn line(&mut self, versions: &[&str]) -> Result<String, String> {
        let patterns = self.old.patterns().iter().enumerate();
        let matching = patterns.filter(|(i, p)| {
            !self.used[*i] && versions.iter().all(|v| p.pattern.matches(v))
        });
        // The most specific: the one with the fewest holes.
        let best = matching.min_by_key(|(_, p)| p.pattern.holes().len());
        if let Some((i, pattern)) = best {
            self.used[i] = true;
            return Ok(self.written(pattern));
        }
        generalise(versions).ok_or_else(|| {
            format!(
                "its runs differ too much: `{}` in one, `{}` in another",
                versions[0],
                versions.iter().find(|v| **v != versions[0]).unwrap_or(&"")
            )
        })
    }

    /// The pattern as it is written, labels and all.
    fn written(&self, pattern: &PatternLine) -> String {
        let mut lines = self.source.iter();
        let line = lines.find(|line| line.number == pattern.source_line);
        line.map_or_else(|| pattern.text.clone(), |line| line.text.clone())
    }
}

fn column<'t>(part: &[&[&'t str]], i: usize) -> Vec<&'t str> {
    part.iter().map(|run| run[i]).collect()
}

/// Each lane's lines, in order, as every run has them; `None` where an actor's
/// lines differ in more than numbers, or a line has no actor.
fn lanes<'t>(part: &[&[&'t str]]) -> Option<Vec<Vec<&'t str>>> {
    let mut lanes: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for (nth, run) in part.iter().enumerate() {
        for line in *run {
            let (actor, _) = line.split_once(": ")?;
            let lane = lanes.entry(actor).or_default();
            lane.resize(part.len(), Vec::new());
            lane[nth].push(line);
        }
    }
    let mut lines = Vec::new();
    for lane in lanes.values() {
        for i in 0..lane[0].len() {
            let versions: Option<Vec<&str>> =
                lane.iter().map(|run| run.get(i).copied()).collect();
            let versions = versions?;
            let same = |v: &&str| shape(v) == shape(versions[0]);
            if !versions.iter().all(same) {
                return None;
            }
            lines.push(versions);
        }
        if lane.iter().any(|run| run.len() != lane[0].len()) {
            return None;
        }
    }
    Some(lines)
}

/// The words that all versions share, and holes for those they do not.
fn generalise(versions: &[&str]) -> Option<String> {
    let words: Vec<Vec<&str>> =
        versions.iter().map(|v| v.split(' ').collect()).collect();
    if words.iter().any(|w| w.len() != words[0].len()) {
        return None;
    }
    let mut line = Vec::new();
    for i in 0..words[0].len() {
        let here: Vec<&str> = words.iter().map(|w| w[i]).collect();
        if here.iter().all(|word| *word == here[0]) {
            line.push(here[0].replace('{', "{{").replace('}', "}}"));
            continue;
        }
        let kinds: Vec<Kind> = here.iter().map(|word| kind(word)).collect();
        line.push(if kinds.iter().all(|k| *k == Kind::Int) {
            "{:int}".into()
        } else if kinds.iter().all(|k| *k != Kind::Word) {
            "{:float}".into()
        } else if here.iter().all(|word| !word.is_empty()) {
            "{:word}".into()
        } else {
            return None;
        });
    }
    Some(line.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(old: &[&str], runs: &[&[&str]]) -> Result<String, String> {
        let source: Vec<SourceLine> = old
            .iter()
            .enumerate()
            .map(|(i, text)| SourceLine { number: i, text: text.to_string() })
            .collect();
        let old = Expectation::parse(&source).expect("an expectation");
        let texts: Vec<Vec<&str>> = runs.iter().map(|r| r.to_vec()).collect();
        propose(&source, &old, &texts).map(|lines| lines.join("|"))
    }

    #[test]
    fn the_same_output_gives_exact_lines() {
        let run: &[&str] = &["main: a {b}", "main: 2 left"];
        let got = proposed(&["main: ready", "@timeout 20s"], &[run, run]);
        let lines = "main: a {{b}}|main: 2 left|@timeout 20s";
        assert_eq!(got.as_deref(), Ok(lines));
    }

    #[test]
    fn numbers_that_differ_become_holes() {
        let runs: [&[&str]; 2] =
            [&["main: 3 in 1.5 s"], &["main: 3 in 2.25 s"]];
        let got = proposed(&["main: ready"], &runs);
        assert_eq!(got.as_deref(), Ok("main: 3 in {:float} s"));
    }

    #[test]
    fn actors_that_interleave_become_lanes() {
        let runs: [&[&str]; 2] = [
            &["main: go", "a: in", "b: in", "a: out", "b: out", "main: end"],
            &["main: go", "b: in", "a: in", "b: out", "a: out", "main: end"],
        ];
        let got = proposed(&["main: ready"], &runs);
        let lines = "main: go|@lanes|a: in|b: in|@end|@lanes|a: out|b: out|\
                     @end|main: end";
        assert_eq!(got.as_deref(), Ok(lines));
    }

    #[test]
    fn an_actor_without_an_order_becomes_any() {
        let runs: [&[&str]; 2] = [&["a: x", "a: y"], &["a: y", "a: x"]];
        let got = proposed(&["main: ready"], &runs);
        assert_eq!(got.as_deref(), Ok("@any|a: x|a: y|@end"));
    }

    #[test]
    fn old_patterns_and_their_labels_stay() {
        let old = ["a: {:int} in  #in", "a: out  #out", "@before in out"];
        let runs: [&[&str]; 2] = [
            &["a: 5 in", "a: more", "a: out"],
            &["a: 5 in", "a: more", "a: out"],
        ];
        let got = proposed(&old, &runs);
        let lines = "a: {:int} in  #in|a: more|a: out  #out|@before in out";
        assert_eq!(got.as_deref(), Ok(lines));
    }

    #[test]
    fn what_is_not_determined_is_refused() {
        let runs: [&[&str]; 2] = [&["a: x"], &["a: x", "a: y"]];
        let got = proposed(&["main: ready"], &runs).expect_err("refused");
        assert!(got.contains("different numbers of lines"), "{got}");
    }
}
