package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolSwitchTest {
  @ParameterizedTest
  @CsvSource({
    "'', -1",
    "00, -1",
    "0000, -1",
    "000002, 2",
    "00000205, 2",
    "000003, 3",
    "0000ff, 255",
    "01, -2",
    "0003, -2",
    "000305, -2",
  })
  void shouldSayAsSoonAsCanBeWhetherAConnectionStartsWithASwitch(String hex, int answer) {
    byte[] bytes = hex(hex);
    assertEquals(answer, ProtocolSwitch.decode(exactly(bytes), 0, bytes.length));
  }

  @Test
  void shouldWriteTheSwitchOfThePage() {
    MemorySegment buffer = MemorySegment.ofArray(hex("ffffffffff"));

    assertEquals(3, ProtocolSwitch.encode(buffer, 1, ProtocolSwitch.COMPACT_VERSION));

    assertArrayEquals(hex("ff000002ff"), copy(buffer, 0, 5));
  }
}
