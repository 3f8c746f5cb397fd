//! SysV objects: segments, semaphores and queues that no process owns.

#![allow(unsafe_code)]

use std::fmt;
use std::ptr::null_mut;

use crate::processes::Processes;

/// One of them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    kind: &'static str,
    id: String,
    /// The number of the process that made it.
    pub(crate) maker: String,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SysV {} {}", self.kind, self.id)
    }
}

impl Object {
    const SEGMENT: &str = "shared memory segment";
    const SEMAPHORES: &str = "semaphore set";
    const QUEUE: &str = "message queue";

    /// Takes it away; what somebody else was quicker with is gone.
    pub(crate) fn remove(&self) {
        let Ok(id) = self.id.parse() else { return };
        // SAFETY: by their number, and with nothing to be written to. A segment
        // stays for those that have it attached.
        unsafe {
            match self.kind {
                Self::SEGMENT => libc::shmctl(id, libc::IPC_RMID, null_mut()),
                Self::SEMAPHORES => libc::semctl(id, 0, libc::IPC_RMID),
                _ => libc::msgctl(id, libc::IPC_RMID, null_mut()),
            };
        }
    }
}

/// Those that are there.
pub(crate) fn objects(processes: &Processes) -> impl Iterator<Item = Object> {
    let kinds = [
        ("shm", "shmid", Object::SEGMENT),
        ("sem", "semid", Object::SEMAPHORES),
        ("msg", "msqid", Object::QUEUE),
    ];
    kinds.into_iter().flat_map(|(file, id, kind)| {
        let table = processes.read(&format!("sysvipc/{file}"));
        let table = String::from_utf8_lossy(&table).into_owned();
        let mut rows = table.lines().map(|l| l.split_whitespace());
        let head: Vec<&str> = rows.next().into_iter().flatten().collect();
        let object = |row: Vec<&str>| {
            let cell = |name| {
                let at = head.iter().position(|h| *h == name)?;
                row.get(at).copied()
            };
            let maker = cell("cpid").or(cell("lspid")).unwrap_or_default();
            let id = cell(id).unwrap_or_default();
            Object { kind, id: id.to_owned(), maker: maker.to_owned() }
        };
        rows.map(|row| object(row.collect())).collect::<Vec<_>>()
    })
}
