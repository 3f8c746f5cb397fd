//! Attacks on the two servers of `thread_per_connection`.

use crate::Tested;
use crate::kit::{Attacked, Client};

/// Its server of tasks, or that of threads.
struct Server<const TASKS: bool>;

mod threads {
    crate::kit::attack!(super::Server<false>);
}

mod tasks {
    crate::kit::attack!(super::Server<true>);
}

impl<const TASKS: bool> Attacked for Server<TASKS> {
    const EXAMPLE: &'static str = "thread_per_connection";
    const PORT: &'static str = if TASKS { "--tasks" } else { "--threads" };
    const MOST_MEMORY: u64 = 20_000;
    const TRICKLE_IS_CUT: bool = false;
    const HALF_CLOSED_IS_ANSWERED: bool = true;

    fn question(number: u32) -> Vec<u8> {
        format!("hello {number}\n").into_bytes()
    }

    fn check_answer(client: &mut Client, number: u32) -> Tested {
        assert_eq!(client.line()?, format!("hello {number}"));
        Ok(())
    }

    fn endless() -> (&'static [u8], &'static [u8]) {
        (b"x", b"x")
    }
}
