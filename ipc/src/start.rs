use std::env;
use std::io;
use std::process::Command;
use std::thread;

use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcOneShotServer, IpcReceiver, IpcSender, channel};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::child::await_end;
use crate::{Child, Result, spawn};

/// How a program that was started answers.
#[derive(Serialize, Deserialize)]
enum Hello<T> {
    Here(IpcSender<T>),
    Gone,
}

/// Starts this program once more, with `role` and a name as its arguments, and
/// gets a channel to it when it calls [`connect`] with that name.
///
/// # Errors
///
/// Also if the program ends before it connects.
pub fn start<T>(role: &str) -> Result<(Child, IpcSender<T>)>
where
    T: Serialize + DeserializeOwned + Send + 'static,
{
    let (server, name) = IpcOneShotServer::<Hello<T>>::new()?;
    let mut program = Command::new(env::current_exe()?);
    let child = spawn(program.args([role, &name]))?;
    let id = child.id();
    // `accept` has no time limit, and would wait for a dead program for ever.
    thread::Builder::new().spawn(move || watch::<T>(id, name))?;
    match server.accept()?.1 {
        Hello::Here(sender) => Ok((child, sender)),
        Hello::Gone => {
            child.join()?;
            Err(format!("{role} ended before it connected").into())
        }
    }
}

/// Answers in the program's place, once it has ended. Most often it has
/// connected by then, and nobody listens.
fn watch<T>(id: Pid, name: String)
where
    T: Serialize + DeserializeOwned,
{
    await_end(id);
    if let Ok(server) = IpcSender::<Hello<T>>::connect(name) {
        let _ = server.send(Hello::Gone);
    }
}

/// The other side of [`start`]: what arrives there, this program gets here.
pub fn connect<T>(name: &str) -> io::Result<IpcReceiver<T>>
where
    T: Serialize + DeserializeOwned,
{
    let (sender, receiver) = channel()?;
    let server = IpcSender::connect(name.to_owned())?;
    server.send(Hello::Here(sender)).map_err(into_io)?;
    Ok(receiver)
}

fn into_io(error: IpcError) -> io::Error {
    match error {
        IpcError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}
