//! Slices in turn: each form beside the limit, the limit beside itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::Error;
use crate::memory;
use crate::page;
use crate::process::{Answer, Process, Start};
use crate::progress::Progress;
use crate::results::{self, Form, Results};
use crate::rows::{Cores, Kind, Row, Side};
use crate::statistics::Quantiles;

/// How much time the run may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effort {
    Check,
    Quick,
    Full,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ending: Ending,
    pub(crate) written: Vec<&'static str>,
    pub(crate) faults: Vec<String>,
}

/// Whether it came to its end.
#[derive(Debug, PartialEq)]
pub(crate) enum Ending {
    Complete,
    Interrupted,
}

/// A slice lasts about this long: less than a scheduler's turn.
const SLICE: f64 = 2e6;
/// Far from 1, the control says that the machine is too noisy.
const NOISE: f64 = 0.03;
/// Before others where that is allowed, so that a slice is seldom interrupted.
const NICE: i32 = -20;

impl Effort {
    fn pairs(self) -> usize {
        match self {
            Effort::Check => 3,
            Effort::Quick => 200,
            Effort::Full => 200,
        }
    }

    /// For one form; `--full` takes what its pairs need.
    fn budget(self) -> Duration {
        match self {
            Effort::Check => Duration::from_millis(60),
            Effort::Quick => Duration::from_millis(450),
            Effort::Full => Duration::MAX,
        }
    }
}

/// Measures the rows one after another.
pub(crate) fn run(
    rows: &[&'static Row],
    effort: Effort,
    noisy: bool,
) -> Result<Run, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, stop.clone())?;
    signal_hook::flag::register(signal_hook::consts::SIGTERM, stop.clone())?;
    let nice = first_in_line();
    let mut known = Results::read()?;
    let mut faults = Vec::new();
    let mut written = Vec::new();
    let weight = |row: &Row| match effort {
        Effort::Check => 1.0,
        Effort::Quick => row.sides.len() as f64,
        Effort::Full => {
            known.rows.get(row.name).map_or(20.0, |row| row.seconds)
        }
    };
    let weights: Vec<f64> = rows.iter().map(|row| weight(row)).collect();
    let mut progress = Progress::new(weights.iter().sum());
    let mut ending = Ending::Complete;
    for (row, weight) in rows.iter().zip(weights) {
        progress.row(row.name, weight);
        let found = match row.kind {
            Kind::Time => time(row, effort, nice, &stop, &progress)?,
            Kind::Memory => space(row, effort, nice, &stop, &progress)?,
        };
        let Some(found) = found else {
            ending = Ending::Interrupted;
            break;
        };
        let wrong = page::doubts(row, &found);
        faults.extend(wrong.iter().map(|w| format!("{}: {w}", row.name)));
        if effort == Effort::Check {
            let seen = found.forms.iter().filter(|form| form.ratio.is_some());
            progress.print(&format!(
                "{:14} {} forms did the same work\n",
                row.name,
                seen.count()
            ));
            continue;
        }
        progress.print(&page::plain(row, &found));
        if effort != Effort::Full {
            continue;
        }
        if !found.quiet && !noisy {
            faults.push(format!(
                "{}: the control is {:.2}, not 1.00 ± {NOISE}: not written; try \
                 again on a quieter machine, or `--full --noisy {0}`",
                row.name, found.control.median
            ));
            continue;
        }
        // After each row, so that a run that is stopped keeps what is known.
        known.describe()?;
        known.rows.insert(row.name.into(), found);
        known.write()?;
        page::draw(&known)?;
        written.push(row.name);
    }
    progress.finish();
    Ok(Run { ending, written, faults })
}

/// The priority of this process, and so of all that it starts.
fn first_in_line() -> i32 {
    match rustix::process::setpriority_process(None, NICE) {
        Ok(()) => NICE,
        Err(_) => rustix::process::getpriority_process(None).unwrap_or(0),
    }
}

/// A form at work: its worker, how many a slice, what was measured.
struct Lane<'a> {
    side: &'a Side,
    process: Process,
    slice: u64,
    pairs: Vec<Pair>,
    spent: Duration,
}

/// Two slices, one right after the other, for one operation each.
#[derive(Clone, Copy)]
struct Pair {
    round: usize,
    limit: (f64, f64),
    form: (f64, f64),
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.form.0 / self.limit.0
    }

    fn cpu(&self) -> f64 {
        self.form.1 / self.limit.1
    }
}

