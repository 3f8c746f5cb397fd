//! A buffered stream: at most two at once, in order or as they come.
//!
//! Python: a semaphore with `gather` or `as_completed`, in
//! `30_buffered_stream.py`.
//! Notes: none.
//!
//! A list is too long to start all at once. `buffered(2)` keeps two futures of
//! a stream going and gives the results in order; `buffer_unordered(2)` gives
//! them as they come, so a slow one holds up nobody. Python has no streams: a
//! semaphore limits, `gather` keeps the order, `as_completed` does not. It
//! makes all tasks at once, which only then wait for a permit.
//!
//! What surprises: the futures of a stream run only while somebody awaits the
//! stream. If the body of the loop awaits something else, they all stand still,
//! with open connections and running time limits. `for_each_concurrent` makes
//! the body a part of what runs; or spawn each, and the stream holds handles.
//! Python's tasks go on, but an async generator stands still in the same way.
//!
//! The steps are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! main: in order [1, 2, 3, 4, 5, 6], most at once: 2
//! main: as they come [2, 3, 1, 4, 6, 5], most at once: 2
//! main: inline, 6 pages, steps while the body waits: 0
//! main: as tasks, 6 pages, steps while the body waits: {:int 3..15}
//! ```
//!
//! Break it: `fetches.buffered(2).collect().await` =>
//! `fetches.buffered(3).collect().await`
//! Break it: `fetches.buffer_unordered(2).collect().await` =>
//! `fetches.buffered(2).collect().await`
//! Break it: `spawn_local(fetch(shop.clone(), page))` =>
//! `fetch(shop.clone(), page).map(Ok::<_, tokio::task::JoinError>)`
//!
//! Break it (Python): `asyncio.as_completed(tasks)` => `tasks`
//! Break it (Python): `async with self.permits:` => `if True:`
//! Break it (Python): `await asyncio.wait(tasks, return_when=` =>
//! `await asyncio.gather(*tasks); dict(only=`

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures::future::FutureExt;
use futures::stream::{self, Stream, StreamExt};
use tokio::task::spawn_local;
use tokio::time::sleep;

/// Pages, and how many steps each takes.
const PAGES: [(u32, u32); 6] = [(1, 5), (2, 1), (3, 3), (4, 2), (5, 4), (6, 1)];
const STEP: Duration = Duration::from_millis(10);

#[derive(Default)]
struct Shop {
    open: Cell<u32>,
    most: Cell<u32>,
    steps: Cell<u32>,
}

#[tokio::main(flavor = "local", start_paused = true)]
async fn main() {
    let shop = Rc::new(Shop::default());
    let fetches = stream::iter(PAGES).map(|page| fetch(shop.clone(), page));
    let pages: Vec<u32> = fetches.buffered(2).collect().await;
    let most = shop.most.take();
    println!("main: in order {pages:?}, most at once: {most}");

    let fetches = stream::iter(PAGES).map(|page| fetch(shop.clone(), page));
    let pages: Vec<u32> = fetches.buffer_unordered(2).collect().await;
    let most = shop.most.take();
    println!("main: as they come {pages:?}, most at once: {most}");

    let fetches = stream::iter(PAGES).map(|page| fetch(shop.clone(), page));
    let consumed = consume(&shop, fetches.buffer_unordered(2)).await;
    println!("main: inline, {consumed}");

    let fetches = stream::iter(PAGES).map(|page| {
        spawn_local(fetch(shop.clone(), page))
            .map(|done| done.expect("no panic"))
    });
    let consumed = consume(&shop, fetches.buffer_unordered(2)).await;
    println!("main: as tasks, {consumed}");
}

async fn fetch(shop: Rc<Shop>, (page, steps): (u32, u32)) -> u32 {
    shop.open.update(|open| open + 1);
    shop.most.update(|most| most.max(shop.open.get()));
    for _ in 0..steps {
        sleep(STEP).await;
        shop.steps.update(|steps| steps + 1);
    }
    shop.open.update(|open| open - 1);
    page
}

/// Takes the first page and does something else, then takes the rest.
async fn consume(shop: &Shop, pages: impl Stream<Item = u32>) -> String {
    let mut pages = pin!(pages);
    let mut count = usize::from(pages.next().await.is_some());
    let before = shop.steps.get();
    sleep(10 * STEP).await; // the body
    let steps = shop.steps.get() - before;
    count += pages.count().await;
    format!("{count} pages, steps while the body waits: {steps}")
}
