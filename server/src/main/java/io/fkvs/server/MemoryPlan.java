package io.fkvs.server;

import com.sun.management.OperatingSystemMXBean;
import io.fkvs.server.limits.Limits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/*
 *   machine, or container
 *   +--------------+------+----------------+----------------------------+-------------------+
 *   | JVM 128 MiB  | heap | client memory  | table                      | left for others   |
 *   +--------------+------+----------------+----------------------------+-------------------+
 *
 * The chained table lies on the heap instead, and needs half as much again: the collector clears
 * away in the rest.
 */

/**
 * How the memory of the machine, or of the container, is divided between the heap, the clients and
 * the table: bounds where the configuration sets none, and what to warn of where it sets some that
 * cannot hold. It is for a program that is nothing but a server: one that embeds a {@link Server}
 * knows what else needs memory. Any thread.
 *
 * @param machineBytes what the machine or the container has
 * @param heapBytes the most that the heap may grow to
 */
public record MemoryPlan(long machineBytes, long heapBytes) {
  /** What the JVM takes beside the heap: code, metadata, stacks, its own buffers. */
  static final long JVM_BYTES = 128L << 20;

  /** What else lies on the heap with a table there. {@code bin/fkvs-server} counts alike. */
  static final long HEAP_BESIDE_TABLE_BYTES = 256L << 20;

  /** The pieces of a base that wait for the disk. */
  private static final long BASE_BYTES = 32L << 20;

  /** A table is not bounded below this by default, however little memory there is. */
  private static final long LEAST_TABLE_BYTES = 64L << 20;

  /** The clients get one part in so many of the machine, between two bounds. */
  private static final int CLIENTS_PART = 8;

  private static final long LEAST_DEFAULT_CLIENT_BYTES = 64L << 20;
  private static final long MOST_DEFAULT_CLIENT_BYTES = 512L << 20;

  /**
   * The plan for this process.
   *
   * @return the plan, by the memory of the machine or the container and the heap's limit
   */
  public static MemoryPlan ofThisProcess() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MemoryPlan(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory());
  }

  // ---- defaults

  /**
   * Sets the bounds that the configuration does not set.
   *
   * @param config what is set
   * @return the configuration with both bounds
   * @throws IllegalStateException if it names no table and none is installed
   */
  public ServerConfig complete(ServerConfig config) {
    ServerConfig completed = config;
    if (!completed.setsClientMemory()) {
      completed = completed.withMaxClientMemoryBytes(clientBytes(config));
    }
    if (!completed.boundsMemory()) {
      completed = completed.withMaxMemoryBytes(tableBytes(completed));
    }
    return completed;
  }

  private long clientBytes(ServerConfig config) {
    long share =
        Math.clamp(
            machineBytes / CLIENTS_PART, LEAST_DEFAULT_CLIENT_BYTES, MOST_DEFAULT_CLIENT_BYTES);
    return Math.max(share, config.leastClientMemoryBytes());
  }

  /** Three quarters of what is left; the rest is for the system and other programs. */
  private long tableBytes(ServerConfig config) {
    long bytes =
        isOnHeap(config)
            ? (heapBytes - HEAP_BESIDE_TABLE_BYTES) / 3 * 2
            : (machineBytes
                    - JVM_BYTES
                    - heapBytes
                    - config.maxClientMemoryBytes()
                    - logBytes(config))
                / 4
                * 3;
    return Math.max(bytes, LEAST_TABLE_BYTES);
  }

  // ---- warnings

  /**
   * Says what may be used of the machine.
   *
   * @param config the bounds
   * @return a line for the log
   */
  public String text(ServerConfig config) {
    return "memory: max-memory="
        + config.maxMemoryBytes()
        + ", max-client-memory="
        + config.maxClientMemoryBytes()
        + ", maxHeap="
        + heapBytes
        + ", machine="
        + machineBytes;
  }

  /**
   * What the bounds of the configuration need that is not there.
   *
   * @param config the bounds
   * @return lines for the log, one for each need; none where all bounds can hold
   * @throws IllegalStateException if it names no table and none is installed
   */
  public List<String> warnings(ServerConfig config) {
    List<String> warnings = new ArrayList<>();
    boolean isOnHeap = isOnHeap(config);
    long neededHeapBytes = neededHeapBytes(config.maxMemoryBytes());
    if (isOnHeap && heapBytes < neededHeapBytes) {
      warnings.add(
          "the heap is too small for max-memory: max-memory="
              + config.maxMemoryBytes()
              + ", maxHeap="
              + heapBytes
              + ", neededHeap="
              + neededHeapBytes);
    }
    long offHeapBytes = isOnHeap ? 0 : config.maxMemoryBytes();
    long togetherBytes =
        JVM_BYTES + heapBytes + config.maxClientMemoryBytes() + offHeapBytes + logBytes(config);
    if (togetherBytes > machineBytes) {
      warnings.add(
          "the machine has too little memory for what may be used: max-memory="
              + config.maxMemoryBytes()
              + ", max-client-memory="
              + config.maxClientMemoryBytes()
              + ", maxHeap="
              + heapBytes
              + ", together="
              + togetherBytes
              + ", machine="
              + machineBytes);
    }
    long neededClientBytes = 2L * Limits.SMALLEST_BUFFER_BYTES * Limits.SMALL_PART_OF_CLIENT_MEMORY;
    if (config.maxClientMemoryBytes() / neededClientBytes < config.maxClients()) {
      warnings.add(
          "max-client-memory is too small for max-clients, some may be dropped: max-client-memory="
              + config.maxClientMemoryBytes()
              + ", max-clients="
              + config.maxClients()
              + ", needed="
              + neededClientBytes * config.maxClients());
    }
    return warnings;
  }

  /** What a log takes: its backlog, and a base that is being written. */
  private static long logBytes(ServerConfig config) {
    return config.isDurable() ? Limits.BACKLOG_BYTES + BASE_BYTES : 0;
  }

  private static boolean isOnHeap(ServerConfig config) {
    return Tables.isOnHeap(config.table().orElseGet(Tables::preferred));
  }

  private static long neededHeapBytes(long tableBytes) {
    return tableBytes > Long.MAX_VALUE / 2
        ? Long.MAX_VALUE
        : tableBytes / 2 * 3 + HEAP_BESIDE_TABLE_BYTES;
  }
}
