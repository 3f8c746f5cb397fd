//! Text on a terminal: as wide as it is, coloured or not.

/// The parts of a text: escape sequences, which take no room, and characters.
fn parts(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (length, room) = match first {
            '\x1b' => {
                let end = rest.find(|c: char| c.is_ascii_alphabetic());
                (end.map_or(rest.len(), |end| end + 1), 0)
            }
            _ => (first.len_utf8(), 1),
        };
        let (part, after) = rest.split_at(length);
        rest = after;
        Some((part, room))
    })
}

/// How many columns a line takes.
pub(crate) fn width(line: &str) -> usize {
    parts(line).map(|(_, room)| room).sum()
}

/// The line, cut off at `width`.
pub(crate) fn cut(line: &str, most: usize) -> String {
    if width(line) <= most {
        return line.to_owned();
    }
    let first = wrap(line, most.saturating_sub(1).max(1)).swap_remove(0);
    format!("{first}…")
}

/// The line in pieces no wider than `most`; broken between words where that
/// leaves no more than a third of a piece empty. A line that is indented goes on as
/// far in as it began.
pub(crate) fn wrap(line: &str, most: usize) -> Vec<String> {
    let most = most.max(1);
    let indent = " ".repeat(indent(line, most / 2));
    let (mut pieces, mut piece, mut room) = (Vec::new(), String::new(), 0);
    // Behind the last space: how long the piece was, and how wide.
    let mut gap: Option<(usize, usize)> = None;
    for (part, takes) in parts(line) {
        if room + takes > most {
            let (at, before) = match gap.take() {
                Some((at, before)) if before * 3 >= most * 2 => (at, before),
                _ => (piece.len(), room),
            };
            let rest = indent.clone() + &piece.split_off(at);
            pieces.push(std::mem::replace(&mut piece, rest));
            room = room - before + indent.len();
        }
        piece.push_str(part);
        room += takes;
        if part == " " {
            gap = Some((piece.len(), room));
        }
    }
    pieces.push(piece);
    pieces
}

/// How far in a line begins, behind the sign of a changed one; 0 where that is
/// further than `most`.
fn indent(line: &str, most: usize) -> usize {
    let seen: String = parts(line)
        .filter(|(_, room)| *room > 0)
        .map(|(part, _)| part)
        .collect();
    let signed = seen.strip_prefix(['+', '-']).unwrap_or(&seen);
    let spaces = signed.len() - signed.trim_start_matches(' ').len();
    let sign = seen.len() - signed.len();
    match spaces {
        0 | 1 => 0,
        _ if sign + spaces > most => 0,
        _ => sign + spaces,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_where_that_costs_little() {
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("one two three", 9), ["one two ", "three"]);
        assert_eq!(wrap("a bbbbbbbbbbbb", 6), ["a bbbb", "bbbbbb", "bb"]);
        assert_eq!(wrap("  one two three", 9), ["  one ", "  two ", "  three"]);
        assert_eq!(wrap("+   let x = 1;", 10), ["+   let x ", "    = 1;"]);
        assert_eq!(wrap("\x1b[31mred\x1b[0m", 3), ["\x1b[31mred\x1b[0m"]);
        assert_eq!(cut("one two three", 6), "one …");
    }
}
