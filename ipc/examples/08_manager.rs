//! Manager: one process holds the data, the others ask it.
//!
//! Python: `multiprocessing.Manager`, in `08_manager.py`.
//! Notes: N2:250, N2:248.
//!
//! A server process owns a dict and a list. Clients hold proxies: each call is
//! a request with a channel for the answer, and the server takes one request
//! after another, so no lock is needed, and a client that dies leaves nothing
//! locked. A bad request is an error to the client that made it, not to the
//! server. Reach for it when the data has no fixed size; each access costs a
//! round trip, and reading and then writing back is two requests, between which
//! another's may come.
//!
//! The server is this program started anew. It has inherited nothing; a
//! one-shot server's name on its command line lets it connect and send back the
//! way to it. (To accept waits for ever if the program dies before it has
//! connected.) It ends when the last proxy is gone. If main is killed, the
//! kernel kills it too; as main may have died before the kernel was told so,
//! `ipc::spawn` then looks who its parent is.
//!
//! ```text,expect
//! main: the server runs, with a dict and a list
//! @lanes
//! ann: sets key to value  #set
//! ann: puts ann on the list  #put1
//! bob: finds that key is value  #found
//! bob: asks for item 9 and gets an error
//! bob: puts bob on the list  #put2
//! ann: finds that item 1 is bob  #item
//! @end
//! @before set found
//! @before put1 put2
//! @before put2 item
//! main: key is value, item 0 is ann, item 1 is bob
//! main: the server has ended
//! ```
//!
//! Break it: `list.get(index).cloned().ok_or_else(bad)`
//! => `Ok(list[index].clone())`

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use ipc::Result;
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

fn main() -> Result<()> {
    if let Some(name) = env::args().nth(1) {
        return serve(name);
    }
    let (one_shot, name) = IpcOneShotServer::new()?;
    let mut program = Command::new(env::current_exe()?);
    let process = ipc::spawn(program.arg(name))?;
    let (_, server): (_, Server) = one_shot.accept()?;
    let (dict, list) = (Dict(server.clone()), List(server));
    println!("main: the server runs, with a dict and a list");

    let (to_bob, from_ann) = channel()?;
    let (to_ann, from_bob) = channel()?;
    let ann = ipc::fork(|| ann(&dict, &list, &to_bob, &from_bob))?;
    let bob = ipc::fork(|| bob(&dict, &list, &to_ann, &from_ann))?;
    ipc::wait_all([ann, bob])?;
    let (key, first, second) = (dict.get("key")?, list.at(0)?, list.at(1)?);
    println!("main: key is {key}, item 0 is {first}, item 1 is {second}");
    drop((dict, list));
    process.join()?;
    println!("main: the server has ended");
    Ok(())
}

type To = IpcSender<()>;
type From = IpcReceiver<()>;

fn ann(dict: &Dict, list: &List, to_bob: &To, from_bob: &From) -> Result<()> {
    println!("ann: sets key to value");
    dict.set("key", "value")?;
    println!("ann: puts ann on the list");
    list.push("ann")?;
    to_bob.send(())?;
    from_bob.recv()?;
    println!("ann: finds that item 1 is {}", list.at(1)?);
    Ok(())
}

fn bob(dict: &Dict, list: &List, to_ann: &To, from_ann: &From) -> Result<()> {
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

fn serve(name: String) -> Result<()> {
    let (server, requests) = channel()?;
    IpcSender::connect(name)?.send(server)?;
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
