//! What is wrong with a part of the source, wherever that part stands.

/// What is wrong, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) message: String,
    pub(super) help: String,
}

impl Complaint {
    pub(super) fn new(
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Complaint { message: message.into(), help: help.into() }
    }
}
