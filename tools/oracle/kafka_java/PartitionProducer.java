import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the lines of the n-th file to partition n of a topic, in order. Arguments: bootstrap servers, topic, files. */
public final class PartitionProducer {
    private PartitionProducer() {}

    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("linger.ms", "20");
        settings.put("batch.size", "262144");
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < args.length - 2; partition++) {
                try (BufferedReader lines = Files.newBufferedReader(Path.of(args[partition + 2]))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        byte[] value = line.getBytes(StandardCharsets.UTF_8);
                        producer.send(new ProducerRecord<>(args[1], partition, null, value), (sent, error) -> {
                            if (error != null) {
                                failure.compareAndSet(null, error);
                            }
                        });
                    }
                }
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
