//! Message queue: the kernel keeps the messages, the urgent ones first.
//!
//! Python: none, its standard library has no message queues of the kernel's.
//! Notes: N0:905.
//!
//! A POSIX message queue has a name, a number of places and a largest size.
//! Messages stay whole; the highest priority comes out first, of equals the
//! oldest. `multiprocessing.Queue`, a pipe, has no priorities. A sender waits
//! while all places are taken. Reach for it where small orders must overtake
//! others, between programs that know only the name. (Half of this one sets the
//! queue up.)
//!
//! The queue outlives all processes until it is unlinked, so the name carries
//! the pid, and a destructor unlinks it. It is Linux's; macOS has none, and
//! there this is skipped.
//!
//! ```text,expect
//! main: 4 messages are in, full: true
//! @lanes
//! sender: sends a fifth, waits for room
//! sender: the fifth is in  #in
//! receiver: opens the queue by its name and takes  #takes
//! receiver: urgent, priority 9
//! receiver: first, priority 5
//! receiver: second, priority 5
//! receiver: low, priority 1
//! receiver: fifth, priority 0
//! @end
//! @before takes in
//! main: unlinked it, there by name: false
//! ```
//!
//! Break it: `const PLACES: i64 = 4` => `const PLACES: i64 = 5`
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
    use std::process::{self, Command};
    use std::{env, str};

    use ipc::Result;
    use nix::errno::Errno;
    use nix::mqueue::{MQ_OFlag, MqAttr, MqdT, mq_open, mq_receive, mq_send};
    use nix::mqueue::{mq_remove_nonblock, mq_set_nonblock, mq_unlink};
    use nix::sys::stat::Mode;

    const PLACES: i64 = 4;
    const SIZE: usize = 16;

    /// The queue's name, unlinked at the latest when this is dropped.
    struct Name(String);

    impl Drop for Name {
        fn drop(&mut self) {
            let _ = mq_unlink(self.0.as_str());
        }
    }

    pub(super) fn run() -> Result<()> {
        if let Some(name) = env::args().nth(1) {
            return receive(&name);
        }
        let name = Name(format!("/ipc-{}", process::id()));
        let queue = create(&name.0)?;
        let messages = [("low", 1), ("first", 5), ("urgent", 9), ("second", 5)];
        for (text, priority) in messages {
            mq_send(&queue, text.as_bytes(), priority)?;
        }
        mq_set_nonblock(&queue)?;
        let full = mq_send(&queue, b"fifth", 0) == Err(Errno::EAGAIN);
        println!("main: 4 messages are in, full: {full}");
        mq_remove_nonblock(&queue)?;

        let sender = ipc::fork(|| {
            println!("sender: sends a fifth, waits for room");
            mq_send(&queue, b"fifth", 0)?;
            println!("sender: the fifth is in");
            Ok(())
        })?;
        let mut program = Command::new(env::current_exe()?);
        let receiver = ipc::spawn(program.arg(&name.0))?;
        ipc::wait_all([sender, receiver])?;

        let path = name.0.clone();
        drop(name);
        let there = open(&path).is_ok();
        println!("main: unlinked it, there by name: {there}");
        Ok(())
    }

    fn create(name: &str) -> nix::Result<MqdT> {
        let _ = mq_unlink(name); // left by a dead namesake, if at all
        let new = MQ_OFlag::O_CREAT | MQ_OFlag::O_EXCL | MQ_OFlag::O_RDWR;
        let rights = Mode::S_IRUSR | Mode::S_IWUSR;
        let attributes = MqAttr::new(0, PLACES, SIZE as i64, 0);
        mq_open(name, new, rights, Some(&attributes))
    }

    fn open(name: &str) -> nix::Result<MqdT> {
        mq_open(name, MQ_OFlag::O_RDONLY, Mode::empty(), None)
    }

    fn receive(name: &str) -> Result<()> {
        let queue = open(name)?;
        println!("receiver: opens the queue by its name and takes");
        let (mut message, mut priority) = ([0; SIZE], 0);
        for _ in 0..5 {
            let size = mq_receive(&queue, &mut message, &mut priority)?;
            let text = str::from_utf8(&message[..size])?;
            println!("receiver: {text}, priority {priority}");
        }
        Ok(())
    }
}
