//! Start to `/ready` on a data folder that was used, memory when nothing is asked, and the program's
//! size.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::call::{Call, Done};
use crate::gdpr::installation::{Installation, START, said};
use crate::gdpr::{kept, number, runtime, watch::Times};
use crate::load::{Connection, request};
use crate::measure::{count, now};
use crate::postgres::pause;
use crate::process::memory;
use crate::report::Report;

/// Starts of which the median is taken.
const STARTS: usize = 11;
/// Milliseconds to `/ready`, bytes of memory, bytes of the program: at most.
const READY_MAX: f64 = 100.0;
const MEMORY_MAX: u64 = 40 << 20;
const PROGRAM_MAX: u64 = 30 << 20;

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let records = number(call, "--records", if call.short { 2_000 } else { 100_000 })?;
    let mut report = Report::begin(call, "start: to `/ready`, idle memory, size of the program")?;
    let program = crate::kept::program()?;
    let size = std::fs::metadata(&program).map_err(said)?.len();
    let runtime = runtime()?;
    let place = runtime.block_on(used(records / 10))?;
    let policy = place.policy()?;
    let mut times = Times::default();
    let mut held = Vec::new();
    for _ in 0..STARTS {
        let begun = now();
        let mut server = Server::start(&program, (&place.data(), &place.keys(), &policy))?;
        runtime.block_on(server.ready())?;
        times.push(begun.elapsed());
        // What it does when it starts is over by then.
        pause(Duration::from_millis(700));
        held.push(memory(server.child.id(), "VmRSS"));
        server.stop()?;
    }
    held.sort_unstable();
    let memory = held.get(held.len() / 2).copied().unwrap_or(0);
    report.say("");
    report.say(format!(
        "`kept serve` on a data folder with {records} records that came in one by one; the \
         median of {STARTS} starts, from the start of the process to the answer 200 of `/ready`, asked \
         every two milliseconds. Memory is what the process holds 700 ms later."
    ));
    let mib = |it: u64| u32::try_from(it >> 10).map_or(f64::NAN, f64::from) / 1024.0;
    let ready = times.within(500);
    let rows = [
        vec!["start to `/ready`, ms".to_owned(), format!("{ready:.1}")],
        vec!["slowest of them, ms".to_owned(), format!("{:.1}", times.within(1_000))],
        vec!["idle memory, MiB".to_owned(), format!("{:.1}", mib(memory))],
        vec!["program, MiB".to_owned(), format!("{:.1}", mib(size))],
    ];
    report.table(&["what", "found"], &rows);
    report.goal("`/ready` within 100 ms", &format!("{ready:.1} ms"), ready <= READY_MAX);
    let found = format!("{:.1} MiB", mib(memory));
    report.goal("idle memory at most 40 MiB", &found, memory <= MEMORY_MAX);
    let found = format!("{:.1} MiB", mib(size));
    report.goal("program at most 30 MiB", &found, size <= PROGRAM_MAX);
    report.end()
}

/// An installation with records that came in one by one.
async fn used(people: usize) -> Result<crate::gdpr::installation::Place, String> {
    let house = Arc::new(Installation::new(people.max(25), 0).await?);
    kept::load(&kept::Asker::new(Arc::clone(&house), 0).await?, &[]).await?;
    let house = Arc::try_unwrap(house).map_err(|_| "somebody still holds the installation")?;
    let Installation { flows, place, .. } = house;
    flows.close(START).await.map_err(said)?;
    Ok(place)
}

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(program: &Path, (data, keys, policy): (&Path, &Path, &Path)) -> Result<Self, String> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr());
        let address = port.map_err(said)?;
        let mut command = Command::new(program);
        command.arg("serve").arg("--data").arg(data).arg("--keys").arg(keys);
        command.arg("--policy").arg(policy).args(["--listen", &address.to_string()]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { child: command.spawn().map_err(said)?, address })
    }

    async fn ready(&mut self) -> Done {
        let mut ask = Vec::new();
        request(("GET", "/ready"), &[], "", &mut ask);
        for _ in 0..5_000 {
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok((200, _)) = connection.call(&ask).await
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(format!("`kept serve` was not ready within {:.0} s", count(10)))
    }

    fn stop(&mut self) -> Done {
        crate::process::signal("-TERM", self.child.id())?;
        self.child.wait().map(drop).map_err(said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
