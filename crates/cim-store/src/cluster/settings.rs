//! The settings of a private cluster, tuned to the machine it runs on.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::{ClusterOptions, Durability};

const MIB: u64 = 1 << 20;
/// Below this `/dev/shm`, as containers have it, parallel queries would fail.
const SMALL_SHM_BYTES: u64 = 512 * MIB;

/// The text of `cim.conf`, which PostgreSQL reads after its own defaults.
pub(super) fn text(socket_folder: &Path, options: ClusterOptions) -> String {
    let memory_mib = memory_bytes().unwrap_or(2048 * MIB) / MIB;
    let shared_mib = match options.durability {
        Durability::Durable => (memory_mib / 8).clamp(128, 1024),
        Durability::Disposable => 128,
    };
    let mut conf = String::from(
        "# Written by cim at every start: changes here are lost. Yours belong into postgresql.conf below the include.\n",
    );
    let mut set = |name: &str, value: &str| {
        writeln!(conf, "{name} = '{}'", value.replace('\'', "''")).expect("a string can always grow");
    };
    set("listen_addresses", if options.port.is_some() { "127.0.0.1" } else { "" });
    set("port", &options.port.unwrap_or(5432).to_string());
    set("unix_socket_directories", &socket_folder.to_string_lossy());
    set("max_connections", "100");
    set("shared_buffers", &format!("{shared_mib}MB"));
    set("effective_cache_size", &format!("{}MB", (memory_mib / 2).max(256)));
    set("maintenance_work_mem", &format!("{}MB", (memory_mib / 32).clamp(64, 512)));
    set("work_mem", "16MB");
    // A load that builds its indexes after the rows writes no log for them at this level.
    set("wal_level", "minimal");
    set("max_wal_senders", "0");
    set("max_wal_size", "4GB");
    set("checkpoint_timeout", "15min");
    set("checkpoint_completion_target", "0.9");
    set("random_page_cost", "1.1");
    set("jit", "off");
    set("dynamic_shared_memory_type", if shm_is_small() { "mmap" } else { "posix" });
    set("timezone", "UTC");
    set("logging_collector", "on");
    set("log_filename", "postgresql-%a.log");
    set("log_truncate_on_rotation", "on");
    set("log_rotation_age", "1d");
    set("log_rotation_size", "0");
    set("log_checkpoints", "off");
    if options.durability == Durability::Disposable {
        set("fsync", "off");
        set("full_page_writes", "off");
    }
    conf
}

/// The memory that this process may use: the machine's, or the container's if that is less.
fn memory_bytes() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let machine = line.split_whitespace().next()?.parse::<u64>().ok()? * 1024;
    let container =
        fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    Some(machine.min(container.unwrap_or(u64::MAX)))
}

fn shm_is_small() -> bool {
    rustix::fs::statvfs("/dev/shm").map_or(true, |shm| shm.f_blocks * shm.f_frsize < SMALL_SHM_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cluster_listens_on_its_socket_alone_unless_a_port_is_asked_for() {
        let silent = text(Path::new("/run/x"), ClusterOptions::default());
        assert!(silent.contains("listen_addresses = ''\n"), "{silent}");
        assert!(!silent.contains("fsync"), "{silent}");
        let open =
            text(Path::new("/run/x"), ClusterOptions { port: Some(15432), ..ClusterOptions::default() });
        assert!(open.contains("listen_addresses = '127.0.0.1'\nport = '15432'\n"), "{open}");
    }
}
