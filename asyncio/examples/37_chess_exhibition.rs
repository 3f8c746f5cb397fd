//! Chess exhibition: one master, many boards, and no waiting at any of them.
//!
//! Python: the same, with `asyncio.gather`, in `37_chess_exhibition.py`.
//! Notes: N4:79.
//!
//! The master is the processor: quick, alone and dear. The players are tasks
//! that think long. Board after board, the master sits through each player's
//! pause; in the exhibition she moves, walks on, and comes back when the player
//! has answered. She makes the same moves, never two at one instant: it is
//! concurrency, not parallelism. The gain is in the pauses alone, which
//! overlap; a master who thinks as long as the players gains nothing.
//!
//! The clock is the real one. Both times are shown, and only checked for not
//! being shorter than the pauses. That the pauses overlapped is counted: the
//! most players thinking at one moment.
//!
//! ```text,expect
//! one by one: boards 1 1 1 2 2 2 3 3 3 4 4 4 5 5 5 6 6 6
//! one by one: most thinking at once: 1, {:int 180..} ms
//! exhibition: boards 1 2 3 4 5 6 {:text}
//! exhibition: most thinking at once: 6, {:int 30..} ms
//! main: 18 moves each way
//! ```
//!
//! Break it: `join_all(games).await;` => `for game in games { game.await; }`
//! Break it: `sleep(PAUSE).await;` => `std::thread::sleep(PAUSE);`

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

    assert_eq!(one_by_one, exhibition);
    println!("main: {exhibition} moves each way");
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

fn report(actor: &str, hall: &Hall, start: Instant) -> usize {
    let (moves, ms) = (hall.moves.borrow(), start.elapsed().as_millis());
    println!("{actor}: boards {}", moves.join(" "));
    println!("{actor}: most thinking at once: {}, {ms} ms", hall.most.get());
    moves.len()
}
