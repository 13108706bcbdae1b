package io.fkvs.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {
  @Test
  void shouldHaveTheCodesOfTheOriginalInOrder() {
    List<String> names = Arrays.stream(Command.values()).map(Command::name).toList();
    assertEquals(
        List.of(
            "SET", "GET", "INCR", "INCRBY", "PING", "DECR", "INFO", "DECRBY", "DEL", "EXPIRE",
            "TTL", "PERSIST", "KEYS"),
        names);
    for (int i = 0; i < names.size(); i++) {
      assertEquals(i + 1, Command.values()[i].code());
    }
  }

  @Test
  void shouldFindEachCommandByItsCodeAndNoOther() {
    for (int code = 0; code <= 0xFF; code++) {
      if (code >= 0x01 && code <= 0x0D) {
        assertSame(Command.values()[code - 1], Command.ofCode(code));
      } else {
        assertNull(Command.ofCode(code));
      }
    }
  }
}
