//! First completed: the first that is ready wins.
//!
//! Python: `asyncio.wait(..., return_when=FIRST_COMPLETED)`, in
//! `20_first_completed.py`.
//! Notes: none.
//!
//! Ask several mirrors and take the first answer; wait for a message or for the
//! end of the program. `tokio::select!` awaits several futures and runs the arm
//! of the one that is ready first. The others are dropped there, in the middle
//! of what they do (see `lost_on_cancel`). `asyncio.wait` drops nothing: the
//! losers are tasks and run on, so cancel them, or their errors are lost.
//!
//! To let them go on in Rust, spawn them, or pin them outside and select on
//! `&mut`. If several arms are ready at once `select!` picks one at random;
//! with `biased;` the first in the text, which is right where one of them is
//! "stop". For a list of futures there is `select_all`, and `select_ok` for the
//! first that succeeds. `asyncio.wait` gives all that are done.
//!
//! The waits are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! @lanes
//! near: asks
//! near: answers
//! far: asks
//! far: is cut off
//! @end
//! main: near won, the other one is gone
//! far: asks
//! near: asks
//! near: answers
//! main: near won, the other one goes on
//! far: answers
//! main: far came too
//! main: both ready 64 times, stop won 64 times
//! ```
//!
//! Break it: `answer = ask("near", 10) => answer,` =>
//! `answer = ask("near", 30) => answer,`
//! Break it: `let far = tokio::spawn(ask("far", 20));` =>
//! `let far = tokio::spawn(ask("far", 20)); far.abort();`
//! Break it: `select(far, near).await.factor_first();` =>
//! `(far.await, near);`
//! Break it: `biased;` => ``
//!
//! Break it (Python): `loser.cancel()` => `pass`
//! Break it (Python): `(tasks, return_when=asyncio.FIRST_COMPLETED)` =>
//! `(tasks)`

use std::future::ready;
use std::time::Duration;

use futures::future::select;
use tokio::task::JoinError;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let winner = tokio::select! {
        answer = ask("far", 20) => answer,
        answer = ask("near", 10) => answer,
    };
    println!("main: {winner} won, the other one is gone");

    let far = tokio::spawn(ask("far", 20));
    let near = tokio::spawn(ask("near", 10));
    let (winner, loser) = select(far, near).await.factor_first();
    println!("main: {} won, the other one goes on", winner?);
    println!("main: {} came too", loser.await?);

    let mut stops = 0;
    for _ in 0..64 {
        tokio::select! {
            biased;
            () = ready(()) => stops += 1, // stop
            _mail = ready("mail") => {}
        }
    }
    println!("main: both ready 64 times, stop won {stops} times");
    Ok(())
}

async fn ask(name: &'static str, ms: u64) -> &'static str {
    let cut_off = CutOff(name);
    println!("{name}: asks");
    sleep(Duration::from_millis(ms)).await;
    println!("{name}: answers");
    std::mem::forget(cut_off);
    name
}

struct CutOff(&'static str);

impl Drop for CutOff {
    fn drop(&mut self) {
        println!("{}: is cut off", self.0);
    }
}
