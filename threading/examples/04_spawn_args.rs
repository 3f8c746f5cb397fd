//! Spawn with arguments: by position, by name, and by giving a value away.
//!
//! Python: `Thread(target=…, args=…, kwargs=…)`, in `04_spawn_args.py`.
//! Notes: N0:281, N4:441, N4:453.
//!
//! `spawn` takes a closure without parameters; the closure carries what the
//! thread needs. `move` makes it own what it names, because the thread may
//! outlive the function that started it: without `move` the compiler refuses
//! the borrow (E0373). Python passes arguments by keyword and leaves the rest
//! to defaults. Rust fills a struct: `..Default::default()` for the fields that
//! are not named. A value that was moved in belongs to the thread alone: using
//! it afterwards does not compile (E0382), nothing is copied, and the thread
//! may return it. In Python both threads keep a reference to the same object;
//! `del` only drops one name. The refused programs are in
//! `threading/src/lib.rs`.
//!
//! In the notes: `print "Процесс", n` is Python 2, a SyntaxError today.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: sends three couriers off
//! @lanes
//! courier 1: 2 kg to Lviv  #one
//! courier 2: 1 kg to Kyiv, with care  #two
//! courier 3: carries 2 letters, the same list as main wrote
//! main: courier 1 has delivered 2 kg  #has-one
//! main: courier 2 has delivered 1 kg  #has-two
//! main: got back 3 letters: ann, bob, cid
//! @end
//! @before one has-one
//! @before two has-two
//! ```
//!
//! Break it: `carry(letters, written_at)` =>
//! `carry(letters.clone(), written_at)`
//! Break it: `..Parcel::default()` => `kilos: 7`
//! Break it (Python): `        courier.join()` => `        pass`
//! Break it (Python): `carry, letters,` => `carry, letters.copy(),`
//! Break it (Python): `"care": ", with care"` => `"kilos": 7`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

/// The couriers leave when main and all three of them are here.
static DOOR: Barrier = Barrier::new(4);

/// How long the first parcel takes, and half as long as the second: main must
/// wait for each.
const WAY: Duration = Duration::from_millis(20);

struct Parcel {
    to: &'static str,
    kilos: u32,
    care: &'static str,
}

impl Default for Parcel {
    fn default() -> Self {
        Parcel { to: "nowhere", kilos: 1, care: "" }
    }
}

fn send(courier: u32, to: &str, kilos: u32) -> u32 {
    DOOR.wait();
    thread::sleep(WAY);
    println!("courier {courier}: {kilos} kg to {to}");
    kilos
}

fn send_parcel(courier: u32, parcel: Parcel) -> u32 {
    let Parcel { to, kilos, care } = parcel;
    DOOR.wait();
    thread::sleep(2 * WAY);
    println!("courier {courier}: {kilos} kg to {to}{care}");
    kilos
}

fn carry(
    mut letters: Vec<&'static str>,
    written_at: usize,
) -> Vec<&'static str> {
    DOOR.wait();
    let same = letters.as_ptr().addr() == written_at;
    let list = if same { "the same list as" } else { "a copy of what" };
    println!("courier 3: carries {} letters, {list} main wrote", letters.len());
    letters.push("cid");
    letters
}

fn main() {
    println!("main: sends three couriers off");
    let by_position = thread::spawn(move || send(1, "Lviv", 2));

    let parcel =
        Parcel { to: "Kyiv", care: ", with care", ..Parcel::default() };
    let by_name = thread::spawn(move || send_parcel(2, parcel));

    let letters = vec!["ann", "bob"];
    let written_at = letters.as_ptr().addr();
    let owner = thread::spawn(move || carry(letters, written_at));

    DOOR.wait();
    for (number, courier) in [(1, by_position), (2, by_name)] {
        let kilos = courier.join().unwrap_or_else(|panic| resume_unwind(panic));
        println!("main: courier {number} has delivered {kilos} kg");
    }
    let letters = owner.join().unwrap_or_else(|panic| resume_unwind(panic));
    println!(
        "main: got back {} letters: {}",
        letters.len(),
        letters.join(", ")
    );
}
