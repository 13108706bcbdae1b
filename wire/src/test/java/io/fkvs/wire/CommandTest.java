package io.fkvs.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class CommandTest {
  private static final Map<String, Integer> CODES_OF_BOTH =
      Map.ofEntries(
          Map.entry("SET", 0x01),
          Map.entry("GET", 0x02),
          Map.entry("INCR", 0x03),
          Map.entry("INCRBY", 0x04),
          Map.entry("PING", 0x05),
          Map.entry("DECR", 0x06),
          Map.entry("INFO", 0x07),
          Map.entry("DECRBY", 0x08),
          Map.entry("DEL", 0x09),
          Map.entry("EXPIRE", 0x0A),
          Map.entry("TTL", 0x0B),
          Map.entry("PERSIST", 0x0C));

  @Test
  void shouldHaveTheCodesOfTheOriginalInClassic() {
    assertCodes(with(CODES_OF_BOTH, Map.of("KEYS", 0x0D)), Command::ofClassicCode);
  }

  @Test
  void shouldHaveTheCodesOfThePageInCompact() {
    assertCodes(
        with(
            CODES_OF_BOTH,
            Map.of("SCAN", 0x0D, "GETDEL", 0x0E, "AUTH", 0x0F, "SETEX", 0x11, "ECHO", 0x15)),
        Command::ofCompactCode);
  }

  @Test
  void shouldSayWhichProtocolHasACommand() {
    for (Command command : Command.values()) {
      assertEquals(command.isClassic(), Command.ofClassicCode(command.code()) == command);
      assertEquals(command.isCompact(), Command.ofCompactCode(command.code()) == command);
    }
  }

  private static Map<String, Integer> with(Map<String, Integer> codes, Map<String, Integer> more) {
    Map<String, Integer> all = new HashMap<>(codes);
    all.putAll(more);
    return all;
  }

  private static void assertCodes(Map<String, Integer> codes, IntFunction<Command> ofCode) {
    Map<String, Integer> found = new HashMap<>();
    for (int code = 0; code <= 0xFF; code++) {
      Command command = ofCode.apply(code);
      if (command != null) {
        assertEquals(code, command.code());
        found.put(command.name(), code);
      }
    }
    assertEquals(codes, found);
  }
}
