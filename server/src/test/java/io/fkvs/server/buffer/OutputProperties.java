package io.fkvs.server.buffer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.limits.Limits;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Bytes come out of an output as they went in, whatever the pieces. */
class OutputProperties {
  private static final int PIECE = Limits.LARGEST_POOLED_BUFFER_BYTES;
  private static final int HEADER = 7;

  /** Small ones, and those around one and several pieces with and without their headers. */
  @Provide
  Arbitrary<List<Integer>> lengths() {
    Arbitrary<Integer> edge =
        Arbitraries.integers()
            .between(1, 3)
            .flatMap(
                pieces ->
                    Arbitraries.integers()
                        .between(-2 * HEADER, 2 * HEADER)
                        .map(offset -> pieces * PIECE + offset));
    return Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.integers().between(0, 300)),
            Tuple.of(1, Arbitraries.integers().between(0, PIECE)),
            Tuple.of(2, edge))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Property(tries = 60)
  void shouldKeepOrderAndBytesInPiecesThatThePoolKeeps(
      @ForAll("lengths") List<Integer> lengths, @ForAll boolean fromStore, @ForAll long seed) {
    Random random = new Random(seed);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    BufferPool pool = new BufferPool(Long.MAX_VALUE);
    Output output = new Output(pool);
    try (Store store = Store.open(StoreConfig.defaults())) {
      for (int length : lengths) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        byte[] header = new byte[HEADER];
        Arrays.fill(header, (byte) length);
        expected.writeBytes(header);
        expected.writeBytes(bytes);
        output.reserve(HEADER, length);
        MemorySegment.copy(header, 0, output.memory(), JAVA_BYTE, output.position(), HEADER);
        output.advance(HEADER);
        append(output, bytes, fromStore ? store : null);
      }
    }
    assertEquals(expected.size(), output.length());
    assertArrayEquals(expected.toByteArray(), taken(output, random));
    assertEquals(0, pool.lentBytes());
    pool.close();
  }

  private static void append(Output output, byte[] bytes, Store store) {
    if (store == null) {
      output.append(MemorySegment.ofArray(bytes), 0, bytes.length);
      return;
    }
    byte[] key = {1};
    store.put(key, bytes);
    ValueView view = new ValueView();
    assertTrue(store.get(MemorySegment.ofArray(key), 0, key.length, view));
    output.append(view, bytes.length);
  }

  private static byte[] taken(Output output, Random random) {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    while (output.length() > 0) {
      Buffer head = output.head();
      assertTrue(head.capacity() <= PIECE, "capacity=" + head.capacity());
      int length = random.nextInt(1, head.length() + 1);
      taken.writeBytes(head.memory().asSlice(head.start, length).toArray(JAVA_BYTE));
      output.sent(length);
    }
    return taken.toByteArray();
  }
}
