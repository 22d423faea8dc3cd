//! Fides as a process, with PostgreSQL and Redis: installed from `PyPI` into `target/fides`, once.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::call::Done;
use crate::http::forms;
use crate::load::{Connection, request};
use crate::postgres::{Postgres, pause};
use crate::probe::{root, said};
use crate::process::{cpu, memory};
use crate::seed::Seeded;

/// The version that figures are quoted for.
const PACKAGE: &str = "ethyca-fides==2.78.2";
/// Times that it is asked whether it is up, and what lies between: its tables take a while.
const ASKED_MAX: usize = 1_200;
const PAUSE: Duration = Duration::from_millis(100);
/// What it wants to be told: its keys, and that who answers need not prove an address, so that one
/// request is one answer.
const SETTINGS: &[(&str, &str)] = &[
    ("FIDES__DATABASE__SERVER", "127.0.0.1"),
    ("FIDES__DATABASE__USER", "postgres"),
    ("FIDES__DATABASE__PASSWORD", "none"),
    ("FIDES__DATABASE__DB", "postgres"),
    ("FIDES__REDIS__HOST", "127.0.0.1"),
    ("FIDES__REDIS__PASSWORD", ""),
    ("FIDES__SECURITY__APP_ENCRYPTION_KEY", "OLMkv91j8DHiDAULnK5Lxx3kSCov30b3"),
    ("FIDES__SECURITY__OAUTH_ROOT_CLIENT_ID", "bench"),
    ("FIDES__SECURITY__OAUTH_ROOT_CLIENT_SECRET", "benchsecret"),
    ("FIDES__SECURITY__DRP_JWT_SECRET", "benchsecret"),
    ("FIDES__EXECUTION__DISABLE_CONSENT_IDENTITY_VERIFICATION", "true"),
    ("FIDES__USER__ANALYTICS_OPT_OUT", "true"),
    ("FIDES__LOGGING__LEVEL", "WARNING"),
];

/// A server that runs until this is dropped.
pub(super) struct Fides {
    web: Running,
    redis: Running,
    postgres: Postgres,
    pub(super) address: SocketAddr,
    pub(super) version: &'static str,
}

impl Fides {
    /// Installs it where it is not yet, and starts it.
    ///
    /// # Errors
    /// When it cannot be installed or does not come up.
    pub(super) fn start(folder: &Path) -> Result<Self, String> {
        let program = installed()?;
        let postgres = Postgres::start()?;
        let (redis_port, port) = (free_port()?, free_port()?);
        let mut redis = Command::new("redis-server");
        redis.args(["--port", &redis_port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        let redis =
            redis.arg("--dir").arg(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let redis = Running(redis.map_err(|_| "install what Debian calls `redis-server`")?);
        let log = std::fs::File::create(folder.join("fides.log")).map_err(said)?;
        let quiet = log.try_clone().map_err(said)?;
        let mut web = Command::new(program);
        web.args(["webserver", "--port", &port.to_string()]).current_dir(folder);
        web.envs(SETTINGS.iter().copied());
        web.env("FIDES__DATABASE__PORT", postgres.port().to_string());
        web.env("FIDES__REDIS__PORT", redis_port.to_string());
        let web = web.stdin(Stdio::null()).stdout(quiet).stderr(log).spawn().map_err(said)?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let version = PACKAGE.rsplit('=').next().unwrap_or(PACKAGE);
        let fides = Self { web: Running(web), redis, postgres, address, version };
        fides.wait(&folder.join("fides.log"))?;
        Ok(fides)
    }

    fn wait(&self, log: &Path) -> Done {
        let runtime = tokio::runtime::Runtime::new().map_err(said)?;
        let mut get = Vec::new();
        request(("GET", "/health"), &[], "", &mut get);
        for _ in 0..ASKED_MAX {
            let up = runtime.block_on(async {
                let mut to = Connection::open(self.address).await.ok()?;
                to.call(&get).await.ok()
            });
            if up.is_some_and(|(status, _)| status == 200) {
                return Ok(());
            }
            pause(PAUSE);
        }
        Err(format!("Fides did not come up: {}", std::fs::read_to_string(log).unwrap_or_default()))
    }

    /// Opens a request for each person, by which their answers are taken.
    ///
    /// # Errors
    /// When it does not take one.
    pub(super) fn open(&self, seeded: &Seeded) -> Result<Vec<String>, String> {
        let runtime = tokio::runtime::Runtime::new().map_err(said)?;
        runtime.block_on(async {
            let mut to = Connection::open(self.address).await.map_err(said)?;
            let mut ids = Vec::new();
            for person in &seeded.people {
                let body = json!({ "identity": { "email": person.email } }).to_string();
                let mut bytes = Vec::new();
                request(("POST", "/api/v1/consent-request"), &[], &body, &mut bytes);
                let (status, answer) = forms::ask(&mut to, &bytes).await?;
                let id = answer.get("consent_request_id").and_then(|it| it.as_str());
                let id = id.ok_or_else(|| format!("Fides answers {status} {answer}"))?;
                ids.push(id.to_owned());
            }
            Ok(ids)
        })
    }

    /// Seconds of processor time of all its parts.
    pub(super) fn cpu(&self) -> f64 {
        cpu(self.web.0.id()) + cpu(self.redis.0.id()) + self.postgres.cpu()
    }

    /// Bytes of memory of its web server alone.
    pub(super) fn memory(&self) -> u64 {
        memory(self.web.0.id(), "VmRSS")
    }
}

/// A program that is ended when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The program, installed where it is not there.
fn installed() -> Result<PathBuf, String> {
    let folder = root().join("target/fides/venv");
    let program = folder.join("bin/fides");
    if program.exists() {
        return Ok(program);
    }
    println!("installing {PACKAGE}: some minutes and 800 MB below `target/`");
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/pip")).args(["install", "-q", PACKAGE]))?;
    Ok(program)
}

fn run(command: &mut Command) -> Done {
    let ended = command.status().map_err(|it| format!("{command:?}: {it}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{command:?} ended {ended}")) }
}

fn free_port() -> Result<u16, String> {
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr());
    address.map(|it| it.port()).map_err(said)
}
