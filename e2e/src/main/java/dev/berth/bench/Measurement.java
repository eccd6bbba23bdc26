package dev.berth.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one workload came to.
 *
 * @param rate units in a second
 * @param p50Millis half of the operations took no longer; null for a transfer, which is one
 * @param p99Millis 99 of 100 operations took no longer
 * @param cpuMillisPerUnit the server's CPU time; null where its process is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Measurement(
    Workload workload,
    Unit unit,
    double rate,
    @Nullable Double p50Millis,
    @Nullable Double p99Millis,
    @Nullable Double cpuMillisPerUnit) {}
