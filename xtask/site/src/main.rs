//! `cargo xtask site`: writes the pages, checks them, serves them.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use xtask::catalogue::workspace::Workspace;

/// Writes the pages into target/site
#[derive(Debug, Parser)]
#[command(name = "cargo xtask site", bin_name = "cargo xtask site")]
struct Options {
    /// Write nothing: write twice and compare, follow every link and anchor,
    /// compare every recording with its expectation, hold sizes to their limits
    #[arg(long)]
    check: bool,
    /// Serve the pages on 127.0.0.1, on PORT or a free one, until Ctrl-C
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0")]
    serve: Option<u16>,
    /// Draw the README's picture, and nothing else
    #[arg(long)]
    readme: bool,
    /// Write them there instead
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

/// The README's picture, below the root.
const PICTURE: &str = "xtask/site/readme.svg";

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, site::Error> {
    let workspace = Workspace::find()?;
    let picture = workspace.root.join(PICTURE);
    if options.readme {
        site::put(&picture, &site::readme(&workspace)?)?;
        println!("wrote {PICTURE}");
        return Ok(ExitCode::SUCCESS);
    }
    let pages = site::pages(&workspace)?;
    if options.check {
        let mut faults = site::faults(&workspace, &pages)?;
        let drawn = site::readme(&workspace).ok();
        if std::fs::read_to_string(&picture).ok() != drawn {
            faults.push(format!(
                "{PICTURE}: out of date; run: cargo xtask site --readme"
            ));
        }
        for fault in &faults {
            println!("{fault}");
        }
        println!("{} files, {} faults", pages.len(), faults.len());
        return Ok(ExitCode::from(u8::from(!faults.is_empty())));
    }
    let folder = match &options.to {
        Some(folder) => folder.clone(),
        None => workspace.target.join("site"),
    };
    site::write(&pages, &folder)?;
    let size: usize = pages.values().map(Vec::len).sum();
    println!(
        "{} files, {:.1} MB, in {}",
        pages.len(),
        size as f64 / 1e6,
        folder.display()
    );
    if let Some(port) = options.serve {
        site::serve(&pages, port)?;
    }
    Ok(ExitCode::SUCCESS)
}
