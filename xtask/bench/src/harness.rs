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
use crate::rows::{Cores, Kind, Language, Row, Side};
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

/// A slice lasts about this long, in milliseconds: less than a scheduler's turn.
const SLICE: f64 = 2.0;
/// Where threads on two cores work together, so that their start counts little.
const SLICE_TOGETHER: f64 = 5.0;
/// As long as four turns of Python's lock, which passes it on every 5 ms.
const SLICE_GIL: f64 = 20.0;
/// How often a row is measured with workers that were started for it: where their
/// memory lies, and how two threads fall into step, is chance for each.
const LIVES: usize = 5;
/// Far from 1, the control says that the machine is too noisy.
const NOISE: f64 = 0.03;
/// Before others where that is allowed, so that a slice is seldom interrupted.
const NICE: i32 = -20;

impl Effort {
    fn lives(self) -> usize {
        match self {
            Effort::Check | Effort::Quick => 1,
            Effort::Full => LIVES,
        }
    }

    /// In each life.
    fn pairs(self) -> usize {
        match self {
            Effort::Check => 3,
            Effort::Quick => 200,
            Effort::Full => 40,
        }
    }

    /// For one form, in each life; the least number of pairs is taken at any price.
    fn budget(self) -> (Duration, usize) {
        match self {
            Effort::Check => (Duration::from_millis(60), 3),
            Effort::Quick => (Duration::from_millis(450), 3),
            Effort::Full => (Duration::from_millis(700), 10),
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
    let lives = effort.lives();
    let weight = |row: &Row| match effort {
        Effort::Check => 1.0,
        Effort::Quick => row.sides.len() as f64,
        Effort::Full => {
            known.rows.get(row.name).map_or(20.0, |row| row.seconds)
        }
    };
    let weights: Vec<f64> = rows.iter().map(|row| weight(row)).collect();
    let mut progress = Progress::new(weights.iter().sum());
    let mut run = Run {
        ending: Ending::Complete,
        written: Vec::new(),
        faults: Vec::new(),
    };
    let mut series: Vec<Measured> =
        rows.iter().map(|row| Measured::new(row)).collect();
    // All rows once, then all again: how fast two cores hear of each other
    // changes with the minutes, and each row shall see some of them.
    'lives: for life in 0..2 * lives {
        for (measured, weight) in series.iter_mut().zip(&weights) {
            let row = measured.row;
            if life >= lives && (effort != Effort::Full || measured.quiet())
                || life > 0 && row.kind == Kind::Memory
            {
                continue;
            }
            progress.row(row.name, weight / lives as f64);
            let began = Instant::now();
            let more = match row.kind {
                Kind::Time => {
                    let lived = live(row, effort, &stop, |x| progress.at(x))?;
                    lived.map(|life| measured.add(life))
                }
                Kind::Memory => space(row, effort, nice, &stop, &progress)?
                    .map(|found| measured.space = Some(found)),
            };
            if more.is_none() {
                run.ending = Ending::Interrupted;
                break 'lives;
            }
            measured.seconds += began.elapsed().as_secs_f64();
            if effort != Effort::Full {
                tell(&measured.result(nice)?, row, effort, &progress, &mut run);
            }
        }
    }
    // A run that is stopped keeps what is known.
    for measured in &series {
        let row = measured.row;
        if effort != Effort::Full || measured.is_empty() {
            continue;
        }
        let found = measured.result(nice)?;
        tell(&found, row, effort, &progress, &mut run);
        if !found.quiet && !noisy {
            run.faults.push(format!(
                "{}: the control is {:.2}, not 1.00 ± {NOISE}: not written; try \
                 again on a quieter machine, or `--full --noisy {0}`",
                row.name, found.control.median
            ));
            continue;
        }
        known.rows.insert(row.name.into(), found);
        run.written.push(row.name);
    }
    if !run.written.is_empty() {
        known.describe()?;
        known.write()?;
        page::draw(&known)?;
    }
    progress.finish();
    Ok(run)
}

/// Shows a row, and what is wrong with it.
fn tell(
    found: &results::Row,
    row: &Row,
    effort: Effort,
    progress: &Progress,
    run: &mut Run,
) {
    let wrong = page::doubts(row, found);
    run.faults.extend(wrong.iter().map(|w| format!("{}: {w}", row.name)));
    if effort == Effort::Check {
        let seen = found.forms.iter().filter(|form| form.ratio.is_some());
        let seen = seen.count();
        let name = row.name;
        progress.print(&format!("{name:14} {seen} forms did the same work\n"));
    } else {
        progress.print(&page::plain(row, found));
    }
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

/// What was measured of a form, in all lives of its workers.
struct Series<'a> {
    side: &'a Side,
    lives: Vec<Vec<Pair>>,
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
        effort: Effort,
    ) -> Result<Self, Error> {
        let length = 1e6
            * match (effort, row.cores, side.language) {
                (Effort::Check, ..) | (_, Cores::One, _) => SLICE,
                (_, _, Language::Python) => SLICE_GIL,
                _ => SLICE_TOGETHER,
            };
        let mut slice = row.least;
        checked(row, side, &mut process, slice)?;
        loop {
            let mut best = f64::MAX;
            for _ in 0..3 {
                best = best.min(checked(row, side, &mut process, slice)?.wall);
                if best > length * 4.0 {
                    break;
                }
            }
            let wanted = (slice as f64 * length / best).max(row.least as f64);
            if wanted <= slice as f64 * 1.5 || best > length {
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

/// A row, as far as it has been measured.
struct Measured<'a> {
    row: &'a Row,
    all: Vec<Series<'a>>,
    lives: usize,
    skipped: Vec<(&'static str, String)>,
    space: Option<results::Row>,
    seconds: f64,
}

impl<'a> Measured<'a> {
    fn new(row: &'a Row) -> Measured<'a> {
        let (all, skipped) = (Vec::new(), Vec::new());
        Measured { row, all, lives: 0, skipped, space: None, seconds: 0.0 }
    }

    fn add(&mut self, life: Life<'a>) {
        for lane in life.lanes {
            let mut known = self.all.iter_mut();
            match known.find(|s| s.side.form == lane.side.form) {
                Some(series) => series.lives.push(lane.pairs),
                None => self
                    .all
                    .push(Series { side: lane.side, lives: vec![lane.pairs] }),
            }
        }
        self.skipped = life.skipped;
        self.lives += 1;
    }

    fn is_empty(&self) -> bool {
        self.lives == 0 && self.space.is_none()
    }

    /// The limit beside itself; none where this machine does not have it.
    fn control(&self) -> Option<Quantiles> {
        let limit = self.all.first()?;
        let first = limit.side.form == self.row.sides[0].form;
        first.then(|| limit.ratios())?
    }

    fn quiet(&self) -> bool {
        let off = |control: Quantiles| (control.median - 1.0).abs() > NOISE;
        !self.control().is_some_and(off)
    }

    fn result(&self, nice: i32) -> Result<results::Row, Error> {
        if let Some(space) = &self.space {
            return Ok(space.clone());
        }
        let row = self.row;
        let Some(control) = self.control() else {
            return nothing(row, self.skipped.clone());
        };
        let claims = row.claims.iter().map(|claim| {
            let of = |form: &str| self.all.iter().find(|s| s.side.form == form);
            against(of(claim.dear)?, of(claim.cheap)?)
        });
        let claims = claims.map(|found| found.unwrap_or(Quantiles::NONE));
        let mut forms: Vec<Form> = self.all.iter().map(form).collect();
        let skipped = self.skipped.iter();
        forms.extend(skipped.map(|(form, why)| absent(form, why.clone())));
        forms.sort_by_key(|form| {
            row.sides.iter().position(|s| s.form == form.form)
        });
        Ok(results::Row {
            date: results::today()?,
            pairs: self.all[0].pairs().count(),
            lives: self.lives,
            quiet: self.quiet(),
            control,
            load: load(),
            nice,
            seconds: (self.seconds * 10.0).round() / 10.0,
            forms,
            claims: claims.collect(),
        })
    }
}

/// What the workers of one life measured; the limit first.
struct Life<'a> {
    lanes: Vec<Lane<'a>>,
    skipped: Vec<(&'static str, String)>,
}

/// Starts all workers of a row, and asks them in turn.
fn live<'a>(
    row: &'a Row,
    effort: Effort,
    stop: &AtomicBool,
    progress: impl Fn(f64),
) -> Result<Option<Life<'a>>, Error> {
    let mut life = Life { lanes: Vec::new(), skipped: Vec::new() };
    for side in row.sides {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match Process::start(side, row.cores == Cores::One)? {
            Start::Ready(process) => {
                life.lanes.push(Lane::new(row, side, process, effort)?);
            }
            Start::Skipped(why) => life.skipped.push((side.form, why)),
        }
    }
    let Some((limit, lanes)) = life.lanes.split_first_mut() else {
        return Ok(Some(life));
    };
    let (budget, least) = effort.budget();
    for round in 0..effort.pairs() {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        // The control: the same worker twice.
        let pair = (limit.each(row)?, limit.each(row)?);
        let pair = if round % 2 == 0 { pair } else { (pair.1, pair.0) };
        limit.pairs.push(Pair { round, limit: pair.0, form: pair.1 });
        let mut spent = true;
        for lane in &mut *lanes {
            if lane.spent > budget && lane.pairs.len() >= least {
                continue;
            }
            spent = false;
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
        progress(round as f64 / effort.pairs() as f64);
        if spent && !lanes.is_empty() && round >= least {
            break;
        }
    }
    Ok(Some(life))
}

impl Series<'_> {
    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.lives.iter().flatten()
    }

    fn ratios(&self) -> Option<Quantiles> {
        Quantiles::of(self.pairs().map(Pair::ratio))
    }
}

/// One form against another: both beside the limit, in the same round.
fn against(dear: &Series, cheap: &Series) -> Option<Quantiles> {
    let lives = dear.lives.iter().zip(&cheap.lives);
    Quantiles::of(lives.flat_map(|(dear, cheap)| {
        dear.iter().filter_map(|pair| {
            let same = |other: &&Pair| other.round == pair.round;
            Some(pair.ratio() / cheap.iter().find(same)?.ratio())
        })
    }))
}

fn form(series: &Series) -> Form {
    let middle = |of: fn(&Pair) -> f64| {
        Quantiles::of(series.pairs().map(of)).map(|q| q.median)
    };
    let lives = series.lives.iter().filter_map(|pairs| {
        Quantiles::of(pairs.iter().map(Pair::ratio)).map(|q| q.median)
    });
    Form {
        form: series.side.form.into(),
        each: middle(|pair| pair.form.0).unwrap_or(0.0),
        pairs: series.pairs().count(),
        ratio: series.ratios(),
        lives: lives.collect(),
        cpu: middle(Pair::cpu),
        skipped: None,
    }
}

/// A form that this machine does not have.
fn absent(form: &str, why: String) -> Form {
    Form {
        form: form.into(),
        each: 0.0,
        pairs: 0,
        ratio: None,
        lives: Vec::new(),
        cpu: None,
        skipped: Some(why),
    }
}

/// What is left of a row whose limit this machine does not have.
fn nothing(
    row: &Row,
    skipped: Vec<(&'static str, String)>,
) -> Result<results::Row, Error> {
    let forms = skipped.into_iter().map(|(form, why)| absent(form, why));
    Ok(results::Row {
        date: results::today()?,
        pairs: 0,
        lives: 0,
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
        lives: Vec::new(),
        cpu: None,
        skipped: None,
    });
    Ok(Some(results::Row {
        date: results::today()?,
        pairs: repeats,
        lives: repeats,
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
