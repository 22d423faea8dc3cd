//! The script for other people's pages: its bytes over the line, beside the banners of others. Their
//! packages come from the public registry of npm into `target/`; `node` squeezes all of them alike.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::probe::{root, said};
use crate::report::Report;

/// Bytes over the line, at most.
const GOAL: u64 = 5_000;

/// A peer: its package, and the files that a page loads of it, the first that are there.
struct Peer {
    name: &'static str,
    package: &'static str,
    files: &'static [&'static str],
}

const PEERS: &[Peer] = &[
    Peer {
        name: "vanilla-cookieconsent",
        package: "vanilla-cookieconsent@3.1.0",
        files: &["dist/cookieconsent.umd.js", "dist/cookieconsent.css"],
    },
    Peer { name: "Klaro", package: "klaro@0.7.22", files: &["dist/klaro.js"] },
    Peer {
        name: "Osano's open banner",
        package: "cookieconsent@3.1.1",
        files: &["build/cookieconsent.min.js", "build/cookieconsent.min.css"],
    },
];

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "script: bytes over the line")?;
    // The styles stand in the script.
    let own = [root().join("web/dist/kept.min.js")];
    let ours = squeezed(&own)?;
    let mut sides = vec![("kept".to_owned(), ours, plain(&own)?)];
    let mut absent = Vec::new();
    for peer in PEERS {
        match fetched(peer) {
            Ok(files) => sides.push((peer.package.to_owned(), squeezed(&files)?, plain(&files)?)),
            Err(why) => absent.push(format!("{}: {why}", peer.name)),
        }
    }
    report.say("");
    report.say(
        "Script and styles that a page loads, each file squeezed with brotli at its highest level, \
         added up. Ours also collects events; none of the others does. Klaro has its styles in its \
         script, as ours.",
    );
    for why in &absent {
        report.say(format!("Not measured: {why}."));
    }
    let times = |it: u64| f64::from(u32::try_from(it).unwrap_or(0)) / f64::from(low(ours));
    let rows = sides.iter().map(|(name, bytes, plain)| {
        let times = format!("{:.2}", times(*bytes));
        vec![name.clone(), bytes.to_string(), plain.to_string(), times]
    });
    let columns = ["side", "bytes, brotli", "bytes, plain", "times ours"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    report.goal("at most 5 kB", &format!("{ours} bytes"), ours <= GOAL);
    let bars: Vec<Bar> = sides
        .iter()
        .map(|(name, bytes, _)| Bar {
            label: name.clone(),
            value: f64::from(low(*bytes)),
            note: format!("{bytes} bytes"),
            ours: name == "kept",
        })
        .collect();
    let axis = "bytes over the line, brotli; less is better";
    report.chart("script", &Chart { title: "The script of a page", axis, bars: &bars })?;
    report.end()
}

fn low(it: u64) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

fn plain(files: &[PathBuf]) -> Result<u64, String> {
    files.iter().map(|it| std::fs::metadata(it).map(|it| it.len()).map_err(said)).sum()
}

/// Bytes of the files, each squeezed by itself as a server sends it.
fn squeezed(files: &[PathBuf]) -> Result<u64, String> {
    let program = "const z=require('zlib'),f=require('fs');let n=0;for(const p of process.argv.slice(1))\
                   n+=z.brotliCompressSync(f.readFileSync(p),{params:{[z.constants.BROTLI_PARAM_QUALITY]:11,\
                   [z.constants.BROTLI_PARAM_LGWIN]:22}}).length;console.log(n)";
    let output = Command::new("node").arg("-e").arg(program).args(files).output().map_err(said)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.trim().parse().map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A peer's files, fetched once.
fn fetched(peer: &Peer) -> Result<Vec<PathBuf>, String> {
    let dir = root().join("target/bench/npm").join(peer.package.replace(['@', '/'], "-"));
    if !dir.join("package").exists() {
        std::fs::create_dir_all(&dir).map_err(said)?;
        run(Command::new("npm").args(["pack", "--silent", peer.package]).current_dir(&dir))?;
        let archive = archive(&dir)?;
        run(Command::new("tar").arg("xzf").arg(archive).current_dir(&dir))?;
    }
    let paths: Vec<PathBuf> = peer.files.iter().map(|it| dir.join("package").join(it)).collect();
    match paths.iter().find(|it| !it.exists()) {
        Some(none) => Err(format!("`{}` is not in the package", none.display())),
        None => Ok(paths),
    }
}

fn archive(dir: &Path) -> Result<PathBuf, String> {
    let entries = std::fs::read_dir(dir).map_err(said)?;
    let mut paths = entries.flatten().map(|it| it.path());
    let found = paths.find(|it| it.extension().is_some_and(|it| it == "tgz"));
    found.ok_or_else(|| "the registry gave no package".to_owned())
}

fn run(command: &mut Command) -> Done {
    let ended = command.status().map_err(|it| format!("{command:?}: {it}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{command:?} ended {ended}")) }
}
