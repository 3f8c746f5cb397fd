//! The keyboard, or the lines that stand for it.

use std::io::{self, Read, stdin};
use std::sync::mpsc::Sender;
use std::thread;

use super::Event;
use super::terminal::Quit;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// A letter, a digit, a space.
    Char(char),
    /// Enter.
    Enter,
    /// A line up.
    Up,
    /// A line down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// Sends on each key; `quit` hears of `q` first.
pub(super) fn read(sender: Sender<Event>, quit: &Quit) {
    let quit = quit.clone();
    thread::spawn(move || {
        let mut bytes = [0; 64];
        loop {
            let read = match stdin().lock().read(&mut bytes) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Ok(0) | Err(_) => break,
                Ok(read) => read,
            };
            for key in parse(&bytes[..read]) {
                if key == Key::Char('q') && quit.take() {
                    continue;
                }
                if sender.send(Event::Key(key)).is_err() {
                    return;
                }
            }
        }
        let _ = sender.send(Event::Ended);
    });
}

/// Sends on the first letter of each line; an empty line is Enter.
pub(super) fn read_lines(sender: Sender<Event>) {
    thread::spawn(move || {
        for line in stdin().lines() {
            let Ok(line) = line else { break };
            let key = line.trim().chars().next();
            let key = key.map_or(Key::Enter, |c| Key::Char(lower(c)));
            if sender.send(Event::Key(key)).is_err() {
                return;
            }
        }
        let _ = sender.send(Event::Ended);
    });
}

fn lower(c: char) -> char {
    c.to_ascii_lowercase()
}

/// The keys that sent these bytes; what is not known is left out.
fn parse(bytes: &[u8]) -> Vec<Key> {
    const SEQUENCES: [(&[u8], Key); 8] = [
        (b"\x1b[A", Key::Up),
        (b"\x1bOA", Key::Up),
        (b"\x1b[B", Key::Down),
        (b"\x1bOB", Key::Down),
        (b"\x1b[5~", Key::PageUp),
        (b"\x1b[6~", Key::PageDown),
        (b"\r", Key::Enter),
        (b"\n", Key::Enter),
    ];
    let mut keys = Vec::new();
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let known = SEQUENCES.iter().find(|(s, _)| rest.starts_with(s));
        if let Some((sequence, key)) = known {
            keys.push(*key);
            rest = &rest[sequence.len()..];
            continue;
        }
        rest = after;
        match first {
            // Another sequence: it goes up to a letter or `~`.
            0x1b => {
                let is_end = |b: &u8| b.is_ascii_alphabetic() || *b == b'~';
                let end = rest.iter().position(is_end);
                rest = end.map_or(&[], |end| &rest[end + 1..]);
            }
            b' ' => keys.push(Key::PageDown),
            0x21..=0x7e => keys.push(Key::Char(lower(char::from(*first)))),
            _ => {}
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart() {
        let keys = parse(b"q\x1b[A\x1b[6~\r\x1b[1;5Cx \x1bOB");
        assert_eq!(
            keys,
            [
                Key::Char('q'),
                Key::Up,
                Key::PageDown,
                Key::Enter,
                Key::Char('x'),
                Key::PageDown,
                Key::Down,
            ]
        );
        assert_eq!(parse("\u{1b}".as_bytes()), []);
        assert_eq!(parse("é".as_bytes()), []);
    }
}
