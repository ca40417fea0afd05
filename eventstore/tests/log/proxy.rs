//! A proxy between the store and PostgreSQL that knows when a commit is asked for and cuts there:
//! half of the times before the server sees it, half after the server has answered.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use uuid::Uuid;

const COMMIT: &[u8] = b"COMMIT\0";

pub(crate) struct Proxy {
    dir: PathBuf,
    plan: Arc<Plan>,
}

#[derive(Default)]
struct Plan {
    seen: AtomicUsize,
    left: AtomicUsize,
    before: AtomicUsize,
    after: AtomicUsize,
}

enum Cut {
    Before,
    After,
}

impl Plan {
    /// Every third commit is cut, in turns before and after.
    fn next(&self) -> Option<Cut> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        if seen % 3 != 2 || self.left.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.left.fetch_sub(1, Ordering::Relaxed);
        if seen.is_multiple_of(2) {
            self.before.fetch_add(1, Ordering::Relaxed);
            Some(Cut::Before)
        } else {
            self.after.fetch_add(1, Ordering::Relaxed);
            Some(Cut::After)
        }
    }
}

impl Proxy {
    pub(crate) async fn start(server: &str, cuts: usize) -> Self {
        let dir = std::env::temp_dir().join(format!("dsr-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&dir).unwrap();
        let listener = UnixListener::bind(dir.join(".s.PGSQL.5432")).unwrap();
        let plan = Arc::new(Plan { left: AtomicUsize::new(cuts), ..Plan::default() });
        let server = PathBuf::from(server).join(".s.PGSQL.5432");
        let shared = Arc::clone(&plan);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = UnixStream::connect(&server).await else { continue };
                tokio::spawn(forward(client, server, Arc::clone(&shared)));
            }
        });
        Self { dir, plan }
    }

    pub(crate) fn dir(&self) -> &str {
        self.dir.to_str().unwrap()
    }

    pub(crate) fn cuts_left(&self) -> usize {
        self.plan.left.load(Ordering::Relaxed)
    }

    pub(crate) fn cuts_before_commit(&self) -> usize {
        self.plan.before.load(Ordering::Relaxed)
    }

    pub(crate) fn cuts_after_commit(&self) -> usize {
        self.plan.after.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

/// Passes bytes on, both ways, until an end closes or the plan says to cut.
async fn forward(mut client: UnixStream, mut server: UnixStream, plan: Arc<Plan>) {
    let (mut up, mut down) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut after = false;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(size @ 1..) = read else { return };
                let bytes = &up[..size];
                if bytes.windows(COMMIT.len()).any(|window| window == COMMIT) {
                    match plan.next() {
                        Some(Cut::Before) => return,
                        Some(Cut::After) => after = true,
                        None => {}
                    }
                }
                if server.write_all(bytes).await.is_err() { return }
            }
            read = server.read(&mut down) => {
                let Ok(size @ 1..) = read else { return };
                let bytes = &down[..size];
                // The server has committed; the client never hears of it.
                if after && bytes.windows(COMMIT.len()).any(|window| window == COMMIT) { return }
                if client.write_all(bytes).await.is_err() { return }
            }
        }
    }
}
