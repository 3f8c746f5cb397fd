//! Chess exhibition: one master, many boards, and no waiting at any of them.
//!
//! Python: the same, with `asyncio.gather`, in `01_chess_exhibition.py`.
//! Notes: N4:74.
//!
//! The master is the processor: quick, alone and expensive. The players are
//! tasks that think long. Board by board, she waits out each player's pause.
//! In the exhibition she moves, goes to the next board, and comes back when
//! the player has answered. She makes the same moves, and never two at once:
//! this is concurrency, not parallelism. The gain is that the pauses overlap,
//! with each other and with her own thinking at the other boards. If she thinks
//! as long as the players she still needs only half the time; if they answer
//! at once there is nothing to gain.
//!
//! The clock is the real one. Both times are shown, and only checked for being
//! at least as long as the pauses. That the pauses overlapped is counted: the
//! most players thinking at one moment.
//!
//! ```text,expect
//! main: one by one, boards 1 1 1 2 2 2 3 3 3 4 4 4 5 5 5 6 6 6
//! main: most thinking at once: 1, {:int 180..} ms
//! main: exhibition, boards 1 2 3 4 5 6 {:text}
//! main: most thinking at once: 6, {:int 30..} ms
//! main: 18 moves, and 18 in the exhibition
//! ```
//!
//! Break it: `join_all(games).await;` => `for game in games { game.await; }`
//! Break it: `sleep(PAUSE).await;` => `std::thread::sleep(PAUSE);`
//! Break it (Python): `await asyncio.sleep(PAUSE)` => `time.sleep(PAUSE)`
//! Break it (Python): `    await asyncio.gather(*games)` =>
//! `    for game in games: await game`

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::time::sleep;

const PAUSE: Duration = Duration::from_millis(10);

#[derive(Default)]
struct Hall {
    moves: RefCell<Vec<String>>,
    thinking: Cell<u32>,
    most: Cell<u32>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (hall, start) = (Hall::default(), Instant::now());
    for board in 1..=6 {
        play(board, &hall).await;
    }
    let one_by_one = report("one by one", &hall, start);

    let (hall, start) = (Hall::default(), Instant::now());
    let games = (1..=6).map(|board| play(board, &hall));
    join_all(games).await;
    let exhibition = report("exhibition", &hall, start);

    println!("main: {one_by_one} moves, and {exhibition} in the exhibition");
}

async fn play(board: u32, hall: &Hall) {
    for _ in 0..3 {
        hall.moves.borrow_mut().push(board.to_string());
        hall.thinking.update(|thinking| thinking + 1);
        hall.most.update(|most| most.max(hall.thinking.get()));
        sleep(PAUSE).await;
        hall.thinking.update(|thinking| thinking - 1);
    }
}

fn report(how: &str, hall: &Hall, start: Instant) -> usize {
    let (moves, ms) = (hall.moves.borrow(), start.elapsed().as_millis());
    println!("main: {how}, boards {}", moves.join(" "));
    println!("main: most thinking at once: {}, {ms} ms", hall.most.get());
    moves.len()
}
