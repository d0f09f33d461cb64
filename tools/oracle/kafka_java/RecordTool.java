import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Whole records, with key, partition, timestamp and headers, as JSON lines:
 * {"partition":0,"key":"k","value":"v","timestamp":1704067200000,"headers":[["h","x"]]}; key and value may be null.
 * Arguments: BOOTSTRAP put TOPIC (records on standard input), BOOTSTRAP get TOPIC (committed records to standard
 * output), BOOTSTRAP commit TOPIC GROUP PARTITION OFFSET.
 */
public final class RecordTool {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordTool() {}

    public static void main(String[] args) throws Exception {
        switch (args[1]) {
            case "put": put(args[0], args[2]); break;
            case "get": get(args[0], args[2]); break;
            case "commit": commit(args[0], args[2], args[3], Integer.parseInt(args[4]), Long.parseLong(args[5])); break;
            default: throw new IllegalArgumentException(args[1]);
        }
    }

    private static void put(String bootstrap, String topic) throws Exception {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode record = JSON.readTree(line);
                ProducerRecord<byte[], byte[]> out = new ProducerRecord<>(topic, record.path("partition").asInt(0),
                        record.has("timestamp") ? record.get("timestamp").asLong() : null,
                        bytes(record.path("key")), bytes(record.path("value")));
                for (JsonNode header : record.path("headers")) {
                    out.headers().add(header.get(0).asText(), bytes(header.get(1)));
                }
                producer.send(out).get();
            }
        }
    }

    private static void get(String bootstrap, String topic) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap, "record-tool")) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    ObjectNode line = JSON.createObjectNode();
                    line.put("partition", record.partition());
                    line.put("key", text(record.key()));
                    line.put("value", text(record.value()));
                    line.put("timestamp", record.timestamp());
                    for (Header header : record.headers()) {
                        line.withArray("headers").addArray().add(header.key()).add(text(header.value()));
                    }
                    out.println(line);
                }
            }
        }
        out.flush();
    }

    private static void commit(String bootstrap, String topic, String group, int partition, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap, group)) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset));
            consumer.commitSync(offsets);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap, String group) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("group.id", group);
        settings.put("enable.auto.commit", "false");
        settings.put("isolation.level", "read_committed");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static byte[] bytes(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? null : node.asText().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] data) {
        return data == null ? null : new String(data, StandardCharsets.UTF_8);
    }
}
