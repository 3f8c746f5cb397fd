//! Colour by ANSI escapes, where it is wanted.

use super::report::Style;

/// What a part of the report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Heading,
    Bad,
    Printed,
    Faint,
    Plain,
}

impl Style {
    /// `text` in the colour of its role.
    pub(super) fn paint(&self, role: Role, text: &str) -> String {
        let code = match role {
            Role::Heading => "1",
            Role::Bad => "31",
            Role::Printed => "33",
            Role::Faint => "2",
            Role::Plain => return text.to_string(),
        };
        if self.color && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}
