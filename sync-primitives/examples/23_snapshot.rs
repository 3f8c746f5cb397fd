//! Snapshot: readers keep the version they took while the next one comes.
//!
//! Python: a name bound to an immutable object, in `23_snapshot.py`.
//! Notes: none.
//!
//! Settings, routes or prices are read all the time and replaced now and then.
//! Under a read-write lock the writer waits for the readers, and new readers
//! for the writer. With snapshots nobody waits: a version is never changed, the
//! writer builds the next one and swaps it in, and a reader keeps the version
//! that it took. The old version is freed when its last reader lets go.
//!
//! In Rust that is an `Arc` that can be swapped, `ArcSwap` of the crate
//! arc-swap; std has none. Python does it by assignment: rebinding a name or an
//! attribute is one step, also on free-threaded builds, if the object behind it
//! is never changed, as a frozen dataclass is not. An update that depends on the
//! old version needs more: `rcu` tries again if another writer was quicker, and
//! Python needs a lock.
//!
//! One snapshot is one moment, two are two. A reader that loads twice may mix
//! the host of one version with the port of another.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: publishes one.example:1000
//! @lanes
//! careless: looks up the host, one.example
//! careful: takes a snapshot
//! @end
//! main: publishes two.example:2000
//! main: somebody holds the old version: true
//! @lanes
//! careless: connects to one.example:2000
//! careful: connects to one.example:1000
//! @end
//! main: somebody holds the old version: false
//! main: a new snapshot is two.example:2000
//! ```
//!
//! Break it: `let Server { host, port } = *taken;` =>
//! `let Server { host, port } = **server.load();`
//! Break it: `let port = server.load().port;` => `let port = first.port;`,
//! `let host = server.load().host;` =>
//! `let first = server.load_full(); let host = first.host;`
//! Break it (Python): `taken = holder.server` => `taken = holder`,
//! `taken.host, taken.port` => `taken.server.host, taken.server.port`
//! Break it (Python): `frozen=True` => `frozen=False`,
//! `holder.server = Server("two.example", 2000)` =>
//! `vars(holder.server).update(vars(Server("two.example", 2000)))`

use std::sync::{Arc, Barrier};
use std::thread;

use arc_swap::ArcSwap;

#[derive(Clone, Copy)]
struct Server {
    host: &'static str,
    port: u16,
}

fn main() {
    let first = Arc::new(Server { host: "one.example", port: 1000 });
    let old = Arc::downgrade(&first);
    println!("main: publishes {}:{}", first.host, first.port);
    let server = ArcSwap::new(first);
    let turn = Barrier::new(3);
    thread::scope(|s| {
        s.spawn(|| {
            let host = server.load().host;
            println!("careless: looks up the host, {host}");
            turn.wait(); // main's turn
            turn.wait();
            let port = server.load().port;
            println!("careless: connects to {host}:{port}");
        });
        s.spawn(|| {
            let taken = server.load_full();
            println!("careful: takes a snapshot");
            turn.wait(); // main's turn
            turn.wait();
            let Server { host, port } = *taken;
            println!("careful: connects to {host}:{port}");
        });
        turn.wait();
        let next = Server { host: "two.example", port: 2000 };
        println!("main: publishes {}:{}", next.host, next.port);
        server.store(Arc::new(next));
        let held = old.strong_count() > 0;
        println!("main: somebody holds the old version: {held}");
        turn.wait();
    });
    let held = old.strong_count() > 0;
    println!("main: somebody holds the old version: {held}");
    let now = server.load();
    println!("main: a new snapshot is {}:{}", now.host, now.port);
}
