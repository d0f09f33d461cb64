import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkFunctionProvider;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.types.RowKind;

/**
 * The sink 'connector' = 'checksum': adds up a hash of every row, +I and +U positive, -U and -D negative, modulo 2^64. The sum
 * does not depend on the order of rows, nor on how often a result was updated. bench/README.md defines the hash.
 */
public final class ChecksumConnector implements DynamicTableSinkFactory {
    private static final AtomicLong SUM = new AtomicLong();
    private static final AtomicLong ROWS = new AtomicLong();
    private static final AtomicLong INSERTS = new AtomicLong();

    static void reset() {
        SUM.set(0);
        ROWS.set(0);
        INSERTS.set(0);
    }

    /** The sum as 16 hexadecimal digits, then how many rows and how many +I there were; null when no row came. */
    static List<String> result() {
        return ROWS.get() == 0 ? null : List.of(
                String.format("%016x", SUM.get()), String.valueOf(ROWS.get()), String.valueOf(INSERTS.get()));
    }

    @Override
    public String factoryIdentifier() {
        return "checksum";
    }

    @Override
    public Set<ConfigOption<?>> requiredOptions() {
        return Collections.emptySet();
    }

    @Override
    public Set<ConfigOption<?>> optionalOptions() {
        return Collections.emptySet();
    }

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
        FactoryUtil.createTableFactoryHelper(this, context).validate();
        return new Sink(context.getPhysicalRowDataType().getLogicalType().getChildren());
    }

    private static final class Sink implements DynamicTableSink {
        private final List<LogicalType> types;

        Sink(List<LogicalType> types) {
            this.types = types;
        }

        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            return ChangelogMode.all();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return SinkFunctionProvider.of(new Adder(types.toArray(new LogicalType[0])));
        }

        @Override
        public DynamicTableSink copy() {
            return new Sink(types);
        }

        @Override
        public String asSummaryString() {
            return "checksum";
        }
    }

    private static final class Adder extends RichSinkFunction<RowData> {
        private static final long SEED = 0x9E3779B97F4A7C15L;
        private static final long NULL = 0xA5A5A5A5A5A5A5A5L;

        private final LogicalType[] types;
        private long sum;
        private long rows;
        private long inserts;

        Adder(LogicalType[] types) {
            this.types = types;
        }

        @Override
        public void invoke(RowData row, Context context) {
            long hash = SEED;
            for (int i = 0; i < types.length; i++) {
                hash = row.isNullAt(i) ? mix(hash, NULL) : field(hash, row, i);
            }
            boolean adds = row.getRowKind() == RowKind.INSERT || row.getRowKind() == RowKind.UPDATE_AFTER;
            sum += adds ? hash : -hash;
            rows++;
            inserts += row.getRowKind() == RowKind.INSERT ? 1 : 0;
        }

        @Override
        public void close() {
            SUM.addAndGet(sum);
            ROWS.addAndGet(rows);
            INSERTS.addAndGet(inserts);
        }

        private static long mix(long hash, long word) {
            long x = (hash ^ word) * SEED;
            return x ^ (x >>> 32);
        }

        private long field(long hash, RowData row, int i) {
            LogicalType type = types[i];
            switch (type.getTypeRoot()) {
                case BOOLEAN: return mix(hash, row.getBoolean(i) ? 1 : 0);
                case TINYINT: return mix(hash, row.getByte(i));
                case SMALLINT: return mix(hash, row.getShort(i));
                case INTEGER:
                case DATE:
                case TIME_WITHOUT_TIME_ZONE: return mix(hash, row.getInt(i));
                case BIGINT: return mix(hash, row.getLong(i));
                case FLOAT: return mix(hash, Double.doubleToLongBits(row.getFloat(i)));
                case DOUBLE: return mix(hash, Double.doubleToLongBits(row.getDouble(i)));
                case DECIMAL: return decimal(hash, row, i, (DecimalType) type);
                case TIMESTAMP_WITHOUT_TIME_ZONE:
                    return timestamp(hash, row.getTimestamp(i, ((TimestampType) type).getPrecision()));
                case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
                    return timestamp(hash, row.getTimestamp(i, ((LocalZonedTimestampType) type).getPrecision()));
                case CHAR:
                case VARCHAR: return bytes(hash, row.getString(i).toBytes());
                case BINARY:
                case VARBINARY: return bytes(hash, row.getBinary(i));
                default: throw new UnsupportedOperationException("checksum of " + type);
            }
        }

        private static long decimal(long hash, RowData row, int i, DecimalType type) {
            DecimalData value = row.getDecimal(i, type.getPrecision(), type.getScale());
            java.math.BigInteger unscaled = value.toBigDecimal().unscaledValue();
            hash = mix(hash, unscaled.longValue());
            return type.getPrecision() > 18 ? mix(hash, unscaled.shiftRight(64).longValue()) : hash;
        }

        private static long timestamp(long hash, TimestampData value) {
            return mix(mix(hash, value.getMillisecond()), value.getNanoOfMillisecond());
        }

        private static long bytes(long hash, byte[] data) {
            for (int at = 0; at < data.length; at += 8) {
                long word = 0;
                for (int j = Math.min(at + 8, data.length) - 1; j >= at; j--) {
                    word = word << 8 | (data[j] & 0xff);
                }
                hash = mix(hash, word);
            }
            return mix(hash, data.length);
        }
    }
}
