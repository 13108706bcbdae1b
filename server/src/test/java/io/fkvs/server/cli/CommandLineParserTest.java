package io.fkvs.server.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineParserTest {
  @Test
  void shouldSplitAtBlanks() throws CommandSyntaxException {
    assertEquals(List.of("SET", "a", "b"), parse("  SET\ta  b \r"));
    assertEquals(List.of(), parse(""));
    assertEquals(List.of(), parse(" \t "));
  }

  @Test
  void shouldKeepBlanksInQuotes() throws CommandSyntaxException {
    assertEquals(List.of("a b", "c\td", ""), parse("\"a b\" 'c\td' \"\""));
    assertEquals(List.of("", "x"), parse("'' x"));
  }

  @Test
  void shouldReadEscapesInDoubleQuotesAndOutsideQuotes() throws CommandSyntaxException {
    assertEquals(
        List.of("\n\r\t\u0000\u00ff\u00aaB\"\\'q"),
        parse("\"\\n\\r\\t\\x00\\xff\\xAaB\\\"\\\\\\'\\q\""));
    assertEquals(List.of("A b", "\""), parse("\\x41\\ b \\\""));
  }

  @Test
  void shouldTakeSingleQuotedBytesAsTheyAre() throws CommandSyntaxException {
    assertEquals(List.of("\\n\\x41\"", "it's"), parse("'\\n\\x41\"' 'it\\'s'"));
  }

  @Test
  void shouldJoinAQuotedPartToTheWordThatItTouches() throws CommandSyntaxException {
    assertEquals(List.of("abc d"), parse("a\"b\"'c d'"));
  }

  @Test
  void shouldKeepBytesThatAreNoText() throws CommandSyntaxException {
    assertEquals(List.of("\u00c3\u00a9\u0080"), parse("\u00c3\u00a9\u0080"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "GET \"a, quote is not closed: column=5",
        "GET 'a\\', quote is not closed: column=5",
        "GET it's, quote is not closed: column=7",
        "GET a\\, nothing follows a backslash: column=6",
        "GET \"a\\, nothing follows a backslash: column=7",
        "GET \\x4, \\x is not followed by two hexadecimal digits: column=5",
        "GET \\x4g, \\x is not followed by two hexadecimal digits: column=5",
        "\\x, \\x is not followed by two hexadecimal digits: column=1",
      })
  void shouldSayWhatIsNotComplete(String line, String message) {
    var e = assertThrows(CommandSyntaxException.class, () -> parse(line));
    assertEquals(message, e.getMessage());
  }

  private static List<String> parse(String line) throws CommandSyntaxException {
    return CommandLineParser.parse(line.getBytes(ISO_8859_1)).stream()
        .map(word -> new String(word, ISO_8859_1))
        .toList();
  }
}
