//! What is told of those who spoke.

use crate::language::speakers::{Peak, PeakRule, SpeakerKind, SpeakerRule};
use crate::matching::speakers::{Breach, Voice, Wrong};
use crate::observed::Cast;
use crate::report::outcome::{Fault, FaultKind};

/// As many lines of which the speaker was not seen are told by number.
const MOST: usize = 4;

/// The fault that a broken rule is.
pub(super) fn fault(breach: &Breach<'_>, cast: &Cast) -> Fault {
    let (kind, source_line, message) = match breach {
        Breach::Unseen(rule, outputs) => {
            let told = outputs.iter().take(MOST).map(usize::to_string);
            let told = told.collect::<Vec<_>>().join(", ");
            let more = if outputs.len() > MOST { ", …" } else { "" };
            let message = format!("not seen who wrote output {told}{more}");
            (FaultKind::Speaker, rule.source_line, message)
        }
        Breach::Speaker(rule, wrong) => {
            (FaultKind::Speaker, rule.source_line, speaker(rule, wrong, cast))
        }
        Breach::Peak(rule, seen) => {
            (FaultKind::Peak, rule.source_line, peak(rule, *seen))
        }
    };
    Fault { kind, source_line: Some(source_line), message }
}

fn speaker(rule: &SpeakerRule, wrong: &Wrong<'_>, cast: &Cast) -> String {
    let (noun, plural) = match rule.kind {
        SpeakerKind::Processes => ("process", "processes"),
        SpeakerKind::Threads | SpeakerKind::Tasks => ("thread", "threads"),
    };
    let who = |voice: &Voice<'_>| cast.name(voice.spoken.by);
    match wrong {
        Wrong::Elsewhere(Voice { actor, output, .. }) => format!(
            "`{actor}` is in another process than the first (output {output})"
        ),
        Wrong::NotMain(voice) => format!(
            "`main` is {}, not the main {noun} (output {})",
            who(voice),
            voice.output
        ),
        Wrong::IsMain(Voice { actor, output, .. }) => {
            format!("`{actor}` is the main {noun} (output {output})")
        }
        Wrong::One(voice, other) => format!(
            "`{}` and `{}` are one {noun} (output {} and {})",
            voice.actor, other.actor, voice.output, other.output
        ),
        Wrong::Two(former, voice) => format!(
            "`{}` is two {plural} at once (output {} and {})",
            voice.actor, former.output, voice.output
        ),
        Wrong::Apart(one, voice) if one.actor == voice.actor => format!(
            "`{}` is first {}, then {} (output {} and {}): `{rule}` wants one \
             thread",
            one.actor,
            who(one),
            who(voice),
            one.output,
            voice.output
        ),
        Wrong::Apart(one, voice) => format!(
            "`{}` is {}, `{}` is {} (output {} and {}): `{rule}` wants one \
             thread",
            one.actor,
            who(one),
            voice.actor,
            who(voice),
            one.output,
            voice.output
        ),
    }
}

fn peak(rule: &PeakRule, seen: usize) -> String {
    let noun = match (rule.of, seen) {
        (Peak::Threads, 1) => "thread",
        (Peak::Processes, 1) => "process",
        (of, _) => of.name(),
    };
    let most = if rule.is_short(seen) { "at most " } else { "" };
    let verb = if seen == 1 { "was" } else { "were" };
    let wanted = rule.wanted();
    format!("{most}{seen} {noun} at once {verb} seen, `@peak` wants {wanted}")
}
