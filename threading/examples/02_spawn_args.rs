//! Spawn with arguments: by position, by name, and by giving a value away.
//!
//! Python: `Thread(target=…, args=…, kwargs=…)`, in `02_spawn_args.py`.
//! Notes: N0:281, N4:429, N4:441.
//!
//! `spawn` takes a closure without parameters; what the thread needs, the
//! closure carries. `move` makes it own what it names, for the thread may
//! outlive the function that starts it: without `move` the compiler refuses the
//! borrow (E0373). Where Python passes by keyword and leaves the rest to
//! defaults, Rust fills a struct: `..Default::default()` for what is not named.
//! A value that was moved in belongs to the thread alone: using it afterwards
//! does not compile (E0382), nothing is copied, and the thread may give it back
//! as its result. In Python both threads go on holding the same object; `del`
//! only drops a name. The refused programs stand in `threading/src/lib.rs`.
//!
//! ```text,expect
//! @any
//! courier 1: 2 kg to Lviv
//! courier 2: 1 kg to Kyiv, with care
//! courier 3: carries 2 letters, the same list as main wrote
//! @end
//! main: got back 3 letters: ann, bob, cid
//! ```
//!
//! Break it: `carry(letters, written_at)` =>
//! `carry(letters.clone(), written_at)`
//! Break it: `..Parcel::default()` => `kilos: 7`

use std::thread;

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

fn send(courier: u32, to: &str, kilos: u32) {
    println!("courier {courier}: {kilos} kg to {to}");
}

fn send_parcel(courier: u32, parcel: Parcel) {
    let Parcel { to, kilos, care } = parcel;
    println!("courier {courier}: {kilos} kg to {to}{care}");
}

fn carry(
    mut letters: Vec<&'static str>,
    written_at: usize,
) -> Vec<&'static str> {
    let same = letters.as_ptr().addr() == written_at;
    let list = if same { "the same list as" } else { "a copy of what" };
    println!("courier 3: carries {} letters, {list} main wrote", letters.len());
    letters.push("cid");
    letters
}

fn main() -> Result<(), &'static str> {
    let by_position = thread::spawn(move || send(1, "Lviv", 2));

    let parcel =
        Parcel { to: "Kyiv", care: ", with care", ..Parcel::default() };
    let by_name = thread::spawn(move || send_parcel(2, parcel));

    let letters = vec!["ann", "bob"];
    let written_at = letters.as_ptr().addr();
    let owner = thread::spawn(move || carry(letters, written_at));

    by_position.join().map_err(|_| "courier 1 panicked")?;
    by_name.join().map_err(|_| "courier 2 panicked")?;
    let letters = owner.join().map_err(|_| "courier 3 panicked")?;
    println!(
        "main: got back {} letters: {}",
        letters.len(),
        letters.join(", ")
    );
    Ok(())
}
