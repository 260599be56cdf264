//! Whether there is enough memory, before it is asked for.

use std::fs::read_to_string;

/// What is wrong where so many bytes are needed and the system tells that it has fewer; `None` if
/// they suffice, or nobody knows.
pub(crate) fn lack(bytes: u64) -> Option<String> {
    let available = available()?;
    (bytes > available).then(|| {
        format!(
            "the lattice needs about {} of memory; {} are available here",
            text(bytes),
            text(available)
        )
    })
}

/// So many bytes, for people.
pub(crate) fn text(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        few if few < 1e6 => format!("{:.0} kB", bytes / 1e3),
        some if some < 1e9 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

/// Bytes that a process may take, as the system tells: of the machine, and of the group of
/// processes to which this one belongs.
fn available() -> Option<u64> {
    // What the group uses already is mostly cache, which makes room.
    let group = || -> Option<u64> {
        let limit = read_to_string("/sys/fs/cgroup/memory.max").ok()?;
        limit.trim().parse().ok()
    };
    [free(), group()].into_iter().flatten().min()
}

/// Bytes of the machine that programs may still take, where the system tells it.
pub(crate) fn free() -> Option<u64> {
    let text = read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