fn checked(
    row: &Row,
    side: &Side,
    process: &mut Process,
    n: u64,
) -> Result<Answer, Error> {
    let answer = process.ask(side, n)?;
    let wanted = (row.work)(n);
    if answer.check == wanted {
        return Ok(answer);
    }
    Err(format!(
        "{}: {} did other work: {n} operations came to {}, not {wanted}",
        row.name, side.form, answer.check
    )
    .into())
}

impl<'a> Lane<'a> {
    /// Finds how many operations make a slice.
    fn new(
        row: &Row,
        side: &'a Side,
        mut process: Process,
    ) -> Result<Self, Error> {
        let mut slice = row.least;
        checked(row, side, &mut process, slice)?;
        loop {
            let mut best = f64::MAX;
            for _ in 0..3 {
                best = best.min(checked(row, side, &mut process, slice)?.wall);
                if best > SLICE * 4.0 {
                    break;
                }
            }
            let wanted = (slice as f64 * SLICE / best).max(row.least as f64);
            if wanted <= slice as f64 * 1.5 || best > SLICE {
                let wanted = wanted / row.least as f64;
                let slice = (wanted.round() as u64).max(1) * row.least;
                let pairs = Vec::new();
                let spent = Duration::ZERO;
                return Ok(Lane { side, process, slice, pairs, spent });
            }
            slice = (wanted.min(slice as f64 * 10.0) as u64 / row.least).max(1)
                * row.least;
        }
    }

    fn each(&mut self, row: &Row) -> Result<(f64, f64), Error> {
        let n = self.slice;
        let answer = checked(row, self.side, &mut self.process, n)?;
        Ok((answer.wall / n as f64, answer.cpu / n as f64))
    }
}

