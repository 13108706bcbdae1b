package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.MemoryBound;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both twins against a loop over the bytes. */
class GroupTest {
  private final Memory memory = new Memory(new MemoryBound(Long.MAX_VALUE), () -> {});
  private final Chunk chunk = new Chunk();

  @BeforeEach
  void reserve() {
    memory.reserve(chunk, 64);
  }

  @AfterEach
  void release() {
    memory.releaseAll();
  }

  private int expectedMatch(long group, int value) {
    int mask = 0;
    for (int i = 0; i < Group.BYTES; i++) {
      mask |= (memory.getByte(group + i) & 0xFF) == value ? 1 << i : 0;
    }
    return mask;
  }

  private int expectedFull(long group) {
    int mask = 0;
    for (int i = 0; i < Group.BYTES; i++) {
      mask |= memory.getByte(group + i) < 0 ? 1 << i : 0;
    }
    return mask;
  }

  private void check(long group, int value) {
    int expected = expectedMatch(group, value);
    assertEquals(expected, SwarGroup.match(memory, group, (byte) value));
    assertEquals(expected, VectorGroup.match(memory, group, (byte) value));
  }

  private void checkFull(long group) {
    assertEquals(expectedFull(group), SwarGroup.full(memory, group));
    assertEquals(expectedFull(group), VectorGroup.full(memory, group));
  }

  /** C1 inlines methods of up to 35 bytes, and then runs the Vector API without intrinsics. */
  @Test
  void shouldBeTooLongForC1ToInlineWhenItUsesVectors() throws IOException {
    try (InputStream file = VectorGroup.class.getResourceAsStream("VectorGroup.class")) {
      List<MethodModel> methods = ClassFile.of().parse(file.readAllBytes()).methods();
      for (String name : List.of("match", "full")) {
        MethodModel method =
            methods.stream().filter(m -> m.methodName().equalsString(name)).findAny().orElseThrow();
        int length = method.findAttribute(Attributes.code()).orElseThrow().codeLength();
        assertTrue(length > 35, name + " length=" + length);
      }
    }
  }

  /**
   * A byte's bit depends on the byte and the tag, and would depend on the byte before it if a carry
   * left one. So all pairs of neighbours with all tags are all there is, and at each place all
   * pairs with the tags that differ least from them.
   */
  @Test
  void shouldGiveEqualMasksForAllPairsOfNeighboursAndAllTags() {
    long group = chunk.address;
    for (int pair = 0; pair < 1 << 16; pair++) {
      setPair(group, pair % 15, pair);
      for (int tag = 0; tag < 256; tag++) {
        check(group, tag);
      }
    }
  }

  @Test
  void shouldGiveEqualMasksForAllPairsOfNeighboursAtAllPlaces() {
    long group = chunk.address;
    for (int pair = 0; pair < 1 << 16; pair++) {
      for (int place = 0; place < 15; place++) {
        setPair(group, place, pair);
        checkFull(group);
        check(group, 0);
        check(group, pair & 0xFF);
        check(group, pair >>> 8);
        check(group, pair >>> 8 ^ 1);
      }
    }
  }

  private void setPair(long group, int place, int pair) {
    memory.zero(group, Group.BYTES);
    memory.setByte(group + place, (byte) pair);
    memory.setByte(group + place + 1, (byte) (pair >>> 8));
  }

  @Test
  void shouldGiveEqualMasksForEachSetOfMatchesAndAllTags() {
    long group = chunk.address;
    Random random = new Random(1);
    for (int set = 0; set < 1 << 16; set++) {
      int tag = set % 256;
      for (int i = 0; i < Group.BYTES; i++) {
        int other = tag ^ 1 + random.nextInt(255);
        memory.setByte(group + i, (byte) ((set >>> i & 1) != 0 ? tag : other));
      }
      assertEquals(set, expectedMatch(group, tag));
      check(group, tag);
      checkFull(group);
    }
  }

  @Test
  void shouldGiveEqualMasksForAllTagsAndUniformGroups() {
    long group = chunk.address + 16;
    for (int filling = 0; filling < 256; filling++) {
      for (int i = 0; i < Group.BYTES; i++) {
        memory.setByte(group + i, (byte) filling);
      }
      for (int tag = 0; tag < 256; tag++) {
        check(group, tag);
      }
    }
  }

  @Test
  void shouldNotTakeTheOverflowBitsForASlot() {
    long group = chunk.address;
    memory.zero(group, Group.BYTES);
    for (int bits = 0; bits < 256; bits++) {
      memory.setByte(group + Group.SLOTS, (byte) bits);
      assertEquals(0x7FFF, Group.empty(memory, group));
      assertEquals(0, Group.full(memory, group));
      for (int hash = 0; hash < 128; hash++) {
        assertEquals(0, Group.match(memory, group, Group.tag(hash)));
        assertEquals(
            (bits >>> (hash & 7) & 1) != 0, Group.isPassed(memory, group, Group.tag(hash)));
      }
    }
  }

  @Test
  void shouldKeepOverflowBitsUntilAllPassesAreTakenBack() {
    long group = chunk.address;
    long count = group + Group.BYTES;
    memory.zero(group, 64);
    for (byte bit = 0; bit < Group.OVERFLOW_BITS; bit++) {
      assertFalse(Group.isPassed(memory, group, bit));
      Group.pass(memory, group, count, bit);
      assertEquals(bit + 1, memory.getByte(count));
      assertTrue(Group.isPassed(memory, group, bit));
    }
    for (int left = Group.OVERFLOW_BITS - 1; left >= 0; left--) {
      Group.unpass(memory, group, count);
      assertEquals(left, memory.getByte(count));
      for (byte bit = 0; bit < Group.OVERFLOW_BITS; bit++) {
        assertEquals(left > 0, Group.isPassed(memory, group, bit));
      }
    }
  }

  @Test
  void shouldStaySaturatedWhenPassesAreTakenBack() {
    long group = chunk.address;
    long count = group + Group.BYTES;
    memory.zero(group, 64);
    for (int i = 0; i < 200; i++) {
      Group.pass(memory, group, count, (byte) 3);
    }
    for (int i = 0; i < 200; i++) {
      Group.unpass(memory, group, count);
    }
    assertEquals(Group.SATURATED, memory.getByte(count));
    assertTrue(Group.isPassed(memory, group, (byte) 3));
    assertFalse(Group.isPassed(memory, group, (byte) 4));
  }
}
