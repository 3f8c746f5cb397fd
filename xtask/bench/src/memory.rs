//! Memory, as seen from outside: the proportional set of a whole process tree.

use std::fs;

use crate::Error;

/// Bytes that a process and all below it hold, shared pages by their part.
pub(crate) fn held(pid: u32) -> Result<u64, Error> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let own: u64 = text
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .ok_or("no Pss in smaps_rollup")?
        .trim()
        .parse()?;
    let mut sum = own * 1024;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let children = fs::read_to_string(task?.path().join("children"));
        for child in children.unwrap_or_default().split_whitespace() {
            // One that has ended in the meantime holds nothing.
            sum += held(child.parse()?).unwrap_or(0);
        }
    }
    Ok(sum)
}
