package io.fkvs.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that repeat an argument, as those of a protocol whose commands take many keys. */
class RequestTest {
  private static final int KEY_LENGTH = 3;

  private final MemorySegment buffer = MemorySegment.ofArray(new byte[0]);
  private final Request request = new Request();

  private void decode(int keys) {
    request.reset(buffer, Command.DEL);
    request.key(0, KEY_LENGTH);
    for (int i = 0; i < keys; i++) {
      request.argument((long) i * KEY_LENGTH, KEY_LENGTH + i);
    }
    request.complete();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 5000, 100_000})
  void shouldPointAtEveryArgument(int keys) {
    decode(keys);

    assertTrue(request.isWellFormed());
    assertEquals(keys, request.argumentCount());
    for (int i = 0; i < keys; i++) {
      assertEquals((long) i * KEY_LENGTH, request.argumentOffset(i));
      assertEquals(KEY_LENGTH + i, request.argumentLength(i));
    }
    assertEquals(KEY_LENGTH, request.keyLength());
    assertThrows(IndexOutOfBoundsException.class, () -> request.argumentOffset(keys));
    assertThrows(IndexOutOfBoundsException.class, () -> request.argumentLength(-1));
  }

  @Test
  void shouldForgetTheArgumentsOfTheLastRequest() {
    decode(5000);

    decode(2);

    assertEquals(2, request.argumentCount());
    assertThrows(IndexOutOfBoundsException.class, () -> request.argumentLength(2));
  }

  @Test
  void shouldAllocateNothingForRequestsOfThousandsOfKeysOnceThereWasOne() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    decodeAndClear();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      decodeAndClear();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  private void decodeAndClear() {
    decode(Request.KEPT_ARGUMENTS);
    request.trim();
  }

  @Test
  void shouldGiveBackWhatAHugeRequestNeeded() {
    decode(Request.KEPT_ARGUMENTS + 1);
    assertTrue(request.capacity() > Request.KEPT_ARGUMENTS);

    request.trim();

    assertTrue(request.capacity() <= Request.KEPT_ARGUMENTS, "capacity=" + request.capacity());
    assertEquals(0, request.argumentCount());
  }

  @Test
  void shouldRefuseMoreArgumentsThanTheBound() {
    decode(Request.MAX_ARGUMENTS);

    var e = assertThrows(IllegalStateException.class, () -> request.argument(0, 1));

    assertEquals("too many arguments: maxArguments=1048576", e.getMessage());
  }
}
