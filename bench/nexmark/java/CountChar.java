package com.github.nexmark.flink.udf;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.apache.flink.table.functions.ScalarFunction;

/** Nexmark q14's count_char(text, c): how many bytes of text equal the first byte of c; 0 for NULL. */
public final class CountChar extends ScalarFunction {
    public @DataTypeHint("BIGINT NOT NULL") long eval(
            @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData text,
            @DataTypeHint(value = "STRING", bridgedTo = StringData.class) StringData c) {
        if (text == null) {
            return 0;
        }
        BinaryStringData bytes = (BinaryStringData) text;
        byte wanted = ((BinaryStringData) c).byteAt(0);
        long count = 0;
        for (int i = 0; i < bytes.getSizeInBytes(); i++) {
            if (bytes.byteAt(i) == wanted) {
                count++;
            }
        }
        return count;
    }
}
