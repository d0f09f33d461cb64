import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.dag.Pipeline;
import org.apache.flink.client.deployment.executors.PipelineExecutorUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.PipelineExecutor;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;

/** Sends every pipeline straight to one MiniCluster, so that a job's end is seen at once. */
final class MiniClusterExecutor implements PipelineExecutorServiceLoader, PipelineExecutorFactory, PipelineExecutor {
    private final MiniCluster cluster;
    private volatile long submittedAtCpuNanos;

    MiniClusterExecutor(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** The CPU time of the process when the last job was handed to the cluster: after planning, before its first record. */
    long submittedAtCpuNanos() {
        return submittedAtCpuNanos;
    }

    @Override
    public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
        return this;
    }

    @Override
    public Stream<String> getExecutorNames() {
        return Stream.of(getName());
    }

    @Override
    public String getName() {
        return "mini-cluster";
    }

    @Override
    public boolean isCompatibleWith(Configuration configuration) {
        return true;
    }

    @Override
    public PipelineExecutor getExecutor(Configuration configuration) {
        return this;
    }

    @Override
    public CompletableFuture<JobClient> execute(Pipeline pipeline, Configuration configuration, ClassLoader loader)
            throws Exception {
        JobGraph graph = PipelineExecutorUtils.getJobGraph(pipeline, configuration, loader);
        submittedAtCpuNanos = ProcessStats.cpuNanos();
        return cluster.submitJob(graph).thenApply(submitted -> new MiniClusterJobClient(
                submitted.getJobID(), cluster, loader, MiniClusterJobClient.JobFinalizationBehavior.NOTHING));
    }
}
