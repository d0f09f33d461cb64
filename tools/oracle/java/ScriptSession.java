import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.api.internal.TableResultInternal;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.utils.print.RowDataToStringConverter;
import org.apache.flink.util.CloseableIterator;

/** One script: its table environment, its statements one after another, its rows and timings as NDJSON. */
final class ScriptSession {
    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "timer");
        thread.setDaemon(true);
        return thread;
    });

    private final MiniCluster cluster;
    private final MiniClusterExecutor executor;
    private final Map<String, String> conf;
    private final ScriptOptions options;
    private final NdjsonWriter out;
    private boolean batch;
    private StreamTableEnvironment tables;
    private boolean onlySetSoFar = true;

    ScriptSession(MiniCluster cluster, Map<String, String> conf, ScriptOptions options, boolean batch, NdjsonWriter out) {
        this.cluster = cluster;
        this.executor = new MiniClusterExecutor(cluster);
        this.conf = conf;
        this.options = options;
        this.batch = batch;
        this.out = out;
        this.tables = newTables();
    }

    private StreamTableEnvironment newTables() {
        Configuration configuration = Configuration.fromMap(conf);
        configuration.set(DeploymentOptions.TARGET, executor.getName());
        configuration.set(DeploymentOptions.ATTACHED, true);
        StreamExecutionEnvironment streams =
                new StreamExecutionEnvironment(executor, configuration, ScriptSession.class.getClassLoader());
        EnvironmentSettings.Builder settings = EnvironmentSettings.newInstance().withConfiguration(configuration);
        return StreamTableEnvironment.create(
                streams, (batch ? settings.inBatchMode() : settings.inStreamingMode()).build());
    }

    /** Gives the number of failed statements. */
    int run(String script) throws Exception {
        int failures = 0;
        List<String> statements = ScriptSplitter.split(script);
        for (int i = 0; i < statements.size() && (failures == 0 || options.keepGoing); i++) {
            try {
                execute(i, statements.get(i));
            } catch (Throwable failure) {
                failures++;
                List<String> chain = new ArrayList<>();
                for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                    chain.add(cause.getClass().getName() + ": " + cause.getMessage());
                }
                out.object("statement", i, "done", false, "sql", summary(statements.get(i)), "mode", mode(), "error", chain);
            }
            out.flush();
        }
        return failures;
    }

    private String mode() {
        return batch ? "batch" : "streaming";
    }

    private void execute(int index, String sql) throws Exception {
        Operation operation = ((TableEnvironmentInternal) tables).getParser().parse(sql).get(0);
        if (operation instanceof SetOperation) {
            set((SetOperation) operation);
            out.object("statement", index, "done", true, "sql", summary(sql));
            return;
        }
        if (operation instanceof ResetOperation) {
            Configuration configuration = tables.getConfig().getConfiguration();
            Optional<String> key = ((ResetOperation) operation).getKey();
            if (key.isPresent()) {
                configuration.removeKey(key.get());
            } else {
                new ArrayList<>(configuration.keySet()).forEach(configuration::removeKey);
            }
            out.object("statement", index, "done", true, "sql", summary(sql));
            return;
        }
        onlySetSoFar = false;
        boolean repeatable = operation instanceof QueryOperation
                || operation.getClass().getSimpleName().matches("SinkModifyOperation|StatementSetOperation");
        int runs = repeatable ? options.repeat : 1;
        for (int run = 1; run <= runs; run++) {
            execute(index, sql, operation instanceof QueryOperation, run, run == runs);
        }
    }

    private void set(SetOperation operation) {
        if (operation.getKey().isEmpty()) {
            return; // a bare SET lists the options
        }
        String key = operation.getKey().get();
        String value = operation.getValue().get();
        if (!key.equals("execution.runtime-mode")) {
            tables.getConfig().set(key, value);
            return;
        }
        if (!onlySetSoFar) {
            throw new IllegalStateException("SET 'execution.runtime-mode' must come before other statements");
        }
        batch = value.equalsIgnoreCase("batch");
        Map<String, String> kept = tables.getConfig().getConfiguration().toMap();
        tables = newTables();
        kept.remove(key);
        kept.forEach((k, v) -> tables.getConfig().set(k, v));
    }

    private void execute(int index, String sql, boolean query, int run, boolean emit) throws Exception {
        if (options.repeat > 1) {
            System.gc();
        }
        ProcessStats.resetPeak();
        long cpu = ProcessStats.cpuNanos();
        long start = System.nanoTime();
        AtomicBoolean stopped = new AtomicBoolean();
        ChecksumConnector.reset();
        TableResultInternal result = (TableResultInternal) tables.executeSql(sql);
        Optional<JobClient> client = result.getJobClient();
        boolean hasRows = query || client.isEmpty();
        if (options.timeoutSeconds > 0 && client.isPresent()) {
            TIMER.schedule(() -> {
                stopped.set(true);
                client.get().cancel();
            }, (long) (options.timeoutSeconds * 1000), TimeUnit.MILLISECONDS);
        }
        Map<String, Long> kinds = new TreeMap<>();
        try {
            if (hasRows) {
                rows(index, result, kinds, emit, stopped);
            } else {
                result.await();
            }
        } catch (Exception failure) {
            if (!stopped.get()) {
                throw failure;
            }
        }
        Double jobSeconds = null;
        Double jobCpu = null;
        if (client.isPresent() && !stopped.get()) {
            jobSeconds = client.get().getJobExecutionResult().get().getNetRuntime(TimeUnit.MILLISECONDS) / 1e3;
            jobCpu = (ProcessStats.cpuNanos() - executor.submittedAtCpuNanos()) / 1e9;
        }
        double wall = (System.nanoTime() - start) / 1e9;
        double used = (ProcessStats.cpuNanos() - cpu) / 1e9;
        ResolvedSchema schema = result.getResolvedSchema();
        List<String> types = new ArrayList<>();
        schema.getColumnDataTypes().forEach(type -> types.add(type.getLogicalType().asSerializableString()));
        out.object("statement", index, "done", true, "sql", summary(sql), "mode", mode(), "run", run,
                "job", client.isPresent(), "stopped", stopped.get(),
                "columns", hasRows ? schema.getColumnNames() : null, "types", hasRows ? types : null,
                "rows", hasRows ? kinds.values().stream().mapToLong(Long::longValue).sum() : null,
                "changelog", hasRows ? kinds : null, "checksum", ChecksumConnector.result(),
                "job_s", jobSeconds, "job_cpu_s", jobCpu, "wall_s", wall, "cpu_s", used,
                "peak_rss_mb", ProcessStats.peakMegabytes());
    }

    private void rows(int index, TableResultInternal result, Map<String, Long> kinds, boolean emit, AtomicBoolean stopped)
            throws Exception {
        RowDataToStringConverter text = result.getRowDataToStringConverter();
        long rows = 0;
        try (CloseableIterator<RowData> iterator = result.collectInternal()) {
            while (rows < options.maxRows && iterator.hasNext()) {
                RowData row = iterator.next();
                String kind = row.getRowKind().shortString();
                kinds.merge(kind, 1L, Long::sum);
                rows++;
                if (emit) {
                    String[] fields = text.convert(row);
                    for (int i = 0; i < fields.length; i++) {
                        fields[i] = row.isNullAt(i) ? null : fields[i];
                    }
                    out.row(index, kind, fields);
                }
            }
            if (rows == options.maxRows) {
                stopped.set(true);
            }
        }
    }

    private static String summary(String sql) {
        String flat = sql.replaceAll("\\s+", " ").trim();
        return flat.length() > 120 ? flat.substring(0, 120) : flat;
    }
}
