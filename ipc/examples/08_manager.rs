//! Manager: one process holds the data, the others ask it.
//!
//! Python: `multiprocessing.Manager`, in `08_manager.py`.
//! Notes: N2:250, N2:248.
//!
//! A server process owns a dict and a list. Clients hold proxies: each call is
//! a request with a channel for the answer, and the server takes one after the
//! other, so nothing is locked, also when a client dies. A bad request is an
//! error to its client alone. Reach for it for data of no fixed size; each
//! access is a round trip, and between a read and a write back another may
//! write.
//!
//! Server and clients are this program started anew; half of it is how. Having
//! inherited nothing, each connects to a one-shot server by its name and is
//! sent the rest: a channel is a message like others. (To accept waits for ever
//! if the program dies before it connects.) The server ends with the last
//! proxy, or is killed with main: `ipc::spawn` asks the kernel for that, and
//! then looks who the parent is, as it may have died before.
//!
//! ```text,expect
//! main: the server runs, with a dict and a list
//! ann: sets key to value
//! ann: puts ann on the list
//! bob: finds that key is value
//! bob: asks for item 9 and gets an error
//! bob: puts bob on the list
//! ann: finds that item 1 is bob
//! main: key is value, item 0 is ann, item 1 is bob
//! main: the server has ended
//! ```
//!
//! Break it: `list.get(index).cloned().ok_or_else(bad)`
//! => `Ok(list[index].clone())`

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use ipc::{Child, Result};
use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcOneShotServer, IpcReceiver, IpcSender, channel};
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
    let (process, server) = start::<Request>("server")?;
    let (dict, list) = (Dict(server.clone()), List(server));
    println!("main: the server runs, with a dict and a list");

    let (to_bob, from_ann) = channel()?;
    let (to_ann, from_bob) = channel()?;
    let (ann, tools) = start::<Tools>("ann")?;
    tools.send((dict.clone(), list.clone(), to_bob, from_bob))?;
    let (bob, tools) = start::<Tools>("bob")?;
    tools.send((dict.clone(), list.clone(), to_ann, from_ann))?;
    ipc::wait_all([ann, bob])?;

    let (key, first, second) = (dict.get("key")?, list.at(0)?, list.at(1)?);
    println!("main: key is {key}, item 0 is {first}, item 1 is {second}");
    drop((dict, list));
    process.join()?;
    println!("main: the server has ended");
    Ok(())
}

/// Starts this program anew, and gets a channel to it.
fn start<T>(role: &str) -> Result<(Child, IpcSender<T>)>
where
    T: Serialize + DeserializeOwned,
{
    let (one_shot, name) = IpcOneShotServer::new()?;
    let mut program = Command::new(env::current_exe()?);
    let child = ipc::spawn(program.args([role, &name]))?;
    let (_, sender) = one_shot.accept()?;
    Ok((child, sender))
}

/// The other side of `start`.
fn connect<T>(name: &str) -> Result<IpcReceiver<T>>
where
    T: Serialize + DeserializeOwned,
{
    let (sender, receiver) = channel()?;
    IpcSender::connect(name.to_owned())?.send(sender)?;
    Ok(receiver)
}

fn ann((dict, list, to_bob, from_bob): Tools) -> Result<()> {
    println!("ann: sets key to value");
    dict.set("key", "value")?;
    println!("ann: puts ann on the list");
    list.push("ann")?;
    to_bob.send(())?;
    from_bob.recv()?;
    println!("ann: finds that item 1 is {}", list.at(1)?);
    Ok(())
}

fn bob((dict, list, to_ann, from_ann): Tools) -> Result<()> {
    from_ann.recv()?;
    println!("bob: finds that key is {}", dict.get("key")?);
    match list.at(9) {
        Ok(item) => println!("bob: asks for item 9 and gets {item}"),
        Err(_) => println!("bob: asks for item 9 and gets an error"),
    }
    println!("bob: puts bob on the list");
    list.push("bob")?;
    to_ann.send(())?;
    Ok(())
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
