//! Read-write lock: many readers together, a writer alone.
//!
//! Python: a small one on `threading.Lock`, in `16_rwlock.py`.
//! Notes: none.
//!
//! A mutex lets one thread in, whatever it does there. But reading together
//! does no harm; only writing needs the data for itself. `read` gives shared
//! access (`&`), and any number may have it at once; `write` gives exclusive
//! access (`&mut`), and only when nobody else is in. So it is the borrow
//! checker's rule, kept at run time. Reach for it when reads are long and
//! writes rare; if both are short a mutex is faster, and where writers must not
//! wait for ever see `starvation`. Python's standard library has none.
//!
//! The program asks by `try_read` and `try_write`, which answer at once where
//! `read` and `write` would wait.
//!
//! ```text,expect
//! @any
//! reader: reads 1
//! reader: reads 1
//! reader: reads 1
//! @end
//! main: three are reading, no writer gets in
//! main: writes 2
//! @any
//! reader: must wait
//! writer: must wait
//! @end
//! main: reads 2
//! ```
//!
//! Break it: `let text = page.try_read();` => `let text = page.try_write();`
//! Break it: `println!("main: writes {text}");` =>
//! `println!("main: writes {text}"); drop(text);`

use std::sync::{Barrier, RwLock};
use std::thread;

fn main() {
    let page = RwLock::new(1);
    let step = Barrier::new(4);
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| {
                let text = page.try_read();
                match &text {
                    Ok(text) => println!("reader: reads {text}"),
                    Err(_) => println!("reader: must wait"),
                }
                step.wait(); // all three have come
                step.wait(); // main has tried
            });
        }
        step.wait();
        if page.try_write().is_err() {
            println!("main: three are reading, no writer gets in");
        }
        step.wait();
    });
    if let Ok(mut text) = page.try_write() {
        *text = 2;
        println!("main: writes {text}");
        thread::scope(|s| {
            s.spawn(|| match page.try_read() {
                Ok(_) => println!("reader: gets in"),
                Err(_) => println!("reader: must wait"),
            });
            s.spawn(|| match page.try_write() {
                Ok(_) => println!("writer: gets in"),
                Err(_) => println!("writer: must wait"),
            });
        });
    }
    if let Ok(text) = page.try_read() {
        println!("main: reads {text}");
    }
}
