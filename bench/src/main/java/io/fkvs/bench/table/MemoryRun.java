package io.fkvs.bench.table;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jol.info.GraphStats;

/**
 * How much memory does an entry take? Fills a table, in a JVM of its own, and counts at each size
 * the objects that it keeps on the heap, and the memory that it tells to have outside.
 */
public final class MemoryRun {
  /** With these, JOL asks the JVM for sizes rather than guess; without them it warns. */
  public static final List<String> FLAGS =
      List.of("-XX:+EnableDynamicAgentLoading", "-Djdk.attach.allowAttachSelf=true");

  /**
   * What a table of some size keeps.
   *
   * @param table the table
   * @param shape bytes of key and value
   * @param size how many entries it holds
   * @param heapBytes on the heap, as JOL counts it, beyond what the empty table kept
   * @param nativeBytes outside the heap, as the table tells it
   */
  public record Memory(String table, String shape, int size, long heapBytes, long nativeBytes) {
    /**
     * Heap and native memory for an entry.
     *
     * @return bytes
     */
    public double bytesPerEntry() {
      return (double) (heapBytes + nativeBytes) / size;
    }
  }

  static {
    System.setProperty("jol.magicFieldOffset", "true"); // records hide where their fields are
  }

  private MemoryRun() {}

  /**
   * Measures and writes {@code TABLE.json} to a folder.
   *
   * @param arguments table, shape, sizes in ascending order with commas between, folder
   * @throws IOException if the file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    List<Memory> found =
        fill(
            arguments[0],
            Shape.of(arguments[1]),
            List.of(arguments[2].split(",")).stream().map(Integer::valueOf).toList());
    Path file = Path.of(arguments[3]).resolve(arguments[0] + ".json");
    Files.writeString(file, new Gson().toJson(found) + "\n");
  }

  static List<Memory> fill(String table, Shape shape, List<Integer> sizes) {
    List<Memory> found = new ArrayList<>();
    try (Rival rival = Rivals.open(table, shape, sizes.getLast())) {
      rival.put(0, (byte) 0); // what a first entry brings about is no entry's share
      rival.remove(0);
      long emptyBytes = heapBytes(rival);
      int filled = 0;
      for (int size : sizes) {
        for (; filled < size; filled++) {
          rival.put(filled, (byte) filled);
        }
        long heapBytes = Math.max(0, heapBytes(rival) - emptyBytes);
        found.add(new Memory(table, shape.toString(), size, heapBytes, rival.nativeBytes()));
      }
    }
    return found;
  }

  private static long heapBytes(Rival rival) {
    return GraphStats.parseInstance(rival.heapRoot()).totalSize();
  }
}
