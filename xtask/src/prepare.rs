//! Installs what the tests need on a new Debian machine: packages, the browser's driver, an outside
//! verifier's libraries, nextest. What is there already is left as it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::run::{Stop, answers, cargo, finish, is_root, say};

/// Debian packages, with the program or file by which each is known to be there.
const PACKAGES: &[(&str, &str)] = &[
    ("chromium", "/usr/bin/chromium"),
    ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    ("postgresql", "/usr/lib/postgresql"),
    ("patroni", "/usr/bin/patroni"),
    ("etcd-server", "/usr/bin/etcd"),
    ("procps", "/usr/bin/pgrep"),
];

/// A package that installs a server would start it. Tests start their own, on ports of their own: so
/// for as long as we install, Debian is told to start nothing.
const INSTALL: &str = r#"
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@" > /dev/null
"#;

/// Where npm's and pip's packages are declared, and where pip's go.
const BROWSER: &str = "e2e";
const VERIFIER: &str = "e2e/verify/requirements.txt";
const VENV: &str = "target/venv";

/// Brings the machine to where every test can run.
pub(crate) fn machine(root: &Path) -> Result<(), Stop> {
    packages()?;
    browser(root)?;
    verifier(root)?;
    if !answers("cargo-nextest", &["nextest", "--version"]) {
        say("installing cargo-nextest");
        finish(cargo(root).args(["install", "cargo-nextest", "--locked", "--quiet"]))?;
    }
    Ok(())
}

fn packages() -> Result<(), Stop> {
    let absent = PACKAGES.iter().filter(|(_, sign)| !Path::new(sign).exists());
    let mut missing: Vec<&str> = absent.map(|(package, _)| *package).collect();
    if !answers("node", &["--version"]) || !answers("npm", &["--version"]) {
        missing.extend(["nodejs", "npm"]);
    }
    if !answers("python3", &["-c", "import ensurepip, venv"]) {
        missing.extend(["python3", "python3-venv"]);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !answers("apt-get", &["--version"]) {
        return Err(Stop::because(format!("install by hand what Debian calls `{list}`")));
    }
    say(&format!("installing {list}"));
    let mut command = if is_root() {
        Command::new("sh")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("sh");
        sudo
    };
    command.args(["-c", INSTALL, "install"]).args(&missing);
    finish(&mut command)
        .map_err(|_| Stop::because(format!("install by hand: apt-get install {list}")))
}

/// `npm ci`, when what is there is not what the lock file says.
fn browser(root: &Path) -> Result<(), Stop> {
    let folder = root.join(BROWSER);
    let stamp = folder.join("node_modules/.locked");
    if !folder.join("package-lock.json").exists() || same(&folder.join("package-lock.json"), &stamp)
    {
        return Ok(());
    }
    say("installing the browser's driver");
    // The driver would fetch a browser of its own; Debian's is used.
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
    finish(command.current_dir(&folder))?;
    remember(&folder.join("package-lock.json"), &stamp)
}

/// Libraries that we did not write, for the verifier that we did not share code with.
fn verifier(root: &Path) -> Result<(), Stop> {
    let wanted = root.join(VERIFIER);
    let stamp = root.join(VENV).join("requirements.txt");
    if !wanted.exists() || same(&wanted, &stamp) {
        return Ok(());
    }
    say("installing the verifier's libraries");
    finish(Command::new("python3").args(["-m", "venv", VENV]).current_dir(root))?;
    let pip = root.join(VENV).join("bin/pip");
    let mut command = Command::new(pip);
    command.args(["install", "--quiet", "--disable-pip-version-check", "-r", VERIFIER]);
    finish(command.current_dir(root))?;
    remember(&wanted, &stamp)
}

fn same(wanted: &Path, stamp: &Path) -> bool {
    fs::read(stamp).is_ok_and(|there| fs::read(wanted).is_ok_and(|it| it == there))
}

fn remember(wanted: &Path, stamp: &Path) -> Result<(), Stop> {
    let copied = fs::copy(wanted, stamp);
    copied
        .map(|_| ())
        .map_err(|error| Stop::because(format!("make `{}` writable: {error}", stamp.display())))
}
