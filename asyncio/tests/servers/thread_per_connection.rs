//! Attacks on the two servers of `thread_per_connection`.

use crate::Tested;
use crate::kit::{Attacked, Client};

fn question(number: u32) -> Vec<u8> {
    format!("hello {number}\n").into_bytes()
}

fn check_answer(client: &mut Client, number: u32) -> Tested {
    assert_eq!(client.line()?, format!("hello {number}"));
    Ok(())
}

mod threads {
    struct Threads;

    crate::kit::attack!(Threads);

    impl super::Attacked for Threads {
        const EXAMPLE: &'static str = "thread_per_connection";
        const PORT: &'static str = "--threads";
        const MOST_MEMORY: u64 = 20_000;
        const TRICKLE_IS_CUT: bool = false;
        const HALF_CLOSED_IS_ANSWERED: bool = true;

        fn question(number: u32) -> Vec<u8> {
            super::question(number)
        }

        fn check_answer(
            client: &mut super::Client,
            number: u32,
        ) -> super::Tested {
            super::check_answer(client, number)
        }

        fn endless() -> (&'static [u8], &'static [u8]) {
            (b"x", b"x")
        }
    }
}

mod tasks {
    struct Tasks;

    crate::kit::attack!(Tasks);

    impl super::Attacked for Tasks {
        const EXAMPLE: &'static str = "thread_per_connection";
        const PORT: &'static str = "--tasks";
        const MOST_MEMORY: u64 = 20_000;
        const TRICKLE_IS_CUT: bool = false;
        const HALF_CLOSED_IS_ANSWERED: bool = true;

        fn question(number: u32) -> Vec<u8> {
            super::question(number)
        }

        fn check_answer(
            client: &mut super::Client,
            number: u32,
        ) -> super::Tested {
            super::check_answer(client, number)
        }

        fn endless() -> (&'static [u8], &'static [u8]) {
            (b"x", b"x")
        }
    }
}
