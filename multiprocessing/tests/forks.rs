//! What forks: barrier, peak and zygote. Whoever forks should have one thread, so
//! these run one after the other in `main`, without the usual harness.

use std::error::Error;
use std::fs;
use std::io::{Read, Write, pipe};

use ipc::Result;
use multiprocessing::{Barrier, Peak, Zygote};
use nix::sys::signal::{Signal, raise};

/// All meet, and each is told how many.
fn a_barrier() -> Result<()> {
    let all_here = Barrier::new(4)?;
    let (mut told, tell) = pipe()?;
    let mut children = Vec::new();
    for _ in 0..4 {
        let (all_here, mut tell) = (&all_here, &tell);
        children.push(ipc::fork(move || {
            let met = all_here.wait()?;
            Ok(tell.write_all(&met.to_ne_bytes())?)
        })?);
    }
    assert_eq!(ipc::wait_all(children)?, 4);
    drop(tell);
    let mut bytes = Vec::new();
    told.read_to_end(&mut bytes)?;
    let four: Vec<u8> = [4_u32; 4].map(u32::to_ne_bytes).concat();
    assert_eq!(bytes, four);
    let error = all_here.wait().expect_err("it is for one meeting");
    assert!(error.to_string().contains("more have come"), "{error}");
    Ok(())
}

/// The most inside at one time, over processes.
fn a_peak() -> Result<()> {
    let peak = Peak::new()?;
    let all_here = Barrier::new(3)?;
    let mut children = Vec::new();
    for _ in 0..3 {
        children.push(ipc::fork(|| {
            peak.enter();
            all_here.wait()?;
            peak.leave();
            Ok(())
        })?);
    }
    ipc::wait_all(children)?;
    assert_eq!(peak.most(), 3);
    peak.enter();
    assert_eq!(peak.most(), 3, "all had left");
    Ok(())
}

/// Requests are done one by one, in children of the server, not of ours.
fn a_zygote() -> Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    let path = file.path().to_owned();
    let mut server = Zygote::start(move |request| {
        let mut file = fs::File::options().append(true).open(&path)?;
        writeln!(file, "{request} {}", nix::unistd::getppid())?;
        match request {
            "fail" => Err("it was asked to".into()),
            "die" => Ok(raise(Signal::SIGKILL)?),
            "panic" => std::panic::resume_unwind(Box::new("asked to")),
            _ => Ok(()),
        }
    })?;
    let failure = |outcome: Result<()>| outcome.expect_err("it has failed");
    server.run("one")?;
    assert!(failure(server.run("fail")).to_string().ends_with("with 1"));
    assert!(failure(server.run("die")).to_string().contains("SIGKILL"));
    assert!(failure(server.run("panic")).to_string().ends_with("with 101"));
    assert!(failure(server.run("two\nlines")).to_string().contains("one line"));
    assert!(server.run(&"x".repeat(5000)).is_err());
    server.run("two")?; // it has outlived all of that
    server.end()?;
    let text = fs::read_to_string(file.path())?;
    let lines: Vec<(&str, &str)> =
        text.lines().filter_map(|line| line.split_once(' ')).collect();
    let requests: Vec<&str> = lines.iter().map(|line| line.0).collect();
    assert_eq!(requests, ["one", "fail", "die", "panic", "two"]);
    assert!(lines.iter().all(|line| line.1 == lines[0].1), "{text}");
    assert_ne!(lines[0].1, std::process::id().to_string());
    Ok(())
}

type Test = fn() -> Result<()>;

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let tests: [(&str, Test); 3] =
        [("a_barrier", a_barrier), ("a_peak", a_peak), ("a_zygote", a_zygote)];
    for (name, test) in tests {
        test()?;
        println!("test {name} ... ok");
    }
    Ok(())
}
