package io.fkvs.server.app.cli;

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
  void shouldReadCharactersAsUtf8() throws CommandSyntaxException {
    assertEquals(
        List.of("A\u00c3\u00a9", "\u00e2\u0082\u00ac1", "\u00f0\u009f\u0098\u0080"),
        parse("\\u0041\\u00e9 \"\\u20aC1\" \\ud83d\\ude00"));
    assertEquals(List.of("\\u00e9"), parse("'\\u00e9'"));
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
        "GET \\u00e, \\u is not followed by four hexadecimal digits: column=5",
        "GET \\u00eg, \\u is not followed by four hexadecimal digits: column=5",
        "GET \\ud83d, \\u is half of a character that takes two: column=5",
        "GET \\ud83d\\u0041, \\u is half of a character that takes two: column=5",
        "GET \\ude00\\ud83d, \\u is half of a character that takes two: column=5",
        "GET \\ud83d\\ude0, \\u is not followed by four hexadecimal digits: column=11",
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
