package io.fkvs.server.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.limits.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(Long.MAX_VALUE);

  @AfterEach
  void close() {
    pool.close();
    assertEquals(0, pool.pooledBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16384",
    "1, 16384",
    "16384, 16384",
    "16385, 32768",
    "65537, 131072",
    "1048577, 2097152"
  })
  void shouldLendTheNextPowerOfTwoWhenAskedForASize(int leastBytes, int capacityBytes) {
    Buffer buffer = pool.take(leastBytes);

    assertEquals(capacityBytes, buffer.capacity());
    assertEquals(capacityBytes, buffer.memory().byteSize());
    assertEquals(capacityBytes, pool.lentBytes());
    pool.give(buffer);
    assertEquals(0, pool.lentBytes());
  }

  @Test
  void shouldLendTheSameBufferEmptiedWhenItCameBack() {
    Buffer first = pool.take(1);
    first.end = 10;
    pool.give(first);

    Buffer second = pool.take(1);

    assertSame(first, second);
    assertEquals(0, second.length());
    assertNotSame(second, lent());
    pool.give(second);
  }

  private Buffer lent() {
    Buffer buffer = pool.take(1);
    pool.give(buffer);
    return buffer;
  }

  @Test
  void shouldGiveMemoryBackToTheSystemWhenItHasEnough() {
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      buffers.add(pool.take(1));
    }
    buffers.forEach(pool::give);

    assertEquals(Limits.POOLED_BYTES_PER_SIZE, pool.pooledBytes());
  }

  @Test
  void shouldKeepThePiecesOfOneLargeValue() {
    List<Buffer> buffers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      buffers.add(pool.take(Limits.LARGEST_POOLED_BUFFER_BYTES));
    }
    buffers.forEach(pool::give);

    assertEquals(Limits.POOLED_BYTES_OF_LARGEST, pool.pooledBytes());
  }

  @Test
  void shouldKeepNoBufferThatOnlyLargeValuesNeed() {
    Buffer large = pool.take(Limits.LARGEST_POOLED_BUFFER_BYTES + 1);
    pool.give(large);

    assertEquals(0, pool.pooledBytes());
    assertTrue(!large.memory().scope().isAlive());
  }
}
