use std::hash::{BuildHasher, RandomState};

/// A name for a segment, a queue or a semaphore that nobody else has: `/ipc-`
/// and 16 random digits.
///
/// A process id would not do. It is used again, and two containers that share
/// `/dev/shm` both have a process 7. Create what it names with `O_EXCL`, so
/// that a namesake is an error, and is never opened or unlinked.
pub fn random_name() -> String {
    // std has no random numbers, but hash maps with a random seed.
    format!("/ipc-{:016x}", RandomState::new().hash_one(()))
}
