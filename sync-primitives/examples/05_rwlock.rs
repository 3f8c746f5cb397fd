//! Read-write lock: many readers together, a writer alone.
//!
//! Python: a small one on `threading.Condition`, in `05_rwlock.py`.
//! Notes: none.
//!
//! A mutex lets one thread in, whatever it does there. But threads that only
//! read do not disturb each other. `read` gives shared access (`&`), and any
//! number of threads may have it at once; `write` gives exclusive access
//! (`&mut`), and waits until nobody else is in: the borrow checker's rule, kept
//! at run time. Use it when reads are long and writes are rare; if both are
//! short, a mutex is faster. A thread that reads must not call `read` again
//! (`second_read`), and a writer may starve (`starvation`). Python's standard
//! library has no such lock.
//!
//! The three readers meet inside. `try_read` and `try_write` show what another
//! thread would get meanwhile; they answer at once where `read` and
//! `write` would wait.
//!
//! ```text,expect
//! @threads
//! @peak 3..7 threads
//! @lanes
//! reader 1: reads 1
//! reader 2: reads 1
//! reader 3: reads 1
//! @end
//! main: 3 are reading, a writer gets in: false
//! main: writes 2
//! reader 4: gets in: false
//! writer 1: gets in: false
//! main: has written
//! reader 5: gets in: true
//! writer 2: gets in: true
//! main: reads 2
//! ```
//!
//! Break it: `println!("reader {reader}: reads {text}");` =>
//! `println!("reader {reader}: reads {text}"); drop(text);`
//! Break it: `println!("main: writes {text}");` =>
//! `println!("main: writes {text}"); drop(text); let text = ();`
//! Break it (Python): `return not self.writing and self.readers == 0` =>
//! `return not self.writing`
//! Break it (Python): `self.writing = True` => `pass`

use std::sync::{Barrier, RwLock};
use std::thread;

fn main() {
    let page = RwLock::new(1);
    let step = Barrier::new(4);
    let writer_gets_in = || page.try_write().is_ok();
    let read = &|reader: u32| {
        let text = page.read().expect("no writer panics");
        println!("reader {reader}: reads {text}");
        step.wait(); // all three are in
        step.wait(); // main has tried
    };
    thread::scope(|s| {
        let readers = [1, 2, 3].map(|reader| s.spawn(move || read(reader)));
        step.wait();
        let gets_in = writer_gets_in();
        println!(
            "main: {} are reading, a writer gets in: {gets_in}",
            readers.len()
        );
        step.wait();
    });

    let late = |reader: u32, writer: u32| {
        thread::scope(|s| {
            s.spawn(|| {
                let gets_in = page.try_read().is_ok();
                println!("reader {reader}: gets in: {gets_in}");
            });
        });
        thread::scope(|s| {
            s.spawn(|| {
                let gets_in = writer_gets_in();
                println!("writer {writer}: gets in: {gets_in}");
            });
        });
    };
    let mut text = page.write().expect("no writer panics");
    *text = 2;
    println!("main: writes {text}");
    late(4, 1);
    println!("main: has written");
    drop(text);
    late(5, 2);
    println!("main: reads {}", page.read().expect("no writer panics"));
}
