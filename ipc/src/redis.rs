use std::env;
use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::child::{Child, spawn_ended_by};
use crate::random_name;

/// How long a server of our own may take to end. It keeps nothing, so there is
/// nothing to write.
const END: Duration = Duration::from_secs(5);

/// A Redis to talk to: somebody's, or one of this program's own.
///
/// Its own listens on a socket in the temporary folder alone, and keeps nothing.
/// It is ended when this is dropped. On Linux also when the thread that started
/// it ends, however that comes: the kernel sends the server SIGTERM, and the
/// server removes its socket.
#[derive(Debug)]
pub struct RedisServer {
    url: String,
    _own: Option<Own>,
}

impl RedisServer {
    /// The server at the URL that follows `--redis` in this program's arguments,
    /// or else one that is started here. `None` where `redis-server` is not on
    /// the PATH.
    ///
    /// # Errors
    ///
    /// Also if the arguments say anything else, or the server ends at once.
    pub fn find() -> io::Result<Option<RedisServer>> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        match &arguments[..] {
            [] => RedisServer::start(),
            [name, url] if name == "--redis" => {
                Ok(Some(RedisServer { url: url.clone(), _own: None }))
            }
            _ => Err(io::Error::other("the only argument is --redis URL")),
        }
    }

    /// Starts a server, and returns when it listens. `None` where there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or ends at once.
    pub fn start() -> io::Result<Option<RedisServer>> {
        let folder = env::temp_dir();
        let socket = folder.join(format!("{}.sock", &random_name()[1..]));
        let mut command = Command::new("redis-server");
        command.args(["--port", "0", "--save", "", "--appendonly", "no"]);
        command.args(["--unixsocketperm", "700", "--unixsocket"]).arg(&socket);
        command.arg("--dir").arg(&folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()); // its log
        let child = match spawn_ended_by(&mut command, Signal::SIGTERM) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            child => child?,
        };
        let url = format!("redis+unix://{}", socket.display());
        let mut own = Own { child, socket };
        while let Err(error) = UnixStream::connect(&own.socket) {
            if let Some(end) = own.child.try_wait()? {
                let why = format!("redis-server: {end:?}, {error}");
                return Err(io::Error::other(why));
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(Some(RedisServer { url, _own: Some(own) }))
    }

    /// What a client connects to.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// A server that this program has started.
#[derive(Debug)]
struct Own {
    child: Child,
    socket: PathBuf,
}

impl Drop for Own {
    fn drop(&mut self) {
        if !self.child.is_ours() {
            return; // a forked process's copy
        }
        let _ = self.child.signal(Signal::SIGTERM);
        if !self.child.ends_within(END).unwrap_or(false) {
            let _ = self.child.signal(Signal::SIGKILL);
        }
        // The child's own drop waits for it. It has removed its socket, but for
        // one that was killed.
        let _ = fs::remove_file(&self.socket);
    }
}
