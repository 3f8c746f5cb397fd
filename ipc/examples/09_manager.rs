//! Manager: one process holds the data, the others ask it.
//!
//! Python: `multiprocessing.Manager`, in `09_manager.py`.
//! Notes: N2:248, N2:254.
//!
//! A server process owns a dict and a list. Clients hold proxies: each call is
//! a request that carries a channel for the answer. The server takes one
//! request after the other, so nothing has to be locked, and a dead client
//! holds up nobody. A bad request is an error to its client alone. Reach for a
//! manager when the data has no fixed size; each access is a round trip to
//! another process.
//!
//! The server and the clients are this program started once more. A process
//! that inherited nothing calls a one-shot server by its name and is sent the
//! rest: a channel can be sent like any value (`ipc::start`, `ipc::connect`).
//! The server ends with the last proxy. (Longer than a screen: server, proxies
//! and clients are in it.)
//!
//! In the notes: a manager makes each call safe, not `+=`, which is two calls.
//! Here both clients read the counter before one of them writes it back, and
//! one addition is lost.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! main: the server runs, with a dict and a list
//! ann: sets key to value
//! ann: puts ann on the list
//! bob: finds that key is value
//! bob: asks for item 9: no such item
//! bob: puts bob on the list
//! ann: finds that item 1 is bob
//! main: key is value, item 0 is ann, item 1 is bob
//! main: ann and bob added 1 to a counter, it is 1
//! main: the server has ended: true
//! ```
//!
//! Break it: `list.get(index).cloned().ok_or_else(bad)`
//! => `Ok(list[index].clone())`
//! Break it: `dict.insert(key, value);` => `dict.entry(key).or_insert(value);`
//! Break it (Python): `= seen + 1` => `= seen`
//! Break it (Python): `shared_list[9]` => `shared_list[0]`

use std::collections::BTreeMap;
use std::env;

use ipc::{Result, connect};
use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

type Server = IpcSender<Request>;
type Reply<T> = IpcSender<std::result::Result<T, String>>;

#[derive(Serialize, Deserialize)]
enum Request {
    Set(String, String, Reply<()>),
    Get(String, Reply<String>),
    Push(String, Reply<()>),
    At(usize, Reply<String>),
}

/// What a client gets: two proxies, and a way to the other client and back.
type Tools = (Dict, List, IpcSender<()>, IpcReceiver<()>);

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().collect();
    if let [_, role, name] = arguments.as_slice() {
        return match role.as_str() {
            "server" => serve(&connect(name)?),
            "ann" => ann(connect(name)?.recv()?),
            _ => bob(connect(name)?.recv()?),
        };
    }
    let (process, server) = ipc::start::<Request>("server")?;
    let (dict, list) = (Dict(server.clone()), List(server));
    println!("main: the server runs, with a dict and a list");
    dict.set("count", "0")?;

    let (to_bob, from_ann) = channel()?;
    let (to_ann, from_bob) = channel()?;
    let (bob, tools) = ipc::start::<Tools>("bob")?;
    tools.send((dict.clone(), list.clone(), to_ann, from_ann))?;
    let (ann, tools) = ipc::start::<Tools>("ann")?;
    tools.send((dict.clone(), list.clone(), to_bob, from_bob))?;
    ipc::wait_all([ann, bob])?;

    let (key, first, second) = (dict.get("key")?, list.at(0)?, list.at(1)?);
    println!("main: key is {key}, item 0 is {first}, item 1 is {second}");
    let count = dict.get("count")?;
    println!("main: ann and bob added 1 to a counter, it is {count}");
    drop((dict, list));
    let ended = process.exit_code()? == 0;
    println!("main: the server has ended: {ended}");
    Ok(())
}

fn ann((dict, list, to_bob, from_bob): Tools) -> Result<()> {
    println!("ann: sets key to value");
    dict.set("key", "value")?;
    println!("ann: puts ann on the list");
    list.push("ann")?;
    to_bob.send(())?;
    from_bob.recv()?;
    println!("ann: finds that item 1 is {}", list.at(1)?);
    add_one(&dict, &to_bob, &from_bob)
}

fn bob((dict, list, to_ann, from_ann): Tools) -> Result<()> {
    from_ann.recv()?;
    println!("bob: finds that key is {}", dict.get("key")?);
    match list.at(9) {
        Ok(item) => println!("bob: asks for item 9: {item}"),
        Err(_) => println!("bob: asks for item 9: no such item"),
    }
    println!("bob: puts bob on the list");
    list.push("bob")?;
    to_ann.send(())?;
    add_one(&dict, &to_ann, &from_ann)
}

/// Two calls, between which another client may write.
fn add_one(
    dict: &Dict,
    to_other: &IpcSender<()>,
    from_other: &IpcReceiver<()>,
) -> Result<()> {
    let seen: u32 = dict.get("count")?.parse()?;
    to_other.send(())?;
    from_other.recv()?; // both have read
    dict.set("count", &(seen + 1).to_string())
}

/// A proxy of the server's dict.
#[derive(Clone, Serialize, Deserialize)]
struct Dict(Server);

impl Dict {
    fn set(&self, key: &str, value: &str) -> Result<()> {
        ask(&self.0, |reply| Request::Set(key.into(), value.into(), reply))
    }

    fn get(&self, key: &str) -> Result<String> {
        ask(&self.0, |reply| Request::Get(key.into(), reply))
    }
}

/// A proxy of the server's list.
#[derive(Clone, Serialize, Deserialize)]
struct List(Server);

impl List {
    fn push(&self, item: &str) -> Result<()> {
        ask(&self.0, |reply| Request::Push(item.into(), reply))
    }

    fn at(&self, index: usize) -> Result<String> {
        ask(&self.0, |reply| Request::At(index, reply))
    }
}

fn ask<T>(
    server: &Server,
    request: impl FnOnce(Reply<T>) -> Request,
) -> Result<T>
where
    T: Serialize + DeserializeOwned,
{
    let (reply, answer) = channel()?;
    server.send(request(reply))?;
    Ok(answer.recv()??)
}

fn serve(requests: &IpcReceiver<Request>) -> Result<()> {
    let (mut dict, mut list) = (BTreeMap::new(), Vec::<String>::new());
    loop {
        let sent = match requests.recv() {
            Ok(Request::Set(key, value, reply)) => {
                dict.insert(key, value);
                reply.send(Ok(()))
            }
            Ok(Request::Get(key, reply)) => {
                let bad = || format!("no key {key}");
                reply.send(dict.get(&key).cloned().ok_or_else(bad))
            }
            Ok(Request::Push(item, reply)) => {
                list.push(item);
                reply.send(Ok(()))
            }
            Ok(Request::At(index, reply)) => {
                let bad = || format!("no item {index}");
                reply.send(list.get(index).cloned().ok_or_else(bad))
            }
            Err(IpcError::SerializationError(_)) => continue, // no request
            Err(IpcError::Disconnected) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        drop(sent); // an error means that the client is gone: its affair
    }
}
