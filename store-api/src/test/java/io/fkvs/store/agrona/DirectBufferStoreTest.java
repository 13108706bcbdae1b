package io.fkvs.store.agrona;

import static io.fkvs.store.Store.NO_DEADLINE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.PutCondition;
import io.fkvs.store.SimpleStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectBufferStoreTest {
  /** What a buffer can wrap; all of 64 bytes, and not from the beginning of what is wrapped. */
  enum Kind {
    ARRAY {
      @Override
      MutableDirectBuffer buffer() {
        return new UnsafeBuffer(new byte[80], 7, 64);
      }
    },
    HEAP_BYTE_BUFFER {
      @Override
      MutableDirectBuffer buffer() {
        return new UnsafeBuffer(ByteBuffer.allocate(80).position(5).slice(), 3, 64);
      }
    },
    DIRECT_BYTE_BUFFER {
      @Override
      MutableDirectBuffer buffer() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(80).position(5).slice(), 3, 64);
      }
    },
    ADDRESS {
      @Override
      MutableDirectBuffer buffer() {
        return new UnsafeBuffer(Arena.global().allocate(64).address(), 64);
      }
    },
    EXPANDABLE {
      @Override
      MutableDirectBuffer buffer() {
        return new ExpandableArrayBuffer(64);
      }
    };

    abstract MutableDirectBuffer buffer();
  }

  private final Store store = new SimpleStore(StoreConfig.defaults());
  private final DirectBufferStore buffers = new DirectBufferStore(store);

  @ParameterizedTest
  @EnumSource
  void shouldPassBytesBetweenBuffersAndStore(Kind kind) {
    MutableDirectBuffer key = kind.buffer();
    MutableDirectBuffer value = kind.buffer();
    MutableDirectBuffer target = kind.buffer();
    for (int round = 0; round < 3; round++) {
      key.putStringWithoutLengthAscii(9, "key" + round);
      value.putStringWithoutLengthAscii(11, "value" + round);
      assertFalse(buffers.contains(key, 9, 4));
      assertTrue(buffers.put(PutCondition.ALWAYS, key, 9, 4, value, 11, 6, NO_DEADLINE));
      assertEquals("value" + round, store.get("key" + round));
      assertTrue(buffers.contains(key, 9, 4));
      assertEquals(6, buffers.get(key, 9, 4, target, 20));
      assertEquals("value" + round, target.getStringWithoutLengthAscii(20, 6));
      ValueView view = new ValueView();
      assertTrue(buffers.get(key, 9, 4, view));
      assertEquals("value" + round, view.toUtf8());
      assertTrue(buffers.remove(key, 9, 4));
      assertEquals(DirectBufferStore.ABSENT, buffers.get(key, 9, 4, target, 0));
      assertEquals(round + 1, buffers.increment(key, 9, 3, 1));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "EXPANDABLE", mode = EnumSource.Mode.EXCLUDE)
  void shouldCopyNothingThatDoesNotFit(Kind kind) {
    store.put("k", "0123456789");
    MutableDirectBuffer key = kind.buffer();
    key.putByte(63, (byte) 'k');
    MutableDirectBuffer target = kind.buffer();
    assertEquals(10, buffers.get(key, 63, 1, target, 55));
    assertEquals(0, target.getByte(55));
    assertEquals(10, buffers.get(key, 63, 1, target, 54));
    assertEquals("0123456789", target.getStringWithoutLengthAscii(54, 10));
    assertThrows(IndexOutOfBoundsException.class, () -> buffers.get(key, 63, 1, target, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> buffers.contains(key, 63, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> buffers.contains(key, -1, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> buffers.contains(key, 63, -1));
  }

  @Test
  void shouldFollowABufferThatIsWrappedAnewOrGrows() {
    UnsafeBuffer key = new UnsafeBuffer("one".getBytes(US_ASCII));
    buffers.increment(key, 0, 3, 1);
    key.wrap("two".getBytes(US_ASCII));
    buffers.increment(key, 0, 3, 2);
    ExpandableArrayBuffer growing = new ExpandableArrayBuffer(128);
    growing.putStringWithoutLengthAscii(0, "one");
    buffers.increment(growing, 0, 3, 10);
    growing.putStringWithoutLengthAscii(1_000, "two");
    buffers.increment(growing, 1_000, 3, 10);
    assertEquals("11", store.get("one"));
    assertEquals("12", store.get("two"));
  }
}
