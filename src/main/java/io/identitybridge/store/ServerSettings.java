package io.identitybridge.store;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the server is told on its command line, which no file in the data directory can override. */
final class ServerSettings {
    private static final long MIB = 1024 * 1024;

    private ServerSettings() {}

    static Map<String, String> of(int port, Durability durability) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", String.valueOf(port));
        settings.put("unix_socket_directories", ""); // a socket's path is limited to about 100 characters
        for (String name : durable()) {
            settings.put(name, durability.setting());
        }
        settings.put("shared_buffers", sharedMebibytes() + "MB");
        settings.put("work_mem", "16MB");
        settings.put("maintenance_work_mem", "128MB");
        settings.put("max_wal_size", "2GB");
        settings.put("max_connections", durability == Durability.FULL ? "100" : "400");
        settings.put("jit", "off");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("log_line_prefix", "");
        settings.put("log_error_verbosity", "terse"); // details hold the values of rows: people
        settings.put("log_min_error_statement", "panic");
        settings.put("log_checkpoints", "off");
        return settings;
    }

    /** The settings that a commit's survival hangs on. */
    static List<String> durable() {
        return List.of("fsync", "synchronous_commit", "full_page_writes");
    }

    /** A sixteenth of the machine's or container's memory, from 64 MiB to 1 GiB. */
    private static long sharedMebibytes() {
        OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Math.clamp(machine.getTotalMemorySize() / 16 / MIB, 64, 1024);
    }
}
