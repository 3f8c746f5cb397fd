//! The palette, and colour by ANSI escapes where it is wanted.

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// With ANSI colours?
    pub color: bool,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A heading, or what is to stand out.
    Heading,
    /// What is as it should be.
    Good,
    /// What is not.
    Bad,
    /// What was printed and not expected.
    Printed,
    /// What is there for completeness.
    Faint,
    /// All else.
    Plain,
}

impl Role {
    /// Its colour, as the parameter of an ANSI escape (SGR); none for plain
    /// text.
    pub fn sgr(self) -> Option<u8> {
        match self {
            Role::Heading => Some(1),
            Role::Good => Some(32),
            Role::Bad => Some(31),
            Role::Printed => Some(33),
            Role::Faint => Some(2),
            Role::Plain => None,
        }
    }
}

impl Style {
    /// `text` in the colour of its role.
    pub fn paint(&self, role: Role, text: &str) -> String {
        match role.sgr() {
            Some(code) if self.color && !text.is_empty() => {
                format!("\x1b[{code}m{text}\x1b[0m")
            }
            _ => text.to_string(),
        }
    }
}
