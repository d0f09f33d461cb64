import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * Runs SQL scripts one after another in one Flink MiniCluster in this JVM, each script in a session of its own.
 * Arguments: options as flink_run.py passes them; --list names a file with one job a line: script, output, mode
 * ("streaming" or "batch"), separated by tabs. Exit code 1 when a statement failed.
 */
public final class FlinkRun {
    private FlinkRun() {}

    public static void main(String[] args) {
        int code;
        try {
            code = run(args);
        } catch (Throwable failure) {
            failure.printStackTrace();
            code = 2;
        }
        System.exit(code); // Flink leaves threads behind
    }

    private static int run(String[] args) throws Exception {
        ScriptOptions options = new ScriptOptions();
        Map<String, String> conf = new LinkedHashMap<>();
        List<String[]> jobs = new ArrayList<>();
        int parallelism = 1;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--keep-going": options.keepGoing = true; break;
                case "--parallelism": parallelism = Integer.parseInt(args[++i]); break;
                case "--repeat": options.repeat = Integer.parseInt(args[++i]); break;
                case "--max-rows": options.maxRows = Long.parseLong(args[++i]); break;
                case "--timeout": options.timeoutSeconds = Double.parseDouble(args[++i]); break;
                case "--list":
                    for (String line : Files.readAllLines(Path.of(args[++i]))) {
                        jobs.add(line.split("\t"));
                    }
                    break;
                case "--conf":
                    String[] pair = args[++i].split("=", 2);
                    conf.put(pair[0], pair[1]);
                    break;
                default: throw new IllegalArgumentException(args[i]);
            }
        }
        PrintStream standardOutput = System.out;
        System.setOut(System.err); // keeps what the `print` connector writes out of the NDJSON
        int failures = 0;
        try (MiniCluster cluster = start(conf, parallelism)) {
            for (String[] job : jobs) {
                try (NdjsonWriter out = NdjsonWriter.open(job[1], standardOutput)) {
                    ScriptSession session = new ScriptSession(cluster, conf, options, job[2].equals("batch"), out);
                    failures += session.run(Files.readString(Path.of(job[0])));
                }
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private static MiniCluster start(Map<String, String> conf, int parallelism) throws Exception {
        conf.putIfAbsent("parallelism.default", String.valueOf(parallelism));
        conf.putIfAbsent("taskmanager.numberOfTaskSlots", String.valueOf(parallelism));
        conf.putIfAbsent("taskmanager.memory.managed.size", "256m");
        conf.putIfAbsent("taskmanager.memory.network.min", "128m");
        conf.putIfAbsent("taskmanager.memory.network.max", "128m");
        conf.putIfAbsent("rest.bind-port", "0");
        conf.putIfAbsent("rest.address", "127.0.0.1");
        conf.putIfAbsent("rest.bind-address", "127.0.0.1");
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(Configuration.fromMap(conf))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(Integer.parseInt(conf.get("taskmanager.numberOfTaskSlots")))
                .build());
        cluster.start();
        return cluster;
    }
}
