//! Message queue: the kernel keeps the messages, the urgent ones first.
//!
//! Python: none, its standard library has no POSIX message queues (the package
//! `posix_ipc` has).
//! Notes: N0:909.
//!
//! A POSIX message queue has a name, a number of places and a largest message
//! size. Messages stay whole. The highest priority comes out first, and among
//! equals the oldest; `multiprocessing.Queue` and pipes have no priorities. A
//! sender waits while all places are taken. Reach for it where small urgent
//! orders must overtake others, between programs that only know the name.
//!
//! The queue outlives all processes until it is unlinked, so a destructor
//! unlinks it here. Its size is limited for each user: a few places are enough.
//! Linux has these queues and macOS has not, so this is skipped there. (Longer
//! than a screen: half of it sets the queue up and takes it down.)
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! main: 4 places, 4 messages are in, there by name: true
//! sender: finds room for a fifth: false, waits for it
//! @lanes
//! receiver: opens the queue by its name and takes  #takes
//! receiver: urgent, priority 9
//! receiver: first, priority 5
//! receiver: second, priority 5
//! receiver: low, priority 1
//! receiver: fifth, priority 0
//! sender: the fifth is in  #in
//! @end
//! @before takes in
//! main: both have ended, messages left: 0
//! main: unlinked it, there by name: false
//! ```
//!
//! Break it: `const PLACES: i64 = 4` => `const PLACES: i64 = 5`
//! Break it: `("urgent", 9)` => `("urgent", 4)`
//! Break it: `drop(name)` => `let _kept = &name`

fn main() -> ipc::Result<()> {
    #[cfg(target_os = "linux")]
    return linux::run();
    #[cfg(not(target_os = "linux"))]
    {
        println!("main: skipped, there are no POSIX message queues here");
        Ok(())
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, PipeWriter, Read, Write};
    use std::process::Command;
    use std::{env, str};

    use ipc::Result;
    use nix::errno::Errno;
    use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_getattr, mq_open};
    use nix::mqueue::{mq_receive, mq_remove_nonblock, mq_send, mq_unlink};
    use nix::sys::stat::Mode;

    const PLACES: i64 = 4;
    const SIZE: usize = 16;

    pub(super) fn run() -> Result<()> {
        if let Some(name) = env::args().nth(1) {
            return receive(&name);
        }
        let (name, queue) = create()?;
        let messages = [("low", 1), ("first", 5), ("urgent", 9), ("second", 5)];
        for (text, priority) in messages {
            mq_send(&queue, text.as_bytes(), priority)?;
        }
        let about = mq_getattr(&queue)?;
        let (places, count) = (about.maxmsg(), about.curmsgs());
        let there = is_there(&name.0)?;
        println!(
            "main: {places} places, {count} messages are in, \
             there by name: {there}"
        );

        let (mut waits, say) = io::pipe()?;
        let sender = ipc::fork(|| send(&name.0, say))?;
        waits.read_exact(&mut [0])?;
        let mut program = Command::new(env::current_exe()?);
        let receiver = ipc::spawn(program.arg(&name.0))?;
        ipc::wait_all([sender, receiver])?;
        let left = mq_getattr(&queue)?.curmsgs();
        println!("main: both have ended, messages left: {left}");

        let path = name.0.clone();
        drop(name);
        println!("main: unlinked it, there by name: {}", is_there(&path)?);
        Ok(())
    }

    fn send(name: &str, mut say: PipeWriter) -> Result<()> {
        // Opened anew: whether a call waits is a flag of what was opened.
        let queue = open(name, MQ_OFlag::O_WRONLY | MQ_OFlag::O_NONBLOCK)?;
        let room = match mq_send(&queue, b"fifth", 0) {
            Err(Errno::EAGAIN) => false,
            sent => sent.map(|()| true)?,
        };
        println!("sender: finds room for a fifth: {room}, waits for it");
        say.write_all(b"!")?;
        mq_remove_nonblock(&queue)?;
        mq_send(&queue, b"fifth", 0)?;
        println!("sender: the fifth is in");
        Ok(())
    }

    fn receive(name: &str) -> Result<()> {
        let queue = open(name, MQ_OFlag::O_RDONLY)?;
        println!("receiver: opens the queue by its name and takes");
        let (mut message, mut priority) = ([0; SIZE], 0);
        for _ in 0..5 {
            let size = mq_receive(&queue, &mut message, &mut priority)?;
            let text = str::from_utf8(&message[..size])?;
            println!("receiver: {text}, priority {priority}");
        }
        Ok(())
    }

    /// The queue's name, unlinked at the latest when this is dropped.
    struct Name(String);

    impl Drop for Name {
        fn drop(&mut self) {
            let _ = mq_unlink(self.0.as_str());
        }
    }

    fn create() -> nix::Result<(Name, MqdT)> {
        let name = ipc::random_name();
        let new = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
        let rights = Mode::S_IRUSR | Mode::S_IWUSR;
        let attributes = MqAttr::new(0, PLACES, SIZE as i64, 0);
        let queue = mq_open(name.as_str(), new, rights, Some(&attributes))?;
        Ok((Name(name), queue)) // only what was made here is unlinked
    }

    fn open(name: &str, how: MQ_OFlag) -> nix::Result<MqdT> {
        mq_open(name, how, Mode::empty(), None)
    }

    fn is_there(name: &str) -> nix::Result<bool> {
        match open(name, MQ_OFlag::O_RDONLY) {
            Err(Errno::ENOENT) => Ok(false),
            opened => opened.map(|_| true),
        }
    }
}