fn time(
    row: &Row,
    effort: Effort,
    nice: i32,
    stop: &AtomicBool,
    progress: &Progress,
) -> Result<Option<results::Row>, Error> {
    let began = Instant::now();
    let mut skipped = Vec::new();
    let mut lanes = Vec::new();
    for side in row.sides {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match Process::start(side, row.cores == Cores::One)? {
            Start::Ready(process) => lanes.push(Lane::new(row, side, process)?),
            Start::Skipped(why) => skipped.push((side.form, why)),
        }
    }
    // The first side is the limit; as a lane it is its own control.
    if lanes.first().is_none_or(|lane| lane.side.form != row.sides[0].form) {
        return Ok(Some(nothing(row, skipped)?));
    }
    let mut limit = lanes.remove(0);
    let mut wanted = effort.pairs();
    let mut round = 0;
    while round < wanted {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        // The control: the same worker twice.
        let pair = (limit.each(row)?, limit.each(row)?);
        let pair = if round % 2 == 0 { pair } else { (pair.1, pair.0) };
        limit.pairs.push(Pair { round, limit: pair.0, form: pair.1 });
        for lane in &mut lanes {
            if lane.spent > effort.budget() && lane.pairs.len() >= 3 {
                continue;
            }
            let asked = Instant::now();
            let pair = if round % 2 == 0 {
                let first = limit.each(row)?;
                Pair { round, limit: first, form: lane.each(row)? }
            } else {
                let first = lane.each(row)?;
                Pair { round, limit: limit.each(row)?, form: first }
            };
            lane.pairs.push(pair);
            lane.spent += asked.elapsed();
        }
        round += 1;
        progress.at(round as f64 / wanted as f64);
        // A noisy machine: a longer run, up to three times as long.
        if round == wanted
            && effort == Effort::Full
            && !quiet(&limit)
            && wanted < 3 * effort.pairs()
        {
            wanted += effort.pairs();
        }
        let all_spent = lanes.iter().all(|lane| lane.spent > effort.budget());
        if all_spent && !lanes.is_empty() && round >= 3 {
            break;
        }
    }
    let Some(control) = Quantiles::of(limit.pairs.iter().map(Pair::ratio))
    else {
        return Ok(None);
    };
    let claims = row.claims.iter().map(|claim| {
        let of = |form: &str| {
            lanes.iter().chain([&limit]).find(|lane| lane.side.form == form)
        };
        against(of(claim.dear)?, of(claim.cheap)?)
    });
    let claims = claims.map(|found| found.unwrap_or(Quantiles::NONE)).collect();
    let mut forms = vec![form(&limit)];
    forms.extend(lanes.iter().map(form));
    forms.extend(skipped.into_iter().map(|(form, why)| Form {
        form: form.into(),
        each: 0.0,
        pairs: 0,
        ratio: None,
        cpu: None,
        skipped: Some(why),
    }));
    forms
        .sort_by_key(|form| row.sides.iter().position(|s| s.form == form.form));
    Ok(Some(results::Row {
        date: results::today()?,
        pairs: round,
        quiet: quiet(&limit),
        control,
        load: load(),
        nice,
        seconds: (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        forms,
        claims,
    }))
}

fn quiet(limit: &Lane) -> bool {
    Quantiles::of(limit.pairs.iter().map(Pair::ratio))
        .is_some_and(|control| (control.median - 1.0).abs() <= NOISE)
}

/// One form against another: both beside the limit, in the same round.
fn against(dear: &Lane, cheap: &Lane) -> Option<Quantiles> {
    let mut cheaper = cheap.pairs.iter().peekable();
    Quantiles::of(dear.pairs.iter().filter_map(|pair| {
        while cheaper.next_if(|other| other.round < pair.round).is_some() {}
        let other = cheaper.peek().filter(|other| other.round == pair.round)?;
        Some(pair.ratio() / other.ratio())
    }))
}

fn form(lane: &Lane) -> Form {
    let middle = |sample: Vec<f64>| Quantiles::of(sample).map(|q| q.median);
    let walls = lane.pairs.iter().map(|pair| pair.form.0).collect();
    Form {
        form: lane.side.form.into(),
        each: middle(walls).unwrap_or(0.0),
        pairs: lane.pairs.len(),
        ratio: Quantiles::of(lane.pairs.iter().map(Pair::ratio)),
        cpu: middle(lane.pairs.iter().map(Pair::cpu).collect()),
        skipped: None,
    }
}

/// What is left of a row whose limit this machine does not have.
fn nothing(
    row: &Row,
    skipped: Vec<(&'static str, String)>,
) -> Result<results::Row, Error> {
    let forms = skipped.into_iter().map(|(form, why)| Form {
        form: form.into(),
        each: 0.0,
        pairs: 0,
        ratio: None,
        cpu: None,
        skipped: Some(why),
    });
    Ok(results::Row {
        date: results::today()?,
        pairs: 0,
        control: Quantiles::NONE,
        quiet: false,
        load: load(),
        nice: 0,
        seconds: 0.0,
        forms: forms.collect(),
        claims: row.claims.iter().map(|_| Quantiles::NONE).collect(),
    })
}

/// Memory: fresh workers, without and with `n`, looked at from outside.
fn space(
    row: &Row,
    effort: Effort,
    nice: i32,
    stop: &AtomicBool,
    progress: &Progress,
) -> Result<Option<results::Row>, Error> {
    let began = Instant::now();
    let repeats = match effort {
        Effort::Check => 1,
        Effort::Quick => 3,
        Effort::Full => 9,
    };
    let mut samples = vec![Vec::new(); row.sides.len()];
    let mut again = Vec::new();
    for repeat in 0..repeats {
        for (side, sample) in row.sides.iter().zip(&mut samples) {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            sample.push(one(row, side)?);
        }
        again.push(one(row, &row.sides[0])?);
        progress.at((repeat + 1) as f64 / repeats as f64);
    }
    let ratios = |dear: &[f64], cheap: &[f64]| {
        Quantiles::of(dear.iter().zip(cheap).map(|(d, c)| d / c))
    };
    let of = |form: &str| row.sides.iter().position(|side| side.form == form);
    let claims = row.claims.iter().map(|claim| {
        let (dear, cheap) = (of(claim.dear)?, of(claim.cheap)?);
        ratios(&samples[dear], &samples[cheap])
    });
    let control = ratios(&again, &samples[0]).unwrap_or(Quantiles::NONE);
    let forms = row.sides.iter().zip(&samples).map(|(side, sample)| Form {
        form: side.form.into(),
        each: Quantiles::of(sample.iter().copied()).map_or(0.0, |q| q.median),
        pairs: sample.len(),
        ratio: ratios(sample, &samples[0]),
        cpu: None,
        skipped: None,
    });
    Ok(Some(results::Row {
        date: results::today()?,
        pairs: repeats,
        quiet: (control.median - 1.0).abs() <= NOISE,
        control,
        load: load(),
        nice,
        seconds: (began.elapsed().as_secs_f64() * 10.0).round() / 10.0,
        claims: claims.map(|found| found.unwrap_or(Quantiles::NONE)).collect(),
        forms: forms.collect(),
    }))
}

fn one(row: &Row, side: &Side) -> Result<f64, Error> {
    let Start::Ready(mut process) =
        Process::start(side, row.cores == Cores::One)?
    else {
        return Err(format!("{} cannot hold any", side.form).into());
    };
    checked(row, side, &mut process, 0)?;
    let before = memory::held(process.pid())?;
    checked(row, side, &mut process, side.hold)?;
    let after = memory::held(process.pid())?;
    Ok(after.saturating_sub(before) as f64 / side.hold as f64)
}

fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0.0)
}
